"""What lies within a radius, what possibly does, and how often a year: held against slower ways of asking the same."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from geographiclib.geodesic import Geodesic
from geopy.distance import great_circle
from scipy import stats

from incident_atlas.analysis import nearby, nearby_text, summary
from incident_atlas.analysis.nearby import around, bearings, kinds, last, measured, observed, per_year, yearly_rate
from incident_atlas.analysis.nearby_text import is_abroad, outside_coverage, partly_abroad, reasons, share_abroad
from incident_atlas.core.vocabulary import EARTH_KM, GEO_PRECISIONS, RADIUS_M
from incident_atlas.dataset.areas import area_of, counted_by_area
from incident_atlas.dataset.exposure import Exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.geo import sites
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.sites import Spot, located
from incident_atlas.maps.clusters import map_areas
from tests.support.record import shipped_record
from tests.support.tiny import placed, record

KABUL = (34.5289, 69.1725)
KM = 180 / math.pi / EARTH_KM
"""Degrees of latitude in a kilometre."""


def period(first: pd.Timestamp | None, last: pd.Timestamp | None, since: date | None = None, until: date | None = None):
    return observed(Exposure(first, last), Filters(since=since, until=until))


def north(km: float, precision: str) -> tuple[float, float, str]:
    """A point so far north of Kabul's, known to that precision."""
    return KABUL[0] + km * KM, KABUL[1], precision


def where(*points: tuple[float, float, str], km: float = 2) -> list[str]:
    """Within, possibly or outside, in the order of the points."""
    incidents = placed(*points)
    around_it = around(incidents, *KABUL, km)
    inside, maybe = set(around_it.within["row"]), set(around_it.possibly["row"])
    assert not inside & maybe
    return ["within" if row in inside else "possibly" if row in maybe else "outside" for row in incidents["row"]]


@pytest.mark.parametrize("precision", GEO_PRECISIONS)
def test_within_needs_the_whole_of_where_it_may_have_been_and_possibly_a_part(precision):
    reach = RADIUS_M[precision] / 1000
    km = 30.0
    inner, outer = km - reach, km + reach
    points = [north(outer - 0.01, precision), north(outer + 0.01, precision)]
    expected = ["possibly", "outside"]
    if inner > 0:
        points += [north(inner - 0.01, precision), north(inner + 0.01, precision)]
        expected += ["within", "possibly"]
    assert where(*points, km=km) == expected


def test_the_edges_count_as_the_definition_says():
    assert where((*KABUL, "exact"), km=0.1) == ["within"]
    assert where((*KABUL, "street"), km=0.3) == ["within"]
    assert where((*KABUL, "street"), km=0.29) == ["possibly"]


def test_a_city_is_never_within_a_radius_smaller_than_itself():
    assert where((*KABUL, "city"), km=7.9) == ["possibly"] and where((*KABUL, "city"), km=8) == ["within"]


def test_an_incident_without_a_place_is_nowhere():
    loaded = record({"city": ""}, {"latitude": str(KABUL[0]), "longitude": str(KABUL[1]), "geo_precision": "street"})
    around_it = around(loaded.incidents, *KABUL, 50)
    assert len(around_it.within) == 1 and len(around_it.possibly) == 0 and around_it.nearest == pytest.approx(0)


def test_a_record_of_nothing_or_of_unplaced_incidents_has_no_surroundings():
    for loaded in (record(), record({"city": ""})):
        around_it = around(loaded.incidents, *KABUL, 2)
        assert (len(around_it.within), len(around_it.possibly), around_it.nearest) == (0, 0, None)
        assert last(around_it.within) is None and reasons(around_it.possibly) == [] and kinds(around_it).empty


