"""What else happened near an incident: distances, days, and how many rows are looked at for them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from geopy.distance import great_circle

from incident_atlas.analysis.neighbours import COARSEST, Nearby
from incident_atlas.geo.distance import EARTH_KM, kilometres
from tests.support.record import shipped_record
from tests.support.tiny import record

KABUL = (34.5289, 69.1725)


def at(date: str, latitude: float = KABUL[0], longitude: float = KABUL[1], precision: str = "street", **more: str) -> dict:
    """A row at that day and point."""
    return {"date": date, "latitude": str(latitude), "longitude": str(longitude), "geo_precision": precision} | more


def around(*rows: dict[str, str], km: float = 2, days: int = 30) -> list[tuple]:
    """What is near the first of these rows: number of the row, days, sure."""
    incidents = record(*rows).incidents
    near = Nearby(incidents).around(incidents.iloc[0], km, days)
    first = int(incidents["row"].iloc[0])
    return [(row - first + 1, gap, sure) for row, gap, _, sure in near.itertuples(index=False)]


@pytest.mark.parametrize("other", [KABUL, (34.53, 69.19), (34.34, 62.2), (-34.5, -110.8), (89.9, 0.0), (34.5, -179.9)])
def test_distances_are_those_of_geopy(other):
    ours = kilometres(*KABUL, np.array([other[0]]), np.array([other[1]]))[0]
    assert ours == pytest.approx(great_circle(KABUL, other, radius=EARTH_KM).km, rel=1e-9)


def test_the_incident_itself_is_not_near_itself_and_another_on_its_spot_is():
    assert around(at("2020-01-15"), at("2020-01-15")) == [(2, 0, True)]


def test_days_are_signed_and_the_nearest_in_time_comes_first():
    assert around(at("2020-01-15"), at("2020-02-14"), at("2020-01-10"), at("2020-01-16"), at("2020-02-15")) == [
        (4, 1, True),
        (3, -5, True),
        (2, 30, True),
    ]


def test_what_is_farther_than_asked_is_left_out():
    rows = at("2020-01-15"), at("2020-01-15", KABUL[0] + 0.017), at("2020-01-15", KABUL[0] + 0.019)
    assert around(*rows) == [(2, 0, True)]
    assert len(around(*rows, km=3)) == 2


def test_a_place_known_to_its_city_is_only_possibly_near():
    assert around(at("2020-01-15"), at("2020-01-15", precision="city")) == [(2, 0, False)]
    assert around(at("2020-01-15", precision="city"), at("2020-01-15")) == [(2, 0, False)]


def test_a_place_known_to_its_province_is_near_nothing():
    assert around(at("2020-01-15"), at("2020-01-15", precision="province")) == []
    assert around(at("2020-01-15", precision="province"), at("2020-01-15")) == []


def test_a_month_that_overlaps_is_no_days_away():
    month = at("2020-03-01", date_precision="month")
    assert around(at("2020-03-20"), month) == around(month, at("2020-03-20")) == [(2, 0, True)]
    assert around(at("2020-04-30"), month) == [(2, -30, True)]
    assert around(month, at("2020-04-30")) == [(2, 30, True)]
    assert around(at("2020-05-01"), month) == around(month, at("2020-01-30")) == []


def test_an_attack_that_lasts_is_near_until_its_last_day():
    siege = at("2020-01-01", date_end="2020-03-01")
    assert around(at("2020-03-31"), siege) == [(2, -30, True)]
    assert around(at("2020-04-01"), siege) == []


def test_an_incident_without_a_place_has_no_neighbours_and_is_nobodys():
    nowhere = {"date": "2020-01-15", "city": ""}
    assert around(nowhere, at("2020-01-15")) == around(at("2020-01-15"), nowhere) == []


def test_a_record_without_rows_or_places_can_be_asked():
    one = record(at("2020-01-15")).incidents.iloc[0]
    for incidents in (record().incidents, record({"city": ""}).incidents):
        near = Nearby(incidents).around(one)
        assert list(near.columns) == ["row", "days", "km", "sure"] and not len(near)


def daily(years: int) -> pd.DataFrame:
    """An incident every second day, a month-dated one every hundredth, and one year-dated at the very beginning."""
    days = pd.date_range("2000-01-01", periods=years * 182, freq="2D").strftime("%Y-%m-%d")
    rows = [at(day[:8] + "01", date_precision="month") if n % 50 == 49 else at(day) for n, day in enumerate(days)]
    return record(at("2000-01-01", date_precision="year"), *rows).incidents


def test_a_question_looks_at_the_rows_of_its_weeks_and_not_at_the_record():
    small, large = daily(2), daily(20)
    one = small[small["date"] == "2001-03-16"].iloc[0]
    sizes = [len(Nearby(incidents).window(one, 30)) for incidents in (small, large)]
    assert sizes[0] == sizes[1] < 45
    assert len(large) > 9 * len(small)


def test_the_shipped_record_answers_as_if_every_pair_were_measured():
    incidents = shipped_record().incidents
    nearby, known = Nearby(incidents), incidents[(incidents["precision_rank"] <= COARSEST) & incidents["latitude"].notna()]
    for _, one in known.iloc[::9].iterrows():
        begins, ends = one["first_day"] - pd.Timedelta(days=30), one["last_day"] + pd.Timedelta(days=30)
        others = known[(known["last_day"] >= begins) & (known["first_day"] <= ends) & (known["row"] != one["row"])]
        points = others[["latitude", "longitude"]].to_numpy()
        near = [great_circle((one["latitude"], one["longitude"]), point).km <= 2 for point in points]
        assert set(nearby.around(one)["row"]) == set(others["row"][near])
