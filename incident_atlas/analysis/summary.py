"""Small tidy tables that answer: how many, how sure, when, whom, by whom. All in Narwhals expressions.

Every function takes the visible incidents (columns of `load.Loaded.incidents`) of any engine Narwhals knows and returns
a small pandas frame or a dict; each is a `query.Question`. Unknown is not zero: figures nobody reported are counted, not added.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from incident_atlas.core.formatting import format_total
from incident_atlas.core.schema import split
from incident_atlas.core.vocabulary import ATTRIBUTIONS, NOT_STATED, UNKNOWN
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.query import Plan, Query, Question, Steps, how_many
from incident_atlas.dataset.totals import Headline, Total, by_actor_kind, headline, sums

COLUMNS = (
    "row", "date", "year", "month", "date_precision", "target_type", "perpetrator", "actor_kind", "attribution", "precision_rank", "x", "y",
    "origin", "province", "district", "city", "killed_least", "killed_best", "killed_most", "killed_open", "killed_none",
    "wounded_least", "wounded_best", "wounded_most", "wounded_open", "wounded_none", "killed_counts",
)  # fmt: skip
"""What the functions here read, for `Filters.apply(columns=...)`."""

__all__ = ["Headline", "Total", "by_actor_kind", "headline"]  # of totals.py: callers ask `summary` for every number


_INCIDENTS = {"incidents": nw.len()}


@Question
def by_year(incidents: Any) -> Steps[pd.DataFrame]:
    """Incidents and victims per calendar year, quiet years included.

    A year without attacks is a finding, so it is a row of zeros; a year whose incidents report no figure has a blank,
    because nobody counted. One row per year, ascending: year, incidents, killed_low, killed, killed_high, at_least (some
    incident has no high), without_figure.
    """
    columns = ["year", "incidents", "killed_low", "killed", "killed_high", "at_least", "without_figure"]
    table = yield Query(incidents, sums("killed") | _INCIDENTS, ["year"])
    known = {row.year: row for row in table.itertuples()}
    rows = []
    for year in range(min(known), max(known) + 1) if known else ():
        found = known.get(year)
        if found is None:
            rows.append((year, 0, 0.0, 0.0, 0.0, False, 0))
        else:
            counted = found.killed_none < found.incidents
            figures = (found.killed_least, found.killed_best, found.killed_most) if counted else (np.nan, np.nan, np.nan)
            rows.append((year, found.incidents, *figures, bool(found.killed_open), int(found.killed_none)))
    whole = dict.fromkeys(("year", "incidents", "without_figure"), "int64") | {"at_least": "bool"}
    return pd.DataFrame(rows, columns=columns).astype(whole)


def killed_texts(years: pd.DataFrame) -> list[str]:
    """The dead of each row of `by_year` with their range, as every total is written."""
    return [
        format_total(*(0 if np.isnan(figure) else int(figure) for figure in row[:3]), *row[3:])
        for row in years[["killed_low", "killed", "killed_high", "at_least", "without_figure", "incidents"]].itertuples(
            index=False
        )
    ]


@Question
def by_month(incidents: Any) -> Steps[pd.DataFrame]:
    """Incidents per month, quiet months left out: month (year * 12 + month - 1), incidents.

    Incidents known only to the year are in no month; `without_month` counts them.
    """
    return _by_month((yield Query(known_to_the_month(incidents), _INCIDENTS, ["month"])))


@Question
def victims_by_month(incidents: Any) -> Steps[pd.DataFrame]:
    """Incidents per month as in `by_month`, and for killed and wounded the parts of a total: _least, _best, _most, _open, _none.

    all_counts: incidents whose figures may include attackers.
    """
    return (yield from _victims(known_to_the_month(incidents), "month"))


@Question
def victims_by_year(incidents: Any) -> Steps[pd.DataFrame]:
    """The columns of `victims_by_month` per calendar year (year), quiet years left out."""
    return (yield from _victims(incidents, "year"))


def _victims(incidents: Any, period: str) -> Steps[pd.DataFrame]:
    # What the figures count is a group, because not every engine counts a condition within groups.
    table = yield Query(incidents, _INCIDENTS | sums("killed") | sums("wounded"), [period, "killed_counts"])
    table = table.fillna(dict.fromkeys([*sums("killed"), *sums("wounded")], 0))
    table["all_counts"] = table["incidents"].where(table.pop("killed_counts") == "all", 0)
    return (
        table.groupby(period, as_index=False)
        .sum()
        .astype({"incidents": "int64", "all_counts": "int64"})
        .sort_values(period, ignore_index=True)
    )


def known_to_the_month(incidents: Any) -> Any:
    """The incidents without those known only to the year, as the frame they came from."""
    return nw.from_native(incidents).filter(nw.col("date_precision") != "year").to_native()


def _by_month(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({"incidents": "int64"}).sort_values("month", ignore_index=True)


@Question
def without_month(incidents: Any) -> Steps[int]:
    """Incidents known only to the year, which no month holds."""
    return int((yield Query(incidents, {"n": how_many(nw.col("date_precision") == "year")}))["n"].fillna(0).iloc[0])


@Question
def by_target_type(incidents: Any) -> Steps[pd.DataFrame]:
    """Incidents per target type, most first, Unknown last: target_type, incidents.

    An incident with two types counts once in each, so the bars may add up to more than the total.
    """
    bars: Counter[str] = Counter()
    for cell, n in (yield from _counts(incidents, "target_type")):
        bars.update(dict.fromkeys(split(cell) or [UNKNOWN], n))
    return pd.DataFrame({"target_type": (names := _ranked(bars)), "incidents": [bars[name] for name in names]})


TARGET_COLUMNS = ("target_type", "target_subtype", "target_country")


def target_column(chosen: Filters) -> str | None:
    """The first of `TARGET_COLUMNS` by which a filter chooses; None when it chooses by no target."""
    return next((name for name in TARGET_COLUMNS if getattr(chosen, name)), None)


@Question
def other_targets(incidents: Any, column: str, chosen: tuple[str, ...]) -> Steps[tuple[int, int]]:
    """Of incidents chosen by a column of `TARGET_COLUMNS`, those that also hit another target: how many, and their killed (best).

    No column says at which of several targets people died, so a total may hold dead of other targets.
    """
    return (yield from plan_other_targets(incidents, column, chosen).steps())


def plan_other_targets(incidents: Any, column: str, chosen: tuple[str, ...]) -> Plan[tuple[int, int]]:
    """`other_targets` as a plan."""
    query = Query(incidents, {**_INCIDENTS, "killed": nw.col("killed_best").sum()}, [column])
    return Plan([query], lambda answers: _of_others(answers[0], column, chosen))


def _of_others(table: pd.DataFrame, column: str, chosen: tuple[str, ...]) -> tuple[int, int]:
    others = [bool(set(split(cell)) - set(chosen)) for cell in table[column].astype("str")]
    shared = table[pd.Series(others, index=table.index, dtype=bool)].fillna({"killed": 0})
    return int(shared["incidents"].sum()), int(shared["killed"].sum())


@Question
def by_perpetrator(incidents: Any) -> Steps[pd.DataFrame]:
    """Incidents per suspected perpetrator and attribution: perpetrator, attribution, incidents.

    Perpetrators with most incidents first, Unknown last; attributions from strong to weak, denied apart at the end.
    """
    return (yield from _by_attribution(incidents))


@Question
def by_perpetrator_and_year(incidents: Any) -> Steps[pd.DataFrame]:
    """The bars of `by_perpetrator` split by calendar year: perpetrator, attribution, year, incidents; quiet years left out."""
    return (yield from _by_attribution(incidents, "year"))


def _by_attribution(incidents: Any, *also: str) -> Steps[pd.DataFrame]:
    totals: Counter[str] = Counter()
    found: Counter[tuple] = Counter()
    for cell, attribution, *more, n in (yield from _counts(incidents, "perpetrator", "attribution", *also)):
        for name in split(cell) or [UNKNOWN]:
            totals[name] += n
            found[name, attribution, *more] += n
    place = {name: at for at, name in enumerate([*_ranked(totals), *ATTRIBUTIONS, NOT_STATED])}
    # A file's own words of how sure it is stand behind those of the ladder.
    order = sorted(found, key=lambda key: (place[key[0]], place.get(key[1], len(place)), *key[1:]))
    return pd.DataFrame([(*key, found[key]) for key in order], columns=["perpetrator", "attribution", *also, "incidents"])


AIMED_COLUMNS = ("target_type", "intended_target_type")
"""What `aimed_and_hit` reads, for `Filters.apply(columns=...)`."""


@dataclass(frozen=True)
class AimedAndHit:
    """Who was aimed at against who was hit. differ + as_aimed = incidents.

    pairs: aimed, hit, incidents, for the incidents in which the two are thought to differ (`differ`); those with most
    first, Unknown last. as_aimed: incidents of which nobody says so, which as far as known hit what they were aimed at.
    """

    pairs: pd.DataFrame
    differ: int
    as_aimed: int


@Question
def aimed_and_hit(incidents: Any) -> Steps[AimedAndHit]:
    """Target types aimed at by target types hit (columns `AIMED_COLUMNS`).

    A blank intended type means "not thought to differ", so it stands in no cell of the table, not even on the diagonal.
    An incident with several types counts once under each pair, so the cells may add up to more than `differ`.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    rows: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    same_target = {True: 0, False: 0}
    for hit_cell, aimed_cell, n in (yield from _counts(incidents, "target_type", "intended_target_type")):
        aimed, hit = set(split(aimed_cell)), set(split(hit_cell)) or {UNKNOWN}
        same_target[bool(aimed)] += n
        rows.update(dict.fromkeys(aimed, n))
        columns.update(dict.fromkeys(hit if aimed else (), n))
        pairs.update({(one, other): n for one in aimed for other in hit})
    cells = [(one, other, pairs[one, other]) for one in _ranked(rows) for other in _ranked(columns) if pairs[one, other]]
    return AimedAndHit(pd.DataFrame(cells, columns=["aimed", "hit", "incidents"]), same_target[True], same_target[False])


