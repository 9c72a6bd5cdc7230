"""What a person decided, as a small file to take home and to bring back: nothing of a session is kept on the server."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import streamlit as st

from incident_atlas.core.text import plain
from incident_atlas.errors import FileError, Problem
from incident_atlas.i18n import _
from incident_atlas.ui.session.state import session
from incident_atlas.ui.session.transfers import let_go

MOST_MB = 20


def saved(name: str, what: str, data: bytes, anything: bool, take: Callable[[bytes], list[str]]) -> None:
    """Two buttons: what there is as a CSV, and one that was saved here brought back.

    name: of the files, once on a page. what: the plural for people. anything: whether there is something to save. take: reads the
    bytes of a file into the session and returns sentences on what was wrong; may raise `FileError`.
    """
    key = session().widget_key(f"load-{name}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        file_name = f"{name}-{hashlib.sha256(data).hexdigest()[:10]}.csv"
        label = _("Save the {what}").format(what=what)
        st.download_button(label, data, file_name, "text/csv", on_click="ignore", disabled=not anything, key=f"save-{name}")
        with st.popover(_("Load {what}").format(what=what), key=f"popover-{key}"):
            file = st.file_uploader(_("A CSV that was saved here"), ["csv"], key=key, max_upload_size=MOST_MB)
    if file is not None:
        try:
            session().messages[name] = take(file.getvalue())
        except FileError as trouble:
            session().messages[name] = [str(trouble)]
        let_go(file)
        session().renew_widget(f"load-{name}")
        st.rerun()
    for words in session().messages.pop(name, []):
        st.text(plain(words, 300))


def problem_sentences(problems: Sequence[Problem]) -> list[str]:
    """What was wrong with a saved mapping, as sentences; the first ten."""
    return [f"{problem.value or problem.column}: {problem.reason}. {problem.advice}" for problem in problems[:10]]
