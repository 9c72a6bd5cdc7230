"""A folder of data all of whose text is out to harm: the record, its reports, and every small table around it."""

from __future__ import annotations

import csv
import importlib
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import incident_atlas
from incident_atlas.analysis import summary
from incident_atlas.core.reference_data import DATA
from incident_atlas.core.schema import COLUMNS, REPORT_NAMES
from incident_atlas.core.text import plain
from incident_atlas.dataset.citation import Citation, cite
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import describe
from incident_atlas.dataset.load import Loaded, load
from tests.support.hostile import ELSEWHERE, PROBES, probe_text
from tests.support.tiny import PLAIN

OPEN = tuple(
    one.name
    for one in COLUMNS
    if one.name != "perpetrator" and (one.kind in ("id", "text") or (one.kind == "terms" and not one.terms))
)
"""Columns whose cells may hold any words; a perpetrator is a name of the table beside, which is hostile here too."""

OURS = "colour", "shape"
"""Columns of the file that are none of ours; their names are texts of other people as well."""

# A table around the record: columns that must hold what they are made for, lest the row is never shown.
NEEDED = {
    "sites.csv": {"latitude": "34.53", "longitude": "69.17", "geo_precision": "street", "city": "Kabul"},
    "milestones.csv": {"date": "2019-01-01"},
    "coverage.csv": {"from": "2019-03-01", "to": "2020-06-01", "collected_until": "2020-06-01"},
    "publishers.csv": {},
    "CHANGES.csv": {},
    "perpetrators.csv": {},
    "claims.csv": {"page": "app.py", "query": "target_type=Police", "test": "rarer than", "value": "1 a year", "against": ""},
}
OWN = DATA
"""The tables of the project itself."""

MADE_OTHERWISE = {"incidents.csv", "reports.csv", "gazetteer.csv", "foreign_names.csv"}


def tables() -> dict[str, tuple[str, ...]]:
    """Every small table of data/, and its columns: a new one is hostile too."""
    found = {}
    for path in sorted(DATA.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            found[path.name] = tuple(next(csv.reader(stream)))
    return {name: columns for name, columns in found.items() if name not in MADE_OTHERWISE}


def cell(field: str, n: int, probes: tuple[str, ...] = PROBES) -> str:
    """The probe of that number as one term of that field: what stands after a ";" would be another."""
    return probe_text(field, n, probes).replace(";", " ")


def incidents(probes: tuple[str, ...]) -> list[dict[str, str]]:
    """Of each probe a row that holds it wherever any words may stand, one with it in every other cell, one that is set aside."""
    rows = []
    for n in range(len(probes)):
        point = {"latitude": f"{33 + n / 5:.2f}", "longitude": f"{64 + n / 5:.2f}", "geo_precision": "exact"}
        dates = {"date": f"{2018 + n % 3}-01-{1 + n:02}", "killed": str(n)}
        names = {"perpetrator": _name(probe_text("perpetrators_name", n, probes))}
        texts = {name: cell(name, n, probes) for name in OPEN} | names
        extra = {probe_text(name, n, probes): probe_text(f"{name}cell", n, probes) for name in OURS}
        rows.append(PLAIN | point | dates | texts | extra | {"country": "Afghanistan"})
        kept = {"incident_id": f"K-{n}", "date": "2019-05-05", "title": f"Kept {n}"}
        rows.append({one.name: probe_text(f"faulty_{one.name}", n, probes) for one in COLUMNS} | kept)
        rows.append(PLAIN | {"incident_id": probe_text("aside_id", n, probes), "date": probe_text("aside_date", n, probes)})
    return rows


def reports(rows: list[dict[str, str]], probes: tuple[str, ...]) -> list[dict[str, str]]:
    """A report of every hostile incident; one of no incident at all."""
    addresses = (f"javascript:window.probed=1//{ELSEWHERE}", f"http://{ELSEWHERE}/x\"'><img src=x>", "data:text/html,x")
    found = []
    for n, row in enumerate(rows[::3]):
        texts = {name: probe_text(f"report_{name}", n, probes) for name in REPORT_NAMES}
        address = addresses[n % 3] if probes is PROBES else f"http://{ELSEWHERE}/"
        # The record reads the id stripped and without what made a formula of it, and so must its report be.
        found.append(
            texts
            | {
                "incident_id": row["incident_id"],
                "publisher": cell("publishers_publisher", n, probes),
                "url": address,
                "archive_url": address,
            }
        )
    return [*found, {name: probe_text(f"lost_{name}", 0, probes) for name in REPORT_NAMES}]


def write(folder: Path, probes: tuple[str, ...] = PROBES) -> Path:
    """The folder with all of it, as data/ is; gives the path of the record."""
    for path in DATA.iterdir():
        if path.name not in {*tables(), "incidents.csv", "reports.csv"}:
            (folder / path.name).symlink_to(path)
    rows = incidents(probes)
    _write(folder / "incidents.csv", rows)
    _write(folder / "reports.csv", reports(rows, probes))
    for name, columns in tables().items():
        stem = Path(name).stem
        hostile = [{column: cell(f"{stem}_{column}", n, probes) for column in columns} | NEEDED[name] for n in range(len(probes))]
        if name == "perpetrators.csv":
            hostile = [row | {"name": _name(row["name"])} for row in hostile]
        _write(folder / name, hostile)
    return folder / "incidents.csv"


def _name(text: str) -> str:
    """A name as a cell of a record holds it, so that it is found in the table of perpetrators: one term on one line."""
    return " ".join(plain(text, 200).replace(";", " ").split())


def _write(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    rows = list(rows)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


_at = [OWN]


def use(folder: Path) -> None:
    """From here on this process takes the small tables from that folder: whatever it read of others is forgotten."""
    for one in pkgutil.walk_packages(incident_atlas.__path__, "incident_atlas."):
        if not one.name.endswith("__main__"):
            importlib.import_module(one.name)
    for name, module in list(sys.modules.items()):
        if not name.startswith("incident_atlas"):
            continue
        for key, value in list(vars(module).items()):
            if isinstance(value, Path) and value.is_relative_to(_at[0]):
                setattr(module, key, folder / value.relative_to(_at[0]))
            elif callable(getattr(value, "cache_clear", None)):
                value.cache_clear()
    _at[0] = folder


@dataclass
class World:
    """A hostile project that is in use, or the same one without harm: its probes, its record, a folder to write to."""

    probes: tuple[str, ...]
    record: Path
    out: Path

    def __post_init__(self) -> None:
        self.loaded: Loaded = load(self.record)
        self.head = summary.headline(self.loaded.incidents)

    def texts(self, name: str) -> list[str]:
        """Every probe as the text of that field."""
        return [probe_text(name, n, self.probes) for n in range(len(self.probes))]

    def citations(self) -> Iterator[Citation]:
        """A citation for each probe, which is in the sentence of its filter and in its link."""
        for city, q, link in zip(self.texts("city"), self.texts("q"), self.texts("link"), strict=True):
            sentence = describe(Filters(city=(city,), q=q), self.head, None, None)
            yield cite(self.loaded, sentence, f"http://localhost/?{urlencode({'q': link})}", self.head)