PLACE_COLUMNS = ("city", "province")


@Question
def by_city_and_province(incidents: Any) -> Steps[pd.DataFrame]:
    """Number of incidents (`n`) per city and province, both '' where they are not known, most first."""
    table = yield Query(incidents, {"n": nw.len()}, PLACE_COLUMNS)
    return table.astype({"n": "int64"}).sort_values(["n", *PLACE_COLUMNS], ascending=[False, True, True], ignore_index=True)


@Question
def by_precision(incidents: Any) -> Steps[Counter[str]]:
    """Incidents by how well their place is known, '' for those without a place."""
    return Counter(dict((yield from _counts(incidents, "geo_precision"))))


@Question
def extent(incidents: Any) -> Steps[tuple[float, float, float, float]]:
    """South, west, north and east end of all that has a place, in degrees; not a number when nothing has one."""
    ends = {f"{end}_{name}": getattr(nw.col(name), end)() for end in ("min", "max") for name in ("latitude", "longitude")}
    return tuple(float(end) for end in (yield Query(incidents, ends)).iloc[0])


def _counts(incidents: Any, *by: str) -> Steps[list[tuple]]:
    table = yield Query(incidents, _INCIDENTS, by)
    return list(zip(*(table[name].tolist() for name in by), table["incidents"].astype("int64").tolist(), strict=True))