@pytest.mark.parametrize("km", [0.1, 0.5, 2, 10, 50])
@pytest.mark.parametrize("site", ["embassy-iraq-kabul", "mosque-great-herat", "airport-kandahar"])
def test_the_shipped_record_is_divided_as_geopy_and_a_plain_loop_divide_it(site, km):
    incidents, spot = shipped_record().incidents, located()[site]
    around_it = around(incidents, spot.latitude, spot.longitude, km)
    sure, maybe = {}, {}
    for one in incidents[incidents["latitude"].notna()].itertuples():
        d = great_circle((spot.latitude, spot.longitude), (one.latitude, one.longitude), radius=EARTH_KM).km
        r = RADIUS_M[one.geo_precision] / 1000
        if d + r <= km:
            sure[one.row] = d
        elif d - r <= km:
            maybe[one.row] = d
    for rows, expected in ((around_it.within, sure), (around_it.possibly, maybe)):
        assert dict(zip(rows["row"], rows["km"], strict=True)) == pytest.approx(expected, abs=1e-6)
        assert rows["km"].is_monotonic_increasing


@pytest.mark.parametrize("other", [(34.53, 69.19), (34.34, 62.2), (34.6, 69.1725), (33.0, 69.0), (-33.9, 151.2), (89.0, 0.0)])
def test_bearings_are_those_of_geographiclib_on_a_sphere(other):
    sphere = Geodesic(EARTH_KM * 1000, 0)
    expected = sphere.Inverse(*KABUL, *other)["azi1"] % 360
    assert bearings(*KABUL, np.array([other[0]]), np.array([other[1]]))[0] == pytest.approx(expected, abs=1e-6)


def test_measured_rows_say_where_and_keep_every_incident():
    rows = measured(placed(north(5, "exact"), north(0.5, "exact"), north(2, "street")), *KABUL, 2)
    assert rows["where"].to_list() == ["within", "possibly", "outside"]
    assert rows["km"].round(3).to_list() == [0.5, 2.0, 5.0]


def test_a_large_record_is_asked_in_a_moment():
    incidents = shipped_record().incidents
    many = pd.concat([incidents] * 100, ignore_index=True)[list(nearby.COLUMNS)]
    assert len(around(many, *KABUL, 5).within) == 100 * len(around(incidents, *KABUL, 5).within)


def test_the_last_attack_is_the_latest_by_day_and_its_silence_ends_with_the_record():
    at = {"latitude": str(KABUL[0]), "longitude": str(KABUL[1]), "geo_precision": "exact"}
    loaded = record(
        at | {"date": "2019-05-01"},
        at | {"date": "2020-01-30"},
        at | {"date": "2020-01-30"},
        {"date": "2020-03-01", "city": "Herat"},
    )
    around_it = around(loaded.incidents, *KABUL, 2)
    one = last(around_it.within)
    assert one["row"] == loaded.incidents["row"].iloc[2]
    assert nearby.days_since(one, loaded.source.last) == 31
    first, end = loaded.source.first, loaded.source.last
    assert (
        nearby_text.time_since_last(around_it.within, period(first, end), end)
        == "31 days before the record's last day, 1 Mar 2020"
    )
    cut = period(first, end, until=date(2020, 2, 1))
    assert nearby_text.time_since_last(around_it.within, cut, end) == "2 days before the filter's last day, 1 Feb 2020"


def test_what_came_later_but_only_possibly_within_is_said_beside_the_silence():
    at = {"latitude": str(KABUL[0]), "longitude": str(KABUL[1])}
    precise, imprecise = at | {"geo_precision": "exact"}, at | {"geo_precision": "city"}
    rows = precise | {"date": "2019-05-01"}, *(imprecise | {"date": f"20{year}-03-01"} for year in (18, 20, 21))
    around_it = around(record(*rows).incidents, *KABUL, 2)
    assert len(nearby.possibly_later(around_it)) == 2
    assert nearby_text.later_possible(around_it) == "2 possibly within came later, the last on 1 Mar 2021"
    none = around(record(*rows[1:]).incidents, *KABUL, 2)
    assert nearby_text.later_possible(none) == "3 possibly within, the last on 1 Mar 2021"
    assert nearby_text.later_possible(around(record(rows[0]).incidents, *KABUL, 2)) == ""


def test_a_rate_says_how_high_it_could_be_if_all_possibly_within_were():
    whole = period(pd.Timestamp("2010-01-01"), pd.Timestamp("2020-01-01"))
    around_it = around(placed((*KABUL, "exact"), *[(*KABUL, "city")] * 125), *KABUL, 2)
    assert nearby_text.highest_rate(around_it, whole) == "up to 12.6 a year if all 125 possibly within were"
    one = around(placed((*KABUL, "exact"), (*KABUL, "city")), *KABUL, 2)
    assert nearby_text.highest_rate(one, whole) == "up to 0.2 a year if the 1 possibly within was"
    assert (
        nearby_text.highest_rate(around(placed((*KABUL, "exact")), *KABUL, 2), whole)
        == nearby_text.highest_rate(around_it, None)
        == ""
    )


