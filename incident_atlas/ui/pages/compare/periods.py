"""The two periods of the Compare page: chosen by a milestone or by dates, kept in the session and in the address."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from incident_atlas.analysis.compare import Comparison
from incident_atlas.analysis.periods import FIRST_DAY, LAST_DAY, LENGTHS, ONE_YEAR, Period, around, parse_period
from incident_atlas.core.text import day, listed, plain, safe_text
from incident_atlas.core.vocabulary import TAKEOVER
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.ui.parts.page import reject_parameters
from incident_atlas.ui.parts.switch import toggle
from incident_atlas.ui.session import state

OWN_DATES = _("dates of my own")


def chosen_periods(loaded: Loaded) -> tuple[Period, Period]:
    """The periods of the address; those of a year before and after the takeover, or the record's halves, without any."""
    bad = [name for name in ("first", "second") if _parameter(name) and parse_period(_parameter(name)) is None]
    reject_parameters(*bad, *(["each"] if _parameter("each") not in ("", "1") else []))
    first, second = (parse_period(_parameter(name)) if _parameter(name) else None for name in ("first", "second"))
    usual = _usual(loaded)
    chosen = first or usual[0], second or usual[1]
    # The link must ask the same when the record has grown; the address itself follows with the next run.
    state.set_parameters(first=str(chosen[0]), second=str(chosen[1]))
    return chosen


def period_controls(loaded: Loaded, first: Period, second: Period) -> None:
    """Milestone and length, or four dates of one's own."""
    choices = _choices(loaded)
    named = next((key for key, pair in choices.items() if pair == (first, second)), None)
    milestones = list(dict.fromkeys(name for name, _unused in choices))
    left, right = st.columns([3, 3])
    with left:
        # Own dates are chosen below; here they can only be what is shown.
        options = [*milestones, *([] if named else [OWN_DATES])]
        state.set_widget("w:milestone", named[0] if named else OWN_DATES)
        st.selectbox(_("Before and after"), options, key="w:milestone", on_change=_take_milestone, args=(choices,))
    with right:
        state.set_widget("w:period-length", named[1] if named else None)
        st.pills(_("Length"), LENGTHS, key="w:period-length", on_change=_take_length, args=(choices,), disabled=not named)
    for column, name, period in zip(st.columns(2), ("first", "second"), (first, second), strict=True):
        with column:
            st.session_state[f"w:{name}"] = tuple(period)
            label, ends = _("{name} period").format(name=name.capitalize()), {"min_value": FIRST_DAY, "max_value": LAST_DAY}
            st.date_input(label, key=f"w:{name}", on_change=_take_dates, args=(name,), format="YYYY-MM-DD", **ends)
    lost = [
        plain(name, 80)
        for name in loaded.milestones["name"]
        if not any(label.endswith(f": {plain(name, 80)}") for label in milestones)
    ]
    if lost:
        st.html(
            f"<p class='atlas-note'>{_('Outside the record, so there is nothing to compare: {lost}.').format(lost=safe_text(listed(lost), 400))}</p>"
        )


def restrictions(loaded: Loaded, found: Comparison | None, each: bool, source: str | None) -> None:
    """Whether coordinated attacks count once, and one source that covers both periods."""
    with st.container(horizontal=True, vertical_alignment="center"):
        toggle(
            _("Count coordinated attacks as one"),
            not each,
            lambda joined: state.set_parameters(each=None if joined else "1"),
            key="w:together",
        )
        if source:
            st.button(
                _("Count what every source reports"), on_click=_take_source, args=(None,), type="tertiary", key="every-source"
            )
    if not source and found is not None and found.breaks:
        _offers(loaded, found)


def _offers(loaded: Loaded, found: Comparison) -> None:
    """The sources that cover both periods, each with what the record says of it, and a button to count it alone."""
    notes = dict(zip(loaded.coverage["source"], loaded.coverage["note"], strict=True))
    for n, name in enumerate(found.others[:3]):
        with st.container():
            st.button(_("Count only what this source reports"), on_click=_take_source, args=(name,), key=f"only-{n}")
            # A button's label is Markdown, which would fetch a picture that a source is named after.
            st.html(
                f"<p class='atlas-note'>{_('<b>{name}</b> is stated to cover both periods. {notes}').format(name=safe_text(name, 80), notes=safe_text(notes[name], 400))}</p>"
            )


def _choices(loaded: Loaded) -> dict[tuple[str, str], tuple[Period, Period]]:
    """The pair of periods by milestone and length; a milestone outside the record has none."""
    if loaded.source.first is None:
        return {}
    begins, ends = loaded.source.days()
    made = {}
    for when, name in zip(loaded.milestones["date"], loaded.milestones["name"], strict=True):
        for length in LENGTHS:
            if pair := around(when.date(), length, begins, ends):
                made[f"{day(when)}: {plain(name, 80)}", length] = pair
    return made


def _usual(loaded: Loaded) -> tuple[Period, Period]:
    """What a reader meets first: a year on both sides of the takeover, or the halves of a record that does not hold it."""
    first, last = loaded.source.first, loaded.source.last
    if first is None:
        return Period(date(2020, 8, 15), date(2021, 8, 14)), Period(TAKEOVER, date(2022, 8, 14))
    if found := around(TAKEOVER, ONE_YEAR, first.date(), last.date()):
        return found
    middle = (first + (last - first) / 2).date()
    before = Period(first.date(), max(first.date(), middle))
    return before, Period(
        (pd.Timestamp(before.last) + pd.Timedelta(days=1)).date(), max(last.date(), before.last + pd.Timedelta(days=1))
    )


def _parameter(name: str) -> str:
    return state.parameters().get(name, [""])[-1]


def _set(pair: tuple[Period, Period]) -> None:
    state.set_parameters(first=str(pair[0]), second=str(pair[1]), source=None)


def _take_milestone(choices: dict[tuple[str, str], tuple[Period, Period]]) -> None:
    name = st.session_state["w:milestone"]
    length = st.session_state.get("w:period-length") or ONE_YEAR
    if pair := choices.get((name, length)):
        _set(pair)


def _take_length(choices: dict[tuple[str, str], tuple[Period, Period]]) -> None:
    if pair := choices.get((st.session_state["w:milestone"], st.session_state["w:period-length"] or ONE_YEAR)):
        _set(pair)


def _take_dates(name: str) -> None:
    days = st.session_state[f"w:{name}"]
    # Between the two clicks on a calendar only the first day is there.
    if len(days) == 2:
        state.set_parameters(**{name: str(Period(*days))}, source=None)


def _take_source(name: str | None) -> None:
    state.set_parameters(source=name)
