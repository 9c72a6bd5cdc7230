"""What the readers of ACLED, UCDP GED and GTD share: recognised, every row accounted for, and never an exception."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_atlas.core.reference_data import perpetrators
from incident_atlas.core.schema import NAMES, REPORT_NAMES
from incident_atlas.core.validation import Problems, check
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.dataset.companion_tables import kind_of
from incident_atlas.importers.data_sets.registry import FORMATS, recognised
from tests.support.foreign import ROWS, one, read, table
from tests.support.profile import scaled

KEYS = tuple(FORMATS)
EDGES = st.sampled_from(["", " ", "0", "-9", "-99", "1", "3", "7", "1.0", "2021-08-15", "2019-02-30", "Unknown", "Afghanistan"])
TEXTS = EDGES | st.text(max_size=12) | st.text("0123456789-./ ;,\"'", max_size=12)


@pytest.fixture(params=KEYS)
def key(request) -> str:
    return request.param


def aside(text: pd.DataFrame) -> set[int]:
    """The lines of the rows that were set aside."""
    return set(text.loc[text["reason"].astype(str).str.endswith("the row is set aside"), "row"])


@pytest.mark.parametrize("written", [str, str.upper, str.title, lambda name: f" {name} "])
def test_a_format_is_recognised_in_any_case(key, written):
    assert recognised(written(name) for name in ROWS[key]) is FORMATS[key]


def test_a_format_is_recognised_with_a_column_more(key):
    assert recognised([*ROWS[key], "my remarks"]) is FORMATS[key]


def test_a_format_is_recognised_with_any_column_less(key):
    for missing in ROWS[key]:
        assert recognised(name for name in ROWS[key] if name != missing) is FORMATS[key], missing


@pytest.mark.parametrize("columns", [["acled", "ucdp"], ["ucdp", "gtd"], ["acled", "gtd"], ["acled", "ucdp", "gtd"]])
def test_columns_of_two_formats_are_not_guessed_at(columns):
    assert recognised(name for key in columns for name in ROWS[key]) is None


@pytest.mark.parametrize("columns", [[], NAMES, REPORT_NAMES, ["date", "city", "fatalities", "actor1", "event_type", "source"]])
def test_other_tables_are_none_of_them(columns):
    assert recognised(columns) is None


def test_no_mark_is_read_by_another_format(key):
    others = {name for other in KEYS if other != key for name in FORMATS[other].uses}
    assert not FORMATS[key].marks & others and FORMATS[key].marks <= {*FORMATS[key].uses, *ROWS[key]}


def test_the_title_counts_the_columns_and_names_what_is_missing(key):
    reader, columns = FORMATS[key], list(ROWS[key])
    assert f": {len(columns)} columns" in reader.title(columns)
    lost = next(name for name in columns if name in reader.uses)
    assert f": {len(columns) - 1} columns" in reader.title(columns[1:])
    assert lost in reader.title([name for name in columns if name != lost])


def test_the_columns_of_a_whole_file_are_titled_without_a_but():
    assert FORMATS["acled"].title(list(ROWS["acled"])) == "ACLED, as exported since March 2023: 31 columns"
    assert FORMATS["ucdp"].title(list(ROWS["ucdp"])) == "UCDP GED, looks like 23 to 26 or a Candidate file: 49 columns"


def test_uses_names_each_column_once_and_the_extras_are_among_them(key):
    reader = FORMATS[key]
    assert len(set(reader.uses)) == len(reader.uses)
    assert set(read(key)[0].extras) <= set(reader.uses)


def test_what_is_not_in_uses_is_not_read(key):
    known = table(key, {})
    alone = known[[name for name in known if name in FORMATS[key].uses]]
    whole, part = (FORMATS[key].read(rows, Problems()) for rows in (known, alone))
    for first, second in zip(whole, part, strict=True):
        pd.testing.assert_frame_equal(first, second)


def test_a_row_becomes_an_incident_without_a_fault(key):
    found, text = read(key)
    problems = Problems()
    kept = check(found.raw, problems, set(), perpetrators())
    # Only these two are the loader's to fill.
    assert set(problems.frame()["column"]) <= {"added", "revised"} and not len(text) and len(kept) == 1


def test_raw_reports_and_extras_have_their_columns_and_lines(key):
    found, _ = read(key, {}, {}, {})
    assert tuple(found.raw) == NAMES and tuple(found.reports) == REPORT_NAMES
    assert list(found.raw.index) == list(found.extras.index) == [2, 3, 4]
    assert not found.raw.isna().any().any() and not found.reports.isna().any().any() and not found.extras.isna().any().any()


def test_reading_changes_nothing_of_what_it_was_given(key):
    rows = table(key, {}, {})
    before = rows.copy(deep=True)
    FORMATS[key].read(rows, Problems())
    pd.testing.assert_frame_equal(rows, before)


def test_no_rows_at_all_are_no_incidents(key):
    found = FORMATS[key].read(table(key).iloc[:0], Problems())
    assert not len(found.raw) and not len(found.reports) and not len(found.extras) and tuple(found.raw) == NAMES


def test_any_of_the_columns_may_be_missing(key):
    for missing in FORMATS[key].uses:
        rows = table(key).drop(columns=missing, errors="ignore")
        assert len(FORMATS[key].read(rows, Problems()).raw) == 1, missing


def test_cells_of_programs_that_write_whole_numbers_with_a_point_are_the_same(key):
    rows = table(key)
    pointed = rows.map(lambda cell: f"{cell}.0" if cell.isdecimal() else cell)
    first, second = (FORMATS[key].read(each, Problems()).raw for each in (rows, pointed))
    pd.testing.assert_frame_equal(first, second)


def test_a_column_that_stands_twice_is_read_once(key):
    rows = table(key)
    twice = pd.concat([rows, rows.iloc[:, ::-1].assign(country="Elsewhere")], axis=1)
    pd.testing.assert_frame_equal(FORMATS[key].read(twice, Problems()).raw, read(key)[0].raw)


def test_columns_held_as_categories_are_read_as_text(key):
    rows = table(key, {}, {}).astype("category")
    pd.testing.assert_frame_equal(FORMATS[key].read(rows, Problems()).raw, read(key, {}, {})[0].raw)


def test_blank_cells_that_are_missing_values_are_blank(key):
    rows = table(key).replace("", None)
    found = FORMATS[key].read(rows, Problems())
    pd.testing.assert_frame_equal(found.raw, read(key)[0].raw)


def test_the_data_set_itself_is_a_report_and_a_reference(key):
    reports = read(key)[0].reports
    assert reports["publisher"].tolist()[0] == FORMATS[key].format.name and kind_of(FORMATS[key].format.name) == "reference"
    assert "Example News" in reports["publisher"].tolist()
    assert reports["says"].str.contains("[.]$").all()


def test_other_countries_are_kept_with_their_country(key):
    column = "country_txt" if key == "gtd" else "country"
    assert one(key, **{column: "Yemen (North Yemen)"})["country"] == "Yemen (North Yemen)"


def test_the_terms_are_asked_for_where_rows_may_not_be_passed_on():
    assert {key for key in KEYS if FORMATS[key].format.asks} == {"acled", "gtd"}
    assert all(FORMATS[key].format.citation and FORMATS[key].format.terms and FORMATS[key].format.cannot_say for key in KEYS)
    assert [day for day, _ in FORMATS["gtd"].format.breaks] == ["1998-01-01", "2008-04-01", "2012-01-01"]


@given(st.data())
@settings(max_examples=scaled(120), deadline=None)
def test_any_text_in_any_column_is_read_and_every_row_accounted_for(data):
    key = data.draw(st.sampled_from(KEYS))
    columns = st.sampled_from([*ROWS[key], *FORMATS[key].uses])
    changes = data.draw(st.lists(st.dictionaries(columns, TEXTS, max_size=8), min_size=1, max_size=4))
    found, text = read(key, *changes)
    out = set(range(2, 2 + len(changes))) - set(found.raw.index)
    assert len(found.raw) + len(out) == len(changes) and out == aside(text)
    assert list(found.extras.index) == list(found.raw.index)
    assert set(found.reports["incident_id"]) <= set(found.raw["incident_id"])
    kept = check(found.raw, Problems(), set(), perpetrators())
    attribution = kept["attribution"].astype(str)
    assert ((kept["perpetrator"].astype(str) == UNKNOWN) == (attribution == "unknown")).all()
    for kind in ("killed", "wounded"):
        assert not (kept[f"{kind}_low"] > kept[f"{kind}_high"]).any()