def test_dates_that_hold_no_day_of_the_record_have_a_sentence_of_their_own():
    first, end = pd.Timestamp("2010-01-01"), pd.Timestamp("2019-12-31")
    days = Exposure(first, end)
    message = nearby_text.no_day(days, Filters(until=date(1990, 1, 1)))
    assert message.startswith("These dates hold no day of the record, which runs from 1 Jan 2010 to 31 Dec 2019")
    assert nearby_text.no_day(days, Filters()) is None and nearby_text.no_day(Exposure(None, None), Filters()).startswith(
        "The record has no incidents"
    )


def test_an_attack_on_the_records_last_day_and_one_known_by_month_are_said_so():
    at = {"latitude": str(KABUL[0]), "longitude": str(KABUL[1]), "geo_precision": "exact"}
    loaded = record(at | {"date": "2020-03-01"})
    days = period(loaded.source.first, loaded.source.last)
    assert nearby_text.time_since_last(loaded.incidents, days, loaded.source.last) == "the record's last day"
    loaded = record(at | {"date": "2020-01", "date_precision": "month"}, {"date": "2020-03-01", "city": "Herat"})
    within = around(loaded.incidents, *KABUL, 2).within
    days = period(loaded.source.first, loaded.source.last)
    assert nearby_text.time_since_last(within, days, loaded.source.last).startswith("up to 60 days before")


def test_quiet_years_are_zeros_and_every_count_has_the_exact_poisson_interval():
    loaded = record({"date": "2018-02-01"}, {"date": "2020-01-01"}, {"date": "2020-06-01"}, {"date": "2022-12-30"})
    source = loaded.source
    table = per_year(loaded.incidents.iloc[:3], period(source.first, source.last))
    assert table[["year", "incidents"]].to_numpy().tolist() == [[2018, 1], [2019, 0], [2020, 2], [2021, 0], [2022, 0]]
    for n, low, high in table[["incidents", "low", "high"]].itertuples(index=False):
        assert stats.poisson.sf(n - 1, low) == pytest.approx(0.025) if n else low == 0
        assert stats.poisson.cdf(n, high) == pytest.approx(0.025)


def test_the_totals_of_a_year_are_the_one_phrase_with_its_open_end():
    at = {"latitude": str(KABUL[0]), "longitude": str(KABUL[1]), "geo_precision": "exact"}
    loaded = record(
        at | {"date": "2018-02-01", "killed_low": "2", "killed": "3"},
        at | {"date": "2018-03-01", "wounded_low": "4", "wounded": "4", "wounded_high": "9"},
        {"date": "2020-01-01", "city": "Herat"},
    )
    days = period(loaded.source.first, loaded.source.last)
    table = nearby_text.year_rows(around(loaded.incidents, *KABUL, 2), days)
    killed = "3 (range 2 to at least 3; no figure for 1 incident)"
    wounded = "4 (range 4 to at least 9; no figure for 1 incident)"
    assert table == [(2018, 0, 2, 0, killed, wounded), (2019, 0, 0, 0, "0", "0"), (2020, 0, 0, 0, "0", "0")]


def test_years_that_the_dates_leave_out_are_no_zeros_and_none_is_lost():
    loaded = record({"date": "2018-02-01"}, {"date": "2019-12-30", "date_end": "2020-01-02"}, {"date": "2022-12-30"})
    query = period(loaded.source.first, loaded.source.last, date(2020, 1, 1), date(2021, 6, 30))
    table = per_year(loaded.incidents.iloc[1:2], query)
    assert table[["year", "incidents"]].to_numpy().tolist() == [[2019, 1], [2020, 0], [2021, 0]]


