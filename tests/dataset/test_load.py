"""The assembly line: bytes to one value, whatever the file's size, with what every page asks worked out once."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from incident_atlas.core.schema import NAMES
from incident_atlas.dataset.cache import Cache
from incident_atlas.dataset.load import RECORD, load, load_bytes
from incident_atlas.importers.data_sets import native as atlas
from tests.support.tiny import PLAIN, problems, record, text


def test_the_shipped_record_is_read_whole():
    source = load().source
    assert (source.shipped, source.name, source.encoding) == (True, "incidents.csv", "utf-8")
    assert source.read == source.kept > 500 and source.set_aside == 0
    assert source.sha256 == hashlib.sha256(RECORD.read_bytes()).hexdigest()


def test_a_plain_row_has_no_problem():
    loaded = record({})
    assert problems(loaded) == [] and loaded.source.read == 1 and not loaded.source.shipped


def test_an_empty_record_has_every_column_and_no_last_day():
    loaded = record()
    assert list(loaded.incidents.columns) == list(load().incidents.columns) and loaded.source.last is None
    assert loaded.at([2]).empty and loaded.find("T-1") is None and set(loaded.options["city"]) == set()


def test_the_types_of_the_columns_do_not_depend_on_the_rows():
    assert record({}).incidents.dtypes.drop(NOT_ALIKE).equals(load().incidents.dtypes.drop(NOT_ALIKE))
    assert record().incidents["killed"].dtype == "float64" and record().incidents["date"].dtype == "datetime64[s]"


# Categories differ in their terms.
NOT_ALIKE = [name for name, dtype in load().incidents.dtypes.items() if isinstance(dtype, pd.CategoricalDtype)]


def test_chunks_do_not_change_the_answer(monkeypatch):
    cities = ["Kabul", "Herat", "Atlantis"] * 4
    rows = [{"city": city, "killed": str(n), "latitude": "34" if n == 4 else ""} for n, city in enumerate(cities)]
    rows += [{"date": "soon"}] * 5 + [{"city": "", "province": "Helmand"}, {"latitude": "34.5", "longitude": "69.1", "city": ""}]
    whole = record(*rows)
    monkeypatch.setattr(atlas, "CHUNK", 2)
    cut = record(*rows)
    pd.testing.assert_frame_equal(whole.incidents, cut.incidents)
    assert problems(whole) == problems(cut) and whole.source == cut.source and whole.options == cut.options


def test_an_id_is_met_once_in_the_whole_file_and_not_only_in_a_chunk(monkeypatch):
    monkeypatch.setattr(atlas, "CHUNK", 2)
    assert problems(record({}, {}, {}, {"incident_id": "T-1"})) == [(5, "incident_id")]


def test_progress_rises_to_the_end(monkeypatch):
    monkeypatch.setattr(atlas, "CHUNK", 2)
    reported: list[float] = []
    load_bytes(text({}, {}, {}, {}, {}).encode(), progress=reported.append)
    assert len(reported) == 3 and reported == sorted(reported) and 0 < reported[-1] <= 1


def test_incidents_are_found_by_line_and_by_id():
    loaded = record({}, {"date": "soon"}, {})
    assert loaded.at([4, 2])["incident_id"].tolist() == ["T-3", "T-1"]
    assert loaded.at([3, 99, 1]).empty and loaded.find("T-3")["row"] == 4 and loaded.find("T-2") is None


@pytest.mark.parametrize(
    ("cells", "last"),
    [
        ({"date": "2020-02-10"}, "2020-02-10"),
        ({"date": "2020-02-10", "date_end": "2020-02-12"}, "2020-02-10"),
        ({"date": "2020-02-10", "date_precision": "week"}, "2020-02-16"),
        ({"date": "2020-02-01", "date_precision": "month"}, "2020-02-29"),
        ({"date": "2020-02"}, "2020-02-29"),
        ({"date": "2020-12", "date_end": "2021-01-03"}, "2020-12-31"),
        ({"date": "2020"}, "2020-12-31"),
        ({"date": "2100"}, "2100-12-31"),
    ],
)
def test_what_a_date_may_mean_ends_with_its_precision(cells, last):
    incident = record(cells).incidents.iloc[0]
    assert incident["last_day"] == pd.Timestamp(last) and incident["first_day"] == incident["date"]


def test_a_date_written_short_is_not_known_to_the_day_whatever_its_precision_says():
    assert record({"date": "2020-02"}, {"date": "2020"}).incidents["date_precision"].tolist() == ["month", "year"]
    assert record({"date_precision": ""}).incidents["date_precision"].tolist() == ["day"]


def test_figures_are_filled_for_totals_only():
    incidents = record({"killed_low": "2"}, {"killed": "3", "killed_high": "5"}, {}).incidents
    assert incidents["killed"].isna().tolist() == [True, False, True]
    assert incidents["killed_best"].tolist()[:2] == [2, 3] and incidents["killed_most"].tolist()[:2] == [2, 5]
    assert incidents["killed_least"].tolist()[:2] == [2, 3]
    assert incidents["killed_none"].tolist() == [False, False, True] and incidents["killed_open"].tolist() == [True, False, True]


def test_points_lie_where_web_maps_draw_them():
    pole = {"latitude": "-90", "longitude": "-180"}
    incidents = record({"latitude": "0", "longitude": "90"}, pole, {"city": "Atlantis"}).incidents
    assert incidents["x"].tolist()[:2] == [0.75, 0] and np.allclose(incidents["y"][:2], [0.5, 1], atol=1e-3)
    assert incidents[["x", "y", "spot"]].iloc[2].isna().all() and incidents["precision_rank"][2] == 7
    assert np.isfinite(incidents["y"][:2]).all()


def test_the_options_of_a_filter_are_the_terms_that_occur():
    options = record({"target_type": "Police;Military", "perpetrator": "ISKP"}, {"target_type": "Business"}).options
    assert options["target_type"] == ("Business", "Military", "Police")
    assert options["perpetrator"] == ("Islamic State (Khorasan Province)", "Taliban") and options["weapon"] == ()


def test_terms_are_known_in_any_case_and_words_of_the_file_stay_beside_them():
    loaded = record({"weapon": "FIREARMS; catapult ;Grenade", "perpetrator": "daesh"})
    assert loaded.incidents["weapon"][0] == "Firearms;catapult;Grenade" and problems(loaded) == [(2, "weapon")]


def test_a_blank_must_is_told_once_per_row_and_a_missing_column_once():
    assert problems(record({"outcome": ""}, {})) == [(2, "outcome")]
    head = [name for name in NAMES if name != "outcome"]
    rows = [",".join((PLAIN | {"incident_id": str(n)}).get(name, "") for name in head) for n in range(3)]
    assert problems(load_bytes("\n".join([",".join(head), *rows]).encode())) == [(1, "outcome")]


def test_what_an_export_made_harmless_is_read_as_it_was():
    assert record({"title": "'=1+1"}, {"title": "'tis"}).incidents["title"].tolist() == ["=1+1", "'tis"]


def test_reports_and_coverage_beside_a_record_come_with_it(tmp_path):
    (tmp_path / "mine.csv").write_text(text({}), encoding="utf-8")
    (tmp_path / "mine_reports.csv").write_text("incident_id,publisher\nT-1,One\nT-1,Two\n", encoding="utf-8")
    (tmp_path / "coverage.csv").write_text("source,from,to\nRAND,2000-01-01,2009-12-31\nOther,2010-01-01,\n", encoding="utf-8")
    loaded = load(tmp_path / "mine.csv")
    assert loaded.reports["publisher"].tolist() == ["One", "Two"] and problems(loaded) == []
    assert loaded.coverage["to"].isna().tolist() == [False, True] and loaded.coverage["from"].dt.year.tolist() == [2000, 2010]
    assert load_bytes(text({}).encode()).reports.empty


def test_a_value_is_computed_once_for_a_record_and_not_shared_with_another():
    computed = []
    loaded, other = record({}), record({})

    def value(of):
        return of.cache.cached("value", lambda: computed.append(of) or len(computed))

    assert (value(loaded), value(loaded), value(other)) == (1, 1, 2)


def test_of_each_name_the_newest_values_are_kept_and_the_oldest_is_dropped_before_the_next_is_computed():
    cache, computed = Cache(), []

    def value(key: int) -> int:
        return cache.cached("value", lambda: computed.append((key, cache.has("value", 1))) or key, key, size=2)

    assert [value(key) for key in (1, 2, 1)] == [1, 2, 1] and computed == [(1, False), (2, True)]
    assert value(3) == 3 and computed[-1] == (3, False)
    assert value(2) == 2 and len(computed) == 3
    assert cache.cached("another name", lambda: "other", 2) == "other" and cache.has("value", 2)
    cache.drop("value")
    assert not cache.has("value", 2) and cache.cached("nothing", lambda: None) is None and cache.has("nothing", ())
