"""What the pages show and offer of a record, with every menu open: the surfaces of tests/support/surfaces.py that have a screen."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.testing.v1 import AppTest

from incident_atlas.dataset.filters import PARAMETERS
from incident_atlas.geo.sites import located
from incident_atlas.ui.parts.page import PAGES
from incident_atlas.ui.session.url_state import OWN_PARAMETERS, VIEW_PARAMETERS
from tests.support import hostile_project
from tests.support.hostile import Piece
from tests.support.hostile_project import World
from tests.support.pages import opened
from tests.ui.test_data_page import choose, drop

_SILENT = {
    "id",
    "raw_values",
    "raw_value",
    "page_script_hash",
    "query_string",
    "component_name",
    "language",
    "format",
    "icon",
    "type",
    "key",
}
_MARKDOWN = {"label", "body", "help", "content", "caption"}
_ENDINGS = {
    "csv": "csv",
    "geojson": "json",
    "json": "json",
    "svg": "svg",
    "png": "png",
    "html": "data",
    "txt": "plain",
    "md": "plain",
}


def _form(kind: str, name: str, text: str) -> str:
    """How the browser shows that text of an element."""
    if kind in ("Html", "ComponentInstance"):
        return "html" if kind == "Html" else "map"
    if kind == "VegaLiteChart" and name == "spec":
        return "json"
    if kind == "Code":
        return "bibtex" if text.startswith("@misc") else "plain"
    return "markdown" if (name in _MARKDOWN and kind != "Text") or (kind == "Radio" and name == "options") else "data"


def _texts(message: Any) -> Iterator[tuple[str, str]]:
    """Form and text of all that an element gives to the browser; a table comes as bytes of Arrow."""
    kind = message.DESCRIPTOR.name
    for known, value in message.ListFields():
        several = not hasattr(value, "ListFields") and not isinstance(value, str | bytes) and hasattr(value, "__iter__")
        for one in value if several else [value]:
            if hasattr(one, "ListFields"):
                yield from _texts(one)
            elif isinstance(one, bytes):
                yield "data", one.decode("utf-8", "ignore")
            elif isinstance(one, str) and known.name not in _SILENT:
                yield _form(kind, known.name, one), one


@contextlib.contextmanager
def everything_open(files: list[tuple[str, bytes]], endings: tuple[str, ...]) -> Iterator[None]:
    """Every popover is open, and every file that a page offers with one of these endings is made."""
    popover, offered = st.popover, st.download_button

    def open_popover(*parts: Any, **named: Any) -> Any:
        menu = popover(*parts, **named)
        menu.open = True
        return menu

    def made(label: str, data: Any, file_name: str, *parts: Any, **named: Any) -> Any:
        if file_name.endswith(endings):
            files.append((file_name, data() if callable(data) else data))
        return offered(label, data, file_name, *parts, **named)

    st.popover, st.download_button = open_popover, made
    try:
        yield
    finally:
        st.popover, st.download_button = popover, offered


def _shown(name: str, run: Callable[[], AppTest], endings: tuple[str, ...] = ()) -> Iterator[Piece]:
    """All that a run of a page sends, and the files that it offers."""
    files: list[tuple[str, bytes]] = []
    with everything_open(files, endings):
        app = run()
        assert not app.exception, app.exception
    for at, node in enumerate(app._tree):
        proto = getattr(node, "proto", None)
        if proto is not None and hasattr(proto, "ListFields"):
            for form, text in _texts(proto):
                yield Piece(f"{name}: {proto.DESCRIPTOR.name} {at}", form, text)
    for file, data in files:
        yield from of_file(f"{name}: {file}", file, data)


def of_file(name: str, file: str, data: bytes) -> Iterator[Piece]:
    """A file by its ending; of a zip those that it holds."""
    ending = file.rpartition(".")[2]
    if ending == "zip":
        packed = zipfile.ZipFile(io.BytesIO(data))
        for inside in packed.namelist():
            yield from of_file(f"{name} {inside}", inside, packed.read(inside))
    else:
        yield Piece(name, _ENDINGS[ending], data.removeprefix(b"\xef\xbb\xbf"))


def pages(world: World) -> Iterator[Piece]:
    """Every page as it opens, with every menu open and every file made."""
    for page, _ in PAGES:
        yield from _shown(page, lambda page=page: opened(page), (*_ENDINGS, "zip"))
    yield from _shown("small maps", lambda: opened("app.py", {"grid": "perpetrator"}), ("png", "svg"))


def incident_pages(world: World) -> Iterator[Piece]:
    """The page of every hostile incident, and its card beside the map."""
    for n, one in enumerate(world.loaded.incidents["incident_id"].tolist()[::2]):
        for page in ("pages/incidents.py", "app.py"):
            yield from _shown(f"{page} incident {n}", lambda page=page, one=one: opened(page, {"incident": one}))


def nearby_pages(world: World) -> Iterator[Piece]:
    """The circle around every hostile site, and what is said of it."""
    for n, site in enumerate(located()):
        yield from _shown(
            f"site {n}",
            lambda site=site: opened("pages/nearby.py", {"site": site}),
            ("csv", "svg", "geojson", "zip") if not n else (),
        )


def asked_pages(world: World) -> Iterator[Piece]:
    """Pages asked for what they do not show at first: every town, word, source, claim."""
    cities = dict.fromkeys(world.loaded.incidents["city"].astype("str")[::2])
    for n, (city, q) in enumerate(zip(cities, world.texts("q"), strict=True)):
        yield from _shown(f"filter {n}", lambda city=city, q=q: opened("pages/incidents.py", {"city": city, "q": q}))
    for n, source in enumerate(dict.fromkeys(world.loaded.coverage["source"])):
        query = {"source": source, "first": "2019-04-01:2019-08-31", "second": "2019-09-01:2020-01-31"}
        yield from _shown(f"source {n}", lambda query=query: opened("pages/compare.py", query))
    for n, claim in enumerate(["no claim", *world.texts("claims_claim_id")]):
        yield from _shown(f"claim {n}", lambda claim=claim: opened("pages/claims.py", {"claim": claim.strip()}))


def addresses(world: World) -> Iterator[Piece]:
    """Every page under an address all of whose parameters are probes, and some that it does not know."""
    for page, _ in PAGES:
        names = {*PARAMETERS, *VIEW_PARAMETERS, *OWN_PARAMETERS.get(page, ())}
        query = {name: world.texts(f"address_{name}") for name in sorted(names)}
        strange = dict(zip(world.texts("name"), world.texts("value"), strict=True))
        for name, request in (("known", query), ("strange", strange)):
            yield from _shown(f"{name} address of {page}", lambda page=page, request=request: opened(page, request))


def uploads(world: World) -> Iterator[Piece]:
    """Your data with files of hostile names, columns and cells: read, asked about, refused; every part of the page, then all pages."""
    app = opened("pages/data.py")
    yield from _shown("files", lambda: drop(app, *hostile_uploads(world)), ("csv",))
    for part in ("quality", "places", "pairs", "overlap"):
        yield from _shown(part, lambda part=part: choose(app, "Look at", part), ("csv", "svg"))
    for page, _ in PAGES:
        yield from _shown(f"uploaded {page}", lambda page=page: app.switch_page(page).run(), ("csv", "zip", "svg"))


def hostile_uploads(world: World) -> list[tuple[str, bytes]]:
    """Name and bytes of files: two whose columns a person names, one of our own, and for each probe one that is refused."""
    names = [name.replace("\0", "") for name in world.texts("file")]  # no name of a file holds one
    days = [f"{n}/04/2012" for n in range(13, 28)]
    found = [
        (f"{names[0]}.csv", _table(world, days)),
        (f"{names[5]}.csv", _table(world, ["03/04/2012", "04/05/2012"])),
        (f"{names[19]}.geojson", _geojson(world)),
    ]
    for name, column, member in zip(names, world.texts("refused"), world.texts("member"), strict=True):
        found.append((f"{name}.csv", f'"{column.replace(chr(34), "")}"^b\n1^2\n'.translate(_BINARY).encode("utf-8", "replace")))
        into = io.BytesIO()
        with zipfile.ZipFile(into, "w") as archive:
            archive.writestr(f"{member[:200].translate(_BINARY)}.csv", b"a,b\n1,2\n")
            archive.writestr("other.csv", b"a,b\n1,2\n")
        found.append((f"{name}.zip", into.getvalue()))
    return found


_BINARY = dict.fromkeys((0, 7, 27))
"""What makes bytes no text."""


def _geojson(world: World) -> bytes:
    """The record as GeoJSON, in which cells keep signs that a reader of CSV takes for the end of a line."""
    features = [{"type": "Feature", "properties": row, "geometry": None} for row in hostile_project.incidents(world.probes)]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _table(world: World, days: list[str]) -> bytes:
    rows = [["When", "Town", *world.texts("column")]]
    towns, cells = world.texts("town"), world.texts("cell")
    rows += [[day, towns[n], *cells] for n, day in enumerate(days)]
    return pd.DataFrame(rows).to_csv(index=False, header=False, lineterminator="\r\n").encode()