def test_a_period_is_the_part_of_the_record_that_the_filter_leaves():
    first, end = pd.Timestamp("2010-01-01"), pd.Timestamp("2019-12-31")
    assert period(first, end).years() == pytest.approx(10, abs=0.01)
    assert period(first, end, since=date(2005, 1, 1)) == (first, end)
    assert period(first, end, until=date(2009, 1, 1)) is None and period(None, None) is None


def test_a_yearly_rate_has_its_interval_and_less_than_a_year_has_none():
    whole = period(pd.Timestamp("2010-01-01"), pd.Timestamp("2020-01-01"))
    rate = yearly_rate(10, whole)
    assert (rate.best, rate.low, rate.high) == pytest.approx((1.0, 0.48, 1.84), abs=0.01)
    assert yearly_rate(0, whole).best == 0 < yearly_rate(0, whole).high
    assert yearly_rate(1, period(pd.Timestamp("2017-01-01"), pd.Timestamp("2017-12-31"))).best == pytest.approx(1, abs=0.01)
    assert yearly_rate(1, period(pd.Timestamp("2017-01-02"), pd.Timestamp("2017-12-31"))) is None
    assert yearly_rate(0, None) is None


def test_kinds_are_counted_apart_most_within_first():
    at = {"latitude": str(KABUL[0]), "longitude": str(KABUL[1])}
    precise, imprecise = at | {"geo_precision": "exact"}, at | {"geo_precision": "city"}
    bomb = {"attack_type": "Bombing/Explosion"}
    around_it = around(record(precise, imprecise | bomb, imprecise | bomb, precise | bomb, precise).incidents, *KABUL, 2)
    assert kinds(around_it).to_numpy().tolist() == [["Armed Assault", 2, 0], ["Bombing/Explosion", 1, 2]]


def test_the_answer_is_one_sentence_that_counts_both_apart():
    point, rows = Spot("", "X", *KABUL), ((*KABUL, "exact"), (*KABUL, "city"), (*KABUL, "province"), north(2.0, "street"))
    found = around(placed(*rows), *KABUL, 2)
    assert nearby_text.answer(found, point, "X", "4 incidents.") == (
        "1 within 2 km of X, no figure reported, the last on 1 Jan 2020. 3 more may lie within: "
        "1 known only to Kabul, 1 to Kabul province, 1 on the edge of the circle. Out of 4 incidents."
    )
    maybe = around(placed(*rows[1:]), *KABUL, 2)
    assert nearby_text.answer(maybe, point, "X", "3 incidents.").startswith("0 within 2 km of X. 3 may lie within: 1 known only")
    nothing = around(placed(north(40, "exact")), *KABUL, 0.5)
    assert nearby_text.answer(nothing, point, "X", "1 incident.") == "No incident within 500 m of X. Out of 1 incident."


def test_the_reasons_name_and_count_areas_as_the_map_around_the_same_place_does():
    spot = sites.place("kbl-shahr-e-naw")
    possibly = around(shipped_record().incidents, spot.latitude, spot.longitude, 2, spot.key).possibly
    box = (spot.latitude - 0.03, spot.longitude - 0.03, spot.latitude + 0.03, spot.longitude + 0.03)
    on_map = [
        (area_of(one, GEO_PRECISIONS[one["precision_rank"]]).name(), one["incidents"])
        for one in map_areas(possibly, 13, box).to_dict("records")
    ]
    assert sorted((area.name(), n) for area, n in counted_by_area(possibly)) == sorted(on_map) and len(on_map) > 2
    (name, most), *others = on_map
    assert reasons(possibly)[:2] == [
        f"{most} known only to {name}",
        f"{sum(n for _unused, n in others)} to {len(others)} other areas",
    ]
    assert name == "Kabul" and "its district" not in " ".join(reasons(possibly))
    assert sum(int(reason.split()[0]) for reason in reasons(possibly)) == len(possibly)


@pytest.mark.parametrize("precision", GEO_PRECISIONS)
def test_the_reasons_add_up_and_begin_with_known_only_when_something_is(precision):
    edge = north(RADIUS_M[precision] / 1000 + 0.4, precision)
    possibly = around(placed(edge, edge), *KABUL, 0.5).possibly
    (reason,) = reasons(possibly)
    assert reason.startswith("2 ") and ("known only" in reason) == (precision not in ("exact", "street"))


