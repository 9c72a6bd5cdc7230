"""Pages of the app without a browser: one run, and the words it shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


def opened(page: str, query: dict | None = None) -> AppTest:
    """A page after one cold run at that address; nothing may be raised."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if page != "app.py":
        app.switch_page(page)
    for name, value in (query or {}).items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def words(app: AppTest) -> str:
    """Everything the page says in elements of HTML."""
    return " ".join(element.proto.body for element in app.get("html"))


def widget(found: Sequence, name: str):
    """The one of these widgets whose key begins with the name: the fields of dates get a new key now and then."""
    (one,) = (each for each in found if each.key.startswith(name))
    return one


def everything(app: AppTest) -> str:
    """All that the page sends to its reader: words, tables, charts, what the map is given."""
    return "".join(str(getattr(node, "proto", "")) for node in app._tree)


def address_parameters(app: AppTest) -> dict[str, list[str]]:
    """The parameters of the address."""
    return {name: [value] if isinstance(value, str) else list(value) for name, value in app.query_params.items()}
