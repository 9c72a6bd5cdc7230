"""Write assets/fonts/: the letters that pictures are written with, in two weights, small enough to stand in a picture.

    python -m tools.data.build_label_fonts

Source: Source Sans Pro of the package font-source-sans-pro (SIL Open Font License 1.1, copied beside the files). An SVG that a page
shows as an image, or that a reader opens elsewhere, has no typeface of the page; so it carries these. The licence reserves the name
"Source": the files call themselves otherwise.
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from incident_atlas.core import fonts

WEIGHTS = {400: "SourceSansPro-Regular.otf", 600: "SourceSansPro-Semibold.otf"}
LETTERS = [*range(0x20, 0x7F), *map(ord, "\u00a0±·×–—‘’“”•…≤≥")]
NAME = "Atlas Labels"
_NAMES = {1, 3, 4, 6, 16}  # family, unique, full, PostScript and typographic family name of the OpenType name table


def main() -> None:
    """Write the two files and the licence."""
    folder = Path(fonts.folders()[0])
    fonts.LABELS.mkdir(exist_ok=True)
    for weight, file in WEIGHTS.items():
        options = subset.Options(flavor="woff2", layout_features=["kern", "liga"], hinting=False, notdef_outline=True)
        face = TTFont(folder / file, recalcTimestamp=False)
        cut = subset.Subsetter(options)
        cut.populate(unicodes=LETTERS)
        cut.subset(face)
        for record in face["name"].names:
            if record.nameID in _NAMES:
                record.string = f"{NAME} {weight}".replace(" ", "" if record.nameID == 6 else " ")
        if "CFF " in face:
            face["CFF "].cff.fontNames = [f"{NAME} {weight}".replace(" ", "")]
        face.flavor = "woff2"
        face.save(fonts.LABELS / f"{weight}.woff2")
    (fonts.LABELS / "LICENSE.txt").write_bytes((folder / "LICENSE.txt").read_bytes())


if __name__ == "__main__":
    main()
