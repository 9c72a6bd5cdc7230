"""What every command shares: its file, the filters as options, and how it speaks."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from incident_atlas.core.text import INVISIBLE, plain
from incident_atlas.dataset.filters import PARAMETERS, TERMS, Filters
from incident_atlas.dataset.load import Loaded, load
from incident_atlas.dataset.pipeline import AUTO, KEYS
from incident_atlas.errors import FileError, NotAFile
from incident_atlas.importers.mapping import Mapping
from incident_atlas.importers.mapping import read as read_mapping

FILE = click.argument("file", type=click.Path(path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")

_HELP = {name: f"Only this {name.replace('_', ' ')}; may be repeated." for name in TERMS} | {
    "origin": "Only this data set, by its name in the record; may be repeated.",
    "actor_kind": "Only attacks by these: non-state group, state forces, unknown; may be repeated.",
    "from": "First day, such as 2021-08-15.",
    "to": "Last day.",
    "min_killed": "At least so many killed; incidents without a figure are left out, and counted.",
    "precision": "Place known so well or better: street, neighbourhood, city.",
    "q": "Words in title, summary, place, target or perpetrator.",
}


def filter_options(*without: str):
    """The filters as options named like the URL parameters, but those in `without`; those of several terms may be repeated."""

    def decorate(command):
        for name in reversed([name for name in PARAMETERS if name not in without]):
            option = f"--{name.replace('_', '-')}"
            command = click.option(option, f"p_{name}", multiple=name in TERMS, metavar="VALUE", help=_HELP[name])(command)
        return command

    return decorate


def format_options(command):
    """How to read the file, as options: --format and --mapping, for `read_as`."""
    mapping = click.option(
        "--mapping",
        type=click.Path(path_type=Path),
        metavar="MAPPING",
        help="Which column is which, as saved before: any other table.",
    )
    of_format = click.option(
        "--format", "format", type=click.Choice(KEYS), default=AUTO, show_default=True, help="How FILE is written."
    )
    return of_format(mapping(command))


def opened(file: Path) -> Loaded:
    """The record in the file; the program ends with 2 when it cannot be used."""
    try:
        return load(file)
    except FileError as trouble:
        stop(str(trouble), 2)


def read_as(file: Path, format: str, mapping: Path | None) -> Loaded:
    """The record in the file, read as `format_options` say; raises `FileError`, also for a mapping that cannot be used."""
    return load(file, format=format, mapping=mapping_in(mapping))


def mapping_in(mapping: Path | None) -> Mapping | None:
    """The mapping in a file, its odd rows noted; raises `FileError` when it cannot be used."""
    if mapping is None:
        return None
    try:
        columns, problems = read_mapping(mapping.read_bytes())
    except OSError as trouble:
        raise NotAFile(f"{mapping} cannot be read: {trouble.strerror}.", "Name the mapping that was saved.") from trouble
    for problem in problems:
        note(f"{mapping}, line {problem.row}: {problem.reason}. {problem.advice}")
    return columns


def chosen(loaded: Loaded, options: dict[str, Any]) -> tuple[Filters, list[str]]:
    """The filter that the options ask for, and what of them the record does not know, which is noted."""
    given = {name: options.get(f"p_{name}") for name in PARAMETERS}
    query = {name: [value] if isinstance(value, str) else list(value) for name, value in given.items() if value is not None}
    asked, ignored = Filters.from_query(query, loaded.options)
    for parameter in ignored:
        name, _, value = parameter.partition("=")
        note(f"Ignored --{name.replace('_', '-')} {value}: not in the record, or not understood.")
    return asked, ignored


def say_table(head: tuple[str, ...] | None, rows) -> None:
    """Rows in columns, under a line of names when there are any."""
    cells = [*([head] if head else []), *([line(cell, 60) for cell in row] for row in rows)]
    if len(cells) == bool(head):
        return
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    say("")
    for row in cells:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def line(text: object, longest: int) -> str:
    """Text of other people as one line of a terminal: no control characters, no line breaks."""
    return " ".join(plain(text, 10 * longest).split())[:longest]


def say(text: str) -> None:
    """Lines on stdout, without what a terminal would obey."""
    click.echo(plain(text, len(text)))


def print_json(value: Any) -> None:
    """The one JSON value of a command, on stdout; what a terminal would obey, or is not seen there, is written as \\uXXXX."""
    told = json.dumps(value, ensure_ascii=False, allow_nan=False)
    click.echo(INVISIBLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", told))


def note(text: str) -> None:
    """A message on stderr."""
    click.echo(plain(text, 2000), err=True)


def stop(message: str, code: int) -> NoReturn:
    """The last message, and the exit code."""
    note(message)
    sys.exit(code)
