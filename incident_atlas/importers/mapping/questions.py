"""What only a person can say of a table before it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from incident_atlas.core.text import plain
from incident_atlas.core.vocabulary import EAST, NORTH
from incident_atlas.errors import Problem
from incident_atlas.geo import parse_coordinates as degrees
from incident_atlas.geo.countries import country_at
from incident_atlas.geo.row_country import AFGHANISTAN
from incident_atlas.i18n import _
from incident_atlas.importers.mapping import parse_dates as dates
from incident_atlas.importers.mapping import units
from incident_atlas.importers.mapping.kinds import (
    ENOUGH,
    MOST,
    filled,
    holding_dates,
    is_any_date,
    is_city,
    is_place,
    is_province,
    named_like_dates,
    share,
    within,
)
from incident_atlas.importers.mapping.mapping import Mapping

_TOTALS = _(
    "The rows look like totals of several events, by month or year and area, not like incidents: counting them would be wrong. Use the table of single events; or say that one row is one incident."
)
_CHOSEN = (dates.DAY_FIRST, dates.MONTH_FIRST)


def judged(mapping: Mapping, sample: pd.DataFrame) -> Mapping:
    """The mapping with the questions in `undecided` that it leaves open for this sample of the table.

    To be asked when a person changed the mapping, or loaded one. Where nobody chose how dates are written, or the
    country of a table without a column of it, the sample does.
    """
    taken = {ours: filled(sample[theirs]) for ours, theirs in mapping.columns if theirs in sample.columns}
    order, unsaid = dates.order_of(cell for ours in ("date", "date_end") for cell in taken.get(ours, ()))
    if mapping.date_order not in _CHOSEN:
        mapping = replace(mapping, date_order=order)
    if not dict(mapping.constants).get("country") and not mapping.theirs("country") and (country := _country(taken)):
        mapping = replace(mapping, constants=(*mapping.constants, ("country", country)))
    unit = mapping.unit or units.unit_of(sample, dict(mapping.columns))
    if unit == units.VICTIM:
        mapping = replace(mapping, unit=unit)
    questions = [
        *([_TOTALS] if unit == units.TOTAL else []),
        *_when(mapping, taken, sample),
        *([plain(unsaid)] if unsaid and not mapping.date_order else []),
    ]
    return replace(mapping, undecided=tuple([*questions, *_written(mapping, taken, order), *_where(mapping, taken)]))


def assumed_order(mapping: Mapping, sample: pd.DataFrame) -> Iterable[Problem]:
    """A Problem of line 1 where dates are read with the day first only because dots stand between their figures."""
    cells = [
        cell for ours in ("date", "date_end") if mapping.theirs(ours) in sample for cell in filled(sample[mapping.theirs(ours)])
    ]
    if mapping.date_order == dates.DAY_FIRST and (cell := dates.assumed_from(cells)):
        reason = _("dates written with dots are read with the day first")
        advice = _("Nothing, if that is right; else choose how dates are written.")
        yield Problem(1, "date", plain(cell, 200), reason, advice, "order_of_dates")


def _country(taken: dict[str, list[str]]) -> str:
    """Afghanistan where most points of the table lie there; where half of them do, half of its places must be named in the gazetteer,
    and without points most of them."""
    least = MOST
    points = [point for cell in taken.get("coordinates", ()) if (point := degrees.point(cell))]
    points += zip(taken.get("latitude", ()), taken.get("longitude", ()), strict=False)
    numbers = pd.DataFrame(points, columns=["latitude", "longitude"]).apply(pd.to_numeric, errors="coerce").dropna()
    if len(numbers):
        countries = country_at(numbers["latitude"].to_numpy(), numbers["longitude"].to_numpy())
        afghan, known = (countries == AFGHANISTAN).sum(), max((countries != "").sum(), 1)
        if afghan >= MOST * known:
            return AFGHANISTAN
        # Of a few points one with its axes exchanged is enough to leave it open: then the names decide.
        if afghan < ENOUGH * known:
            return ""
        least = ENOUGH
    tests = {"province": is_province, "city": is_city, "place": is_place}
    named = any(share(taken[name], test) >= least for name, test in tests.items() if taken.get(name))
    return AFGHANISTAN if named else ""


def _when(mapping: Mapping, taken: dict[str, list[str]], sample: pd.DataFrame) -> Iterable[str]:
    if {"date", "date_year"} & taken.keys():
        return
    several = holding_dates({name: filled(sample[name]) for name in sample.columns}, dict(mapping.columns))
    if len(several) > 1:
        shown = ", ".join(f'"{plain(name, 40)}"' for name in several[:5])
        yield _("Several columns hold dates ({names}): choose the one on which the incident began.").format(names=shown)
    elif odd := [
        (name, cell) for name in named_like_dates(sample.columns) for cell in filled(sample[name]) if not is_any_date(cell)
    ]:
        name, cell = (plain(text, 40) for text in odd[0])
        if wrong := dates.day(odd[0][1], "").wrong:
            yield _('Cells of "{name}", such as "{cell}": {wrong}. Write them as 2022-09-05.').format(
                name=name, cell=cell, wrong=wrong
            )
            return
        yield _(
            'Cells of "{name}" are no dates, such as "{cell}": write them as 2022-09-05, or choose the column of the date.'
        ).format(name=name, cell=cell)
    elif blank := [name for name in named_like_dates(sample.columns) if not filled(sample[name])]:
        yield _(
            '"{name}" is blank in the first rows. If formulas stand there, open the file in a spreadsheet program, let '
            "it calculate, and save it; or choose the column of the date."
        ).format(name=plain(blank[0], 40))
    else:
        yield _("No column was found that says when: choose the column of the date.")


def _written(mapping: Mapping, taken: dict[str, list[str]], order: str) -> Iterable[str]:
    when = taken.get("date", [])
    against = [cell for cell in when if dates.day(cell, mapping.date_order).other_order]
    if order in _CHOSEN and len(against) > len(when) / 2:
        yield _("Most dates, such as {cell}, are written with the {order}: choose how dates are written.").format(
            cell=plain(against[0], 40), order=order
        )
    odd = [cell for cell in when if not is_any_date(cell)]
    if len(odd) > len(when) / 2:
        name = plain(mapping.theirs("date"), 40)
        yield _(
            'Most cells of "{name}" are no dates, such as "{cell}": choose another column, or write dates as 2022-09-05.'
        ).format(name=name, cell=plain(odd[0], 40))


def _where(mapping: Mapping, taken: dict[str, list[str]]) -> Iterable[str]:
    if mapping.swapped is not None:
        return
    north, east = taken.get("latitude", []), taken.get("longitude", [])
    if both := [point for cell in taken.get("coordinates", ()) if (point := degrees.point(cell))]:
        north, east = [point[0] for point in both], [point[1] for point in both]
    if north and east and min(share(north, lambda c: within(c, EAST)), share(east, lambda c: within(c, NORTH))) > ENOUGH:
        yield _(
            "Latitudes such as {north} and longitudes such as {east} lie outside Afghanistan, and inside when they are exchanged: "
            "choose whether to exchange them."
        ).format(north=plain(north[0], 40), east=plain(east[0], 40))
