"""A file that is read in a process of its own gives what it gives in this one, and can end that process only."""

from __future__ import annotations

import io
import threading
from functools import partial

import pytest

from incident_atlas.dataset.load import load_bytes
from incident_atlas.errors import FileError, TooLarge
from incident_atlas.importers.files import reader_process
from incident_atlas.importers.files.reader_process import ReaderPool, ReaderProcess
from tests.support.profile import with_nightly
from tests.support.tiny import text
from tools.synthetic import files

SMALL = text({})


@pytest.fixture(scope="module")
def pool():
    return ReaderPool()


def outcome(data: bytes, name: str, **how) -> object:
    """What becomes of a file: its tables, or what is said of it."""
    try:
        loaded = load_bytes(data, name, **how)
    except FileError as trouble:
        return type(trouble), str(trouble)
    tables = (loaded.incidents, loaded.problems, loaded.reports, *loaded.extras.values())
    return loaded.source, [table.to_csv() for table in tables]


@pytest.mark.parametrize("name", [*files.usual(files.rows(2))])
def test_a_usual_file_is_the_same_record(pool, name):
    data = files.usual(files.rows(300))[name]
    assert outcome(data, name, open_sheet=pool.sheet) == outcome(data, name)


SLOW = ("quotes.csv", "separators.csv.gz")


@pytest.mark.parametrize("name", with_nightly([*files.hostile()][::5], SLOW))
def test_a_hostile_file_is_refused_in_the_same_words(pool, name):
    data = files.hostile()[name]()
    assert outcome(data, name, open_sheet=pool.sheet) == outcome(data, name)


def test_a_sheet_can_be_sampled_and_then_read_from_its_beginning(pool):
    with pool.sheet(b"a,b\n1,2\n3,4,5\n6,7\n", "x.csv") as sheet:
        assert sheet.sample(1)["a"].tolist() == ["1"]
        for _ in range(2):
            assert [row for frame in sheet.chunks(["b"], 2) for row in frame["b"]] == ["2", "4", "7"]
            assert [note.code for note in sheet.notes] == ["cells_and_columns"]


def test_a_file_that_needs_too_much_memory_ends_its_own_process_only():
    few = ReaderPool(partial(ReaderProcess, memory=500_000_000))
    large = b"a,b\n" + (b"long text " * 25 + b",2020-01-01\n") * 1_000_000
    with pytest.raises(TooLarge, match="more memory or time"):
        with few.sheet(large, "x.csv") as sheet:
            assert not list(sheet.chunks(size=1_000_000))
    assert load_bytes(SMALL.encode(), "x.csv", open_sheet=few.sheet).source.kept == 1


def test_a_file_that_takes_too_long_ends_its_own_process_only():
    hasty = iter([partial(ReaderProcess, seconds=0.01), ReaderProcess])
    pool = ReaderPool(lambda: next(hasty)())
    with pytest.raises(TooLarge, match="more memory or time"):
        load_bytes(SMALL.encode(), "x.csv", open_sheet=pool.sheet)
    assert load_bytes(SMALL.encode(), "x.csv", open_sheet=pool.sheet).source.kept == 1


def test_a_process_that_dies_between_two_files_is_replaced(monkeypatch):
    started = []
    pool = ReaderPool(lambda: started.append(ReaderProcess()) or started[-1])
    for _ in range(2):
        with pool.sheet(SMALL.encode(), "x.csv") as sheet:
            assert len(next(sheet.chunks())) == 1
    assert len(started) == 1
    started[0].end()
    with pool.sheet(SMALL.encode(), "x.csv") as sheet:
        assert len(next(sheet.chunks())) == 1
    assert len(started) == 2


def test_warming_waits_for_nobody_and_loses_no_process():
    pool = ReaderPool()
    with pool.sheet(SMALL.encode(), "x.csv"), pool.sheet(SMALL.encode(), "y.csv"):
        ahead = threading.Thread(target=pool.warm, daemon=True)
        ahead.start()
        ahead.join(timeout=20)
        assert not ahead.is_alive()

    def none_left():
        raise OSError("no memory for another process")

    broken = ReaderPool(none_left)
    for _ in range(reader_process.MOST_PROCESSES + 1):
        broken.warm()
    with pytest.raises(OSError, match="no memory"), broken.sheet(SMALL.encode(), "x.csv"):
        pass


def test_a_process_that_does_not_answer_at_the_end_of_a_file_is_replaced():
    started = []
    pool = ReaderPool(lambda: started.append(ReaderProcess()) or started[-1])
    for _ in range(reader_process.MOST_PROCESSES + 1):
        with pool.sheet(SMALL.encode(), "x.csv") as sheet:
            assert len(next(sheet.chunks())) == 1
            started[-1]._process.stdin.close()
    assert len(started) == reader_process.MOST_PROCESSES + 1


@pytest.mark.parametrize(
    ("setting", "memory", "expected"), [("", 690e6, False), ("", 8e9, True), ("on", 690e6, True), ("off", 8e9, False)]
)
def test_it_is_off_where_memory_is_short(monkeypatch, setting, memory, expected):
    monkeypatch.setenv(reader_process.SETTING, setting)
    monkeypatch.setattr(reader_process, "_memory", lambda: memory)
    assert reader_process.is_enabled() == expected


def test_an_answer_that_breaks_off_is_an_end():
    for cut in (b"", b'{"bytes": 5}\nabc'):
        with pytest.raises(EOFError):
            reader_process._receive(io.BytesIO(cut))
