"""The example of a shared instance says what the dashboard says: sizes, headers, hosts, switches."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from streamlit import config

from incident_atlas.importers.files.archive import MOST_PACKED
from incident_atlas.maps.base_map import OPENSTREETMAP
from incident_atlas.ui.frame_headers import frame_headers
from tests.support.browser import running_app

ROOT = Path(__file__).parents[2]
PROXY = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "incident-atlas.service").read_text(encoding="utf-8")
SERVE = (ROOT / "deploy" / "serve.sh").read_text(encoding="utf-8")
SETTINGS = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs" / "instance.md").read_text(encoding="utf-8")

TILES = "https://" + OPENSTREETMAP.split("/")[2]


def snippet(name):
    """The lines of a named part of the Caddyfile, without comments."""
    body = re.search(rf"^{re.escape(name)} {{\n(.*?)^}}", PROXY, re.MULTILINE | re.DOTALL)[1]
    return [line.strip() for line in body.splitlines() if line.strip() and not line.strip().startswith("#")]


def policy(name):
    """The Content-Security-Policy of a part: what may be loaded, per kind."""
    text = next(line for line in snippet(name) if line.startswith("header Content-Security-Policy")).split('"')[1]
    return {kind: sources.split() for kind, _, sources in (part.strip().partition(" ") for part in text.split(";"))}


SITE = snippet("atlas.example.org")


def test_the_proxy_takes_as_large_a_file_as_the_dashboard_and_the_form_around_it():
    megabytes = SETTINGS["server"]["maxUploadSize"]
    assert megabytes == MOST_PACKED // 1_000_000
    # Streamlit counts mebibytes, and grants the form one more; a smaller proxy would answer where the page explains.
    assert f"max_size {megabytes + 1}MiB" in SITE


def test_a_browser_may_load_from_no_other_host():
    assert "import offline" in SITE and "import openstreetmap" not in SITE
    for kind, sources in policy("(offline)").items():
        allowed = {"'self'", "'none'", "data:"}
        if kind in ("script-src", "style-src"):
            allowed = {"'self'", "'unsafe-inline'", "'unsafe-eval'"}
        assert set(sources) <= allowed, kind
    assert policy("(offline)")["default-src"] == ["'self'"]


def test_openstreetmap_adds_the_host_of_its_tiles_and_nothing_else():
    offline, online = policy("(offline)"), policy("(openstreetmap)")
    assert online == offline | {"img-src": [*offline["img-src"], TILES]}


@pytest.mark.parametrize("name", ["object-src", "base-uri", "form-action"])
def test_what_default_src_does_not_cover_is_closed_too(name):
    assert policy("(offline)")[name] in (["'self'"], ["'none'"])


def test_who_may_frame_it_is_said_by_the_dashboard_alone():
    # A second frame-ancestors, or X-Frame-Options, of the proxy would forbid what the setting allows.
    message = "\n".join([*SITE, *snippet("(offline)"), *snippet("(openstreetmap)")])
    assert "frame-ancestors" not in message and "X-Frame-Options" not in message and "header_down" not in message
    assert set(frame_headers("")) == {"Content-Security-Policy", "X-Frame-Options"} and "`X-Frame-Options`" in GUIDE
    assert set(frame_headers("https://news.example.org")) == {"Content-Security-Policy"}


@pytest.mark.parametrize(
    "sites",
    [
        "*",
        "news.example.org",
        "https://a.example.org; script-src *",
        "https://a.example.org/page",
        "'none'",
        "https://a.example.org\r\nX: y",
        "https://",
    ],
)
def test_what_is_no_site_is_refused(sites):
    with pytest.raises(ValueError, match="is no site"):
        frame_headers(sites)


@pytest.mark.parametrize("sites", ["", "https://news.example.org https://*.example.net:8443"])
def test_every_answer_of_the_server_has_the_headers_of_the_setting(sites):
    with running_app(ROOT / "deploy" / "instance.py", ATLAS_FRAME_ANCESTORS=sites) as app:
        for path in ("/", "/compare", "/_stcore/health", "/not/there.js"):
            try:
                with urllib.request.urlopen(f"{app.url}{path}") as answer:
                    headers = answer.headers
            except urllib.error.HTTPError as refused:
                headers = refused.headers
            assert headers.get_all("Content-Security-Policy") == [" ".join(["frame-ancestors 'self'", *sites.split()])]
            assert headers.get("X-Frame-Options") == (None if sites else "SAMEORIGIN")


def test_a_setting_that_names_no_site_keeps_the_server_from_starting():
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(ROOT / "deploy" / "instance.py"),
        "--server.headless",
        "true",
        "--server.port",
        "1",
    ]
    done = subprocess.run(
        command, env=os.environ | {"ATLAS_FRAME_ANCESTORS": "anybody"}, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0 and "'anybody' is no site" in done.stderr


@pytest.mark.parametrize(
    "header",
    [
        "Strict-Transport-Security",
        "X-Content-Type-Options",
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy",
        "Permissions-Policy",
        "Content-Security-Policy",
        "Referrer-Policy",
    ],
)
def test_the_proxy_sends_each_header_that_the_guide_names(header):
    sent = [line.removeprefix("header ").split()[0] for line in [*SITE, *snippet("(offline)")]]
    assert header in sent and f"`{header}`" in GUIDE


def options():
    """The options that serve.sh gives to Streamlit, by name."""
    return dict(re.findall(r"^\s+--(\w+\.\w+) (\S+)$", SERVE, re.MULTILINE))


def test_the_server_is_started_closed():
    assert options() == {
        "server.address": "127.0.0.1",
        "server.port": "8501",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.allowedHosts": '"$ATLAS_HOST"',
        "server.enableXsrfProtection": "true",
        "server.enableCORS": "true",
        "server.enableAgentApi": "false",
        "browser.serverAddress": '"$ATLAS_HOST"',
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
    }


def test_every_option_of_the_server_is_one_that_streamlit_knows():
    known = config.get_config_options()
    assert [name for name in options() if name not in known] == []


def test_proxy_unit_and_server_speak_of_the_same_address():
    assert f"reverse_proxy {options()['server.address']}:{options()['server.port']} {{" in SITE
    assert "not header Origin https://atlas.example.org" in SITE
    assert "Environment=ATLAS_HOST=atlas.example.org" in UNIT
    assert f"ExecStart={re.search(r'^WorkingDirectory=(.+)$', UNIT, re.MULTILINE)[1]}/deploy/serve.sh" in UNIT
    assert os.access(ROOT / "deploy" / "serve.sh", os.X_OK)


@pytest.mark.parametrize(
    "line", ["IPAddressDeny=any", "IPAddressAllow=localhost", "MemorySwapMax=0", "LimitCORE=0", "DynamicUser=yes"]
)
def test_the_unit_keeps_the_server_from_the_network_and_from_the_disk(line):
    assert line in UNIT.splitlines()


def test_a_call_that_the_unit_refuses_does_not_end_the_server():
    # vl-convert asks for pkey_alloc, which is outside the list; without the second line the kernel would end the process.
    assert {"SystemCallFilter=@system-service", "SystemCallErrorNumber=EPERM"} <= set(UNIT.splitlines())


def test_without_an_address_the_server_does_not_start_and_says_what_to_type():
    environment = {name: value for name, value in os.environ.items() if name != "ATLAS_HOST"}
    done = subprocess.run(["bash", str(ROOT / "deploy" / "serve.sh")], env=environment, capture_output=True, text=True)
    assert done.returncode != 0 and "make serve ATLAS_HOST=atlas.example.org" in done.stderr
