"""The first ten seconds: the filter in one sentence, how many incidents, how many victims, when the last."""

from __future__ import annotations

import streamlit as st

from incident_atlas import summary
from incident_atlas.filters import Filters
from incident_atlas.load import Loaded
from incident_atlas.sentence import describe
from incident_atlas.summary import Total
from incident_atlas.text import day, safe_text
from incident_atlas.ui.frame import notes
from incident_atlas.ui.visible import answer


def headline(loaded: Loaded, chosen: Filters) -> summary.Headline:
    """Sentence, figures and notes; the export stands beside them."""
    head = answer(summary.headline, loaded, chosen)
    left, right = st.columns([6, 1], vertical_alignment="top")
    with left:
        figures = [
            (f"{head.incidents:,}", "incidents" if head.incidents != 1 else "incident"),
            _figure(head.killed, head.incidents, "killed"),
            _figure(head.wounded, head.incidents, "wounded"),
            (day(head.last) if head.last is not None else "none", "last incident"),
        ]
        cells = "".join(f"<div><b>{value}</b><span>{label}</span></div>" for value, label in figures)
        mixed = f" The dead of {head.all_counts:,} incidents may include attackers." if head.all_counts else ""
        text = f"<p class='atlas-sentence'>{safe_text(sentence(loaded, chosen, head), 900)}</p>"
        st.html(f"{text}<div class='atlas-figures'>{cells}</div><p class='atlas-note'>{notes(loaded)}{mixed}</p>")
    with right:
        export_menu(loaded, chosen, head)
    return head


def sentence(loaded: Loaded, chosen: Filters, head: summary.Headline) -> str:
    """The filter sentence with the counts that only the record knows. Plain text, not yet safe."""
    source = loaded.source
    first, last = (None, None) if source.first is None else (source.first.date(), source.last.date())
    return describe(chosen, head, first, last, chosen.loosely_dated(loaded.incidents), chosen.without_figure(loaded.incidents))


def _figure(total: Total, incidents: int, word: str) -> tuple[str, str]:
    if incidents == total.without_figure:
        return "–", f"{word}: no figure reported"
    most = f"{total.high:,}{' or more' if total.at_least else ''}"
    span = f" <small>({total.low:,}–{most})</small>" if total.low != total.high or total.at_least else ""
    none = f", {total.without_figure:,} without a figure" if total.without_figure else ""
    return f"{total.best:,}{span}", f"{word}{none}"


def export_menu(loaded: Loaded, chosen: Filters, head: summary.Headline) -> None:
    """Link and downloads of exactly what is visible."""
    with st.popover("Share and export", width="stretch"):
        st.caption("later")


