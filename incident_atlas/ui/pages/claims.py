"""The Claims page: each claim as a card with its verdict, the record's answer, a small picture, and the page that shows it."""

from __future__ import annotations

import streamlit as st

from incident_atlas.analysis.claims.answer import CANNOT_TELL, CONTRADICTED, PARTLY, SUPPORTED, Bars, Rates, SideTable, Years
from incident_atlas.analysis.claims.claim_text import cited, details, heading
from incident_atlas.analysis.claims.claims_csv import read
from incident_atlas.analysis.claims.verdict import FAULTY, Judged, judge_all, tally, word
from incident_atlas.charts import bars, vega_lite
from incident_atlas.charts.vega_lite import Picture
from incident_atlas.core.text import as_label, counted, plain, safe_text, safe_url
from incident_atlas.dataset.load import Loaded
from incident_atlas.errors import FileError
from incident_atlas.i18n import _
from incident_atlas.theme import theme
from incident_atlas.ui.parts.chart_menu import draw
from incident_atlas.ui.parts.citation_menu import reference
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.parts.incident_links import Lead, leads
from incident_atlas.ui.parts.page import PAGES, frame, notes, reject_parameters, scheme
from incident_atlas.ui.session import state, url_state
from incident_atlas.ui.session.record import answering, claims_path

ICONS = {
    SUPPORTED: ":material/check:",
    CONTRADICTED: ":material/close:",
    PARTLY: ":material/contrast:",
    CANNOT_TELL: ":material/question_mark:",
    FAULTY: ":material/priority_high:",
}
"""A verdict's sign, beside its word: neither leans on colour."""

_HOW = _(
    "A verdict is about what this record holds, not about all attacks. Intervals are exact, at 95 %, and take attacks for independent; coordinated attacks count as one; an incident counts when any of its targets passes the filter."
)


def claims(loaded: Loaded) -> None:
    """All claims, or the one that the address names."""
    try:
        judged, odd = _judged(loaded)
    except FileError as trouble:
        st.html(f"<h1 class='atlas-sentence'>{_('Claims')}</h1><p class='atlas-note'>{notes(loaded)}</p>")
        st.warning(_("The table of claims cannot be used."))
        st.text(plain(trouble, 400))
        return
    chosen_claim = state.parameters().get("claim", [""])[-1]
    numbered = list(enumerate(judged))
    one = [(n, each) for n, each in numbered if each.claim.claim_id == chosen_claim]
    if chosen_claim and not one:
        reject_parameters("claim")
    if loaded.source.first is None:
        st.html(
            f"<h1 class='atlas-sentence'>{_('{claims}, not asked').format(claims=counted(len(judged), '{n} claim', '{n} claims'))}</h1><p class='atlas-note'>{notes(loaded)}</p>"
        )
        return
    heading_text = heading(len(judged), _(word(one[0][1].answer))) if one and len(judged) > 1 else tally(judged)
    odd_rows = _(" Problems in the table of claims: {odd}").format(odd=" ".join(odd[:3])) if odd else ""
    st.html(
        f"<h1 class='atlas-sentence'>{safe_text(heading_text)}</h1><p class='atlas-note'>{notes(loaded)}{safe_text(odd_rows)}</p>"
    )
    if one:
        label = _("All {claims}").format(claims=counted(len(judged), "{n} claim", "{n} claims"))
        st.button(label, on_click=state.set_parameters, kwargs={"claim": None}, type="tertiary")
    # Every verdict at a glance, each opening to its card.
    with st.container(key="claims", gap=None):
        for n, each in one or numbered:
            verdict, text = _(word(each.answer)).capitalize(), as_label(each.claim.text or each.claim.claim_id, 400)
            opened, icon = bool(one) or len(judged) == 1, ICONS[word(each.answer)]
            with st.expander(f"**{verdict}**: {text}", expanded=opened, type="compact", icon=icon):
                _card(loaded, each, n)


