"""A table of any engine in the columns that questions are asked of: those of the record and what `pipeline.derive` adds.

What the table has is taken as it is; what it lacks is worked out by the engine, in Narwhals expressions, each time it is asked for.
Nothing is looked up, so a row without coordinates stays without a place; `parquet_cache.py` does what is done for files.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import narwhals as nw

from incident_atlas.core import schema as record
from incident_atlas.core import vocabulary
from incident_atlas.core.text import listed
from incident_atlas.dataset.pipeline import SEARCHED
from incident_atlas.dataset.query import month_of
from incident_atlas.dataset.sql.databases import FILE_ROW
from incident_atlas.errors import NotATable
from incident_atlas.geo.geocoding import FROM_SOURCE, NOT_FOUND
from incident_atlas.geo.projection import LIMIT
from incident_atlas.i18n import _
from incident_atlas.importers.mapping import Mapping, applied

_ESSENTIAL = ("incident_id", "date")
_ASSUMED = {
    "date_precision": (vocabulary.DATE_PRECISIONS, "day"),
    "attribution": (vocabulary.ATTRIBUTIONS, vocabulary.NOT_STATED),
    "outcome": (vocabulary.OUTCOMES, "carried out"),
}
"""Terms of which one must stand in every row, and which it is when none does."""
_WHEN_BLANK = {
    **dict.fromkeys(("attack_type", "target_type", "perpetrator"), vocabulary.UNKNOWN),
    "actor_kind": "unknown",
    "country": "Afghanistan",
}
"""What a blank cell of these columns means."""
_DAYS = ("date", "date_end", "added", "revised")


MOST_COUNTED = 1e7
"""A figure from here on is no number of people."""

COLUMNS = (
    *record.NAMES, "province_stated", "precision_stated", "found_by", "found_as", "found_score", "row", "first_day", "last_day",
    "year", "month", "precision_rank", "x", "y", "text", "origin",
    *(f"{kind}_{part}" for kind in ("killed", "wounded") for part in ("least", "best", "most", "none", "open")),
)  # fmt: skip
"""What an engine is asked for."""


def mapped(table: nw.LazyFrame, mapping: Mapping | None, key: str = "") -> nw.LazyFrame:
    """The table with its columns by our names, as the mapping says, and that of its rows' numbers (`derived`).

    Raises `NotATable` when the mapping names a column that is missing.
    """
    if mapping is None:
        return table
    columns = table.collect_schema().names()
    fitting, missing = applied(mapping, columns)
    if missing:
        reason = _("The table has no column {columns}.")
        raise NotATable(
            reason.format(columns=listed([problem.value for problem in missing[:5]])), _("Correct the file of the columns.")
        )
    swapped = {"latitude": "longitude", "longitude": "latitude"} if fitting.swapped else {}
    ours = [nw.col(theirs).alias(swapped.get(name, name)) for name, theirs in fitting.columns]
    named = {swapped.get(name, name) for name, _unused in fitting.columns}
    ours += [nw.lit(value).alias(name) for name, value in fitting.constants if name not in named]
    kept = [nw.col(name) for name in {FILE_ROW, "row", key} if name in columns and name not in named]
    return table.select(*ours, *kept)


def derived(table: nw.LazyFrame, origin: str, key: str = "") -> nw.LazyFrame:
    """The columns of `load.Loaded.incidents` but spot, of the rows that have an id and a date.

    origin: the name of the data set, where the table does not say. key: the column of whole numbers, a different one in every
    row, by which a row is found again; '' for the column row, else the number of the row in a Parquet file, else its place by
    id. Raises `NotATable` when a column without which there is no record is missing, or its dates are text.
    """
    schema = table.collect_schema()
    if absent := [name for name in _ESSENTIAL if name not in schema]:
        reason = _("The table has no column {absent}.").format(absent=listed(absent))
        raise NotATable(reason, _("Name its columns in a file, as docs/large-records.md says."))
    if words := [name for name in _DAYS if name in schema and schema[name] not in (nw.Date, nw.Datetime)]:
        if "date" in words:
            raise NotATable(
                _("The column date of the table holds text."), _("Give it the type of a date, in the table or in a view of it.")
            )
        table = table.drop(*words)
    numeric = [name for name, column in record.BY_NAME.items() if column.kind in ("count", "coordinate") and name in schema]
    if words := [name for name in numeric if not schema[name].is_numeric()]:
        reason = _("{words}: text where numbers should be.").format(words=listed(words))
        raise NotATable(reason, _("Give them the type of a number, in the table or in a view of it."))
    if not set(COLUMNS) <= set(schema):
        # Columns such as x or month mean something else in a table that was not prepared.
        table = table.drop(*(set(schema) & set(COLUMNS) - set(record.NAMES) - {"row", "origin", key}))
    table = _numbered(table, key)
    table = table.with_columns(origin=nw.col("origin").cast(nw.String) if "origin" in schema else nw.lit(origin))
    have = set(table.collect_schema().names())
    steps = (_plain_columns, _low_above_high, _low_above_best, _best_above_high, _points, _ranks, _days, _figures, _rest)
    for step in steps:
        made = [expression.alias(name) for name, expression in step(have)]
        table = table.with_columns(*made) if made else table
        have |= set(table.collect_schema().names())
    kept = table.filter(
        nw.col("date").dt.year().is_between(*vocabulary.YEARS), nw.col("incident_id") != "", ~nw.col("row").is_null()
    )
    return kept.select(*COLUMNS)


def _numbered(table: nw.LazyFrame, key: str) -> nw.LazyFrame:
    columns = table.collect_schema().names()
    if key and key not in columns:
        raise NotATable(_("The table has no column {key}.").format(key=key), _("Correct row= in INCIDENTS_SOURCE."))
    own = key or next((name for name in ("row", FILE_ROW) if name in columns), "")
    if not own:
        return table.with_row_index("row", order_by="incident_id")
    if not table.collect_schema()[own].is_integer():
        raise NotATable(
            _("The column {own} holds no whole numbers.").format(own=own), _("Name another column with row= in INCIDENTS_SOURCE.")
        )
    return table.with_columns(row=nw.col(own).cast(nw.Int64))


def _plain_columns(have: set[str]) -> Iterable[tuple[str, nw.Expr]]:
    days = {name for name in record.NAMES if record.BY_NAME[name].kind == "date"}
    for name, column in record.BY_NAME.items():
        if name in days:
            # A moment of a day is that day, or the last day of a filter would end as it begins.
            yield name, (nw.col(name).cast(nw.Date) if name in have else nw.lit(None, dtype=nw.Date)).cast(nw.Datetime("us"))
        elif name not in have and column.kind in ("count", "coordinate"):
            yield name, nw.lit(None, dtype=nw.Float64)
        elif column.kind == "coordinate":
            yield name, nw.col(name).cast(nw.Float64)
        elif column.kind == "count":
            # Data sets write what nobody knows as -99 or as not a number.
            figure = nw.col(name).cast(nw.Float64)
            known = (figure >= 0) & (figure < MOST_COUNTED)
            yield name, nw.when(known).then(figure.floor().cast(nw.Float64)).otherwise(nw.lit(None, dtype=nw.Float64))
        else:
            yield name, _text(nw.col(name).cast(nw.String).fill_null("") if name in have else nw.lit(""), name)


def _text(cell: nw.Expr, name: str) -> nw.Expr:
    if name in _ASSUMED:
        terms, assumed = _ASSUMED[name]
        return nw.when(cell.is_in(list(terms))).then(cell).otherwise(nw.lit(assumed))
    if name in record.LISTS:
        cell = cell.str.replace_all(r"\s*;\s*", ";").str.strip_chars()
    if name in _WHEN_BLANK:
        return nw.when(cell == "").then(nw.lit(_WHEN_BLANK[name])).otherwise(cell)
    return cell


def _points(have: set[str]) -> Iterable[tuple[str, nw.Expr]]:
    latitude, longitude = nw.col("latitude"), nw.col("longitude")
    there = latitude.is_between(-90, 90) & longitude.is_between(-180, 180)
    for name in ("latitude", "longitude"):
        yield name, nw.when(there).then(nw.col(name)).otherwise(nw.lit(None, dtype=nw.Float64))


def _ranks(have: set[str]) -> Iterable[tuple[str, nw.Expr]]:
    stated, there = nw.col("geo_precision"), ~nw.col("latitude").is_null() & ~nw.col("longitude").is_null()
    # Coordinates without a precision are taken for a city's centre, as those of a file are.
    known = nw.when(stated.is_in(list(vocabulary.GEO_PRECISIONS))).then(stated).otherwise(nw.lit("city"))
    yield "geo_precision", nw.when(there).then(known).otherwise(nw.lit(""))
    if "precision_rank" not in have:
        rank = nw.lit(vocabulary.UNPLACED)
        for name, number in vocabulary.PRECISION_RANK.items():
            rank = nw.when(known == name).then(nw.lit(number)).otherwise(rank)
        yield "precision_rank", nw.when(there).then(rank).otherwise(nw.lit(vocabulary.UNPLACED))
    if "x" not in have:
        # Snyder, Map Projections (1987), equation 7-2, with the sine: not every engine has a tangent.
        sine = (nw.col("latitude").clip(-LIMIT, LIMIT) * (math.pi / 180)).sin()
        yield "x", nw.col("longitude") / 360 + 0.5
        yield "y", 0.5 - ((1 + sine) / (1 - sine)).log() / (4 * math.pi)
    if "found_by" not in have:
        yield "found_by", nw.when(there).then(nw.lit(FROM_SOURCE)).otherwise(nw.lit(NOT_FOUND))
        yield "found_as", nw.lit("")
        yield "found_score", nw.lit(None, dtype=nw.Float64)


def _days(have: set[str]) -> Iterable[tuple[str, nw.Expr]]:
    date, precision = nw.col("date"), nw.col("date_precision")
    if "first_day" not in have:
        yield "first_day", date
        last = date
        spans = {"week": date.dt.offset_by("6d"), "month": _month_end(date, "1mo"), "year": _month_end(date, "1y")}
        for name, until in spans.items():
            last = nw.when((precision == name) & (until > last)).then(until).otherwise(last)
        yield "last_day", last
    if "year" not in have:
        yield "year", date.dt.year()
    if "month" not in have:
        yield "month", month_of(date.dt.year(), date.dt.month())


def _month_end(date: nw.Expr, unit: str) -> nw.Expr:
    return date.dt.truncate(unit).dt.offset_by(unit).dt.offset_by("-1d").cast(nw.Datetime("us"))


def _low_above_high(have: set[str]) -> Iterable[tuple[str, nw.Expr]]:
    """Figures out of order blank each other, in the three steps in which `validation.check` takes those of a file."""
    return _out_of_order(have, "{}_low", "{}_high", ("{}_low", "{}_high"))


def _low_above_best(have: set[str]) -> Iterable[tuple[str, nw.Expr]]:
    return _out_of_order(have, "{}_low", "{}", ("{}_low",))


def _best_above_high(have: set[str]) -> Iterable[tuple[str, nw.Expr]]:
    return _out_of_order(have, "{}", "{}_high", ("{}_high",))


def _out_of_order(have: set[str], lower: str, upper: str, blanked: tuple[str, ...]) -> Iterable[tuple[str, nw.Expr]]:
    for kind in ("killed", "wounded"):
        if f"{kind}_best" not in have:
            wrong = nw.col(lower.format(kind)) > nw.col(upper.format(kind))
            for name in (pattern.format(kind) for pattern in blanked):
                yield name, nw.when(~wrong | wrong.is_null()).then(nw.col(name)).otherwise(nw.lit(None, dtype=nw.Float64))


def _figures(have: set[str]) -> Iterable[tuple[str, nw.Expr]]:
    for kind in ("killed", "wounded"):
        if f"{kind}_best" in have:
            continue
        low, high = nw.col(f"{kind}_low"), nw.col(f"{kind}_high")
        best = nw.coalesce(nw.col(kind), low)
        most = nw.coalesce(high, best)
        yield f"{kind}_least", nw.coalesce(low, best)
        yield f"{kind}_best", best
        yield f"{kind}_most", most
        # Numbers: not every engine adds up truths.
        yield f"{kind}_none", nw.when(most.is_null()).then(nw.lit(1)).otherwise(nw.lit(0))
        yield f"{kind}_open", nw.when(high.is_null()).then(nw.lit(1)).otherwise(nw.lit(0))


def _rest(have: set[str]) -> Iterable[tuple[str, nw.Expr]]:
    if "text" not in have:
        # An engine does not fold the letters of other scripts; words are found as the table writes them.
        yield "text", nw.concat_str(*(nw.col(name) for name in SEARCHED), separator=" ").str.to_lowercase()
    for name in ("province_stated", "precision_stated"):
        if name not in have:
            yield name, nw.lit(name == "province_stated")
    yield from ((name, nw.col(name).cast(nw.Datetime("us"))) for name in ("first_day", "last_day"))
