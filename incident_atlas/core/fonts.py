"""The typefaces of pictures: Source Sans and, for Arabic script, Noto Sans Arabic, from two small packages (both SIL OFL 1.1)."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import vl_convert

from incident_atlas.i18n import _

PACKAGES = ("font_source_sans_pro", "fontpkg_noto_sans_arabic")
LATIN, ARABIC = "Source Sans Pro", "Noto Sans Arabic"
STACK = "Source Sans, Source Sans Pro, Noto Sans Arabic, sans-serif"
"""The same typeface wherever a chart is drawn: the name by which the page serves it, then those of the packages' files."""
LABELS = Path(__file__).parents[1] / "assets" / "fonts"
"""The letters of pictures by script and weight, cut from the same typefaces by tools/data/build_label_fonts.py."""
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")


def family(text: str) -> str:
    """The typeface that has the letters of this text.

    >>> family("Kabul"), family("کابل")
    ('Source Sans Pro', 'Noto Sans Arabic')
    """
    return ARABIC if _ARABIC_SCRIPT.search(text) else LATIN


def png(svg: str, scale: float = 1) -> bytes:
    """An SVG document as a PNG, drawn with the typefaces of these packages; no address is asked for anything."""
    register()
    return vl_convert.svg_to_png(svg, scale=scale)


def faces(svg: str) -> str:
    """A style element for this SVG, to be looked at outside the page or as an image in it, where the page's typeface does not reach.

    It carries the Latin letters, 22 KB, and where the document has some in Arabic script those, 15 KB more.
    """
    families = (("latin", LATIN), *([("arabic", ARABIC)] if _ARABIC_SCRIPT.search(svg) else []))
    return f"<style>{''.join(_rules(stem, name) for stem, name in families)}</style>"


@cache
def _rules(stem: str, name: str) -> str:
    rules = []
    for file in sorted(LABELS.glob(f"{stem}-*.woff2")):
        source = f"src:url(data:font/woff2;base64,{b64encode(file.read_bytes()).decode('ascii')}) format('woff2')"
        rules.append(f"@font-face{{font-family:'{name}';font-weight:{file.stem.rpartition('-')[2]};{source}}}")
    return "".join(rules)


@cache
def register() -> None:
    """Make the typefaces known to vl-convert, which measures and draws text with them."""
    for folder in folders():
        vl_convert.register_font_directory(folder)


@cache
def page_file() -> Path | None:
    """Source Sans as Streamlit serves it, all weights in one WOFF2 file; None when this version of Streamlit has none.

    The file is looked for by name, since its name holds a hash that changes from version to version.
    """
    package = find_spec("streamlit")
    files = Path(package.origin).parent / "static" if package and package.origin else None
    return next(files.rglob("SourceSansVF-Upright*.woff2"), None) if files else None


@cache
def folders() -> tuple[str, ...]:
    """Where the files of the typefaces lie."""
    found = []
    for name in PACKAGES:
        package = find_spec(name)
        if package is None or package.origin is None:
            raise ModuleNotFoundError(_("{name} is missing: install requirements.txt").format(name=name))
        found.append(str(Path(package.origin).parent / "files"))
    return tuple(found)
