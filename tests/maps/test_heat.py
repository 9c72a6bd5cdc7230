"""The heat layer's points: only what is known well enough, few, and smoothed no finer than it is known; and its words."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

from incident_atlas.core.vocabulary import GEO_PRECISIONS, PRECISE
from incident_atlas.dataset.citation import cite
from incident_atlas.maps.heat_layer import GRID_PX, MOST_SPOTS, SMOOTH_PX, Heat, caption, heat_spots
from incident_atlas.ui.parts import citation_menu, export_menu
from tests.support.pages import words
from tests.support.record import shipped_record
from tests.support.tiny import PROBES, placed, record, text

KABUL = (34.4, 69.0, 34.7, 69.4)
METRES_PER_PX = 40_030_230 * np.cos(np.radians(34.55)) / 256  # at zoom 0


def crowd(n: int, precision: int = 0) -> pd.DataFrame:
    """Incidents all over Kabul, as the columns that `heat` reads."""
    rng = np.random.default_rng(3)
    latitude, longitude = rng.uniform(34.4, 34.7, n), rng.uniform(69.0, 69.4, n)
    y = 0.5 - np.log(np.tan(np.pi / 4 + np.radians(latitude) / 2)) / (2 * np.pi)
    return pd.DataFrame({"x": longitude / 360 + 0.5, "y": y, "precision_rank": precision})


@pytest.mark.parametrize("precision", GEO_PRECISIONS)
def test_only_a_place_known_to_the_neighbourhood_or_better_glows(precision):
    found = heat_spots(placed((34.5, 69.1, precision)), 12, KABUL)
    precise = precision in PRECISE
    assert found.spots == (((34.5, 69.1, 1),) if precise else ())
    assert (found.known, found.of) == (int(precise), 1)


def test_no_middle_of_a_city_is_in_the_layer_of_the_shipped_record():
    incidents = shipped_record().incidents
    found = heat_spots(incidents, 6, (29.0, 60.0, 39.0, 75.0))
    precise = incidents[incidents["precision_rank"] < len(PRECISE)]
    assert sum(n for _, _, n in found.spots) == found.known == len(precise) < found.of == len(incidents)


def test_incidents_within_a_few_pixels_are_one_spot_in_their_middle():
    px = 360 / (256 * 2**12)
    x = 69.0 + (np.ceil((69.0 / 360 + 0.5) * 256 * 2**12 / GRID_PX) * GRID_PX / (256 * 2**12) - (69.0 / 360 + 0.5)) * 360
    near, far = (34.5, x + px, "street"), (34.5, x + (GRID_PX - 1) * px, "street")
    [spot] = heat_spots(placed(near, far), 12, KABUL).spots
    assert spot == (34.5, pytest.approx(x + GRID_PX / 2 * px, abs=1e-4), 2)
    assert len(heat_spots(placed(near, (34.5, x - px, "street")), 12, KABUL).spots) == 2
    assert len(heat_spots(placed(near, far), 14, KABUL).spots) == 2


@pytest.mark.parametrize("n", [10, 5_000, 50_000])
@pytest.mark.parametrize("zoom", [5.5, 12, 15])
def test_there_are_few_spots_however_many_incidents(n, zoom):
    found = heat_spots(crowd(n), zoom, KABUL)
    assert 0 < len(found.spots) <= MOST_SPOTS
    assert sum(count for _, _, count in found.spots) == n == found.known
    assert len(json.dumps(found.spots)) < 12_000


@pytest.mark.parametrize("zoom", range(4, 19))
def test_the_smoothing_is_never_finer_than_a_neighbourhood_is_known(zoom):
    km = heat_spots(placed((34.5, 69.1, "exact")), zoom, KABUL).km
    assert km == pytest.approx(max(1.5, SMOOTH_PX * METRES_PER_PX / 2**zoom / 1000), rel=0.01)


def test_a_grid_made_coarser_is_smoothed_wider():
    assert heat_spots(crowd(50_000), 13, KABUL).km > heat_spots(crowd(10), 13, KABUL).km == 1.5


def test_what_lies_outside_is_left_out_but_not_what_reaches_in():
    inside, beside, outside = (34.5, 69.1, "street"), (34.711, 69.1, "street"), (34.72, 69.1, "street")
    found = heat_spots(placed(inside, beside, outside), 14, KABUL)
    assert sorted(latitude for latitude, _, _ in found.spots) == [34.5, 34.711]
    assert (found.known, found.of) == (3, 3)


def test_a_record_without_rows_or_places_can_be_asked():
    for loaded in (record(), record({"city": ""})):
        found = heat_spots(loaded.incidents, 12, KABUL)
        assert found.spots == () and found.known == 0


def test_the_counts_are_those_of_the_view_beside_those_of_the_filter():
    inside, imprecise, outside = (34.5, 69.1, "street"), (34.5, 69.1, "city"), (36.7, 67.1, "street")
    found = heat_spots(placed(inside, inside, imprecise, outside), 12, KABUL)
    assert (found.drawn, found.in_view, found.known, found.of) == (2, 3, 3, 4)


def test_the_words_hold_the_numbers_of_the_view_and_say_what_it_is_not():
    message = caption(Heat((), 1.5, 214, 529, 100, 186))
    assert message.startswith(
        "Heat: 100 of 186 incidents in view, those known to at least the neighbourhood, smoothed over about 1.5 km"
    )
    assert "Colour is relative to the strongest place in view" in message and "not how likely the next one is" in message
    assert (
        "The 86 in view that are known only to their city or less are not in it: no colour does not mean no attacks." in message
    )
    assert message.endswith("Pictures of the map leave this layer out.") and "record knows of attacks" not in message


@pytest.mark.parametrize("km, words", [(1.5, "1.5 km"), (2.0, "2 km"), (9.26, "9.3 km"), (108.4, "110 km")])
def test_the_words_round_what_is_about(km, words):
    assert f"over about {words}." in caption(Heat((), km, 2, 2, 2, 2))


def test_the_words_say_when_all_of_the_view_or_none_of_it_is_in_the_layer():
    assert "are not in it" not in caption(Heat((), 1.5, 2, 2, 2, 2)) and "No colour does not mean no attacks." in caption(
        Heat((), 1.5, 2, 2, 2, 2)
    )
    none = caption(Heat((), 1.5, 2, 5, 0, 3))
    assert none.startswith("Heat: no incident known to at least the neighbourhood is in view (3 marked there")
    assert "none at all there" in caption(Heat((), 1.5, 2, 5, 0, 0))


def test_what_is_cited_of_a_view_with_the_layer_does_not_ask_for_it(run_page, monkeypatch):
    cited: list[str] = []
    for menu in (citation_menu, export_menu):
        monkeypatch.setattr(menu, "cite", lambda *values: cited.append(values[2]) or cite(*values))
    app = run_page("app.py", {"heat": ["1"], "city": ["Herat"]})
    app.session_state["share"] = True
    app.run()
    assert "heat=1" in app.code[0].value and "city=Herat" in cited[-1] and "heat" not in cited[-1]


def sent(app) -> str:
    """What the map of a page is sent."""
    return app.get("component_instance")[0].proto.json_args


def script(app) -> str:
    """The script of the marks in it, with the random names of folium's elements as one."""
    return re.sub(r"_[0-9a-f]{32}|map_div|feature_group_\w+", "_", json.loads(sent(app))["feature_group"])


