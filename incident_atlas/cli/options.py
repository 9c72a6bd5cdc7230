"""What every command shares: its file, the filters as options, how it speaks, and how it ends when it cannot go on."""

from __future__ import annotations

import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from pathlib import Path
from typing import IO, Any, NoReturn

import click

from incident_atlas.core.text import INVISIBLE, is_utf8, plain
from incident_atlas.core.vocabulary import GEO_PRECISIONS
from incident_atlas.dataset.filters import PARAMETERS, TERMS, Filters
from incident_atlas.dataset.load import RECORD, Loaded, load
from incident_atlas.dataset.pipeline import AUTO, KEYS
from incident_atlas.errors import AtlasError, NotAFile, TooLarge
from incident_atlas.i18n import _
from incident_atlas.importers.mapping import Mapping
from incident_atlas.importers.mapping import read as read_mapping

MOST_SAVED = 20_000_000
"""Bytes of a file of columns or decisions; ours are far smaller, and a device may give any number of them."""


def _translated(help: str | None) -> str | None:
    """The help of a command, which click takes from the docstring of its function: the catalogue holds it without its indent."""
    return _(inspect.cleandoc(help)) if help else help


class Group(click.Group):
    """The group of all commands: what cannot be used ends the program with 2 and one line that says why."""

    def __init__(self, *args: Any, help: str | None = None, **settings: Any) -> None:
        super().__init__(*args, help=_translated(help), **settings)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take in what stands before the name of the command."""
        with _one_line():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        try:
            with _one_line():
                return super().invoke(ctx)
        except AtlasError as trouble:
            stop(str(trouble), 2)


@contextmanager
def _one_line() -> Iterator[None]:
    """Click's own messages quote what was typed: they are cut, and hold nothing that a terminal would obey."""
    try:
        yield
    except click.UsageError as trouble:
        trouble.message = line(trouble.message, 600)
        raise


class Command(click.Command):
    """A command whose text arguments are text: bytes that are not UTF-8 may stand in the path of a file, and nowhere else."""

    def __init__(self, *args: Any, help: str | None = None, **settings: Any) -> None:
        super().__init__(*args, help=_translated(help), **settings)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take in the arguments; raises `click.BadParameter` for text with bytes that are not UTF-8."""
        rest = super().parse_args(ctx, args)
        for parameter in self.params:
            value = ctx.params.get(parameter.name)
            for text in value if isinstance(value, tuple) else (value,):
                # Python reads such a byte as half a character, which no table, file or terminal takes.
                if isinstance(text, str) and not is_utf8(text):
                    raise click.BadParameter(_("this is not text in UTF-8."), ctx, parameter)
        return rest


Group.command_class = Command


class FilePath(click.Path):
    """The path of a file, as a `Path`. output: of one to write, which may not be a folder or a device."""

    def __init__(self, output: bool = False) -> None:
        super().__init__(path_type=Path)
        self._output = output

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path; fails for text that names no file, before anything is read."""
        shown = line(value, 200)
        if not str(value):
            self.fail(_("the name of the file is empty."), param, ctx)
        try:
            path = super().convert(value, param, ctx)
            if self._output:
                if not is_utf8(str(value)):
                    self.fail(
                        _("{shown} is not text in UTF-8, which DuckDB and other programs need.").format(shown=shown), param, ctx
                    )
                with suppress(FileNotFoundError):
                    path.stat()
                if path.is_dir():
                    self.fail(_("{shown} is a folder. Name a file in it.").format(shown=shown), param, ctx)
                if path.exists() and not path.is_file():
                    self.fail(_("{shown} is a device or a pipe. Name a file.").format(shown=shown), param, ctx)
        except OSError as trouble:
            self.fail(f"{shown}: {trouble.strerror}.", param, ctx)
        except ValueError:
            self.fail(_("{shown} is no name of a file.").format(shown=shown), param, ctx)
        return path


JSON = click.option("--json", "as_json", is_flag=True, help=_("One JSON value on stdout."))