def _judged(loaded: Loaded) -> tuple[tuple[Judged, ...], tuple[str, ...]]:
    """The claims with their answers, worked out once for a record and a version of their table; raises `FileError`."""
    path = claims_path()
    known = path.stat() if path.is_file() else None
    version = (str(path), known and known.st_mtime_ns, known and known.st_size)

    def judge() -> tuple[tuple[Judged, ...], tuple[str, ...]]:
        claims, odd = read(path)
        return judge_all(loaded, claims), odd

    return loaded.cache.cached("claims", judge, version)


def _card(loaded: Loaded, judged: Judged, n: int) -> None:
    claim, answer = judged
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.html(_words(judged))
        leads(f"claim-{n}", (Lead(one.incident_id, one.words) for one in answer.evidence))
        with st.container(horizontal=True, vertical_alignment="center", key=f"looks-{n}"):
            for label, query in answer.links:
                if claim.page in dict(PAGES):
                    st.page_link(claim.page, label=as_label(label), query_params=query)
            if "claim" not in state.parameters():
                alone = {"claim": claim.claim_id}
                st.page_link("pages/claims.py", label=_("Link to this claim"), query_params=alone)
            if answer.head:
                reference(loaded, cited(claim, answer), answer.head, f"claim-{n}", url_state.claim_link(claim.claim_id))
    with right:
        _picture(loaded, judged, n)


def _words(judged: Judged) -> str:
    """Source, answer, question, filter and what a reader must know, as harmless HTML."""
    claim, answer = judged
    source = safe_text(claim.source or _("no source stated"), 200)
    if url := safe_url(claim.url):
        source = f"<a href='{safe_text(url, 1000)}' target='_blank' rel='noopener noreferrer'>{source}</a>"
    rows = "".join(f"<dt>{name}</dt><dd>{safe_text(text, 700)}</dd>" for name, text in details(claim, answer))
    why = f"<p class='atlas-note'>{safe_text(' '.join(answer.why), 1200)}</p>" if answer.why else ""
    know = "".join(f"<p class='atlas-note'>{safe_text(note, 600)}</p>" for note in (*answer.notes, _HOW))
    return (
        f"<div class='atlas-claim'><p class='atlas-note'>{source}</p>"
        f"<p class='atlas-said'>{safe_text(answer.finding, 1200)}</p>{why}"
        f"<details class='atlas-details'><summary>{_('How this was calculated')}</summary>"
        f"<dl>{rows}</dl>{know}</details>{_shown(judged)}</div>"
    )


def _shown(judged: Judged) -> str:
    """Which of the incidents that show the answer are listed."""
    answer = judged.answer
    if answer.evidence and answer.shown:
        return f"<p class='atlas-note'>{_('{shown}, newest first:').format(shown=safe_text(answer.shown, 200))}</p>"
    return ""


def _picture(loaded: Loaded, judged: Judged, n: int) -> None:
    answer = judged.answer
    drawn = answer.picture
    if isinstance(drawn, SideTable):
        st.html(html_table(_("Incidents, claimed or attributed"), [_("Perpetrator"), *drawn.parties], drawn.rows))
        return
    picture = _drawn(loaded, drawn)
    if picture is None:
        return
    draw(picture, f"claim-picture-{n}")
    st.html(f"<p class='atlas-key'>{safe_text(' '.join(picture.notes), 600)}</p>")


def _drawn(loaded: Loaded, drawn: Years | Bars | Rates | None) -> Picture | None:
    colours = theme(scheme())
    if isinstance(drawn, Years):
        span = loaded.source.first, loaded.source.last
        marks = vega_lite.time_marks(loaded.milestones, loaded.coverage, *span)
        breaks = tuple(mark for mark in marks if mark.kind == "break")
        return bars.years_with_limit(drawn.table, drawn.looked, span, breaks, drawn.limit, colours)
    if isinstance(drawn, Bars) and drawn.rows:
        return bars.counts(drawn.rows, _("Incidents by the country that was hit"), _("Country"), colours)
    if isinstance(drawn, Rates):
        return bars.rates(drawn.rows, drawn.unit, colours)
    return None


def claims_page() -> None:
    """The whole page."""
    with answering():
        claims(frame(_("Claims"), "pages/claims.py"))
