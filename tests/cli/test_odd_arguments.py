"""Every command, called with odd text in every argument and option that it has: it ends with 0, 1 or 2 and says why, in a line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from incident_atlas.cli.main import cli
from tests.support.profile import full_profile
from tests.support.tiny import text

pytestmark = pytest.mark.nightly

ROOT = Path(__file__).parents[2]
LONGEST = 2_300
"""Characters of a line on stderr: what is said of text is cut."""

USUAL = {
    "FILE": "mine.csv",
    "LEFT": "mine.csv",
    "RIGHT": "mine.csv",
    "OLD": "mine.csv",
    "NEW": "mine.csv",
    "NAME...": "Kabul",
    "OUT": "out.csv",
    "LAT,LON": "34.53,69.17",
} | {
    "--first": "2021-01-01:2021-06-30",
    "--second": "2022-01-01:2022-06-30",
    "--at": "34.53,69.17",
    "--output": "out.csv",
}
"""What a command needs to be given, by the option or the name of the argument, so that it has an answer."""

NEEDED = {"nearby": "--at"}
"""Options without which a command has no answer, though click does not ask for them."""

WORDS = {
    "nothing": "",
    "a blank": " ",
    "a byte that is no UTF-8": "\udcff",
    "such a byte among others": "a\udc80b",
    "NUL": "a\0b",
    "control characters": "\x1b[31m\r\n\t\x07",
    "direction marks": "\u202eabc\u2066",
    "very long": "9" * 100_000,
    "signs of other languages": "a'b\"c[*?",
    "an option": "--json",
    "no number": "nan",
    "a number beyond all": "1e999",
    "another script": "کابل \U0001f4a5",
}
PLACES = {
    "this folder": ".",
    "the folder above": "..",
    "the root": "/",
    "a folder": "folder",
    "a folder named like a file": "folder.csv",
    "what is in no folder": "nowhere/x.csv",
    "what is in a file": "mine.csv/x.csv",
    "the null device": "null",
    "a full device": "full",
    "an endless device": "zero",
    "a link to itself": "loop.csv",
    "a file of nothing": "empty.csv",
}
ODD = WORDS | PLACES


@pytest.fixture(scope="module")
def work_folder(tmp_path_factory):
    """A working folder with a small record and what is no file beside it. Devices are links: an output may take the place of one."""
    folder = tmp_path_factory.mktemp("odd")
    before = Path.cwd()
    os.chdir(folder)
    for name in ("folder", "folder.csv"):
        Path(name).mkdir()
    for device in ("null", "full", "zero"):
        Path(device).symlink_to(f"/dev/{device}")
    Path("loop.csv").symlink_to("loop.csv")
    Path("empty.csv").touch()
    yield folder
    os.chdir(before)


@pytest.fixture(autouse=True)
def alone(work_folder, monkeypatch):
    """The record as it was, nothing written before, nobody asked."""
    Path("mine.csv").write_text(text({}, {"city": "Herat"}, {"date": "2022-03-01"}), encoding="utf-8")
    for path in work_folder.glob("out*"):
        path.unlink()
    monkeypatch.setenv("INCIDENTS_OFFLINE", "1")


def called(parameter: click.Parameter) -> str:
    """The long option, or the name of the argument."""
    return max(parameter.opts, key=len) if isinstance(parameter, click.Option) else parameter.human_readable_name


WRITTEN = {"brief": "out.pdf"}
"""What a command writes that takes no CSV."""


def usual(command: click.Command, name: str, but: click.Parameter | None = None) -> list[str]:
    """The arguments with which a command has an answer, without one of its parameters."""
    line = []
    for parameter in command.params:
        if parameter is not but and (parameter.required or NEEDED.get(name) == called(parameter)):
            values = WRITTEN.get(name) if called(parameter) == "--output" else None
            line += [*([called(parameter)] if isinstance(parameter, click.Option) else []), values or USUAL[called(parameter)]]
    return line


def with_odd(command: click.Command, name: str, parameter: click.Parameter, odd: str) -> list[str]:
    """The same with odd text in one parameter; an option and its text are one word, so that no text is taken for an option."""
    rest = usual(command, name, parameter)
    if isinstance(parameter, click.Option):
        return [name, *rest, f"{called(parameter)}={odd}"]
    before = [one for one in command.params if isinstance(one, click.Argument)].index(parameter)
    arguments = [USUAL[called(one)] for one in command.params if isinstance(one, click.Argument)][:before]
    options = [word for word in rest if word not in arguments] if before else rest
    return [name, *options, "--", *arguments, odd]


def takes_text(parameter: click.Parameter) -> bool:
    return not (isinstance(parameter, click.Option) and parameter.is_flag)


CASES = [
    pytest.param(name, called(parameter), id=f"{name} {called(parameter)}")
    for name, command in cli.commands.items()
    for parameter in command.params
    if takes_text(parameter)
]


def sound(result: Result, case: object) -> None:
    """It ended by itself, with a documented code, and whatever is said on stderr is short and readable."""
    assert result.exception is None or isinstance(result.exception, SystemExit), (case, repr(result.exception)[:500])
    assert result.exit_code in (0, 1, 2), (case, result.exit_code)
    message = [line for line in result.stderr.splitlines() if line.strip()]
    assert all(len(line) <= LONGEST for line in message), case
    assert not set("\x1b\x07\r\0\u202e\u2066") & set(result.stderr), case
    if result.exit_code == 2:
        # Of a call that click refuses, the way to call it stands before the reason.
        reason = [line for line in message if not line.startswith(("Usage: ", "Try "))]
        assert len(reason) == 1 and len(reason[0]) > 10, (case, message)


def test_there_are_commands_and_each_has_an_answer_to_its_usual_call():
    assert len(cli.commands) >= 9 and len(CASES) >= 60
    for name, command in cli.commands.items():
        result = CliRunner().invoke(cli, [name, *usual(command, name)])
        assert result.exit_code in (0, 1) and result.stdout, (name, result.output)


@pytest.mark.parametrize(("name", "parameter"), CASES)
def test_odd_text_ends_in_an_answer_or_in_a_line(name, parameter):
    command = cli.commands[name]
    [of] = [one for one in command.params if called(one) == parameter]
    texts = list((ODD if isinstance(of.type, click.Path) else WORDS).items())
    if not full_profile():  # every third, others for the next parameter; of a brief, whose page is drawn each time, every ninth
        step = 9 if name == "brief" else 3
        texts = texts[[list(case.values) for case in CASES].index([name, parameter]) % step :: step]
    for words, odd in texts:
        sound(CliRunner().invoke(cli, with_odd(command, name, of, odd)), (name, parameter, words))


@pytest.mark.parametrize("odd", [f"{odd}.parquet" for odd in ODD.values()] + list(ODD.values()))
def test_an_output_is_a_file_or_is_refused_and_no_device_is_replaced(work_folder, odd):
    result = CliRunner().invoke(cli, ["convert", "mine.csv", "-o", odd])
    sound(result, odd)
    for device in ("null", "full", "zero"):
        assert Path(device).is_symlink()
    written = os.path.lexists(odd) if "\0" not in odd and len(odd) < 1000 else False
    assert result.exit_code == 2 or (written and Path(odd).is_file())
    assert not [path.name for path in work_folder.iterdir() if path.name.startswith(".") and str(os.getpid()) in path.name]


@pytest.mark.parametrize("odd", WORDS.values(), ids=WORDS)
def test_an_odd_command_or_option_is_refused_in_a_line(odd):
    for line in ([odd], [f"--{odd}"], ["check", "mine.csv", f"--x{odd}"], ["check", "mine.csv", odd, odd]):
        sound(CliRunner().invoke(cli, line), line)


def program(*arguments: str | bytes, stdout=subprocess.PIPE) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "incident_atlas", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=120,
    )


def test_bytes_that_are_no_text_are_refused_by_the_program_itself_but_not_in_the_name_of_a_file():
    ended = program("nearby", "mine.csv", "--site", b"\xff")
    assert ended.returncode == 2 and b"--site" in ended.stderr and b"not text in UTF-8" in ended.stderr
    Path(os.fsdecode(b"\xff.csv")).write_bytes(Path("mine.csv").read_bytes())
    assert program("check", b"\xff.csv").returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="there is no such device")
@pytest.mark.parametrize("arguments", [("check", "mine.csv"), ("check", "mine.csv", "--json"), ("--help",)])
def test_an_answer_that_cannot_be_written_is_told(arguments):
    with Path("full").open("wb") as full:
        ended = program(*arguments, stdout=full)
    assert ended.returncode == 2
    assert ended.stderr.decode().splitlines() == ["The answer cannot be written: No space left on device."]