_HELP = {name: _("Only this {name}; may be repeated.").format(name=name.replace("_", " ")) for name in TERMS} | {
    "origin": _("Only this data set, by its name in the record; may be repeated."),
    "actor_kind": _("Only attacks by these: non-state group, state forces, unknown; may be repeated."),
    "from": _("First day, such as 2021-08-15."),
    "to": _("Last day."),
    "min_killed": _("At least so many killed; incidents without a figure are left out, and counted."),
    "precision": _("Location known to at least: street, neighbourhood, city."),
    "near": _("Around a point or a place: lat,lon,km or PLACE,km, or PLACE alone; the place by its id or its name."),
    "q": _("Words in title, summary, place, target or perpetrator."),
}


def filter_options(*without: str):
    """The filters as options named like the URL parameters, but those in `without`; those of several terms may be repeated."""

    def decorate(command):
        for name in reversed([name for name in PARAMETERS if name not in without]):
            option = f"--{name.replace('_', '-')}"
            command = click.option(option, f"p_{name}", multiple=name in TERMS, metavar="VALUE", help=_HELP[name])(command)
        return command

    return decorate


class PastDay(click.ParamType):
    """An ISO date that is not in the future."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; fails for what is no such date."""
        if isinstance(value, date):
            return value
        try:
            found = date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII) else None
        except ValueError:
            found = None
        if found is None:
            self.fail(_("{value} is no date: write it as 2021-08-15.").format(value=line(value, 40)), param, ctx)
        if found > date.today():
            self.fail(_("{found} is in the future: no record is collected until then.").format(found=found), param, ctx)
        return found


@dataclass(frozen=True)
class RecordFile:
    """A file of the command line, and how it is read.

    mapping_file: where a mapping was saved. worksheet, precision, trust_shared_points: as in `Mapping`, without one or besides it.
    until: the day up to which the file was collected; it is noted when an incident is later.
    """

    path: Path
    format: str
    mapping_file: Path | None
    worksheet: str
    precision: str
    trust_shared_points: bool
    until: date | None

    def files(self) -> list[Path]:
        """The files that are read."""
        return [self.path, *([self.mapping_file] if self.mapping_file else [])]

    def load(self) -> Loaded:
        """The record in the file; raises `FileError`, also for a mapping that cannot be used."""
        loaded = load(self.path, format=self.format, mapping=self.mapping(), until=self.until)
        last = loaded.source.last
        if self.until and last is not None and last.date() > self.until:
            message = _("--record-until {record_until}: the last incident is on {last}, so days are counted to that.")
            note(message.format(record_until=self.until, last=last.date()))
        return loaded

    def mapping(self) -> Mapping | None:
        """The mapping that the options name, odd rows of its file noted, or None; raises `FileError` when the file cannot be used."""
        if not (self.mapping_file or self.worksheet or self.precision or self.trust_shared_points):
            return None
        found, problems = read_mapping(saved_bytes(self.mapping_file)) if self.mapping_file else (Mapping(), [])
        for problem in problems:
            message = _("{mapping}, line {row}: {reason}. {advice}")
            note(message.format(mapping=self.mapping_file, row=problem.row, reason=problem.reason, advice=problem.advice))
        precision = {"geo_precision": self.precision} if self.precision else {}
        return replace(
            found,
            constants=tuple((dict(found.constants) | precision).items()),
            trust_shared_points=self.trust_shared_points or found.trust_shared_points,
            worksheet=self.worksheet or found.worksheet,
        )


_RECORD_OPTIONS = (
    click.option("--format", "format", type=click.Choice(KEYS), default=AUTO, show_default=True, help=_("How FILE is written.")),
    click.option(
        "--mapping", type=FilePath(), metavar="MAPPING", help=_("Which column is which, as saved before: any other table.")
    ),
    click.option(
        "--sheet",
        "worksheet",
        metavar="NAME",
        default="",
        help=_("Which worksheet of a workbook; without it the one whose header fits a table of incidents best."),
    ),
    click.option(
        "--location-precision",
        type=click.Choice(GEO_PRECISIONS[: GEO_PRECISIONS.index("city") + 1]),
        help=_("How well the points of FILE are known where it does not say: exact for GPS points; without it, city."),
    ),
    click.option(
        "--trust-shared-points",
        is_flag=True,
        help=_("With --location-precision: also of a point that several rows share, or that is the centre of a place."),
    ),
)
_RECORD_UNTIL = click.option(
    "--record-until",
    type=PastDay(),
    metavar="DATE",
    help=_(
        "The day up to which FILE was collected: days without an incident are counted to it. Without it the day that the coverage beside FILE states, or the last incident."
    ),
)


