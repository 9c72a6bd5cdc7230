"""Uploads read in a process of their own, with limited memory and time: whatever a parser does, the server goes on.

The process does what `detect.open_sheet` does and nothing else. It is started ahead of the first upload and kept between
uploads, because starting takes a second and a half. Files go to it and tables come back through pipes, never over the disk.
The answers are JSON and Arrow IPC: a reader process that a file has taken over can send wrong text, but no code.

The protocol: the server asks `open`, `frames` or `next`, one request at a time, each answered by one message. A message is a
line of JSON with the length of the bytes that follow it.
"""

from __future__ import annotations

import io
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa

from incident_atlas import errors
from incident_atlas.errors import FileError, Problem, TooLarge
from incident_atlas.i18n import _
from incident_atlas.importers.files.base import Sheet, Worksheet
from incident_atlas.importers.files.detect import open_sheet

SETTING = "INCIDENTS_READER_PROCESS"
"""The environment variable that switches reader processes on or off, against what the memory of the machine suggests."""

LEAST_MEMORY = 1_000_000_000  # bytes: an idle reader process holds some 180 MB
MOST_MEMORY = 4_000_000_000  # bytes of data that a reader process may hold; the largest file that is read needs some 3 GB
MOST_SECONDS = 120  # for one answer; the largest file that is read sends its first rows within 20
MOST_PROCESSES = 2
"""So many uploads are read at the same time; the next one waits."""

_ROOT = Path(__file__).parents[3]


class ReaderProcess:
    """One reader process. memory: bytes of data that it may hold. seconds: for one answer.

    Its methods raise `FileError` for a bad file, and `TooLarge` when the process had to be ended.
    """

    def __init__(self, memory: int = MOST_MEMORY, seconds: float = MOST_SECONDS) -> None:
        command = [sys.executable, "-m", __name__, str(memory)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, cwd=_ROOT, **pipes)
        self._seconds = seconds

    @property
    def alive(self) -> bool:
        """Whether it can take another request."""
        return self._process.poll() is None

    def ask(self, request: dict[str, Any], data: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """The answer to a request, and the bytes with it. A process that is silent for too long is ended."""
        watch = threading.Timer(self._seconds, self.end)
        watch.daemon = True
        watch.start()
        try:
            _send(self._process.stdin, request, data)
            answer, more = _receive(self._process.stdout)
        except (OSError, EOFError, ValueError) as trouble:
            self.end()
            reason = _("The file needs more memory or time to read than one file may take.")
            raise TooLarge(reason, _("Leave out years, countries or columns that you do not need, and try again.")) from trouble
        finally:
            watch.cancel()
        if fault := answer.get("fault"):
            family = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, FileError)}
            raise family.get(fault["kind"], FileError)(fault["reason"], fault["advice"])
        return answer, more

    def end(self) -> None:
        """Stop it at once."""
        self._process.kill()
        self._process.wait()


