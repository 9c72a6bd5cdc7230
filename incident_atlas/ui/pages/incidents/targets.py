"""Who was aimed at and who was hit, where the two are thought to differ: a sentence and a small table."""

from __future__ import annotations

import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.analysis.summary import AimedAndHit
from incident_atlas.core.text import counted_incidents
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.session.results import result


def aimed_and_hit_table(loaded: Loaded, chosen: Filters) -> None:
    """Sentence and table of what is visible."""
    st.html(as_html(result(summary.aimed_and_hit, loaded, chosen, columns=summary.AIMED_COLUMNS)))


def as_html(found: AimedAndHit) -> str:
    """The same as harmless HTML; without a table when nobody was hit in place of somebody else."""
    rest = _("As far as known, {as_aimed:,} hit the intended target.").format(as_aimed=found.as_aimed)
    if not found.differ:
        return f"<p>{_('No incident is known to have hit another target than the intended one. {rest}').format(rest=rest)}</p>"
    sentence = _("{incidents} hit another target than the intended one. {rest}").format(
        incidents=counted_incidents(found.differ), rest=rest
    )
    note = _(
        "An incident with several types counts once under each pair. Where both types are the same, another target of that type was intended."
    )
    cells = {(aimed, hit): n for aimed, hit, n in found.pairs.itertuples(index=False, name=None)}
    totals = found.pairs.groupby("hit", sort=False)["incidents"].sum()
    columns = sorted(totals.index, key=lambda hit: (hit == UNKNOWN, -totals[hit], hit))
    rows = [(aimed, *(cells.get((aimed, hit), 0) for hit in columns)) for aimed in found.pairs["aimed"].unique()]
    table = html_table(_("Intended targets (rows) and actual targets (columns)"), [_("Intended target"), *columns], rows)
    return f"<p>{sentence}</p>{table}<p class='atlas-note'>{note}</p>"