def _ranked(bars: Counter[str]) -> list[str]:
    """Names with most incidents first, Unknown last."""
    return sorted(bars, key=lambda name: (name == UNKNOWN, -bars[name], name))


def as_json(incidents: Any) -> dict[str, Any]:
    """Every number of the Map page as plain values: what `python -m incident_atlas summary --json` prints."""
    head = headline(incidents)
    perpetrators = by_perpetrator(incidents)
    return {
        "incidents": head.incidents,
        "placed": head.placed,
        "unplaced": head.unplaced,
        "last": head.last.date().isoformat() if head.last is not None else None,
        "killed": asdict(head.killed),
        "wounded": asdict(head.wounded),
        "by_actor_kind": [
            {
                "actor_kind": list(one.kinds),
                "incidents": one.incidents,
                "killed": asdict(one.killed),
                "wounded": asdict(one.wounded),
            }
            for one in by_actor_kind(incidents)
        ],
        "by_year": {str(year): int(n) for year, n in by_year(incidents)[["year", "incidents"]].itertuples(index=False)},
        "by_target_type": {name: int(n) for name, n in by_target_type(incidents).itertuples(index=False)},
        "by_perpetrator": {
            name: {attribution: int(n) for attribution, n in part[["attribution", "incidents"]].itertuples(index=False)}
            for name, part in perpetrators.groupby("perpetrator", sort=False)
        },
    }
