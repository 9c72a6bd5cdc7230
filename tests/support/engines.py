"""One record in several engines, and everything that can be asked of it: a table of questions whose answers must be the same.

`answers` gives them as plain values; what is a whole number to its last digit.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import incident_atlas
from incident_atlas.analysis import change_points, neighbours, panels, summary
from incident_atlas.charts import timeline_segments
from incident_atlas.core.schema import BY_NAME, NAMES, split
from incident_atlas.dataset import areas, filters, paging, selection, totals
from incident_atlas.dataset.circle import parse_circle
from incident_atlas.dataset.companion_tables import Moment
from incident_atlas.dataset.filters import TERMS, Filters
from incident_atlas.dataset.load import RECORD, Loaded, load
from incident_atlas.dataset.query import Question, Steps, answer_all
from incident_atlas.dataset.sql.lazy_dataset import _span, _terms
from incident_atlas.maps import clusters, heat_layer, small_multiples
from tools.synthetic import records as synthetic

AFGHANISTAN = (29.0, 60.0, 39.0, 75.0)
KABUL = (34.3, 68.9, 34.8, 69.5)
NEAR = 1.1e-4
"""Degrees: the heat layer rounds to four digits, and what is half way may go either way."""
_ENDS = pd.Timestamp(2001, 1, 1), pd.Timestamp(2026, 12, 31)
_ATTACK = pd.Series(
    {
        "latitude": 34.53,
        "longitude": 69.17,
        "first_day": pd.Timestamp(2018, 1, 1),
        "last_day": pd.Timestamp(2018, 1, 31),
        "date_end": pd.NaT,
    }
)


@Question
def _marks_in_a_window(incidents: Any) -> Steps[pd.DataFrame]:
    """The marks of a window of time, with how many of each may lie outside it."""
    window = Filters(since=date(2015, 6, 10), until=date(2019, 3, 5))
    marked = filters.with_uncertain_date(window.apply(incidents), window)
    return (yield from clusters.map_marks.steps(marked, 9, AFGHANISTAN, None, True))


class Asking(NamedTuple):
    """A question with what it is asked beside the incidents. ordered: whether the order of the rows is part of its answer."""

    question: Callable[..., Any]
    also: tuple = ()
    ordered: bool = True

    def of(self, incidents: Any) -> Any:
        """Its answer as plain values."""
        return plain(self.question(incidents, *self.also), self.ordered)


QUESTIONS: dict[str, Asking] = {
    "headline": Asking(totals.headline),
    "by year": Asking(summary.by_year),
    "by month": Asking(summary.by_month),
    "victims by month": Asking(summary.victims_by_month),
    "victims by year": Asking(summary.victims_by_year),
    "without a month": Asking(summary.without_month),
    "by target type": Asking(summary.by_target_type),
    "other targets": Asking(summary.other_targets, ("target_type", ("Police",))),
    "by perpetrator": Asking(summary.by_perpetrator),
    "by perpetrator and year": Asking(summary.by_perpetrator_and_year),
    "aimed and hit": Asking(summary.aimed_and_hit),
    "by city and province": Asking(summary.by_city_and_province),
    "by precision": Asking(summary.by_precision),
    "extent": Asking(summary.extent),
    "cells of the country": Asking(clusters.map_cells, (5, AFGHANISTAN), False),
    "cells of the world": Asking(clusters.map_cells, (3,), False),
    "cells of Kabul, imprecise ones apart": Asking(clusters.map_cells, (12, KABUL), False),
    "cells, too many for their zoom": Asking(clusters.map_cells, (14,), False),
    "marks of the country": Asking(clusters.map_marks, (5, AFGHANISTAN), False),
    "marks of the country with their data sets": Asking(clusters.map_marks, (5.5, AFGHANISTAN, "colour_index"), False),
    "marks in a window of time": Asking(_marks_in_a_window, (), False),
    "marks of Kabul": Asking(clusters.map_marks, (12, KABUL), False),
    "areas of the country": Asking(clusters.map_areas, (8.5, AFGHANISTAN), False),
    "areas of Kabul": Asking(clusters.map_areas, (12, KABUL)),
    "cells with their data sets": Asking(clusters.map_cells, (6, AFGHANISTAN, "colour_index"), False),
    "heat of the country": Asking(heat_layer.heat_spots, (5, AFGHANISTAN)),
    "heat of Kabul": Asking(heat_layer.heat_spots, (12, KABUL)),
    "months, operations once": Asking(change_points.monthly, _ENDS),
    "months, every attack": Asking(change_points.monthly, (*_ENDS, False)),
    "changes of the rate": Asking(change_points.changes, (*_ENDS, (Moment(pd.Timestamp(2015, 1, 1), "A day", "milestone"),))),
    "by year and data set": Asking(timeline_segments.by_year_and_origin, (), False),
    "by year and who acted": Asking(timeline_segments.by_year_and_actor_kind, (), False),
    "totals by who acted": Asking(totals.by_actor_kind),
    "by month and data set": Asking(timeline_segments.by_month_and_origin, (), False),
    **{f"panels by {by}": Asking(panels.figures_by, (by,)) for by in panels.BY},
    **{f"marks of panels by {by}": Asking(small_multiples.place_marks, (by, AFGHANISTAN)) for by in panels.BY},
    "marks of panels of Kabul": Asking(small_multiples.place_marks, ("year", KABUL)),
    "uncertain dates": Asking(filters.uncertain_dates, (Filters(since=date(2015, 6, 10), until=date(2019, 3, 5)),)),
    "without a figure": Asking(filters.without_figure, (Filters(min_killed=3),)),
    "words found": Asking(filters.words_found, (Filters(q="kabul bombing xyzzy"),)),
    "span": Asking(_span),
    **{f"terms of {name}": Asking(_terms, (name,)) for name in ("city", "weapon", "target_type", "perpetrator")},
}
"""Every `query.Question` of the product by name."""

MAP_PAGE = ("headline", "by month", "without a month", "by year", "by target type", "by perpetrator", "cells of the country")
"""What the Map page asks at once."""

STEPS: dict[str, Asking] = {
    "count": Asking(paging.count),
    "count in view": Asking(paging.count, (KABUL,)),
    "newest": Asking(paging.newest, (20,)),
    "newest, a page further on": Asking(paging.newest, (20, 3)),
    "newest in view, the next page": Asking(paging.newest, (7, 2, KABUL)),
    "newest, a page that is not there": Asking(paging.newest, (500, 40)),
    "holds the first line": Asking(paging.holds, (2,)),
    "holds a line that is not there": Asking(paging.holds, (10**9,)),
    "near an attack": Asking(lambda incidents: paging.newest(neighbours.vicinity(incidents, _ATTACK, 50, 200), 100)),
    "the most killed": Asking(lambda incidents: paging.largest(incidents, "killed_best", 40, 2)),
    "on lines": Asking(lambda incidents: paging.newest(selection.on_lines(incidents, [5, 3, 10**9]), 5)),
    "on no line": Asking(lambda incidents: paging.newest(selection.on_lines(incidents, []), 5)),
    "placed": Asking(lambda incidents: paging.count(selection.placed(incidents))),
    "unplaced": Asking(lambda incidents: paging.count(selection.unplaced(incidents))),
    "in the cells of a mark": Asking(
        lambda incidents: paging.count(clusters.in_cells(incidents, 5, _cells_of_a_mark(incidents)))
    ),
    "in a province": Asking(lambda incidents: paging.count(areas.in_area(incidents, areas.Area("", "Kabul", "", "")))),
    "known only to a city": Asking(
        lambda incidents: paging.count(areas.in_area(incidents, areas.Area("city", "Kabul", "", "Kabul")))
    ),
    "as JSON": Asking(summary.as_json),
}
"""What is asked beside them, each by itself."""


def _cells_of_a_mark(incidents: Any) -> list[float]:
    marks = clusters.map_cells(incidents, 5)
    return marks["cells"].iloc[marks["incidents"].argmax()] if len(marks) else []


def questions_of_the_product() -> set[Question]:
    """Every `Question` that a module of the product holds, its pages apart."""
    found = set()
    for module in pkgutil.walk_packages(incident_atlas.__path__, "incident_atlas."):
        if not module.name.startswith("incident_atlas.ui") and not module.name.endswith("__main__"):
            held = vars(importlib.import_module(module.name)).values()
            found |= {value for value in held if isinstance(value, Question)}
    return found


def answers(incidents: Any) -> dict[str, Any]:
    """The answer to each question and step by its name, each asked alone."""
    return {name: query.of(incidents) for name, query in (QUESTIONS | STEPS).items()}


def answers_at_once(incidents: Any, names: Iterable[str] = tuple(QUESTIONS)) -> dict[str, Any]:
    """The answer to each of these questions by its name, all asked together."""
    these = {name: QUESTIONS[name] for name in names}
    text = answer_all([query.question.steps(incidents, *query.also) for query in these.values()])
    return {name: plain(answer, query.ordered) for (name, query), answer in zip(these.items(), text, strict=True)}


def steps_around(incidents: Any, rows: pd.DataFrame) -> list[tuple]:
    """What comes before and after each of these incidents, and whether it is there (`paging.Order`)."""
    order = paging.Order(incidents)
    return [order.around(row.date.to_pydatetime(), row.row) for row in rows.itertuples()]


def filtered(incidents: Any, chosen: Filters) -> dict[str, Any]:
    """What a page asks of the incidents of a filter, and which they are."""
    visible = chosen.apply(incidents)
    begun = [totals.headline.steps(visible), summary.by_year.steps(chosen.without("since", "until").apply(incidents))]
    begun += [filters.uncertain_dates.steps(incidents, chosen), filters.without_figure.steps(incidents, chosen)]
    names = ("headline", "by year, all days", "uncertain dates", "without a figure")
    text = dict(zip(names, map(plain, answer_all(begun)), strict=True))
    return text | {"newest": paging.newest(visible, 25)}


def chosen(incidents: pd.DataFrame) -> dict[str, Filters]:
    """Filters for these incidents by name: each field of `Filters` alone and some together, with terms that many of them have."""
    made = {}
    for name in TERMS:
        often = [term for term, _ in Counter(term for cell in incidents[name] for term in split(cell)).most_common(3)]
        made[name] = Filters(**{name: tuple(often[:1])})
        made[f"several of {name}"] = Filters(**{name: tuple(often[1:])})
    days = {"since": date(2015, 6, 10), "until": date(2019, 3, 5)}
    made |= {name: Filters(**{name: day}) for name, day in days.items()} | {"some years": Filters(**days)}
    made |= {f"at least {n} killed": Filters(min_killed=n) for n in (1, 10)}
    made |= {precision: Filters(precision=precision) for precision in ("street", "neighbourhood", "city")}
    words = ("kabul", "daesh", "iskp kabul", "100%_", "no such word at all")
    made |= {f"words: {q}": Filters(q=q) for q in words}
    made["near a point"] = Filters(near=parse_circle("34.5281,69.1723,30"))
    made["all at once"] = Filters(**days, min_killed=1, precision="city", q="kabul", attack_type=made["attack_type"].attack_type)
    made["everything"] = Filters()
    return made


def with_hue(incidents: Any) -> Any:
    """The incidents with a column `hue`, a whole number, worked out by their engine."""
    hue = nw.when(nw.col("year") < 2012).then(nw.lit(0)).otherwise(nw.lit(1))
    return nw.from_native(incidents).with_columns(colour_index=hue).to_native()


def records(folder: Path) -> dict[str, Loaded]:
    """By name, the shipped record and some hundred invented rows, of files of that name in the folder."""
    shutil.copy(RECORD, folder / "shipped.csv")
    synthetic.write(folder / "invented.csv", 600)
    return {name: load(folder / f"{name}.csv") for name in ("shipped", "invented")}


def raw(incidents: pd.DataFrame) -> pa.Table:
    """The incidents in the columns of the record alone, as a database would hold them: days, whole numbers, NULL for a blank.

    Every place is in them as it was found, because an engine looks nothing up; and `row` and `origin`, which no column of it says.
    """
    kinds = {"date": pa.date32(), "count": pa.int64(), "coordinate": pa.float64()}
    table = {"row": pa.array(incidents["row"].to_numpy(), pa.int64()), "origin": pa.array(incidents["origin"].astype("str"))}
    for name in NAMES:
        kind = kinds.get(BY_NAME[name].kind)
        column = incidents[name].astype("object" if kind else "str")
        cells_of = [None if cell == "" or pd.isna(cell) else cell for cell in column]
        if kind == pa.int64():
            cells_of = [None if cell is None else int(cell) for cell in cells_of]
        table[name] = pa.array(cells_of, kind or pa.string())
    return pa.table(table)


def write_raw(incidents: pd.DataFrame, path: Path) -> Path:
    """The same as a Parquet file at `path`."""
    pq.write_table(raw(incidents), path)
    return path


def plain(answer: Any, ordered: bool = True) -> Any:
    """An answer as plain values: whole numbers as int, blanks as None, a table as its columns and its rows."""
    if isinstance(answer, pd.DataFrame):
        rows = [list(map(plain, row)) for row in answer.itertuples(index=False, name=None)]
        return [list(answer.columns), *(rows if ordered else sorted(rows))]
    if is_dataclass(answer):
        return {field.name: plain(getattr(answer, field.name)) for field in fields(answer)}
    if isinstance(answer, dict):
        return {name: plain(value) for name, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [plain(value) for value in answer]
    if isinstance(answer, pd.Timestamp):
        return answer.isoformat()
    answer = answer.item() if hasattr(answer, "item") else answer
    if answer is None or answer is pd.NaT or isinstance(answer, bool | str):
        return None if answer is pd.NaT else answer
    return None if math.isnan(answer) else int(answer) if answer == int(answer) else answer


def differences(found: Any, expected: Any, at: str = "") -> list[str]:
    """Where two plain answers differ: whole numbers and words must be the same, positions within `NEAR` degrees."""
    if isinstance(expected, dict) and isinstance(found, dict) and found.keys() == expected.keys():
        return [message for name in expected for message in differences(found[name], expected[name], f"{at} {name}")]
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        pairs = enumerate(zip(found, expected, strict=True))
        return [message for n, (one, other) in pairs for message in differences(one, other, f"{at}[{n}]")]
    numbers = type(found) in (int, float) and type(expected) in (int, float)
    near = numbers and float in (type(found), type(expected)) and abs(found - expected) <= NEAR
    return [] if near or found == expected else [f"{at}: {found!r} instead of {expected!r}"]
