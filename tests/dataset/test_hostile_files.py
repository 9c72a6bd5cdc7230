"""Ten thousand hostile files, and five hundred in `make test`: each is a record whose rows are all accounted for, or a file error, and nothing else.

The examples of a seed are always the same. A failure names the seed and prints the file; another seed looks at other files:
`HOSTILE_SEED=7`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

from incident_atlas.analysis.summary import by_perpetrator, by_target_type, by_year, headline
from incident_atlas.curation.quality.report import as_json, report
from incident_atlas.dataset import load, pipeline
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded, load_bytes
from incident_atlas.errors import FileError, NotATable, Undecided
from incident_atlas.export import tables
from incident_atlas.importers.data_sets import native as atlas
from incident_atlas.importers.files.detect import open_sheet
from incident_atlas.importers.mapping import Mapping
from incident_atlas.maps.clusters import map_cells
from tests.support import hostile_files as files
from tests.support.profile import full_profile

SEED = int(os.environ.get("HOSTILE_SEED", 6))
ALL = 10_000
"""Files that a run on the full profile makes at least, no two of them the same; on the small one it is a twentieth."""

TEXT = st.one_of(*map(files.delimited, files.TABLES.values()))
KINDS = {
    "bytes": (4_350, files.BYTES),
    "broken": (500, files.broken(files.TEXTS)),
    "broken packing": (3_400, files.broken(files.PACKED)),
    "unknown": (700, files.delimited(files.unknown())),
    "own": (250, files.delimited(files.own())),
    "of others": (200, files.delimited(files.of_others())),
    "geojson": (200, files.geojson()),
    "packed": (200, files.packed(TEXT)),
    "parquet": (120, st.one_of(*files.TABLES.values()).map(lambda table: files.as_parquet(*table))),
    "workbook": (80, st.one_of(*files.TABLES.values()).map(lambda table: files.as_workbook(*table))),
}
"""Name to how many different files of it on the full profile, and what makes them."""


def file_count(kind: str) -> int:
    """How many different files of this kind the run makes."""
    return KINDS[kind][0] if full_profile() else -(-KINDS[kind][0] // 20)


def test_ten_thousand_files_are_asked_for_and_five_hundred_of_every_contributor():
    assert sum(map(file_count, KINDS)) >= (ALL if full_profile() else ALL // 20)


@pytest.mark.parametrize("kind", KINDS)
def test_any_file_is_a_record_or_a_file_error(kind, monkeypatch):
    monkeypatch.setattr(atlas, "CHUNK", 3)  # several chunks from a few rows
    for module in (load, pipeline):  # returning memory after each tiny file takes most of the time
        monkeypatch.setattr(module, "give_back", lambda: None)
    number, strategy = file_count(kind), KINDS[kind][1]
    different: set[bytes] = set()

    @seed(SEED)
    @settings(max_examples=number * 3 // 2 + 10, deadline=None, database=None, phases=(Phase.generate, Phase.shrink), print_blob=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(strategy)
    def survives(data):
        note(f"HOSTILE_SEED={SEED}")
        name = hashlib.sha256(data).digest()
        if len(different) >= number or name in different:
            return
        accounted_for(data, chooses=name[0] % 16 == 0)
        # A file that fails is looked at again, to make it shorter.
        different.add(name)

    survives()
    assert len(different) >= number


def accounted_for(data: bytes, chooses: bool) -> None:
    """The file as it is read; where a person would have to say what its columns are, read again as if she had."""
    try:
        loaded = load_bytes(data, "hostile.csv")
    except (Undecided, NotATable) as trouble:
        assert trouble.reason
        try:
            columns = open_sheet(io.BytesIO(data), "hostile.csv").columns
            loaded = load_bytes(
                data, "hostile.csv", mapping=Mapping(tuple(zip(("date", "title", "killed"), columns, strict=False)))
            )
        except FileError as again:
            assert again.reason
            return
    except FileError as trouble:
        assert trouble.reason
        return
    source, incidents = loaded.source, loaded.incidents
    assert source.read == source.kept + source.set_aside and len(incidents) == source.kept
    assert incidents["row"].is_monotonic_increasing and incidents["row"].is_unique
    assert set(loaded.reports["incident_id"]) <= set(incidents["incident_id"])
    assert source.set_aside == 0 or len(loaded.problems)
    if chooses:
        answered(loaded)


def answered(loaded: Loaded) -> None:
    """What the pages and exports ask of a record, whatever is in it."""
    incidents, kept = loaded.incidents, loaded.source.kept
    head = headline(incidents)
    assert head.incidents == kept == head.placed + head.unplaced == by_year(incidents)["incidents"].sum()
    assert map_cells(incidents, 6)["incidents"].sum() == head.placed
    assert (by_target_type(incidents)["incidents"] > 0).all() and (by_perpetrator(incidents)["incidents"] > 0).all()
    assert len(Filters(q="quillon").apply(incidents)) <= kept
    assert json.dumps(as_json(report(loaded)))
    citation = cite(loaded, "All of it.", "http://localhost/", head)
    assert len(json.loads(tables.geojson(incidents, citation))["features"]) == kept
    again = load_bytes(tables.archive(incidents, loaded.reports, citation), "again.zip")
    assert again.source.kept == kept and again.source.set_aside == 0
