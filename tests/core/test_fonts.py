"""The typefaces of pictures have the letters of both scripts, and every picture asks for them and for nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import ImageFont

from incident_atlas.core import fonts
from incident_atlas.theme import ASSETS

NO_LETTER = "\ue123"  # a private character that no typeface has
TEXTS = (
    ("Kabul Herat 0123456789 –", "SourceSansPro-Regular.ttf"),
    ("Kabul 2 % (95)", "SourceSansPro-Semibold.ttf"),
    ("کابل هرات", "NotoSansArabic*.ttf"),
)


@pytest.mark.parametrize(("text", "pattern"), TEXTS, ids=["latin", "latin semibold", "arabic"])
def test_no_letter_of_a_text_is_missing_in_its_typeface(text, pattern):
    file = next(found for folder in fonts.folders() for found in Path(folder).glob(pattern))
    face = ImageFont.truetype(file, 40)
    missing = bytes(face.getmask(NO_LETTER))
    assert missing, "a missing letter draws nothing in this typeface, so the test could not see it"
    assert [letter for letter in text if bytes(face.getmask(letter)) == missing] == []


@pytest.mark.parametrize("text", ["Kabul", "کابل"])
def test_a_picture_with_the_fonts_of_charts_draws_both_scripts(text):
    def drawn(words: str) -> bytes:
        svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='200' height='50' font-family='{fonts.STACK}'><text x='9' y='36' font-size='28'>{words}</text></svg>"
        return fonts.png(svg)

    assert len({drawn(text), drawn(" "), drawn(NO_LETTER * len(text)), drawn(text[::-1])}) == 4


def test_the_page_serves_source_sans_and_the_charts_name_it_first():
    assert fonts.page_file() is not None and fonts.page_file().suffix == ".woff2"
    assert fonts.STACK.split(", ")[0] == "Source Sans" and {fonts.LATIN, fonts.ARABIC} <= set(fonts.STACK.split(", "))


def test_an_svg_carries_the_letters_of_every_name_that_maps_draw():
    names = set((ASSETS / "basemap" / "labels.json").read_text(encoding="utf-8"))
    arabic = {letter for letter in names if fonts.family(letter) == fonts.ARABIC}
    for stem, letters in (("latin-400", names - arabic), ("latin-600", names - arabic), ("arabic-400", arabic)):
        face = TTFont(fonts.LABELS / f"{stem}.woff2")
        assert not [letter for letter in letters if letter.isprintable() and ord(letter) not in face.getBestCmap()]
        assert "Source" not in face["name"].getDebugName(1)  # a name that its licence reserves
    assert {"init", "medi", "fina"} <= {feature.FeatureTag for feature in face["GSUB"].table.FeatureList.FeatureRecord}, (
        "letters that join"
    )
    assert len(fonts.faces("Kabul")) < 25_000 < len(fonts.faces("کابل")) < 40_000


@pytest.mark.parametrize("style", sorted(ASSETS.glob("*.css")), ids=lambda path: path.name)
def test_no_style_names_another_typeface(style):
    named = re.findall(r"\bfont(?:-family)?:([^;]*)", style.read_text(encoding="utf-8"))
    assert not [words for words in named if re.search(r"system-ui|Arial|Helvetica", words)]
    assert all("Source Sans" in words for words in named if "sans-serif" in words)