def record_file(required: bool = True, until: bool = True):
    """The file of a command and how to read it, as one argument `record`: FILE, --format, --mapping, --sheet,
    --location-precision, --trust-shared-points and, if `until`, --record-until.

    required: whether FILE must be named; without it the record is the shipped one.
    """

    def decorate(command):
        @wraps(command)
        def with_record(
            file: Path | None, format: str, mapping: Path | None, worksheet: str, location_precision: str | None,
            trust_shared_points: bool, record_until: date | None = None, **options: Any,
        ):  # fmt: skip
            path, precision = file or RECORD, location_precision or ""
            record = RecordFile(path, format, mapping, worksheet, precision, trust_shared_points, record_until)
            return command(record=record, **options)

        argument = click.argument("file", type=FilePath(), required=required)
        for option in reversed((argument, *_RECORD_OPTIONS, *([_RECORD_UNTIL] if until else []))):
            with_record = option(with_record)
        return with_record

    return decorate


def saved_bytes(path: Path) -> bytes:
    """What is in a small file that was saved before, which may be a pipe; raises `NotAFile` or `TooLarge`."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_SAVED + 1)
    except OSError as trouble:
        reason = _("{path} cannot be read: {reason}.").format(path=path, reason=trouble.strerror)
        raise NotAFile(reason, _("Name the file that was saved.")) from trouble
    if len(data) > MOST_SAVED:
        reason = _("{path} holds more than {most_saved} MB.").format(path=path, most_saved=MOST_SAVED // 1_000_000)
        raise TooLarge(reason, _("Name the file that was saved."))
    return data


def write_whole(path: Path, write: Callable[[IO[bytes]], Any]) -> None:
    """The whole file or none: it is written beside and then given its name. Ends the program with 2 where that cannot be done."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with part.open("xb") as stream:
            write(stream)
        part.replace(path)
    except OSError as trouble:
        stop(_("{path} cannot be written: {reason}.").format(path=path, reason=trouble.strerror), 2)
    finally:
        with suppress(OSError):
            part.unlink()


def same_file(one: Path, other: Path) -> bool:
    """Whether both are one file, also by another path or a link. What cannot be looked at is compared by its name."""
    try:
        return one.samefile(other)
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)


def chosen(loaded: Loaded, options: dict[str, Any]) -> tuple[Filters, list[str]]:
    """The filter that the options ask for, and what of them the record does not know, which is noted."""
    parameters = {name: options.get(f"p_{name}") for name in PARAMETERS}
    query = {name: [value] if isinstance(value, str) else list(value) for name, value in parameters.items() if value is not None}
    filters, ignored = Filters.from_query(query, loaded.options)
    for parameter in ignored:
        name, _unused, value = parameter.partition("=")
        note(
            _("Ignored --{name} {value}: not in the record, or not understood.").format(name=name.replace("_", "-"), value=value)
        )
    return filters, ignored


def say_table(head: tuple[str, ...] | None, rows, widest: int = 60) -> None:
    """Rows in columns, under a line of names when there are any; only the last column may be wider than `widest`.

    A total is one phrase of up to 120 characters: a table with totals before its last column asks for as many.
    """
    cells = [
        *([head] if head else []),
        *([*(line(cell, widest) for cell in row[:-1]), line(row[-1], 120)] for row in map(tuple, rows)),
    ]
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
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    click.echo(INVISIBLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))


def note(text: str) -> None:
    """A message on stderr, as one line."""
    click.echo(line(text, 2000), err=True)


def stop(message: str, code: int) -> NoReturn:
    """The last message, and the exit code."""
    note(message)
    sys.exit(code)
