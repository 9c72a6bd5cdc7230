"""The filters, as widgets that are filled from the session's filter and report every change to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from incident_atlas.core.vocabulary import ACTOR_KINDS, LADDER, NOT_STATED
from incident_atlas.dataset.filters import PRECISION_CHOICES, Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo.gazetteer import fold
from incident_atlas.ui.session import state

_AGREEMENT, _TAKEOVER = date(2020, 2, 29), date(2021, 8, 15)
_GROUPS = {
    "Data set": (("origin", "Data set"),),
    "Place": (("country", "Country"), ("city", "City"), ("province", "Province")),
    "Target": (
        ("target_type", "Target type"),
        ("target_subtype", "Target subtype: embassies, UN ..."),
        ("target_country", "Country hit"),
    ),
    "Attack": (("attack_type", "Kind of attack"), ("weapon", "Weapon")),
    "Perpetrator": (("actor_kind", "By"), ("perpetrator", "Perpetrator, as far as known"), ("attribution", "How sure that is")),
}
_OF_SEVERAL = ("origin", "country")
"""Shown only where the record has more than one: most have not."""

_ANY = "any"


def sidebar(loaded: Loaded, dates: bool = True) -> None:
    """All filters; each moves everything on the page at once. dates: False for a page that chooses its periods itself."""
    with st.sidebar:
        chosen = state.filters()
        if dates and loaded.source.first is not None:
            _period(chosen, loaded.source.first.date(), loaded.source.last.date())
        _fill("q", chosen.q)
        st.text_input(
            "Words", key="w:q", on_change=_take, args=("q",), placeholder="title, place, target, perpetrator", max_chars=200
        )
        for name, group in _GROUPS.items():
            members = [one for one in group if one[0] not in _OF_SEVERAL or _several(loaded, chosen, one[0])]
            if not members:
                continue
            active = any(getattr(chosen, field) for field, _ in members) or (name == "Attack" and chosen.min_killed)
            with st.expander(name, expanded=bool(active) or name in ("Data set", "Place")):
                for field, label in members:
                    _terms(field, label, getattr(chosen, field), _options(loaded, field))
                if name == "Attack":
                    _fill("min_killed", chosen.min_killed)
                    st.number_input(
                        "At least killed", min_value=1, step=1, key="w:min_killed", on_change=_take, args=("min_killed",)
                    )
        _fill("precision", chosen.precision or _ANY)
        choices = (_ANY, *dict.fromkeys([*PRECISION_CHOICES, *filter(None, [chosen.precision])]))
        label = "Place known to the ... or better"
        st.selectbox(label, choices, key="w:precision", on_change=_take, args=("precision",))
        st.button("Reset filters", on_click=state.set_filters, args=(Filters(),), disabled=not chosen, width="stretch")


def _period(chosen: Filters, first: date, last: date) -> None:
    presets = _presets(first, last)
    now = next((name for name, span in presets.items() if span == (chosen.since, chosen.until)), None)
    if first < last:
        span = (max(first, min(chosen.since or first, last)), min(last, max(chosen.until or last, first)))
        _fill("period", span if span[0] <= span[1] else (first, last))
        st.slider("Period", first, last, key="w:period", format="D MMM YY", on_change=_take_period, args=(first, last))
    _fill("preset", now)
    st.pills("Presets", list(presets), key="w:preset", label_visibility="collapsed", on_change=_take_preset, args=(presets,))


def _presets(first: date, last: date) -> dict[str, tuple[date | None, date | None]]:
    year_ago = (pd.Timestamp(last) - pd.DateOffset(years=1) + pd.Timedelta(days=1)).date()
    spans = {
        "All": (None, None),
        "Since Aug 2021": (_TAKEOVER, None),
        "Agreement to takeover": (_AGREEMENT, _TAKEOVER - timedelta(days=1)),
        "Last 12 months of the record": (year_ago, None),
    }
    return {name: span for name, span in spans.items() if (span[0] or first) <= last and (span[1] or last) >= first}


def _several(loaded: Loaded, chosen: Filters, field: str) -> bool:
    return len(loaded.options.get(field, ())) > 1 or bool(getattr(chosen, field))


def _options(loaded: Loaded, field: str) -> list[str]:
    options = loaded.options.get(field, ())
    if field == "attribution":
        return [rung for rung in dict.fromkeys((*LADDER, NOT_STATED, *options)) if rung in options]
    if field == "actor_kind":
        return [kind for kind in ACTOR_KINDS if kind in options]
    if field == "city":
        # The two cities this record is first about stand at the top.
        return [name for name in ("Kabul", "Herat") if name in options] + [
            name for name in options if name not in ("Kabul", "Herat")
        ]
    return list(options)


def _terms(field: str, label: str, chosen: tuple[str, ...], options: list[str]) -> None:
    _fill(field, [term for term in chosen if term in options])
    st.multiselect(label, options, key=f"w:{field}", on_change=_take, args=(field,), placeholder="any")


def _fill(field: str, value) -> None:
    st.session_state[f"w:{field}"] = value


def _take(field: str) -> None:
    value = st.session_state[f"w:{field}"]
    if field == "precision":
        value = None if value == _ANY else value
    elif field == "q":
        value = " ".join(value.split()) if fold(value) else ""
    elif field == "min_killed":
        value = int(value) if value else None
    else:
        value = tuple(value)
    state.set_filters(replace(state.filters(), **{field: value}))


def _take_period(first: date, last: date) -> None:
    since, until = st.session_state["w:period"]
    span = {"since": since if since > first else None, "until": until if until < last else None}
    state.set_filters(replace(state.filters(), **span))


def _take_preset(presets: dict[str, tuple[date | None, date | None]]) -> None:
    # Taking a preset back is asking for everything.
    since, until = presets.get(st.session_state["w:preset"], (None, None))
    state.set_filters(replace(state.filters(), since=since, until=until))
