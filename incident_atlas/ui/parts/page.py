"""What every page has: the title, the menu, the state from the URL, the record's last day, what was ignored or set aside."""

from __future__ import annotations

import re
from functools import cache

import streamlit as st

from incident_atlas.core.data_sets import asking
from incident_atlas.core.text import counted, counted_rows, safe_text
from incident_atlas.dataset.citation import version
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded, give_back
from incident_atlas.dataset.sql import Engine
from incident_atlas.export import record_changes
from incident_atlas.i18n import _
from incident_atlas.theme import ASSETS, theme
from incident_atlas.ui.session import logging as log
from incident_atlas.ui.session import state, url_state
from incident_atlas.ui.session.record import loaded_record
from incident_atlas.ui.session.state import has_uploads

PAGES = (
    ("app.py", _("Map")),
    ("pages/incidents.py", _("Incidents")),
    ("pages/compare.py", _("Compare")),
    ("pages/nearby.py", _("Nearby")),
    ("pages/claims.py", _("Claims")),
    ("pages/data.py", _("Your data")),
    ("pages/about.py", _("About the record")),
)

_STYLE = ASSETS / "page.css"


# The charts' own buttons would pass by the question of parts/permission.py, and name no source.
_NO_OWN_FILES = (
    "<style>[data-testid='stElementToolbarButton']:has(button[aria-label^='Download as PNG'], "
    "button[aria-label^='Copy Vega-Lite spec']) {display: none;}</style>"
)


@cache
def _css(scheme: str) -> str:
    """The style of the page in the colours of this scheme."""
    colours = theme(scheme)
    # Words take their colour from the page, which may change its scheme before the script runs again.
    values = {
        "muted": "color-mix(in srgb, currentColor 72%, transparent)",
        "line": "color-mix(in srgb, currentColor 20%, transparent)",
        "ink": "currentColor",
        "accent": colours.accent,
        "background": colours.background,
        "surface": colours.surface,
    }
    named = " ".join(f"--atlas-{name}: {value};" for name, value in values.items())
    without_comments = re.sub(r"/\*.*?\*/\s*", "", _STYLE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return f"<style>:root {{{named}}}\n{without_comments}</style>"


def frame(title: str, page: str) -> Loaded:
    """Begin a page: returns the record, with the session's state brought up to date."""
    log.keep_words_out()
    # What the page before this one needed goes back before this one needs more.
    give_back()
    st.set_page_config(page_title=_("{title} · Incident Atlas").format(title=title), layout="wide", initial_sidebar_state="auto")
    st.html(_css(scheme()))
    # What is said while the record is read stands in a place of its own: gone again, it would move the map, and a map that is
    # moved on the page is built anew and forgets where it was.
    with st.container():
        loaded = loaded_record()
    if asking(loaded.origins):
        st.html(_NO_OWN_FILES)
    url_state.open_page(loaded, page)
    with st.container():
        _what_was_not_understood(page)
    with st.sidebar:
        of_what = f"<p class='atlas-note'>{_('Armed attacks in Afghanistan')}</p>" if loaded.source.shipped else ""
        st.html("<p class='atlas-brand'>Incident Atlas</p>" + of_what)
        for path, label in PAGES:
            st.page_link(path, label=label, query_params=url_state.menu_query(path))
    return loaded


def _what_was_not_understood(page: str) -> None:
    """A clear line when the address names a value that is not here: what is shown then is not what was asked for.

    Of a page that is not here Streamlit says so itself.
    """
    # The page of an incident says of an unknown id what can be done about it.
    ignored = [one for one in state.session().ignored if not (page == "pages/incidents.py" and one.startswith("incident="))]
    _ignored(ignored)


def _ignored(texts: list[str]) -> None:
    if texts:
        words = _("Ignored in the address: {ignored}. There is no such value here, or the rest of the address contradicts it.")
        words = words.format(ignored=", ".join(texts[:5]))
        st.html(f"<p class='atlas-notice' role='status'>{safe_text(words, 600)}</p>")


def reject_parameters(*names: str) -> None:
    """Drop parameters that have no meaning on this page, and say so here: `frame` has already drawn its own line."""
    known = len(state.session().ignored)
    url_state.reject_parameters(*names)
    _ignored(state.session().ignored[known:])


def scheme() -> str:
    """The colour scheme of the reader's browser, light until it is known."""
    return st.context.theme.type or "light"


def notes(loaded: Loaded, chosen: Filters | None = None) -> str:
    """The record's last day under a filter, and what a reader must know of what is not shown, as one harmless line."""
    parts = [exposure(loaded, chosen).note(), *([loaded.discretion] if loaded.discretion else [])]
    made_on = state.session().made_on
    if made_on and not loaded.source.sha256.startswith(made_on):
        message = _("This link was made on another version of the data ({made_on}; this is {version}): figures may differ.")
        parts.append(message.format(made_on=made_on, version=version(loaded.source.sha256)))
        parts.append(_changed_since(loaded, chosen, made_on))
    if not loaded.source.shipped:
        message = _("File: {source_name}{until_you}.")
        parts.append(message.format(source_name=loaded.source.name, until_you=_(", until you reload") if has_uploads() else ""))
    # What a data set was recognised as says which of its rows were taken.
    parts += [f"{origin.title}." for origin in loaded.origins if origin.format.citation]
    if len(loaded.origins) > 1:
        parts.append(_("An attack that two data sets hold counts twice until you join it on Your data."))
    # A word of the file's own is kept as it is, and no problem.
    if n := int((loaded.problems["code"] != "own_term").sum()):
        aside = _(", {rows} set aside").format(rows=counted_rows(loaded.source.set_aside)) if loaded.source.set_aside else ""
        message = _("{problems} in the file{aside}: see About the record.")
        parts.append(message.format(problems=counted(n, "{n} problem", "{n} problems"), aside=aside))
    return safe_text(" ".join(filter(None, parts)), 900)


def _changed_since(loaded: Loaded, chosen: Filters | None, made_on: str) -> str:
    """What changed under the filter since the version that a link was made on, as far as the table of changes knows it."""
    if not loaded.source.shipped or loaded.discretion or isinstance(loaded, Engine):
        return ""
    shown = (chosen or Filters()).apply(loaded.incidents, columns=("incident_id",))["incident_id"]
    return record_changes.what_changed(record_changes.read_changes(), made_on, set(shown))
