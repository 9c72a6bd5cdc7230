"""What is written to the disk while something is done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def files_written() -> Iterator[list[str]]:
    """The files that this process opens for writing inside of the context, those of compiled modules apart."""
    found: list[str] = []
    watching = True

    def watch(event: str, args: tuple) -> None:
        if watching and event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
            name = str(args[0])
            if not name.endswith(".pyc") and "__pycache__" not in name:
                found.append(name)

    sys.addaudithook(watch)  # it stays until the process ends, but looks no more
    try:
        yield found
    finally:
        watching = False
