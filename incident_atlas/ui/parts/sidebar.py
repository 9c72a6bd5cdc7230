"""The filters, as widgets that are filled from the session's filter and report every change to it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.core.synonyms import words_for
from incident_atlas.core.text import counted, listed, safe_text
from incident_atlas.core.vocabulary import ACTOR_KINDS, ATTRIBUTIONS, NOT_STATED
from incident_atlas.dataset.filters import PRECISION_CHOICES, Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.search import left_out, parse_search
from incident_atlas.geo.gazetteer import fold
from incident_atlas.i18n import _
from incident_atlas.ui.parts.date_filter import date_filter
from incident_atlas.ui.session import state
from incident_atlas.ui.session.results import result

_GROUPS = {
    "Data set": (("origin", _("Data set")),),
    "Place": (("country", _("Country")), ("city", _("City")), ("province", _("Province"))),
    "Target": (
        ("target_type", _("Target type")),
        ("target_subtype", _("Target subtype: embassies, UN ...")),
        ("target_country", _("Country hit")),
    ),
    "Attack": (("attack_type", _("Kind of attack")), ("weapon", _("Weapon"))),
    "Perpetrator": (("actor_kind", _("State or group")), ("perpetrator", _("Perpetrator")), ("attribution", _("Attribution"))),
}
_OF_SEVERAL = ("origin", "country")
"""Shown only where the record has more than one: most have not."""

_ANY = "any"


def sidebar(loaded: Loaded, dates: bool = True) -> None:
    """All filters; each moves everything on the page at once. dates: False for a page that chooses its periods itself."""
    with st.sidebar:
        chosen = state.filters()
        key = state.showing_key("q", chosen.q)
        placeholder = _("Search title, place, target ...")
        st.text_input(_("Search"), key=key, on_change=_take, args=("q", key), placeholder=placeholder, max_chars=200)
        if understood := _understood(chosen.q):
            st.html(f"<p class='atlas-note'>{safe_text(understood, 500)}</p>")
        if dates and loaded.source.first is not None:
            date_filter(chosen, *loaded.source.days())
        for name, group in _GROUPS.items():
            members = [one for one in group if one[0] not in _OF_SEVERAL or _several(loaded, chosen, one[0])]
            if not members:
                continue
            active = any(getattr(chosen, field) for field, _unused in members) or (name == "Attack" and chosen.min_killed)
            with st.expander(_(name), expanded=bool(active) or name in ("Data set", "Place")):
                for field, label in members:
                    _terms(field, label, getattr(chosen, field), _options(loaded, field))
                    if field == "city" and chosen.city and not chosen.province:
                        _rest_of_province(loaded, chosen)
                if name == "Attack":
                    key = state.showing_key("min_killed", chosen.min_killed)
                    st.number_input(_("At least killed"), min_value=1, step=1, key=key, on_change=_take, args=("min_killed", key))
        key = state.showing_key("precision", chosen.precision or _ANY)
        choices = (_ANY, *dict.fromkeys([*PRECISION_CHOICES, *filter(None, [chosen.precision])]))
        label = _("Location known to at least")
        st.selectbox(label, choices, key=key, on_change=_take, args=("precision", key))
        st.button(_("Reset filters"), on_click=state.set_filters, args=(Filters(),), disabled=not chosen, width="stretch")


def _understood(text: str) -> str:
    """What a search looks for beyond the words in it, and which of them it leaves out; '' when neither."""
    search = parse_search(text)
    terms = [(term.words, term.stands_for[1]) for term in search if term.stands_for]
    terms += [(term.words, listed(term.texts[1:], "or")) for term in search if not term.words.isascii() and term.texts[1:]]
    parts = (
        (_("Also found by their term: {used}."), [f"{words}: {term}" for words, term in terms]),
        (_("Taken as a date: {used}."), [term.words for term in search if term.days]),
        (_("Left out: {used}."), left_out(text)),
    )
    return " ".join(message.format(used="; ".join(used)) for message, used in parts if used)


def _several(loaded: Loaded, chosen: Filters, field: str) -> bool:
    return len(loaded.options.get(field, ())) > 1 or bool(getattr(chosen, field))


def _options(loaded: Loaded, field: str) -> list[str]:
    options = loaded.options.get(field, ())
    if field == "attribution":
        return [attribution for attribution in dict.fromkeys((*ATTRIBUTIONS, NOT_STATED, *options)) if attribution in options]
    if field == "actor_kind":
        return [kind for kind in ACTOR_KINDS if kind in options]
    if field == "city":
        # The two cities this record is first about stand at the top.
        return [name for name in ("Kabul", "Herat") if name in options] + [
            name for name in options if name not in ("Kabul", "Herat")
        ]
    return list(options)


def _terms(field: str, label: str, chosen: tuple[str, ...], options: list[str]) -> None:
    key = state.showing_key(field, [term for term in chosen if term in options])
    # The browser searches the choices by these words.
    known = {term: f"{term} ({', '.join(words[:4])})" for term in options if (words := words_for(field, term))}
    st.multiselect(
        label,
        options,
        format_func=lambda term: known.get(term, term),
        key=key,
        on_change=_take,
        args=(field, key),
        placeholder=_("any"),
    )


def _rest_of_province(loaded: Loaded, chosen: Filters) -> None:
    """How many incidents of the same provinces the filter of cities leaves out, and a click that takes them in."""
    table = result(summary.by_city_and_province, loaded, chosen, ("city",), summary.PLACE_COLUMNS)
    own = table["city"].isin(chosen.city) & (table["province"] != "")
    # A name may stand for a town of another province here and there: its usual one counts.
    provinces = tuple(table[own].drop_duplicates("city")["province"].drop_duplicates())
    rest = table[table["province"].isin(provinces) & ~table["city"].isin(chosen.city)]
    if not len(rest):
        return
    unknown = int(rest.loc[rest["city"] == "", "n"].sum())
    where = _("{provinces} province outside {city}").format(provinces=listed(list(provinces)), city=listed(list(chosen.city)))
    more = _(", {unknown:,} of them in no known town").format(unknown=unknown) if unknown else ""
    n = counted(int(rest["n"].sum()), "{n} more incident", "{n} more incidents")
    st.html(f"<p class='atlas-note'>{safe_text(_('{n} in {where}{more}.').format(n=n, where=where, more=more), 400)}</p>")
    whole = replace(chosen, city=(), province=provinces)
    st.button(_("Take them in"), key="whole-province", type="tertiary", on_click=state.set_filters, args=(whole,))


def _take(field: str, key: str) -> None:
    if not state.session().is_current(f"w:{field}", key):
        return
    value = st.session_state[key]
    if field == "precision":
        value = None if value == _ANY else value
    elif field == "q":
        value = " ".join(value.split()) if fold(value) else ""
    elif field == "min_killed":
        value = int(value) if value else None
    else:
        value = tuple(value)
    state.set_filters(replace(state.filters(), **{field: value}))
