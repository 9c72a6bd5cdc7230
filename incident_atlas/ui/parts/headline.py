"""The first ten seconds: the filter in one sentence, how many incidents, how many victims, when the last."""

from __future__ import annotations

import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.core.text import counted_incidents, listed, safe_text
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import ACTOR_NAMES, figures, without_largest
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.ui.parts.export_menu import export_menu
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.parts.page import notes
from incident_atlas.ui.session import state
from incident_atlas.ui.session.results import of_other_targets, result, sentence
from incident_atlas.ui.session.state import session


def headline(loaded: Loaded, chosen: Filters) -> summary.Headline:
    """Sentence, figures and notes; the export stands beside them."""
    head = result(summary.headline, loaded, chosen)
    text = sentence(loaded, chosen, head)
    with st.container(horizontal=True, vertical_alignment="top", horizontal_alignment="distribute", key="headline"):
        playing, below = session().playing, figures_html(loaded, chosen, head)
        # Read aloud, a sentence per step would never end.
        sentence_html = f"<h1 class='atlas-sentence' aria-live='{'off' if playing else 'polite'}'>{safe_text(text, 900)}</h1>"
        # The browser draws one element at a time. While the window moves, sentence and figures are one, so that they agree.
        st.html(f"{sentence_html}<div class='atlas-moving'>{below}</div>" if playing else sentence_html, width="stretch")
        export_menu(loaded, chosen, head, text)
    st.html(f"<div class='atlas-unseen' aria-hidden='true'>{below}</div>" if playing else below)
    return head


def figures_html(loaded: Loaded, chosen: Filters, head: summary.Headline) -> str:
    """The figures with their ranges, what they leave out, and who acted, as harmless HTML."""
    shown = zip(figures(head), without_largest(head), strict=True)
    cells = "".join(
        f"<div><b>{value}</b> <span>{label}</span>{f'<span>{rest}</span>' if rest else ''}</div>"
        for (value, label), rest in shown
    )
    whose = _(" The dead or wounded of {incidents} may include attackers.").format(incidents=counted_incidents(head.all_counts))
    others = of_other_targets(loaded, chosen)
    mixed = (whose if head.all_counts else "") + (f" {others}" if others else "")
    # Of nothing the sentence above says all; a window that moves on keeps the row, because the map would move with it.
    row = f"<div class='atlas-figures atlas-totals'>{cells}</div>" if head.incidents or state.window() else ""
    below = f"<p class='atlas-note'>{notes(loaded, chosen)}{mixed}</p>{_who_acted(loaded, chosen)}"
    return f"{row}<div class='atlas-below'>{below}</div>"


def _who_acted(loaded: Loaded, chosen: Filters) -> str:
    """The figures above split by who acted, each incident in one part, behind a line that opens."""
    parts = result(summary.by_actor_kind, loaded, chosen)
    if len(parts) < 2:
        return ""
    rows = [
        (
            listed([_(ACTOR_NAMES[kind]) for kind in part.kinds], "or").capitalize(),
            part.incidents,
            part.killed.text(part.incidents),
            part.wounded.text(part.incidents),
        )
        for part in parts
    ]
    table = html_table(_("By who acted"), [_("Who acted"), _("Incidents"), _("Killed"), _("Wounded")], rows)
    return f"<details class='atlas-details'><summary>{_('By who acted')}</summary>{table}</details>"
