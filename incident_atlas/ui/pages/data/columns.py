"""Which column of a reader's table is which of ours: the guess with three cells of each, every part of it to be changed."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from incident_atlas.core.schema import BY_NAME
from incident_atlas.core.text import as_label, counted, plain, safe_text
from incident_atlas.core.vocabulary import KNOWN_TO, UNKNOWN
from incident_atlas.curation.quality.lead import taken_for_towns
from incident_atlas.geo.countries import countries
from incident_atlas.geo.geocoding import FROM_SOURCE
from incident_atlas.geo.row_country import AFGHANISTAN
from incident_atlas.i18n import _
from incident_atlas.importers import mapping as tables
from incident_atlas.importers.mapping import DAY_FIRST, MONTH_FIRST, OURS, Mapping
from incident_atlas.importers.mapping.units import INCIDENT, VICTIM
from incident_atlas.ui.pages.data import values
from incident_atlas.ui.parts.save_load import problem_sentences, saved
from incident_atlas.ui.session.state import read_again, reset, uploads
from incident_atlas.ui.session.uploads import File

EXTRA = _("kept beside the record")
ORDERS = {
    "": _("as the cells say themselves"),
    DAY_FIRST: _("day first: 03/04 is 3 April"),
    MONTH_FIRST: _("month first: 03/04 is 4 March"),
}
SWAPS = {"": _("as the columns say"), "no": _("right as they are"), "yes": _("exchanged: read each as the other")}
UNITS = {"": _("as its columns say"), INCIDENT: _("one incident"), VICTIM: _("one victim: rows of one incident are put together")}
FROM_POINTS = _("that of their point, else unknown")
_SWAPPED = {"": None, "no": False, "yes": True}
PRECISIONS = {
    "": _("the centre of a town"),
    "exact": _("GPS points: the very site"),
    "street": _("the street"),
    "neighbourhood": _("the neighbourhood"),
}
_TOWNS = _("Points are treated as the centre of a town. If they are GPS points, say so")
TOWNS, CENTRES = _("{towns} here.").format(towns=_TOWNS), _("{towns} under Columns.").format(towns=_TOWNS)
"""What is assumed of points of which nothing says how well they are known."""
MOST = 150
"""Columns that can be assigned on the page; of a wider table the others are kept beside the record."""


def columns(number: int, one: File) -> None:
    """The assignment of one file, folded when it has been read without a question."""
    mapping, sample = one.mapping, one.sample
    known = len(mapping.uses)
    label = _("Columns: {known:,} of {count:,} assigned").format(known=known, count=len(sample.columns))
    with st.expander(label, expanded=one.loaded is None):
        for question in mapping.undecided:
            st.warning(as_label(question, 400))
        for words in one.messages:
            st.text(plain(words, 300))
        caption = _(
            "Three cells of each column, and what it is taken for. A column that is none of ours is shown on the page of its incident."
        )
        st.html(f"<p class='atlas-note'>{caption}</p>")
        with st.form(f"columns-{number}-{one.attempts}", border=False):
            _rows(number, one)
            _settings(number, one)
            values.choices(one, _key(number, one, "words"))
            st.form_submit_button(_("Read with these columns"), type="primary", on_click=_take, args=(number, one))
        saved(f"columns-{number}", "assignment", tables.written(one.mapping), True, lambda data: _load(one, data))


def _rows(number: int, one: File) -> None:
    ours_of = {theirs: ours for ours, theirs in one.mapping.columns}
    for at, name in enumerate(one.sample.columns[:MOST]):
        left, right = st.columns([3, 2], vertical_alignment="center")
        cells = " · ".join(tables.examples(one.sample, name)) or _("blank in the first rows")
        left.html(f"<p class='atlas-text'><b>{safe_text(name, 100)}</b></p><p class='atlas-note'>{safe_text(cells, 260)}</p>")
        right.selectbox(
            as_label(name, 100),
            (EXTRA, *OURS),
            index=OURS.index(ours_of[name]) + 1 if name in ours_of else 0,
            key=_key(number, one, at),
            format_func=_called,
            label_visibility="collapsed",
        )
    if len(one.sample.columns) > MOST:
        st.html(
            f"<p class='atlas-note'>{_('{more_columns}: kept beside the record.').format(more_columns=counted(len(one.sample.columns) - MOST, '{n} more column', '{n} more columns'))}</p>"
        )


def _called(ours: str) -> str:
    meaning = BY_NAME[ours].meaning if ours in BY_NAME else ""
    return f"{ours.replace('_', ' ')}: {meaning}" if meaning else ours.replace("_", " ")


def _settings(number: int, one: File) -> None:
    orders, swaps = list(ORDERS), list(SWAPS)
    order = one.mapping.date_order if one.mapping.date_order in orders else ""
    constants = dict(one.mapping.constants)
    places = [
        FROM_POINTS,
        *sorted({country.name for country in countries()} | {constants.get("country", AFGHANISTAN)} - {UNKNOWN}),
    ]
    country = one.mapping.country or FROM_POINTS
    left, right = st.columns(2)
    left.selectbox(_("One row is"), list(UNITS), list(UNITS).index(one.mapping.unit), UNITS.get, key=_key(number, one, "unit"))
    right.selectbox(
        _("Country of rows that name none"), places, places.index(country), key=_key(number, one, "country"), format_func=as_label
    )
    left, right = st.columns(2)
    left.selectbox(_("Dates written in figures"), orders, orders.index(order), ORDERS.get, key=_key(number, one, "order"))
    right.selectbox(
        _("Latitude and longitude"),
        swaps,
        list(_SWAPPED.values()).index(one.mapping.swapped),
        SWAPS.get,
        key=_key(number, one, "swapped"),
    )
    _precision(number, one)


def _precision(number: int, one: File) -> None:
    """How well the points are known, where the table has points and no column that says it of each."""
    _precision_widgets(one.mapping, _key(number, one, "precision"), _key(number, one, "shared"))
    words = _("Points of few decimals stay coarser. A column can say it of each row: take it for geo precision.")
    st.html(f"<p class='atlas-note'>{words}</p>")


def _precision_widgets(mapping: Mapping, precision: str, shared: str, **on_change) -> None:
    """A choice of how well points are known, and whether shared ones are trusted; precision, shared: the keys of the widgets."""
    chosen = mapping.precision
    choices = {**PRECISIONS, **({} if chosen in PRECISIONS else {chosen: KNOWN_TO[chosen]})}
    left, right = st.columns(2, vertical_alignment="bottom")
    left.selectbox(
        _("Points are"), list(choices), list(choices).index(chosen), choices.get, key=precision, help=TOWNS, **on_change
    )
    right.checkbox(
        _("Even where several rows share a point"),
        mapping.trust_shared_points,
        key=shared,
        help=_(
            "Without it, a point of three rows or more, or within 200 m of the centre of a place, is known no better than that place."
        ),
        **on_change,
    )


def points(number: int, one: File) -> None:
    """The same choice for a file in the columns of this project that does not say how well its points are known."""
    if one.data is None or one.mapping is not None or one.loaded is None:
        return
    chosen = one.settings.precision or one.settings.trust_shared_points
    if not chosen and not taken_for_towns(one.loaded.origins[0], one.loaded.incidents):
        return
    keys = [f"w:points-{number}-{one.sha256[:12]}-{one.attempts}-{part}" for part in ("precision", "shared")]
    _precision_widgets(one.settings, *keys, on_change=_take_points, args=(one, *keys))
    st.html(f"<p class='atlas-note'>{TOWNS}</p>")


def _take_points(one: File, precision: str, shared: str) -> None:
    chosen, trusted = st.session_state[precision], st.session_state[shared]
    constants = (("geo_precision", chosen),) if chosen else ()
    read_again(one, replace(one.settings, constants=constants, trust_shared_points=trusted))


def has_points_of_unknown_precision(one: File) -> bool:
    """Whether the file gives points and neither a column nor its reader says how well they are known."""
    unsaid = not one.mapping.precision and not one.mapping.theirs("geo_precision")
    return unsaid and one.loaded is not None and bool((one.loaded.incidents["found_by"] == FROM_SOURCE).any())


def _key(number: int, one: File, part: int | str) -> str:
    return f"w:columns-{number}-{one.attempts}-{part}"


def _take(number: int, one: File) -> None:
    """Read the file with what was chosen, unless two of its columns were taken for one of ours."""
    chosen: dict[str, str] = dict(pair for pair in one.mapping.columns if pair[1] in one.sample.columns[MOST:])
    twice = []
    for at, name in enumerate(one.sample.columns[:MOST]):
        ours = st.session_state[_key(number, one, at)]
        if ours in chosen:
            twice.append(ours)
        elif ours != EXTRA:
            chosen[ours] = name
    order, swapped = (st.session_state[_key(number, one, part)] for part in ("order", "swapped"))
    unit, country = (st.session_state[_key(number, one, part)] for part in ("unit", "country"))
    precision, shared = (st.session_state[_key(number, one, part)] for part in ("precision", "shared"))
    constants = {**dict(one.mapping.constants), "country": UNKNOWN if country == FROM_POINTS else country}
    constants.pop("geo_precision", None)
    constants |= {"geo_precision": precision} if precision else {}
    mapping = replace(
        one.mapping,
        columns=tuple(chosen.items()),
        constants=tuple(constants.items()),
        date_order=order,
        swapped=_SWAPPED[swapped],
        unit=unit,
        trust_shared_points=shared,
    )
    mapping = values.taken(one, mapping, _key(number, one, "words"))
    one.messages = [_("Two columns are taken for {ours}: choose one.").format(ours=ours) for ours in dict.fromkeys(twice)]
    _read(one, mapping, bool(twice))


def _read(one: File, mapping: Mapping, wait: bool = False) -> None:
    one.mapping = tables.judged(mapping, one.sample)
    one.attempts += 1
    if not wait:
        uploads().read(one, one.mapping)
        reset()


def _load(one: File, data: bytes) -> list[str]:
    mapping, problems = tables.read(data)
    if mapping.worksheet != one.worksheet and mapping.worksheet in {sheet.name for sheet in one.worksheets}:
        uploads().read_worksheet(one, mapping.worksheet)
        if one.mapping is None:
            return [
                _("The columns of {worksheet} are recognised: there is nothing to assign.").format(worksheet=mapping.worksheet)
            ]
    mapping = replace(mapping, worksheet=one.mapping.worksheet)
    mapping, missing = tables.applied(mapping, list(one.sample.columns))
    _read(one, mapping)
    return problem_sentences([*problems, *missing])
