"""INCIDENTS_DISCRETION: no page sends the browser what is withheld, every page says so, and a mistake in it shows nothing."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from incident_atlas.ui.pages.data.data import COMBINED
from incident_atlas.ui.parts import export_menu as exports
from tests.curation.test_discretion import reported_alike
from tests.support import secret
from tests.support.pages import ROOT, address_parameters, opened, words
from tests.support.tiny import text
from tests.ui.test_data_page import choose, drop, sound

pytestmark = pytest.mark.nightly

PAGES = {
    "map": ("app.py", {}),
    "card": ("app.py", {"incident": "T-1"}),
    "close": ("app.py", {"lat": "34.6", "lon": "69.3", "zoom": "13"}),
    "heat": ("app.py", {"heat": "1"}),
    "table": ("pages/incidents.py", {}),
    "incident": ("pages/incidents.py", {"incident": "T-1"}),
    "found by its words": ("pages/incidents.py", {"incident": "T-4"}),
    "compare": ("pages/compare.py", {}),
    "nearby": ("pages/nearby.py", {"lat": "34.6", "lon": "69.3", "km": "20"}),
    "claims": ("pages/claims.py", {}),
    "data": ("pages/data.py", {}),
    "about": ("pages/about.py", {}),
}


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return secret.write(tmp_path_factory.mktemp("secret"))


@pytest.fixture
def go(path, monkeypatch):
    """`go(page, query, setting)`: a page of that record under that setting."""

    def run(page: str, query: dict | None = None, setting: str = "grid,days=30") -> AppTest:
        monkeypatch.setenv("INCIDENTS_SOURCE", str(path))
        monkeypatch.setenv("INCIDENTS_DISCRETION", setting)
        return opened(page, query)

    return run


def sent(app: AppTest) -> bytes:
    """Everything that the browser gets: every element as it is sent, and the address."""
    elements = [node.proto for node in app._tree if getattr(node, "proto", None) is not None]
    return b"\n".join([*(proto.SerializeToString() for proto in elements), json.dumps(address_parameters(app)).encode()])


def test_the_search_finds_what_is_not_withheld(go):
    assert secret.leaks(sent(go("app.py", {"incident": "T-1"}, ""))) >= {"words", "degrees"}
    payload = go(*PAGES["close"], "").get("component_instance")[0].proto.json_args
    assert "degrees" in secret.leaks(payload.encode()), "the map carries the point"
    assert secret.leaks(sent(go("pages/incidents.py", setting=""))) == {"words"}


@pytest.mark.parametrize("setting", ["grid,days=30", "district"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_sends_what_is_withheld_and_every_page_says_so(go, name, setting):
    app = go(*PAGES[name], setting)
    assert secret.leaks(sent(app)) == set()
    assert "To do no harm, places are blurred" in words(app)


def test_where_places_are_left_out_the_pages_say_that_agreement_on_them_is_not_judged(tmp_path, monkeypatch):
    monkeypatch.setenv("INCIDENTS_SOURCE", str(reported_alike(tmp_path) and tmp_path / "incidents.csv"))
    for setting, left_out in (("", False), ("no-text", True)):
        monkeypatch.setenv("INCIDENTS_DISCRETION", setting)
        for page, query in (("pages/incidents.py", {"incident": "T-1"}), ("pages/about.py", {})):
            shown = words(opened(page, query))
            assert ("no incident is “Confirmed”" in shown) == left_out and "neither names the place" not in shown, page


def test_an_incident_held_back_cannot_be_opened(path, tmp_path, monkeypatch):
    new = tmp_path / "incidents.csv"
    new.write_text(text({"date": str(pd.Timestamp.now().date()), "title": secret.WORD}, {}), encoding="utf-8")
    monkeypatch.setenv("INCIDENTS_SOURCE", str(new))
    monkeypatch.setenv("INCIDENTS_DISCRETION", "days=2")
    for page in ("app.py", "pages/incidents.py"):
        app = opened(page, {"incident": "T-1"})
        assert secret.leaks(sent(app)) == set() and "incidents of the last 2 days are held back" in words(app)
        reported = words(app) + "".join(warning.value for warning in app.warning)
        assert "1 incident" in words(app) and reported.count("T\\-1") + reported.count("T-1") == 1


@pytest.mark.parametrize("setting", ["gird", "grid days=30", "True"])
@pytest.mark.parametrize("name", ["map", "incident", "about"])
def test_a_setting_that_is_not_understood_shows_nothing_but_why(go, name, setting):
    app = go(*PAGES[name], setting)
    assert secret.leaks(sent(app)) == set() and not app.get("component_instance")
    assert app.error[0].value == "The record cannot be shown." and "INCIDENTS_DISCRETION" in app.text[0].value


def test_the_setting_may_be_a_secret(path, monkeypatch):
    monkeypatch.setenv("INCIDENTS_SOURCE", str(path))
    monkeypatch.delenv("INCIDENTS_DISCRETION", raising=False)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.secrets["INCIDENTS_DISCRETION"] = "grid"
    assert secret.leaks(sent(sound(app.run()))) == set() and "To do no harm" in words(app)


def test_secrets_that_cannot_be_read_show_nothing(path, tmp_path, monkeypatch):
    broken = tmp_path / "secrets.toml"
    broken.write_text("INCIDENTS_DISCRETION = grid\n", encoding="utf-8")
    monkeypatch.setenv("INCIDENTS_SOURCE", str(path))
    monkeypatch.delenv("INCIDENTS_DISCRETION", raising=False)
    before = st.config.get_option("secrets.files")
    st.config.set_option("secrets.files", [str(broken)])
    try:
        app = opened("app.py")
    finally:
        st.config.set_option("secrets.files", before)
    assert secret.leaks(sent(app)) == set() and "secrets cannot be read" in app.text[0].value


def test_a_file_of_ones_own_is_whole_and_the_record_beside_it_stays_blurred(go):
    app = go("pages/data.py")
    drop(app, ("mine.csv", text({"incident_id": "mine", "title": "By the old bridge", "place": "the old bridge"})))
    choose(app, "The dashboard shows", COMBINED)
    for page in ("app.py", "pages/incidents.py"):
        shown = sound(app.switch_page(page).run())
        assert secret.leaks(sent(shown)) == set() and "Record (its name is left out): To do no harm" in words(shown)
    assert b"By the old bridge" in sent(shown)


@pytest.fixture
def menu(go, monkeypatch):
    """`menu(query, setting)`: the Map page with Share and export open, and what its buttons would give, by their ending."""
    made: dict[str, bytes] = {}
    monkeypatch.setattr(exports, "_offer", lambda label, ending, mime, make, stem: made.update({ending: make(), "stem": stem}))

    def run(query: dict, setting: str = "") -> tuple[AppTest, dict[str, bytes]]:
        app = go("app.py", query, setting)
        app.session_state["share"] = True
        return sound(app.run()), made

    return run


def test_one_switch_blurs_every_file_of_a_dashboard_that_shows_all(menu):
    close = {"q": secret.WORD, "city": f"{secret.WORD}abad", "lat": "34.61873", "lon": "69.31221", "zoom": "15"}
    app, made = menu(close)
    assert not app.toggle(key="w:blur").value and secret.leaks(made["geojson"]) == {"words", "degrees"}
    whole = made["stem"]
    sound(app.toggle(key="w:blur").set_value(True).run())
    assert made["stem"] != whole and "To do no harm" in words(app) and not app.code
    parts = {}
    for packed in (made["zip"], made["xlsx"]):
        with zipfile.ZipFile(io.BytesIO(packed)) as folder:
            parts |= {name: folder.read(name) for name in folder.namelist()}
    for name, reported in {**parts, "geojson": made["geojson"], "html": made["html"]}.items():
        assert secret.leaks(reported) == set(), name
    assert (
        b"To do no harm" in parts["CITATION.txt"]
        and b"words, a place or a location precision left out here" in parts["CITATION.txt"]
    )
    assert b"To do no harm" in made["html"] and made["png"].startswith(b"\x89PNG")
    assert json.loads(made["geojson"])["metadata"]["discretion"].startswith("To do no harm")


@pytest.mark.parametrize("near", ["34.61873,69.31221,3", "kbl-sherpur,0.5"])
def test_blurred_files_do_not_tell_the_circle_that_they_were_chosen_by(menu, near):
    app, made = menu({"near": near})
    sound(app.toggle(key="w:blur").set_value(True).run())
    with zipfile.ZipFile(io.BytesIO(made["zip"])) as folder:
        cited = folder.read("CITATION.txt").decode()
    for file in (cited, made["geojson"].decode(), made["html"].decode()):
        assert "a place or a location precision left out here" in file
        found = [word for word in ("34.61873", "69.31221", "in Sherpur", "within 3 km", "within 500 m") if word in file]
        assert not found


def test_a_blurred_page_tells_neither_the_open_incident_nor_a_precision_that_it_no_longer_has(menu):
    app, made = menu({"incident": "T-1", "precision": "street"})
    whole = made["html"].decode()
    assert '"selected":"T-1"' in whole and "at least the street" in whole
    sound(app.toggle(key="w:blur").set_value(True).run())
    blurred = made["html"].decode()
    assert '"selected":null' in blurred and "the street" not in blurred
    assert "a location precision left out here" in blurred


@pytest.mark.parametrize("precision", ["district", "province"])
def test_a_precision_that_blurred_places_still_have_stays_in_the_sentence(menu, precision):
    app, made = menu({"precision": precision})
    sound(app.toggle(key="w:blur").set_value(True).run())
    assert f"at least the {precision}" in made["html"].decode()


def test_a_record_without_columns_of_its_own_is_not_said_to_leave_any_out(menu):
    assert "other columns of a file of your own" not in words(menu({})[0])


def test_files_say_like_the_page_that_figures_are_of_whole_incidents_and_blurred_ones_only_of_what_they_hold(
    tmp_path, monkeypatch
):
    rows = [{"target_type": cell, "killed": "3"} for cell in ("Police", "Police;Military", f"Police;{secret.WORD}", "Military")]
    (tmp_path / "incidents.csv").write_text(text(*rows), encoding="utf-8")
    monkeypatch.setenv("INCIDENTS_SOURCE", str(tmp_path / "incidents.csv"))
    made: dict[str, bytes] = {}
    monkeypatch.setattr(exports, "_offer", lambda label, ending, mime, make, stem: made.update({ending: make()}))
    app = opened("app.py", {"target_type": "Police"})
    app.session_state["share"] = True
    sound(app.run())
    for blur, n, killed in ((False, 2, 6), (True, 1, 3)):
        sound(app.toggle(key="w:blur").set_value(blur).run())
        note = f"{n} incident{'s' if n > 1 else ''} also hit other targets. Of the killed {killed} died in these"
        assert blur or note in words(app)
        with zipfile.ZipFile(io.BytesIO(made["zip"])) as folder:
            assert note in folder.read("CITATION.txt").decode()
        assert made["html"].decode().count(note) == 2 and note in made["geojson"].decode()


def test_where_all_is_blurred_already_there_is_no_switch_and_the_link_tells_nothing(menu):
    app, made = menu({"incident": "T-1"}, "grid")
    assert not [one for one in app.toggle if one.key == "w:blur"]
    assert "incident=T-1" in app.code[0].value and secret.leaks(app.code[0].value.encode()) == set()
    assert secret.leaks(made["geojson"]) == set() and "To do no harm" in words(app)
