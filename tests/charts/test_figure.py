"""A chart away from its page: it says what it shows, of which record, until when; other people's words stay words."""

from __future__ import annotations

import csv
import io
import re
import struct
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest

from incident_atlas.analysis import summary
from incident_atlas.charts import files, perpetrators, timeline, vega_lite
from incident_atlas.charts.outside_filter import IN_FILTER, marked
from incident_atlas.charts.vega_lite import Picture
from incident_atlas.core import fonts
from incident_atlas.dataset.citation import Citation, cite
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.theme import DARK, LIGHT
from tests.support import tiny
from tests.support.record import shipped_record

HOSTILE = (
    "3 incidents, matching “{{ 7*191 }} {% x %} ${x} <script>x</script> </text><image href='http://example.com/x.png'/> "
    "![x](http://example.com/x.png) &amp; datum.x \x00\ufffe\ud800”."
)
LOADED = shipped_record()


def pictures(loaded=LOADED, colours=LIGHT, chosen: tuple = (None, None), types: tuple = ()) -> dict[str, Picture]:
    visible = loaded.incidents
    span = (loaded.source.first, loaded.source.last)
    marks = vega_lite.time_marks(loaded.milestones, loaded.coverage, *span) if len(loaded.coverage) else ()
    return {
        "timeline": timeline.timeline(summary.by_month(visible), span, chosen, marks, colours),
        "years": timeline.years(summary.by_year(visible), span, chosen, marks, colours),
        "types": vega_lite.target_types(summary.by_target_type(visible), types, colours),
        "perpetrators": perpetrators.perpetrators(summary.by_perpetrator(visible), (), colours),
        "by year": perpetrators.perpetrators_by_year(
            summary.by_perpetrator_and_year(visible), (span[0].year, span[1].year), (), colours
        ),
    }


def citation(loaded=LOADED, sentence: str = "509 incidents in Kabul.") -> Citation:
    return cite(loaded, sentence, "http://localhost/?city=Kabul", summary.headline(loaded.incidents))


