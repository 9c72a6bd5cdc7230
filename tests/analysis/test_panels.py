"""The panels of a grid of maps: which there are, their figures, and where no incident is not zero."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from incident_atlas.analysis.panels import MOST_NAMED, MOST_YEARS, Panels, figures_by, panels
from incident_atlas.dataset.exposure import Exposure, exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded, collected_to
from tests.support.record import shipped_record
from tests.support.tiny import record


def grid(by: str, loaded: Loaded, chosen: Filters | None = None) -> Panels:
    chosen = chosen or Filters()
    table = figures_by(chosen.apply(loaded.incidents), by)
    return panels(by, table, chosen, exposure(loaded, chosen), loaded.source.last)


def year(number: int) -> Filters:
    return Filters(since=date(number, 1, 1), until=date(number, 12, 31))


def panel_words(made: Panels, measure: str = "incidents") -> dict[str, list[str]]:
    return {panel.title: panel.words(measure) for panel in made.panels}


def test_the_panels_of_all_years_hold_every_incident_once():
    loaded = shipped_record()
    made = grid("year", loaded)
    assert sum(panel.incidents for panel in made.panels) == len(loaded.incidents)
    for panel in made.panels:
        alone = panel.alone.apply(loaded.incidents)
        assert panel.incidents == (alone["year"].astype(str) == panel.title).sum()
        assert panel.killed.best == alone.loc[alone["year"].astype(str) == panel.title, "killed_best"].sum()


def test_a_quiet_year_is_zero_and_a_year_that_nobody_looked_at_is_not():
    loaded = collected_to(record({"date": "2018-05-01"}, {"date": "2020-05-01"}), date(2021, 6, 30))
    made = grid("year", loaded, Filters(since=date(2016, 1, 1), until=date(2030, 12, 31)))
    assert panel_words(made) == {
        "2017": ["before the first incident"],
        "2018": ["1 incident"],
        "2019": ["0 incidents"],
        "2020": ["1 incident"],
        "2021": ["0 incidents, to 30 Jun 2021"],
        "2022": ["not collected"],
    }
    assert [panel.collected for panel in made.panels] == [False, True, True, True, True, False]


def test_where_the_end_of_collecting_is_not_stated_nothing_is_said_of_it():
    assert panel_words(grid("month", record({"date": "2020-11-01"}), year(2020)))["December 2020"] == ["after the last incident"]


def test_a_period_that_only_a_part_was_collected_in_says_so():
    days = Exposure(pd.Timestamp(2020, 1, 1), pd.Timestamp(2020, 12, 31), "Afghanistan")
    loaded = record({"date": "2020-05-01"}, {"date": "2021-05-01"})
    made = panels("year", figures_by(loaded.incidents, "year"), Filters(), days, loaded.source.last)
    assert panel_words(made) == {"2020": ["1 incident"], "2021": ["1 incident, collected in part"]}


def test_an_incident_of_an_uncertain_date_is_in_the_panel_that_the_chosen_dates_leave_it():
    loaded = record({"date": "2016-12-30", "date_precision": "week"}, {"date": "2017-03-01"})
    assert panel_words(grid("year", loaded, year(2017))) == {"2017": ["2 incidents"]}
    assert panel_words(grid("month", loaded, year(2017)))["January 2017"] == ["1 incident"]


def test_months_are_those_of_the_chosen_dates_and_what_is_known_to_the_year_is_in_none():
    loaded = record({"date": "2017-03-01"}, {"date": "2017-01-01", "date_precision": "year"})
    chosen = Filters(since=date(2017, 2, 10), until=date(2017, 4, 5))
    made = panels("month", figures_by(chosen.apply(loaded.incidents), "month"), chosen, exposure(loaded), loaded.source.last, 1)
    assert [panel.title for panel in made.panels] == ["February 2017", "March 2017", "April 2017"]
    assert (made.panels[0].alone.since, made.panels[0].alone.until) == (date(2017, 2, 10), date(2017, 2, 28))
    assert [panel.incidents for panel in made.panels] == [0, 1, 0] and (made.outside, made.reason) == (
        1,
        "known only to the year",
    )


@pytest.mark.parametrize(
    "chosen", [Filters(), Filters(since=date(2017, 1, 1)), Filters(since=date(2016, 5, 1), until=date(2017, 5, 1))]
)
def test_months_of_several_years_are_refused(chosen):
    with pytest.raises(ValueError, match="one year"):
        grid("month", shipped_record(), chosen)


def test_of_very_many_years_the_latest_have_a_panel_and_the_others_are_counted():
    made = grid("year", record({"date": "1901-01-01"}, {"date": "1950-01-01"}, {"date": "2099-12-31"}))
    assert len(made.panels) == MOST_YEARS and made.panels[-1].title == "2099"
    assert (made.outside, made.reason) == (2, "before 2060") and sum(panel.incidents for panel in made.panels) == 1


@pytest.mark.parametrize(
    "ends",
    [(date(1, 1, 1), None), (None, date(9999, 12, 31)), (date(1, 1, 1), date(1, 1, 1)), (date(9999, 1, 1), date(9999, 1, 1))],
)
def test_dates_far_from_the_record_make_few_panels(ends):
    made = grid("year", record({"date": "2020-01-01"}), Filters(since=ends[0], until=ends[1]))
    assert 1 <= len(made.panels) <= 3
    assert all(panel.alone.since <= panel.alone.until for panel in made.panels if panel.collected)


def test_two_hundred_perpetrators_are_the_largest_and_all_others():
    rows = [{"perpetrator": f"Group {n:03}", "attribution": "claimed"} for n in range(200) for _ in range(1 + (n < 20))]
    loaded = record(*rows, {"perpetrator": "Unknown", "attribution": ""}, {"perpetrator": "Group 000;Group 150"})
    made = grid("perpetrator", loaded)
    assert len(made.panels) == MOST_NAMED + 2
    assert [panel.title for panel in made.panels][:1] == ["Group 000"] and made.panels[0].incidents == 3
    assert [(panel.title, panel.incidents) for panel in made.panels[-2:]] == [("All others (190)", 201), ("Unknown", 1)]
    assert all(len(panel.alone.apply(loaded.incidents)) == panel.incidents for panel in made.panels)


def test_under_a_filter_of_perpetrators_only_these_have_a_panel():
    loaded = record({"perpetrator": "Taliban;Haqqani Network"}, {"perpetrator": "Haqqani Network"})
    assert panel_words(grid("perpetrator", loaded, Filters(perpetrator=("Taliban",)))) == {"Taliban": ["1 incident"]}


def test_the_dead_of_a_panel_have_their_range_and_a_missing_figure_is_no_zero():
    loaded = record({"killed": "3", "killed_low": "2", "killed_high": "5"}, {"date": "2021-01-01"})
    made = grid("year", loaded)
    assert panel_words(made, "killed") == {"2020": ["1 incident", "3 killed (2–5)"], "2021": ["1 incident", "killed: no figure"]}


def test_no_incident_at_all_is_no_panel_of_perpetrators_and_no_error():
    loaded = record({"date": "2020-01-01"})
    nothing = Filters(city=("Herat",))
    assert grid("perpetrator", loaded, nothing).panels == ()
    assert [panel.words() for panel in grid("year", loaded, nothing).panels] == [["0 incidents"]]
