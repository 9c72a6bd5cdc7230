"""What is withheld is in no part of the record, and in no file that is made of it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import fields
from datetime import date

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from incident_atlas.analysis import summary
from incident_atlas.analysis.evidence import grade
from incident_atlas.analysis.nearby import around
from incident_atlas.analysis.neighbours import Nearby
from incident_atlas.charts import files as figure
from incident_atlas.charts.vega_lite import Picture
from incident_atlas.cli.main import cli
from incident_atlas.core.schema import REPORT_NAMES
from incident_atlas.core.vocabulary import RADIUS_M
from incident_atlas.curation import combine
from incident_atlas.curation.placements import Placement, placed
from incident_atlas.curation.privacy import Policy, policy, to_districts, to_grid, widened, withheld
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded, load, load_bytes
from incident_atlas.errors import UnknownPolicy
from incident_atlas.export import incident_citation, tables
from incident_atlas.export.brief import content, pictures, typst_pdf, word
from incident_atlas.maps import offline_page, static_map
from incident_atlas.theme import theme
from tests.support import secret, tiny
from tests.support.record import shipped_record

BLURS = ("grid", "district")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Loaded:
    return load(secret.write(tmp_path_factory.mktemp("secret")))


def blurred(whole: Loaded, text: str = "grid, days=30") -> Loaded:
    return withheld(whole, policy(text), secret.TODAY)


def held(loaded: Loaded) -> bytes:
    """All that a record holds, as text."""
    parts = [getattr(loaded, one.name) for one in fields(loaded) if one.init]
    frames = [part for part in [*parts, *loaded.extras.values()] if isinstance(part, pd.DataFrame)]
    categories = [list(column.cat.categories) for _, column in loaded.incidents.select_dtypes("category").items()]
    return "\n".join([*(frame.to_csv() for frame in frames), *map(repr, parts), repr(categories)]).encode()


def files(loaded: Loaded) -> dict[str, bytes]:
    """Every file that a reader can take away of it."""
    head = summary.headline(loaded.incidents)
    citation = cite(loaded, "All of it.", "http://localhost/", head)
    with zipfile.ZipFile(io.BytesIO(tables.archive(loaded.incidents, loaded.reports, citation))) as folder:
        packed = {name: folder.read(name) for name in folder.namelist()}
    bounds, colours = (34.0, 69.0, 35.0, 70.0), theme("light")
    years = pd.DataFrame({"Year": [2020], "Incidents": [2]})
    chart = Picture({"mark": "bar"}, years, "Years", "Years", (), lambda: years)
    one = loaded.incidents.iloc[0]
    reference = incident_citation.cite(one, "http://localhost/", loaded.source.last, loaded.origins, loaded.discretion)
    visible = Filters().apply(loaded.incidents, columns=content.COLUMNS)
    brief = content.make(loaded, Filters(), "http://localhost/", date(2024, 5, 3), visible=visible)
    drawn = pictures.draw(brief, loaded, visible)
    with zipfile.ZipFile(io.BytesIO(word.docx(brief, drawn))) as folder:
        packed |= {"word": folder.read("word/document.xml")}
    return packed | {
        "brief": json.dumps(typst_pdf.data(brief, drawn, "a4"), ensure_ascii=False).encode(),
        "geojson": tables.geojson(loaded.incidents, citation),
        "html": offline_page.standalone_html(loaded.incidents, loaded.reports, citation, head, None, "T-1"),
        "picture": repr(static_map.sheet_svg(loaded.incidents, bounds, colours, citation)).encode(),
        "chart": figure.chart_csv(chart, citation),
        "text": reference.text.encode(),
        "bibtex": reference.bibtex.encode(),
    }


@pytest.mark.parametrize("text", ["grid,days=30", "district,days=30", "grid,no-text,days=30"])
def test_nothing_of_a_withheld_record_tells_the_point_or_the_words(whole, text):
    assert secret.leaks(held(whole)) == {"words", "degrees", "x"}, "the search finds what is there"
    assert secret.leaks(held(blurred(whole, text))) == set()
    assert "words" not in secret.leaks(held(withheld(whole, Policy(without_text=True))))


@pytest.mark.parametrize("places", BLURS)
def test_no_file_tells_them_and_every_file_says_what_is_withheld(whole, places):
    leaking = {name for name, text in files(whole).items() if secret.leaks(text)}
    assert leaking >= {"incidents.csv", "reports.csv", "geojson", "html", "text", "bibtex"}
    made = blurred(whole, f"{places},days=30")
    for name, text in files(made).items():
        assert secret.leaks(text) == set(), name
        if name not in ("incidents.csv", "reports.csv"):
            assert "To do no harm" in " ".join(text.decode("utf-8").replace("', '", " ").split()), name


@pytest.mark.parametrize("places", BLURS)
def test_records_that_differ_in_what_is_withheld_give_the_same_files_to_the_byte(whole, tmp_path, places):
    other = load(secret.write(tmp_path, "Simsim", secret.LATITUDE + 0.003, secret.LONGITUDE - 0.003))
    assert files(whole)["picture"] != files(other)["picture"]
    made = [blurred(one, f"{places},days=30") for one in (whole, other)]
    assert files(made[0]) == files(made[1]) and held(made[0]) == held(made[1])


def reported_alike(folder) -> Loaded:
    """A record of one incident that two agencies report alike, with its place."""
    (folder / "incidents.csv").write_text(tiny.text({"city": "Kabul"}), encoding="utf-8")
    says = dict.fromkeys(REPORT_NAMES, "") | {"date": "2020-01-01", "place": "Kabul", "attack_type": "Armed Assault"}
    rows = [says | {"incident_id": "T-1", "publisher": name} for name in ("Reuters", "TOLOnews")]
    pd.DataFrame(rows).to_csv(folder / "reports.csv", index=False)
    return load(folder / "incidents.csv")


@pytest.mark.parametrize("text", [*BLURS, "no-text"])
def test_where_places_are_left_out_agreement_on_them_is_not_judged_and_the_grade_says_so(tmp_path, text):
    whole = reported_alike(tmp_path)
    for loaded in (whole, withheld(whole, policy("days=30"), secret.TODAY)):
        assert grade.grade(loaded.incidents.iloc[0], loaded.reports, loaded.origins).name == "Confirmed"
    made = withheld(whole, policy(text), secret.TODAY)
    own = load_bytes(tiny.text({"title": "Mine", "incident_id": "mine"}).encode(), "mine.csv")
    for loaded in (made, withheld(made, Policy(days=30), secret.TODAY), combine.gathered([made, own]).loaded):
        assert grade.grade(loaded.find("T-1"), loaded.reports, loaded.origins) == (
            "Several sources",
            "Reuters and TOLOnews agree on date and kind of attack; places are left out here, so agreement on them is not judged.",
        )
        assert grade.places_left_out(loaded.find("T-1"), loaded.origins)
    assert not grade.places_left_out(loaded.find("mine"), loaded.origins), "beside it a whole file is judged"


def test_a_blurred_file_reads_back_blurred_and_says_so_of_each_incident(whole, tmp_path):
    made = blurred(whole)
    for name in ("incidents.csv", "reports.csv"):
        (tmp_path / name).write_bytes(files(made)[name])
    back = load(tmp_path / "incidents.csv")
    assert len(back.problems) == 0
    for name in ("latitude", "longitude", "geo_precision", "title", "notes"):
        assert back.incidents[name].tolist() == made.incidents[name].tolist(), name
    assert back.incidents["notes"].str.contains("blurred to a grid of 10 km").all()


@pytest.mark.parametrize("places", [*BLURS, "no-text"])
def test_to_where_the_record_is_complete_stays_known(places):
    kabul, loaded = Filters(city=("Kabul",)), shipped_record()
    made = withheld(loaded, policy(places), secret.TODAY)
    assert exposure(made, kabul) == exposure(loaded, kabul) and exposure(made) == exposure(loaded)


def test_the_record_that_was_given_stays_as_it_was(whole):
    before = held(whole)
    blurred(whole)
    assert held(whole) == before


def test_incidents_are_as_new_as_the_last_day_that_they_may_have_had():
    dates = [("2024-01-21", "day"), ("2024-01-22", "day"), ("2024-01", "month"), ("2023-12", "month"), ("2024-01-16", "week")]
    loaded = tiny.record(*({"date": day, "date_precision": precision} for day, precision in dates))
    made = withheld(loaded, Policy(days=10), secret.TODAY)
    assert made.incidents["incident_id"].tolist() == ["T-1", "T-4"]
    assert made.source.last == pd.Timestamp("2024-01-21") and (made.source.read, made.source.kept) == (2, 2)
    assert (made.origins[0].read, made.origins[0].kept) == (2, 2)
    assert made.find("T-1")["title"] == "An attack", "words stay where only days are asked for"


def test_a_record_of_the_newest_alone_is_empty_and_can_be_asked():
    made = withheld(tiny.record({"date": "2024-01-30"}), Policy("grid", 30), secret.TODAY)
    assert len(made.incidents) == 0 and made.source.last is None and summary.headline(made.incidents).incidents == 0


@pytest.mark.parametrize("text", BLURS)
def test_an_empty_record_stays_empty(text):
    assert len(withheld(withheld(tiny.record({}), Policy(days=30), date(2020, 1, 2)), policy(text)).incidents) == 0


def test_every_point_of_a_cell_becomes_its_centre_and_moves_no_farther_than_its_precision_says():
    seed = np.random.default_rng(6)
    latitude, longitude = seed.uniform(29, 39, 2000), seed.uniform(60, 75, 2000)
    at = to_grid(latitude, longitude)
    north, east = (at[0] - latitude) * 111.195, (at[1] - longitude) * 111.195 * np.cos(np.radians(at[0]))
    far = np.hypot(north, east)
    assert 3 < far.mean() and far.max() < 7.2 and far.max() + RADIUS_M["city"] / 1000 < RADIUS_M["district"] / 1000
    again = to_grid(*at)
    assert np.array_equal(again[0], at[0]) and np.array_equal(again[1], at[1])
    assert np.isfinite(to_grid(np.array([90.0, -90, 0]), np.array([180.0, -180, 0]))).all()


def test_a_district_is_as_well_known_as_its_centre_is_near():
    # Kabul; the desert of Nimroz, where towns are far apart; Baghdad, which is no district of Afghanistan.
    at = to_districts(np.array([34.53, 30.5, 33.3]), np.array([69.17, 61.5, 44.4]))
    assert at[2][0] < 20 < at[2][1] <= 60 and at[2][2] == 0 and abs(at[0][2] - 33.3) < 0.1
    points = [(34.53, 69.17, "exact"), (30.5, 61.5, "exact"), (34.53, 69.17, "province")]
    rows = tiny.record(*({"latitude": str(a), "longitude": str(b), "geo_precision": c} for a, b, c in points))
    assert blurred(rows, "district").incidents["geo_precision"].tolist() == ["district", "province", "province"]


def test_what_is_known_of_the_kind_the_day_the_figures_and_the_town_stays():
    loaded = tiny.record({"city": "Kabil", "killed": "3"}, {"city": "", "place": "", "province": ""})
    made = blurred(loaded, "grid")
    one, other = made.incidents.iloc[0], made.incidents.iloc[1]
    assert (one["title"], one["city"], one["killed"]) == ("Armed Assault, Police, Kabil", "Kabil", 3)
    assert one["precision_rank"] == 4 and made.options["geo_precision"] == ("district",)
    assert other["found_by"] == "not found" and np.isnan(other["latitude"]) and np.isnan(other["x"])


def test_problems_are_told_without_the_cell_and_not_of_what_is_held_back():
    loaded = tiny.record({"killed": "many"}, {"killed": "a few", "date": "2024-01-30"}, {"title": ""})
    made = blurred(loaded, "days=30")
    assert tiny.problems(loaded) == [(2, "killed"), (3, "killed"), (4, "title")]
    # How new the row without a title is, nobody knows.
    assert tiny.problems(made) == [(2, "killed")] and set(made.problems["value"]) == {""}
    assert (made.source.read, made.source.kept, made.source.set_aside) == (2, 1, 1)


def test_a_reader_cannot_move_what_is_blurred(whole):
    moved, text = placed(blurred(whole), (Placement("T-1", "", 34.0, 69.0),))
    assert moved.find("T-1")["found_by"] == "blurred" and "its source gives a point" in text[0].reason


def test_the_commands_withhold_nothing_from_who_has_the_file(tmp_path, monkeypatch):
    path = secret.write(tmp_path)
    monkeypatch.setenv("INCIDENTS_DISCRETION", "grid")
    answer = CliRunner().invoke(
        cli, ["nearby", str(path), "--at", f"{secret.LATITUDE},{secret.LONGITUDE}", "--km", "1", "--json"]
    )
    assert answer.exit_code == 0 and json.loads(answer.stdout)["within"] == ["T-1", "T-2", "T-3"]


def test_one_operation_stays_one_without_its_name():
    rows = [{"coordinated_id": name} for name in ("airport gate", "", "airport gate", "bridge")]
    assert blurred(tiny.record(*rows), "no-text").incidents["coordinated_id"].tolist() == [
        "operation 1",
        "",
        "operation 1",
        "operation 2",
    ]


def test_blurred_points_are_too_coarse_to_be_near_anything_for_sure(whole):
    made = blurred(whole)
    one = made.incidents.iloc[0]
    assert not Nearby(made.incidents).around(one)["sure"].any()
    around_it = around(made.incidents, float(one["latitude"]), float(one["longitude"]), 2.0)
    assert len(around_it.possibly) and not len(around_it.within)


def test_beside_a_file_of_ones_own_the_record_stays_blurred_and_the_sentence_says_which(whole):
    own = load_bytes(tiny.text({"title": "Mine", "incident_id": "mine", "place": "the bridge"}).encode(), "mine.csv")
    both = combine.gathered([blurred(whole), own]).loaded
    assert secret.leaks(held(both)) == set() and both.find("mine")["place"] == "the bridge"
    assert both.discretion.startswith("Record (its name is left out): To do no harm")


def test_two_versions_of_a_record_are_never_taken_for_one(whole):
    versions = [whole, *(blurred(whole, text) for text in (*BLURS, "no-text", "grid,days=30"))]
    assert len({one.source.sha256 for one in versions}) == len(versions)


def test_a_close_view_is_widened_before_it_is_drawn():
    assert widened((34.5387, 69.1722, 34.5388, 69.1723)) == (34.5, 69.1, 34.6, 69.2)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", None),
        ("grid", Policy("grid")),
        (" District ,days=7", Policy("district", 7)),
        ("days=30,no-text", Policy("", 30, True)),
    ],
)
def test_a_setting_is_read(text, query):
    assert policy(text) == query


@pytest.mark.parametrize(
    "text", ["gird", "grid;days=30", "grid,district", "days=0", "days=-1", "days=99999", "days=x", "grid,", "yes"]
)
def test_a_setting_that_is_not_understood_is_refused(text):
    with pytest.raises(UnknownPolicy, match="INCIDENTS_DISCRETION"):
        policy(text)
