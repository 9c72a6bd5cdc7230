"""Write assets/fonts/: the letters that pictures are written with, in two weights, small enough to stand in a picture.

    python -m tools.data.build_label_fonts

Sources: Source Sans Pro of the package font-source-sans-pro and Noto Sans Arabic of fontpkg-noto-sans-arabic (both SIL Open Font
License 1.1, copied beside the files). An SVG that a page shows as an image, or that a reader opens elsewhere, has no typeface of the
page; so it carries these. The licence of the first reserves the name "Source": the files call themselves otherwise.
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from incident_atlas.core import fonts

WEIGHTS = {400: "SourceSansPro-Regular.otf", 600: "SourceSansPro-Semibold.otf"}
LATIN = [*range(0x20, 0x7F), *map(ord, "\u00a0±·×–—‘’“”•…≤≥")]
ARABIC = [
    *range(0x0621, 0x063B),
    *range(0x0640, 0x0653),
    *range(0x06F0, 0x06FA),
    *map(ord, "،؟آپچژټځڅډړږښکګگڼۀیېۍئەھ\u200c\u0020"),
]
"""The letters of Dari and Pashto."""
NAME = "Atlas Labels"
_NAMES = {1, 3, 4, 6, 16}  # family, unique, full, PostScript and typographic family name of the OpenType name table


def main() -> None:
    """Write the files and the licences."""
    latin, arabic = map(Path, fonts.folders())
    fonts.LABELS.mkdir(exist_ok=True)
    for weight, file in WEIGHTS.items():
        _write(TTFont(latin / file, recalcTimestamp=False), LATIN, f"latin-{weight}")
    variable = TTFont(next(arabic.glob("NotoSansArabic*.ttf")), recalcTimestamp=False)
    _write(instancer.instantiateVariableFont(variable, {"wght": 400, "wdth": 100}), ARABIC, "arabic-400")
    for name, folder in (("latin", latin), ("arabic", arabic)):
        licence = next(path for path in folder.parent.rglob("*") if path.name.upper() in ("LICENSE.TXT", "LICENSE", "OFL.TXT"))
        (fonts.LABELS / f"LICENSE-{name}.txt").write_bytes(licence.read_bytes())


def _write(face: TTFont, letters: list[int], stem: str) -> None:
    options = subset.Options(flavor="woff2", layout_features=["*"] if "arabic" in stem else ["kern", "liga"], hinting=False)
    cut = subset.Subsetter(options)
    cut.populate(unicodes=letters)
    cut.subset(face)
    for record in face["name"].names:
        if record.nameID in _NAMES:
            record.string = f"{NAME} {stem}".replace(" ", "" if record.nameID == 6 else " ")
    if "CFF " in face:
        face["CFF "].cff.fontNames = [f"{NAME} {stem}".replace(" ", "")]
    face.flavor = "woff2"
    face.save(fonts.LABELS / f"{stem}.woff2")


if __name__ == "__main__":
    main()