def svg_text(svg: bytes) -> str:
    """All text of the drawing, as a reader sees it: lines joined."""
    return " ".join(" ".join(part.itertext()) for part in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"))


@pytest.mark.parametrize("name", pictures())
def test_title_sentence_source_and_last_day_are_in_the_drawing(name):
    picture = pictures()[name]
    words = svg_text(files.chart_svg(picture, citation(), LIGHT))
    assert picture.title in words and "509 incidents in Kabul." in words and "http://localhost/?city=Kabul" in words
    assert LOADED.source.sha256[:12] in words and "record of armed attacks in Afghanistan" in words
    # What the page says of the days, the caution on the latest ones included.
    assert exposure(LOADED).note() in words and "later incidents are incomplete" in words
    assert all(note.split()[0] in words for note in picture.notes)


@pytest.mark.parametrize("name", pictures())
def test_every_number_of_a_hairline_is_explained_in_the_drawing(name):
    if name in ("timeline", "years"):
        words = svg_text(files.chart_svg(pictures()[name], citation(), LIGHT))
        assert "1 End of the ISAF mission" in words and "Coverage breaks: a end of RAND" in words


def test_hostile_words_of_a_filter_are_text_and_load_nothing():
    svg = files.chart_svg(pictures()["types"], citation(sentence=HOSTILE), LIGHT)
    # Its letters are our own, and the only style.
    letters = fonts.faces(svg.decode())
    assert svg.decode().count(letters) == 1 and letters.count("url(") == letters.count("url(data:font/woff2;base64,") > 0
    svg = svg.replace(letters.encode(), b"")
    root = ElementTree.fromstring(svg)
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not kinds & {"script", "image", "a", "use", "foreignObject", "style"}, kinds
    words = svg_text(svg)
    assert "{{ 7*191 }}" in words and "1337" not in words and "${x}" in words and "<script>x</script>" in words
    names = {name.rpartition("}")[2] for element in root.iter() for name in element.attrib}
    assert not [name for name in names if name == "href" or name.startswith("on")]
    assert not re.search(r"url\((?!#)", re.sub(r"<text.*?</text>|<desc>.*?</desc>", "", svg.decode()))
    assert files.chart_png(pictures()["types"], citation(sentence=HOSTILE), LIGHT).startswith(b"\x89PNG")


def test_hostile_words_of_a_record_are_text_too():
    loaded = tiny.record({"perpetrator": "<b>{{ 7*191 }}</b>", "target_type": "=1+1"}, {})
    for picture in (pictures(loaded)["perpetrators"], pictures(loaded)["types"]):
        svg = files.chart_svg(picture, citation(loaded, "2 incidents."), LIGHT)
        drawn = ElementTree.fromstring(svg)
        # The hash of the file, and numbers of the drawing itself, may hold these digits.
        assert not re.search(r"\b1337\b", "".join(drawn.itertext()))
        assert "b" not in {element.tag.rpartition("}")[2] for element in drawn.iter()}


def test_controls_and_marks_that_turn_the_direction_are_in_no_drawing():
    made = pictures()["types"]
    odd = made.data.assign(target_type=[f"\0\x1b\ufffe\u202ePolice {n}" for n in range(len(made.data))])
    svg = files.chart_svg(replace(made, data=odd), citation(), LIGHT)
    assert "Police 0" in svg_text(svg) and not set("\0\x1b\u202e") & set(svg.decode())
    assert files.chart_png(replace(made, data=odd), citation(), LIGHT).startswith(b"\x89PNG")


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_ground_is_opaque_and_of_the_readers_scheme(colours):
    picture = pictures(colours=colours)["years"]
    root = ElementTree.fromstring(files.chart_svg(picture, citation(), colours))
    ground = root.find("{http://www.w3.org/2000/svg}rect")
    assert ground.attrib == {"width": root.get("width"), "height": root.get("height"), "fill": colours.background}
    png = files.chart_png(picture, citation(), colours)
    size = struct.unpack(">II", png[16:24])
    assert size == (2 * int(root.get("width")), 2 * int(root.get("height")))


def test_what_is_outside_a_chart_s_own_filter_is_said_and_marked_in_its_table():
    police = Filters(target_type=("Police",))
    drawn = marked(pictures(types=police.target_type)["types"], police, ("target_type",))
    assert "pale bars are outside the chosen ones, Police." in svg_text(files.chart_svg(drawn, citation(), LIGHT))
    assert dict(drawn.rows()[["Target type", IN_FILTER]].to_numpy().tolist()) == {
        name: "yes" if name == "Police" else "no" for name in drawn.rows()["Target type"]
    }
    dates = Filters(since=date(2015, 3, 2), until=date(2016, 12, 31))
    for name, within in (
        ("years", ["2015", "2016"]),
        ("timeline", [f"{y}-{m:02d}" for y in (2015, 2016) for m in range(1, 13)][2:]),
    ):
        drawn = marked(pictures(chosen=(dates.since, dates.until))[name], dates, ("since", "until"))
        assert "outside the chosen dates, 2 Mar 2015 to 31 Dec 2016." in svg_text(files.chart_svg(drawn, citation(), LIGHT))
        rows = drawn.rows()
        # March begins before the 2nd: only a part of it, and of 2015, is chosen.
        assert rows.loc[rows[IN_FILTER] == "in part"].iloc[:, 0].to_list() == within[:1]
        assert rows.loc[rows[IN_FILTER] == "yes"].iloc[:, 0].to_list() == within[1:]
        assert f"Of {within[0]} only a part lies within these" in svg_text(files.chart_svg(drawn, citation(), LIGHT))


def csv_rows(picture: Picture) -> list[list[str]]:
    return list(csv.reader(io.StringIO(files.chart_csv(picture, citation()).decode("utf-8-sig"))))


def test_the_csv_says_which_filter_and_that_a_bar_of_which_a_part_is_chosen_counts_all_of_it():
    last = LOADED.source.last.year
    late = Filters(since=date(last, 7, 1))
    header, *rows = csv_rows(marked(pictures(chosen=(late.since, None))["years"], late, ("since", "until")))
    assert header == ["Year", "Incidents", IN_FILTER, files.CITED] and rows[-1][2] == "in part"
    assert {row[2] for row in rows[:-1]} == {"no"}
    assert f"pale bars are outside the chosen dates, since 1 Jul {last}. Of {last} only a part lies within these" in rows[0][3]


def test_a_chart_that_is_cut_by_nothing_but_within_a_bar_says_so_and_one_that_follows_no_dates_does_not():
    first = LOADED.source.first.date()
    dates = Filters(since=first.replace(month=1, day=5))
    drawn = marked(pictures(chosen=(dates.since, None))["years"], dates, ("since", "until"))
    assert set(drawn.rows()[IN_FILTER]) == {"yes", "in part"} and "pale" not in drawn.notes[-1]
    assert "bars are not cut at the chosen dates" in drawn.notes[-1]
    free = pictures()["years"]
    assert marked(free, Filters(since=date(2015, 3, 2)), ("since", "until")) is free


def test_a_chart_of_which_its_own_filter_leaves_nothing_out_is_not_marked():
    whole = pictures()
    assert marked(whole["types"], Filters(), ("target_type",)) is whole["types"]
    all_days = Filters(since=date(1990, 1, 1))
    assert marked(whole["years"], all_days, ("since", "until")) is whole["years"]
    # The chart of years does not ignore a chosen type, so no bar of it is pale.
    assert marked(whole["years"], Filters(target_type=("Police",)), ("since", "until")) is whole["years"]


def test_a_long_sentence_is_whole_and_inside_the_picture():
    sentence = "509 incidents in " + ", ".join(f"Town number {n}" for n in range(60)) + "."
    svg = files.chart_svg(pictures()["years"], citation(sentence=sentence), LIGHT)
    assert "Town number 59" in svg_text(svg)
    root = ElementTree.fromstring(svg)
    lines = root.findall("{http://www.w3.org/2000/svg}text")
    assert max(float(line.get("y")) for line in lines) < int(root.get("height"))
    assert max(len(line.text) * float(line.get("font-size")) * 0.5 for line in lines) <= int(root.get("width")) - 48


def test_the_table_has_plain_columns_and_quiet_months_are_zeros():
    drawn = pictures()
    assert {name: list(picture.rows().columns[:2]) for name, picture in drawn.items()} == {
        "timeline": ["Month", "Incidents"],
        "years": ["Year", "Incidents"],
        "types": ["Target type", "Incidents"],
        "perpetrators": ["Suspected perpetrator", "Incidents"],
        "by year": ["Suspected perpetrator", "Year"],
    }
    months = drawn["timeline"].rows()
    span = LOADED.source.last.to_period("M") - LOADED.source.first.to_period("M")
    assert len(months) == span.n + 1 and (months["Incidents"] == 0).any()
    assert months["Incidents"].sum() == summary.by_month(LOADED.incidents)["incidents"].sum()


def test_the_csv_is_the_table_and_no_cell_is_a_formula():
    picture = pictures()["years"]
    lines = list(csv.reader(io.StringIO(files.chart_csv(picture, citation()).decode("utf-8-sig"))))
    assert lines[0] == ["Year", "Incidents", files.CITED] and len(lines) == len(picture.rows()) + 1
    assert lines[1][2] == " ".join((citation().cite_as(), *picture.notes)) and not any(line[2] for line in lines[2:])
    nothing = replace(picture, rows=lambda: picture.rows().iloc[:0])
    empty = list(csv.reader(io.StringIO(files.chart_csv(nothing, citation()).decode("utf-8-sig"))))
    assert empty[1:] == [["", "", lines[1][2]]]
    table = pd.DataFrame({"target_type": ["=HYPERLINK(1)"], "incidents": [1]})
    assert "'=HYPERLINK" in files.chart_csv(vega_lite.target_types(table, (), LIGHT), citation()).decode("utf-8-sig")


@pytest.mark.parametrize("rows", [[{}], [{"date": "2020"}]], ids=["one", "known to the year"])
def test_a_small_record_is_a_picture_too(rows):
    loaded = tiny.record(*rows)
    for picture in pictures(loaded).values():
        assert files.chart_png(picture, citation(loaded, "1 incident."), DARK).startswith(b"\x89PNG")
        assert len(picture.rows())


def test_every_text_of_a_chart_asks_for_the_typeface_of_the_page():
    for name, picture in pictures().items():
        drawing = files.chart_svg(picture, citation(), LIGHT).decode("utf-8")
        named = set(re.findall(r'font-family="([^"]*)"', drawing))
        assert named == {fonts.STACK}, name
