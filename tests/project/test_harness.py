"""The walls of the test house hold: what is said to be blocked is blocked, and seen."""

from __future__ import annotations

import socket
import urllib.request
from types import SimpleNamespace

import pytest

from tests.support.browser import NARROW, NoChromium, launch, open_visit
from tests.support.network import REFUSED, NetworkClosed, is_here

# A Streamlit page that reaches out in each of the ways a page can: a picture in text, and a connection of the server.
REACHING_OUT = """
import socket
import streamlit as st

st.markdown("![x](http://example.com/x.png)")
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
except OSError:
    st.text("the server stayed at home")
"""


@pytest.fixture(scope="module")
def reaching_out(start_app, tmp_path_factory):
    script = tmp_path_factory.mktemp("page") / "reaching_out.py"
    script.write_text(REACHING_OUT)
    return start_app(script)


def test_a_socket_to_a_foreign_address_is_refused():
    with pytest.raises(NetworkClosed), socket.socket() as plain:
        plain.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkClosed), socket.socket() as plain:
        plain.connect_ex(("192.0.2.1", 80))
    with pytest.raises(NetworkClosed), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        datagram.sendto(b"x", ("192.0.2.1", 53))


def test_a_foreign_name_is_not_even_looked_up():
    with pytest.raises(NetworkClosed):
        socket.getaddrinfo("example.com", 443)
    with pytest.raises(OSError, match=REFUSED):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open("http://example.com/", timeout=1)


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.create_connection(listening.getsockname(), timeout=5):
        pass


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", b"localhost", None])
def test_this_machine_is_known_by_all_its_names(host):
    assert is_here(host)


@pytest.mark.parametrize("host", ["example.com", "localhost.example.com", "8.8.8.8", "10.0.0.1", "127", b"example.com"])
def test_every_other_machine_is_foreign(host):
    assert not is_here(host)


def test_a_page_that_loads_a_foreign_picture_is_blocked_and_recorded(visit, reaching_out):
    tab = visit("/", app=reaching_out)
    assert tab.foreign == ["http://example.com/x.png"]
    assert tab.page.evaluate("document.querySelector('img[src*=\"example.com\"]').naturalWidth") == 0


def test_every_kind_of_request_is_recorded(visit, reaching_out):
    tab = visit("/", app=reaching_out)
    tab.foreign.clear()
    tab.page.evaluate("""async () => {
        const socket = new WebSocket('ws://example.com/socket');
        const closed = new Promise(done => { socket.onclose = done; socket.onerror = done; });
        await fetch('https://example.com/fetched', {mode: 'no-cors'}).catch(() => null);
        navigator.sendBeacon('https://example.com/beacon', 'x');
        await closed;
        await new Promise(done => setTimeout(done, 300));
    }""")
    assert {address.rsplit("/", 1)[1] for address in tab.foreign} == {"socket", "fetched", "beacon"}


def test_the_server_process_has_no_network_either(visit, reaching_out):
    tab = visit("/", app=reaching_out)
    assert tab.page.get_by_text("the server stayed at home").count() == 1
    assert REFUSED in reaching_out.printed()


def test_streamlit_starts_without_a_warning_about_our_settings(reaching_out):
    printed = reaching_out.printed().lower()
    assert "not a valid config option" not in printed and "warning" not in printed, reaching_out.printed()


def test_a_window_has_the_size_and_the_colours_that_were_asked_for(visit, reaching_out):
    dark = visit("/", app=reaching_out, size=NARROW, scheme="dark")
    assert dark.page.evaluate("[innerWidth, innerHeight]") == list(NARROW)
    background = "getComputedStyle(document.querySelector('[data-testid=\"stApp\"]')).backgroundColor"
    assert dark.page.evaluate(background) == "rgb(18, 22, 27)"  # theme.dark of .streamlit/config.toml
    assert visit("/", app=reaching_out).page.evaluate(background) == "rgb(255, 255, 255)"


def test_two_visits_do_not_share_what_they_tried(chromium, reaching_out):
    with open_visit(chromium, reaching_out.url) as first, open_visit(chromium, reaching_out.url) as second:
        first.goto("/")
        assert first.foreign and not second.foreign


def test_no_browser_is_an_error_that_names_what_was_tried(monkeypatch, chromium):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(NoChromium, match="/nowhere/chromium"):
        launch(SimpleNamespace(chromium=chromium.browser_type))  # two started Playwrights cannot stand side by side