class RemoteSheet(Sheet):
    """A `Sheet` that a reader process holds open."""

    def __init__(self, process: ReaderProcess, data: bytes, name: str, worksheet: str = "") -> None:
        self._process = process
        answer, reports = process.ask({"do": "open", "name": name, "worksheet": worksheet}, data)
        super().__init__(answer["name"])
        self.kind, self.encoding, self.columns = answer["kind"], answer["encoding"], tuple(answer["columns"])
        self.worksheets = tuple(Worksheet(str(title), int(rows)) for title, rows in answer["worksheets"])
        self.worksheet = answer["worksheet"]
        self.reports = io.BytesIO(reports) if answer["reports"] else None
        self._part = 0.0
        self._take_notes(answer)

    def part(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return self._part

    def _frames(self, columns: tuple[str, ...], size: int) -> Iterator[pd.DataFrame]:
        self._process.ask({"do": "frames", "columns": list(columns), "size": size})
        while True:
            answer, table = self._process.ask({"do": "next"})
            self._take_notes(answer)
            self._part = answer["part"]
            if not table:
                return
            frame = pa.ipc.open_stream(table).read_all()
            rows = pd.Index(frame.column(0).to_numpy(), name="row")
            cells = frame.select(range(1, frame.num_columns)).to_pandas()
            yield cells.set_axis(rows).set_axis(list(columns), axis=1).astype("str")

    def _note_direction_signs(self, frame: pd.DataFrame) -> None:
        """Nothing: the reader process has noted them."""

    def _take_notes(self, answer: dict[str, Any]) -> None:
        self.notes.extend(Problem(*note) for note in answer["notes"])


class ReaderPool:
    """The reader processes of this server, at most `MOST_PROCESSES`, each used for one file at a time.

    start: what starts one.
    """

    def __init__(self, start: Callable[[], ReaderProcess] = ReaderProcess) -> None:
        self._start = start
        self._free: queue.LifoQueue[ReaderProcess | None] = queue.LifoQueue()
        for _unused in range(MOST_PROCESSES):
            self._free.put(None)

    def warm(self) -> None:
        """Start one process ahead of the first upload, and return at once."""
        try:
            process = self._free.get_nowait()
        except queue.Empty:
            return  # all are in use
        try:
            # Where none can be started, the first file has to say so.
            with suppress(OSError):
                process = process or self._start()
        finally:
            self._free.put(process)

    @contextmanager
    def sheet(self, data: bytes, name: str, worksheet: str = "") -> Iterator[Sheet]:
        """The table in a file, open as long as the context; raises `FileError`."""
        process = self._free.get()
        try:
            if process is None or not process.alive:
                process = self._start()
            yield RemoteSheet(process, data, name, worksheet)
        finally:
            if process is not None and process.alive:
                # What it read of this file is let go before the next one comes. One that does not answer has been ended.
                with suppress(FileError):
                    process.ask({"do": "close"})
            self._free.put(process if process is not None and process.alive else None)


def is_enabled() -> bool:
    """Whether uploads are read in processes of their own: as `SETTING` says, else where there is memory for them."""
    setting = os.environ.get(SETTING, "").strip().casefold()
    if setting in ("on", "off"):
        return setting == "on"
    return os.name == "posix" and _memory() >= LEAST_MEMORY


def _memory() -> int:
    """Bytes that this process may use: those of its control group, where one limits it, else of the machine."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            limits.append(int(Path(path).read_text()))
        except (OSError, ValueError):
            continue
    return min(limits)


def _send(stream: BinaryIO, message: dict[str, Any], data: bytes) -> None:
    stream.write(json.dumps(message | {"bytes": len(data)}).encode() + b"\n")
    stream.write(data)
    stream.flush()


def _receive(stream: BinaryIO) -> tuple[dict[str, Any], bytes]:
    line = stream.readline()
    if not line:
        raise EOFError
    message = json.loads(line)
    data = stream.read(message["bytes"])
    if len(data) < message["bytes"]:
        raise EOFError
    return message, data


class _Reader:
    """What the reader process holds: the open sheet, and the frames that are being read of it."""

    def __init__(self) -> None:
        self.close({}, b"")

    def close(self, _request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
        self._sheet: Sheet | None = None
        self._frames: Iterator[pd.DataFrame] = iter(())
        self._notes_at_open = self._notes_sent = 0
        return {}, b""

    def open(self, request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        self.close(request, data)
        self._sheet = sheet = open_sheet(io.BytesIO(data), request["name"], request["worksheet"])
        reports = sheet.reports.read() if sheet.reports else b""
        about = {"name": sheet.name, "kind": sheet.kind, "encoding": sheet.encoding, "columns": sheet.columns}
        about |= {"worksheets": sheet.worksheets, "worksheet": sheet.worksheet}
        about |= {"reports": sheet.reports is not None, "notes": self._new_notes()}
        self._notes_at_open = self._notes_sent
        return about, reports

    def frames(self, request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
        self._frames = self._sheet.chunks(request["columns"], request["size"])
        # A sheet that is read again finds the faults of its rows again.
        self._notes_sent = self._notes_at_open
        return {}, b""

    def next(self, _request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
        frame = next(self._frames, None)
        answer = {"part": self._sheet.part(), "notes": self._new_notes()}
        if frame is None:
            return answer, b""
        # Columns are sent by their place, because Arrow needs no names and the file's own may be anything.
        columns = [pa.array(frame.index.to_numpy()), *(pa.array(frame.iloc[:, i]) for i in range(frame.shape[1]))]
        table = pa.table(columns, names=[str(i) for i in range(len(columns))])
        sink = io.BytesIO()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        return answer, sink.getvalue()

    def _new_notes(self) -> list[Problem]:
        new = self._sheet.notes[self._notes_sent :]
        self._notes_sent += len(new)
        return new


def main() -> None:
    """Answer requests until the server closes the pipe."""
    import resource

    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    reader, requests, answers = _Reader(), sys.stdin.buffer, sys.stdout.buffer
    # A library that prints must not write between two answers.
    sys.stdout = sys.stderr
    while True:
        try:
            request, data = _receive(requests)
        except EOFError:
            return
        try:
            answer, more = getattr(reader, request["do"])(request, data)
        except FileError as fault:
            answer, more = {"fault": {"kind": type(fault).__name__, "reason": fault.reason, "advice": fault.advice}}, b""
        _send(answers, answer, more)


if __name__ == "__main__":
    main()
