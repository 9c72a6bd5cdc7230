"""The pages on a record that stays in its engine: the same words and numbers, or a plain sentence why not."""

from __future__ import annotations

import csv
from itertools import islice

import narwhals as nw
import pytest

from incident_atlas.dataset.load import RECORD
from incident_atlas.dataset.query import MOST_ROWS
from incident_atlas.dataset.sql import prepare
from incident_atlas.ui.session import record
from tests.support.pages import everything, widget, words
from tools.synthetic import records

pytestmark = pytest.mark.nightly

PAGES = (
    ("app.py", {}),
    ("app.py", {"city": "Herat", "from": "2015-01-01", "q": "Taliban"}),
    ("app.py", {"min_killed": "5", "target_type": ["Police", "Military"]}),
    ("pages/incidents.py", {"province": "Kabul"}),
    ("pages/compare.py", {}),
    ("pages/nearby.py", {"site": "embassy-canada-kabul", "km": "2"}),
)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """The shipped record as a Parquet file that is asked through DuckDB."""
    out = tmp_path_factory.mktemp("engine") / "incidents.parquet"
    prepare(RECORD, out)
    return out


@pytest.fixture(scope="module")
def part(tmp_path_factory):
    """As much of the shipped record as may leave an engine one by one, as a CSV alone in its folder and as a Parquet file."""
    folder = tmp_path_factory.mktemp("part")
    with (
        RECORD.open(encoding="utf-8", newline="") as record,
        (folder / "incidents.csv").open("w", encoding="utf-8", newline="") as file,
    ):
        csv.writer(file).writerows(islice(csv.reader(record), MOST_ROWS - 100))
    prepare(folder / "incidents.csv", folder / "incidents.parquet")
    return folder


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """More invented incidents than leave an engine at once."""
    folder = tmp_path_factory.mktemp("many")
    records.write(folder / "many.csv", MOST_ROWS + 500, 3)
    prepare(folder / "many.csv", folder / "many.parquet")
    return folder / "many.parquet"


def numbers(app) -> str:
    """What a page says, without what an engine cannot know: the record's name and what stood beside its file."""
    message = words(app)
    return message[message.index("atlas-sentence'") :].split("<p class='atlas-note'>")[0]


@pytest.mark.parametrize(("page", "query"), PAGES)
def test_a_page_says_the_same_of_a_record_in_memory_and_in_an_engine(run_page, part, page, query):
    shown = [numbers(run_page(page, query, source=part / name)) for name in ("incidents.parquet", "incidents.csv")]
    assert shown[0] == shown[1]


def test_the_map_is_given_the_same_marks(run_page, shipped):
    marks = [run_page("app.py", {"city": "Kabul"}, source=source).get("component_instance") for source in (shipped, None)]
    assert [one[0].proto.json_args for one in marks][0] == [one[0].proto.json_args for one in marks][1]


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("pages/claims.py", "at most 1,000 leave a database"),
        ("pages/data.py", "Files stay in the memory"),
        ("pages/about.py", "1,500 rows read"),
        ("pages/nearby.py", "What happened near"),
        ("pages/incidents.py", "1,500 incidents"),
    ],
)
def test_every_other_page_stands_on_more_than_leaves_an_engine(run_page, many, page, message):
    assert message in everything(run_page(page, source=many))


def test_the_page_of_an_incident_is_found_by_its_id_with_what_was_near(run_page, shipped):
    message = words(run_page("pages/incidents.py", {"incident": "AFG-20220905-1"}, source=shipped))
    assert "Russian" in message and "Other incidents within 2 km" in message


@pytest.mark.parametrize(
    ("page", "query"), [("pages/compare.py", {}), ("pages/nearby.py", {"site": "embassy-canada-kabul", "km": "2"})]
)
def test_what_needs_single_incidents_says_so_where_there_are_too_many(run_page, many, page, query):
    app = run_page(page, query, source=many)
    assert [note.value for note in app.info] and "at most 1,000" in app.info[0].value
    assert page != "pages/compare.py" or "When did the rate change?" in words(app)


def test_a_database_that_goes_away_is_said_and_one_that_comes_back_is_asked_again(run_page, shipped, monkeypatch):
    app = run_page("app.py", {}, source=shipped)
    headline = numbers(app)
    with monkeypatch.context() as gone:

        def broken(*_):
            raise ConnectionError("password=secret at db.example.org")

        gone.setattr(nw.LazyFrame, "collect", broken)
        widget(app.multiselect, "w:city").set_value(["Herat"]).run()
        assert not app.exception and "does not answer" in app.error[0].value
        assert "secret" not in everything(app)
    widget(app.multiselect, "w:city").set_value([]).run()
    assert not app.error and numbers(app) == headline


def test_nothing_is_shown_of_a_database_from_which_something_is_to_be_withheld(run_page, shipped, monkeypatch):
    monkeypatch.setenv("INCIDENTS_DISCRETION", "grid")
    app = run_page("app.py", {}, source=shipped)
    assert "cannot be shown" in app.error[0].value and "INCIDENTS_DISCRETION" in app.text[0].value


def test_a_database_that_cannot_be_reached_at_all_is_said_without_its_password(monkeypatch, run_page, tmp_path):
    monkeypatch.setattr(record, "record_source", lambda: f"duckdb://{tmp_path}/none.duckdb?table=incidents")
    app = run_page("app.py")
    assert "cannot be shown" in app.error[0].value and "no file" in app.text[0].value
