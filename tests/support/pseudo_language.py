"""The app in a language that does not exist: every message of the catalogue stands in brackets, so that what was left out is seen.

Run as a program: with a folder it makes the catalogue there, starts the app in that language, and prints what it says as JSON.
"""

from __future__ import annotations

import functools
import gettext
import json
import os
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

LANGUAGE = "qqq"
OPEN, CLOSE = "⟦⟧"


def write_catalogue(messages: Catalog, folder: Path) -> None:
    """The catalogue of that language, made of all messages: each stands in brackets, the fields in it as they are."""
    made = Catalog(locale="en", domain=messages.domain)
    for message in messages:
        if isinstance(message.id, tuple):
            made.add(message.id, tuple(f"{OPEN}{one}{CLOSE}" for one in message.id))
        elif message.id:
            made.add(message.id, f"{OPEN}{message.id}{CLOSE}")
    file = folder / LANGUAGE / "LC_MESSAGES" / f"{messages.domain}.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as out:
        write_mo(out, made)


def outside(text: str) -> str:
    """What of a text stands outside all brackets, with a line between what was apart."""
    kept, depth = [], 0
    for sign in text:
        depth += sign == OPEN
        if not depth:
            kept.append(sign)
        elif sign == CLOSE:
            depth -= 1
            kept += [] if depth else ["\n"]
    return "".join(kept)


def _pages(states: list) -> list[list[str]]:
    from tests.support.pages import opened
    from tests.support.wording import on_page

    return [list(on_page(opened(page, query))) for page, query in states]


def _commands(calls: list) -> list[list[str]]:
    from click.testing import CliRunner

    from incident_atlas.cli.main import cli

    found = []
    for call in calls:
        done = CliRunner().invoke(cli, call)
        assert done.exception is None or isinstance(done.exception, SystemExit), (call, done.exception)
        command = cli.commands[call[0]]
        found.append([done.output, command.help, *(one.help for one in command.params if getattr(one, "help", None))])
    return found


def _offline_page() -> str:
    from incident_atlas.analysis.summary import headline
    from incident_atlas.dataset.citation import cite
    from incident_atlas.dataset.load import load
    from incident_atlas.maps.offline_page import standalone_html

    loaded = load()
    head = headline(loaded.incidents)
    citation = cite(loaded, "All of it.", "http://localhost/", head)
    return standalone_html(loaded.incidents, loaded.reports, citation, head).decode()


if __name__ == "__main__":
    where, request = Path(sys.argv[1]), json.loads(sys.argv[2])
    os.environ["ATLAS_LANGUAGE"] = LANGUAGE
    # Before the package is imported: it asks for its catalogue then.
    real = gettext.translation
    gettext.translation = functools.wraps(real)(lambda domain, localedir=None, **options: real(domain, where, **options))
    answer = {"pages": _pages(request["pages"]), "commands": _commands(request["commands"])}
    answer["offline_page"] = _offline_page() if request.get("offline_page") else ""
    print("\x1e" + json.dumps(answer))
