"""Nominatim slow, refusing or lying, and a cache that cannot be written: nothing is placed wrongly, and it is said."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner
from geopy.geocoders import Nominatim

from incident_atlas.cli.main import cli
from incident_atlas.errors import GeocodingError
from incident_atlas.geo import geocoding
from incident_atlas.geo.geocoding import USER_AGENT, OnlineGeocoder


class Service(ThreadingHTTPServer):
    """A geocoder on this machine that answers what it was told to: status and body, or nothing when the body is None."""

    daemon_threads = True
    status, body = 200, b"[]"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.ended = threading.Event()


class Answer(BaseHTTPRequestHandler):
    """One answer of `Service`."""

    server: Service

    def do_GET(self) -> None:
        """Answer, or hold the line."""
        if self.server.body is None:
            self.server.ended.wait(20)
            return
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_) -> None:
        """Nothing is printed."""


@pytest.fixture
def service(monkeypatch):
    with Service() as around_it:
        threading.Thread(target=around_it.serve_forever, args=(0.02,), daemon=True).start()
        query = Nominatim(
            user_agent=USER_AGENT, domain=f"127.0.0.1:{around_it.server_port}", scheme="http", timeout=0.5, proxies={}
        )
        monkeypatch.setattr(geocoding, "_nominatim", lambda: query.geocode)
        yield around_it
        around_it.ended.set()
        around_it.shutdown()


def place(**other) -> bytes:
    """What Nominatim says of a town, as JSON."""
    return json.dumps([{"lat": "34.5", "lon": "69.2", "display_name": "A town", "addresstype": "town"} | other]).encode()


def test_the_service_of_these_tests_is_believed_when_it_says_what_can_be(service, tmp_path):
    service.body = place()
    assert OnlineGeocoder(tmp_path / "cache.sqlite").geocode("Foo") == ("A town", 34.5, 69.2, "city")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, None),
        (403, b"no"),
        (429, b"too many"),
        (503, b"later"),
        (302, b""),
        (200, b""),
        (200, b"<html>Sign in</html>"),
        (200, b"\xff\xfe\x00"),
        (200, b'[{"lat": "34.5", '),
        (200, b"7"),
        (200, b"[7]"),
        (200, b'["x"]'),
        (200, b"[{}]"),
        (200, b'{"error": "no"}'),
        (200, place(lat="NaN")),
        (200, place(lat="1e999")),
        (200, place(lat="ninety")),
        (200, place(lat=None)),
        (200, place(lat="51.5", lon="-0.1")),
        (200, place(lat="69.2", lon="34.5")),
        (200, place(display_name=None)),
        (200, place(display_name="")),
        (200, place(display_name={"a": 1})),
    ],
)
def test_a_service_that_is_slow_refuses_or_lies_places_nothing_and_nothing_is_kept(service, tmp_path, monkeypatch, status, body):
    service.status, service.body = status, body
    with pytest.raises(GeocodingError, match="nothing was placed"):
        OnlineGeocoder(tmp_path / "cache.sqlite").geocode("Foo")
    assert not list(tmp_path.iterdir())
    monkeypatch.delenv("INCIDENTS_OFFLINE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    message = CliRunner().invoke(cli, ["geocode", "Xyzzyville", "--online"])
    assert message.exit_code == 1 and "nothing was placed" in message.output and "Traceback" not in message.output


@pytest.mark.parametrize("kind", [None, 7, ["town"], {"a": 1}, "a kind nobody knows"])
def test_a_kind_of_place_that_says_nothing_is_a_city(service, tmp_path, kind):
    service.body = place(addresstype=kind)
    assert OnlineGeocoder(tmp_path / "cache.sqlite").geocode("Foo")[3] == "city"


def test_what_a_service_writes_into_a_name_does_not_reach_the_terminal(service, tmp_path, monkeypatch):
    service.body = place(display_name="A \x1b[2Jtown\u202e")
    monkeypatch.delenv("INCIDENTS_OFFLINE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    message = CliRunner().invoke(cli, ["geocode", "Xyzzyville", "--online"])
    assert message.exit_code == 0 and "town" in message.output and "\x1b" not in message.output and "\u202e" not in message.output


@pytest.mark.parametrize(
    "answer",
    [
        (7, 34.5, 69.2, "city"),
        ("A", 34.5, None, "city"),
        ("A", "x", 69.2, "city"),
        ("A", 51.5, -0.1, "city"),
        ("A", 34.5, 69.2, "x"),
    ],
)
def test_a_cache_file_that_lies_is_asked_again(service, tmp_path, answer):
    service.body = place()
    file = tmp_path / "cache.sqlite"
    OnlineGeocoder(file).geocode("Foo")
    with closing(sqlite3.connect(file)) as cache, cache:
        cache.execute("UPDATE answers SET address = ?, latitude = ?, longitude = ?, geo_precision = ?", answer)
    service.body = place(display_name="A town")
    assert OnlineGeocoder(file).geocode("Foo") == ("A town", 34.5, 69.2, "city")


def test_a_full_disk_costs_the_new_answer_its_place_in_the_cache_and_no_other(service, tmp_path):
    service.body = place()
    file = tmp_path / "cache.sqlite"
    OnlineGeocoder(file).geocode("Foo")
    known = file.read_bytes()
    geocoder, limits = OnlineGeocoder(file), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(known) // 2, limits[1]))
    try:
        found = geocoder.geocode("Bar")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert found == ("A town", 34.5, 69.2, "city") and geocoder.unkept
    assert file.read_bytes() == known and os.listdir(tmp_path) == ["cache.sqlite"]


def test_a_cache_folder_that_cannot_be_written_is_said_and_the_place_is_told(service, tmp_path, monkeypatch):
    service.body = place()
    (tmp_path / "a file").write_text("")
    monkeypatch.delenv("INCIDENTS_OFFLINE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a file"))
    message = CliRunner().invoke(cli, ["geocode", "Xyzzyville", "--online"])
    assert message.exit_code == 0 and "A town: 34.5" in message.output and "could not be kept" in message.output