def test_a_map_with_the_switch_off_is_sent_nothing_of_it(run_page):
    off, on = run_page("app.py"), run_page("app.py", {"heat": ["1"]})
    assert "heat" not in sent(off) and "Heat:" not in words(off)
    layer = re.search(r',"heat":\{.*?\}', script(on))
    assert script(on).replace(layer[0], "") == script(off)
    assert len(layer[0]) < 5_000


def test_the_map_itself_stays_the_same_when_the_layer_is_switched(run_page):
    off, on = (json.loads(sent(run_page("app.py", query))) for query in ({}, {"heat": ["1"]}))
    same = ("script", "header", "html", "js_links", "css_links")
    assert [re.sub(r"[0-9a-f]{32}", "", str(off[name])) for name in same] == [
        re.sub(r"[0-9a-f]{32}", "", str(on[name])) for name in same
    ]


def test_the_layer_is_sent_as_numbers_alone(run_page, tmp_path):
    rows = [
        {"title": probe, "place": probe, "latitude": "34.5", "longitude": "69.1", "geo_precision": "exact"} for probe in PROBES
    ]
    (tmp_path / "mine.csv").write_text(text(*rows), encoding="utf-8")
    on = run_page("app.py", {"heat": ["1"]}, source=tmp_path / "mine.csv")
    layer = json.loads(re.search(r'"heat":(\{.*?\})', script(on))[1])
    assert layer == {"spots": [[34.5, 69.1, len(PROBES)]], "km": layer["km"], "dark": 0}


def test_the_switch_moves_the_address_and_the_address_the_switch(run_page):
    app = run_page("app.py")
    assert app.toggle(key="w:heat").value is False and "heat" not in app.query_params
    app.toggle(key="w:heat").set_value(True).run()
    assert "".join(app.query_params["heat"]) == "1" and "not how likely the next one is" in words(app)
    app.toggle(key="w:heat").set_value(False).run()
    assert "heat" not in app.query_params and "not how likely" not in words(app)
    assert run_page("app.py", {"heat": ["1"]}).toggle(key="w:heat").value is True


def test_a_value_of_the_switch_that_means_nothing_is_told(run_page):
    app = run_page("app.py", {"heat": ["2"]})
    assert app.toggle(key="w:heat").value is False and "heat=2" in words(app)


def test_the_warning_counts_what_the_filter_leaves_in_view(run_page):
    visible = shipped_record().incidents.query("city == 'Herat'")
    known = int((visible["precision_rank"] < len(PRECISE)).sum())
    wide = {"lat": ["34.3"], "lon": ["62.2"], "zoom": ["7"]}
    shown = words(run_page("app.py", {"heat": ["1"], "city": ["Herat"]} | wide))
    assert f"Heat: {known} of {int(visible['x'].notna().sum())} incidents in view" in shown
    assert "Heat: no incident" in words(run_page("app.py", {"heat": ["1"], "lat": ["38.0"], "lon": ["60.0"], "zoom": ["10"]}))
