"""The first ten seconds: the filter in one sentence, how many incidents, how many victims, when the last."""

from __future__ import annotations

import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.core.text import counted, safe_text
from incident_atlas.dataset.filter_sentence import by_actor, figures, without_largest
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.ui.parts.export_menu import export_menu
from incident_atlas.ui.parts.page import notes
from incident_atlas.ui.session.results import result, sentence


def headline(loaded: Loaded, chosen: Filters) -> summary.Headline:
    """Sentence, figures and notes; the export stands beside them."""
    head = result(summary.headline, loaded, chosen)
    said = sentence(loaded, chosen, head)
    left, right = st.columns([6, 1], vertical_alignment="top")
    with left:
        shown = zip(figures(head), without_largest(head), strict=True)
        cells = "".join(
            f"<div><b>{value}</b> <span>{label}</span>{f'<span>{rest}</span>' if rest else ''}</div>"
            for (value, label), rest in shown
        )
        whose = f" The dead or wounded of {counted(head.all_counts, 'incident')} may include attackers."
        mixed = whose if head.all_counts else ""
        # Who acted is said for the whole of the figures above, each incident in one part.
        actors = "".join(
            f"<li>{safe_text(words, 300)}.</li>" for words in by_actor(result(summary.by_actor_kind, loaded, chosen))
        )
        parts = f"<ul class='atlas-list'>{actors}</ul>" if actors else ""
        text = f"<h1 class='atlas-sentence' aria-live='polite'>{safe_text(said, 900)}</h1>"
        st.html(f"{text}<div class='atlas-figures'>{cells}</div>{parts}<p class='atlas-note'>{notes(loaded, chosen)}{mixed}</p>")
    with right:
        export_menu(loaded, chosen, head, said)
    return head
