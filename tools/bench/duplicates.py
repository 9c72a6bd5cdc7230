"""How well duplicates are found where the truth is known, and how fast beside a merge of pandas: `make bench` prints it.

The truth: the two halves of labelled_pairs.py. The tuning half chose the weights; the held-out half was made before them, tells
other incidents through other compilers, and is what counts. Precision: of the pairs proposed, the share that is one incident.
Recall: of the pairs that are one incident, the share proposed.
"""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from statistics import median
from typing import NamedTuple

from incident_atlas.curation.duplicates.match import propose
from incident_atlas.dataset.load import load
from tools.bench.measure import Row, processor_seconds
from tools.synthetic import records
from tools.synthetic.labelled_pairs import SEEDS, labelled

RUNS = 5
LEAST = 0.9
"""Precision and recall on the held-out half are to be so high."""


class Quality(NamedTuple):
    """Of all draws of a half together: precision, recall, the pairs there were to find, and the share of the incidents of the first
    record without a partner that were given one."""

    precision: float
    recall: float
    pairs: int
    misled: float


def rows(draws: int, seconds: dict[str, float], unrelated: tuple[int, int]) -> list[Row]:
    """What was measured, the figure, its target: lines of the table. draws: sets of each half. seconds: see `speed`."""
    text = []
    for half in SEEDS:
        for crowded in (False, True):
            found = quality(half, crowded, draws)
            what = f"{half} half{', all years in one' if crowded else ''}, {found.pairs:,} pairs: precision and recall"
            target = f"at least {LEAST} each" if half == "held-out" else ""
            text.append((f"duplicates, {what}", f"{found.precision:.3f} and {found.recall:.3f}", target))
            text.append(("of the incidents without a partner, proposed with one", f"{found.misled:.1%}".replace("%", " %"), ""))
    few, many = unrelated
    text += [
        (f"the same between {few:,} and {many:,} unrelated invented incidents: proposed", f"{seconds['proposed']:,.0f}", ""),
        ("the same / one pandas merge of both on date", f"{seconds['propose'] / seconds['merge']:.1f} times", "under 200 times"),
        ("the same, seconds of processor", f"{seconds['propose']:.2f}", ""),
        ("the same, memory at its peak beside both records", f"{seconds['memory']:,.0f} MB", ""),
    ]
    return text


def quality(half: str, crowded: bool = False, draws: int | None = None) -> Quality:
    """How well the pairs of a half are found, in its first draws or in all of them."""
    right = proposed = true = alone = misled = 0
    for seed in SEEDS[half][:draws]:
        drawn = labelled(half, seed, crowded)
        found = propose(drawn.left.incidents, drawn.right.incidents)
        pairs = set(zip(found["left_id"], found["right_id"], strict=True))
        with_partner = {one for one, _ in drawn.pairs}
        right, proposed, true = right + len(pairs & drawn.pairs), proposed + len(pairs), true + len(drawn.pairs)
        alone += len(drawn.left.incidents) - len(with_partner)
        misled += sum(one not in with_partner for one, _ in pairs)
    return Quality(right / max(proposed, 1), right / true, true, misled / alone)


def written(folder: Path, few: int, many: int, seed: int) -> tuple[Path, Path]:
    """Two files of unrelated invented incidents."""
    folder.mkdir(exist_ok=True)
    paths = folder / f"synthetic-{few}-{seed + 1}.csv", folder / f"synthetic-{many}-{seed + 2}.csv"
    for path, size, other in zip(paths, (few, many), (seed + 1, seed + 2), strict=True):
        records.write(path, size, other)
    return paths


def speed(left: str, right: str) -> dict[str, float]:
    """Seconds of processor for duplicates and for one merge on date, in turn; megabytes at most beside both records; pairs proposed."""
    one, other = load(left).incidents, load(right).incidents
    tracemalloc.start()
    found = propose(one, other)
    memory = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    times: dict[str, list[float]] = {"merge": [], "propose": []}
    for _ in range(RUNS):
        times["merge"].append(processor_seconds(lambda: one.merge(other, on="date")))
        times["propose"].append(processor_seconds(lambda: propose(one, other)))
    return {name: median(each) for name, each in times.items()} | {"memory": memory, "proposed": len(found)}
