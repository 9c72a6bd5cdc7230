"""The right to pass rows on: asked before anything of a data set that forbids it can be taken away, and kept for the session."""

from __future__ import annotations

import streamlit as st

from incident_atlas.core.data_sets import Origin, asking
from incident_atlas.core.text import listed, safe_text
from incident_atlas.dataset.citation import origins_of
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _, ngettext
from incident_atlas.ui.session.results import result
from incident_atlas.ui.session.state import has_uploads, session


def shown(loaded: Loaded, chosen: Filters) -> tuple[Origin, ...]:
    """The data sets that this filter leaves."""
    return result(origins_of, loaded, chosen, also=(loaded.origins,)) if len(loaded.origins) > 1 else loaded.origins


def permitted(origins: tuple[Origin, ...], key: str) -> bool:
    """Whether these may be passed on; where one's terms forbid it, a box to tick is drawn, and nothing may be offered before.

    key: of the place where it is asked. The answer holds for the very files that it was given for.
    """
    asks = asking(origins)
    if not asks:
        return True
    files = {origin.sha256 for origin in asks}
    confirmed = files <= session().confirmed
    names = list(dict.fromkeys(origin.format.name for origin in asks))
    label = ngettext(
        "{names} does not allow rows to be passed on. I have the right to share them.",
        "{names} do not allow rows to be passed on. I have the right to share them.",
        len(names),
    ).format(names=listed(names))
    st.session_state[f"w:right-{key}"] = confirmed
    return st.checkbox(label, key=f"w:right-{key}", on_change=_take, args=(f"w:right-{key}", files))


def _take(key: str, files: set[str]) -> None:
    before = session().confirmed
    session().confirmed = before | files if st.session_state[key] else before - files


def without_files() -> None:
    """Under a link: that it opens without the files that a reader brought, which are nowhere but in her session."""
    if has_uploads():
        st.html(f"<p class='atlas-note'>{_('The link opens without your files.')}</p>")


def terms_note(origins: tuple[Origin, ...], text: str) -> None:
    """Above what can be taken away: citation and terms of the data sets in it."""
    if any(not origin.shipped for origin in origins):
        st.html(f"<p class='atlas-note'>{safe_text(text, 6000)}</p>")