def test_a_zero_that_only_says_how_badly_places_are_known_has_no_rate_but_its_reason():
    days = period(pd.Timestamp("2010-01-01"), pd.Timestamp("2020-01-01"))
    vague = around(placed((*KABUL, "neighbourhood"), (*KABUL, "city")), *KABUL, 1)
    assert nearby.rate_around(vague, days) is None
    assert nearby_text.no_rate(vague) == (
        "No yearly rate: 2 incidents that may lie within 1 km are not known precisely enough to be counted there."
    )
    for found in (
        around(placed((*KABUL, "exact"), (*KABUL, "city")), *KABUL, 1),
        around(placed(north(1.0, "street")), *KABUL, 1),
        around(placed(north(30, "exact")), *KABUL, 1),
    ):
        assert nearby.rate_around(found, days).best == pytest.approx(len(found.within) / 10, abs=0.001)
        assert nearby_text.no_rate(found) == ""


def abroad(incidents: pd.DataFrame, latitude: float, longitude: float, km: float) -> str | None:
    return outside_coverage(incidents, around(incidents, latitude, longitude, km))


def test_a_point_abroad_without_anything_near_is_told_and_nothing_is_counted():
    incidents = shipped_record().incidents
    paris = abroad(incidents, 48.86, 2.35, 50)
    assert paris.startswith("The point lies outside Afghanistan, 4,9") and paris.endswith("the record says nothing about it.")
    assert "look swapped: 34.5300, 69.1700 lies in Afghanistan" in abroad(incidents, 69.17, 34.53, 2)
    assert abroad(incidents, *KABUL, 2) is None
    nothing = abroad(record().incidents, 48.86, 2.35, 2)
    assert (
        nothing
        == "The point lies outside Afghanistan, and no incident of the record has a known location: the record says nothing about it."
    )


@pytest.mark.parametrize("point", [(34.0, 71.3), (34.3, 60.6)], ids=["Pakistan", "Iran"])
def test_a_point_abroad_whose_circle_reaches_in_says_so_and_what_it_reaches(point):
    message = abroad(placed((34.1, 70.95, "district"), (34.3, 61.0, "district")), *point, 50)
    assert message.startswith(
        "The point lies outside Afghanistan, which the record does not cover: no incident of it lies within 50 km"
    )
    assert message.endswith("possibly within.")


def test_a_point_abroad_on_an_incident_is_abroad_all_the_same():
    message = abroad(placed((33.69, 73.06, "exact")), 33.69, 73.06, 2)
    assert "1 incident of it lies within 2 km, and none possibly within" in message


def test_a_place_in_the_country_is_not_abroad_however_little_is_known():
    assert abroad(record().incidents, *KABUL, 2) is None
    for name, *point in (("Torkham", 34.115, 71.09), ("Spin Boldak", 31.0, 66.4), ("Islam Qala", 34.668, 61.067)):
        assert abroad(record().incidents, *point, 2) is None, name
    for place in offline_gazetteer().places:
        assert not is_abroad(place.latitude, place.longitude), place.name


def test_a_circle_that_lies_partly_abroad_says_how_much_of_it():
    assert share_abroad(*KABUL, 50) == 0 and partly_abroad(around(record().incidents, *KABUL, 50)) == ""
    assert share_abroad(48.86, 2.35, 10) == 1
    jalalabad = around(record().incidents, 34.2, 70.9, 50)
    assert 0.3 < share_abroad(34.2, 70.9, 50) < 0.6
    assert partly_abroad(jalalabad) == "About 45 % of the circle lies outside Afghanistan, which the record does not cover."


def test_only_what_is_surely_within_is_drawn_so():
    incidents = placed((*KABUL, "exact"), (*KABUL, "city"), north(2.0, "street"), north(9, "exact"))
    assert nearby.certain(incidents, *KABUL, 2).tolist() == [True, False, False, False]


def test_victims_within_are_what_the_headline_says_of_these_incidents():
    incidents = shipped_record().incidents
    around_it = around(incidents, *KABUL, 5)
    mine = incidents[incidents["row"].isin(around_it.within["row"])]
    assert summary.headline(around_it.within).killed == summary.headline(mine).killed
