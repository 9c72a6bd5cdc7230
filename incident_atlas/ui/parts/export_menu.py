"""Share and export: the link to exactly this view, and what is visible as files, made only when a reader asks for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.core.data_sets import Origin
from incident_atlas.core.text import safe_text
from incident_atlas.core.vocabulary import GEO_PRECISIONS
from incident_atlas.curation.privacy import Policy, widened, withheld
from incident_atlas.dataset.citation import Citation, cite, origins_of
from incident_atlas.dataset.filters import TERMS, Filters, with_uncertain_date
from incident_atlas.dataset.headline_text import filter_sentence, other_targets
from incident_atlas.dataset.load import Loaded, give_back
from incident_atlas.dataset.query import MOST_ROWS, rows
from incident_atlas.dataset.sql import Engine
from incident_atlas.errors import TooMany
from incident_atlas.export import tables as export
from incident_atlas.export.brief import LONGEST_TITLE
from incident_atlas.i18n import _
from incident_atlas.maps import folium_map, offline_page, static_map
from incident_atlas.theme import theme
from incident_atlas.ui.parts import permission
from incident_atlas.ui.parts.citation_menu import citation_formats
from incident_atlas.ui.parts.map_frame import coloured_by
from incident_atlas.ui.parts.page import scheme
from incident_atlas.ui.session import state, url_state
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.results import of_other_targets
from incident_atlas.ui.session.transfers import one_at_a_time

_BLUR = Policy("grid")
_AS_BLURRED = GEO_PRECISIONS[GEO_PRECISIONS.index("district") :]
"""The location precisions that blurred places may have."""

_PAPERS = {"A4": "a4", "Letter": "letter"}
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@st.fragment
@answering()
def export_menu(loaded: Loaded, chosen: Filters, head: summary.Headline, sentence: str) -> None:
    """Link and downloads of exactly what is visible.

    The popover is filled only while it is open, and opening it runs this fragment: the link and the picture show the map
    as it stands at that moment, and a closed popover costs next to nothing.
    """
    menu = st.popover(_("Share and export"), width="content", key="share", on_change="rerun")
    if menu.open:
        with menu:
            _link_and_files(loaded, chosen, head, sentence)


def _link_and_files(loaded: Loaded, chosen: Filters, head: summary.Headline, sentence: str) -> None:
    # What writes workbooks takes memory, and most readers take no file.
    from incident_atlas.export import workbook

    # The files are made outside of any run of the page, where neither session nor browser can be asked.
    link, now, colours = url_state.link(), state.view(), theme(scheme())
    shown, names = permission.shown(loaded, chosen), coloured_by(loaded)
    # No file shows the heat layer, so the link that cites one does not ask for it.
    citation, bounds = cite(loaded, sentence, url_state.link("heat"), head, shown, chosen), _bounds(now)
    permission.terms_note(shown, citation.data)
    if not permission.permitted(shown, "share"):
        return
    if loaded.discretion and all(origin.shipped for origin in shown):
        st.html(f"<p class='atlas-note'>{safe_text(loaded.discretion, 600)}</p>")
    if isinstance(loaded, Engine) and head.incidents > MOST_ROWS:
        _brief(loaded, chosen, link, shown, citation)
        st.html(f"<p class='atlas-note'>{_('Link to this view')}</p>")
        st.code(link, language=None, wrap_lines=True)
        st.html(f"<p class='atlas-note'>{safe_text(TooMany(MOST_ROWS), 400)}</p>")
        return
    whole = not loaded.discretion or len(loaded.origins) > 1
    # Streamlit forgets the switch while the popover is closed: it is off again when it opens, and says so.
    blur = whole and st.toggle(
        _("Hide exact places and free text"), key="w:blur", help=_("In the files. {blur}").format(blur=_BLUR.sentence())
    )
    if blur:
        made = withheld(replace(loaded, incidents=rows(chosen.apply(loaded.incidents))), _BLUR)
        sentence, bounds = _safe_filter_sentence(loaded, chosen, head, made), widened(bounds)
        left = origins_of(made.incidents, made.origins)
        citation, names = cite(made, sentence, url_state.front_link(), head, left), coloured_by(made)
        citation = replace(citation, figures=_figures_of_others(chosen, made))
        st.html(f"<p class='atlas-note'>{safe_text(made.discretion, 600)}</p>")
    else:
        made, citation = loaded, replace(citation, figures=of_other_targets(loaded, chosen))
        st.html(f"<p class='atlas-note'>{_('Link to this view')}</p>")
        st.code(link, language=None, wrap_lines=True)
        permission.without_files()

    # Which incident a reader had open tells what she was looking for, as the words of the filter do.
    opened = None if blur else now.incident

    def visible_rows() -> pd.DataFrame:
        return made.incidents if blur else rows(chosen.apply(loaded.incidents))

    def tables() -> bytes:
        return export.archive(visible_rows(), made.reports, citation)

    def book() -> bytes:
        return workbook.workbook(visible_rows(), made.reports, citation)

    def geojson() -> bytes:
        return export.geojson(visible_rows(), citation)

    def picture() -> bytes:
        # In a window of time what may lie outside it is lighter, as on the page.
        drawn = with_uncertain_date(visible_rows(), chosen) if now.window else visible_rows()
        return static_map.sheet_png(drawn, bounds, colours, citation, names)

    def page() -> bytes:
        return offline_page.standalone_html(visible_rows(), made.reports, citation, head, None if now.home else bounds, opened)

    st.html(f"<p class='atlas-note'>{_('Download this view (each file names its source)')}</p>")
    if any(set(own.columns) - {"incident_id"} for own in made.extras.values()):
        st.html(f"<p class='atlas-note'>{_('The other columns of a file of your own are not in these files.')}</p>")
    _offer(_("Tables for Excel (zip of CSV)"), "zip", "application/zip", tables, citation.file_stem())
    if head.incidents <= workbook.MOST_INCIDENTS:
        _offer(_("Excel workbook (XLSX)"), "xlsx", _EXCEL, book, citation.file_stem())
    _offer(_("GeoJSON for a map program"), "geojson", "application/geo+json", geojson, citation.file_stem())
    label = _("The map as a picture (PNG)")
    _offer(label, "png", "image/png", picture, citation.file_stem(f"{bounds}{colours.name}{names}{now.window}"))
    _offer(_("A page that works offline (HTML)"), "html", "text/html", page, citation.file_stem(f"{bounds}{opened}"))
    # The blurred files cite themselves; a link would tell the filter, and the brief compares with what they leave out.
    if not blur:
        citation_formats(replace(citation, link=link), "view")
        _brief(loaded, chosen, link, shown, citation)


def _brief(loaded: Loaded, chosen: Filters, link: str, shown: tuple[Origin, ...], citation: Citation) -> None:
    """Title and paper of the brief, and its two files."""
    st.html(
        f"<p class='atlas-note'>{_('Two pages for a meeting: figures, map, charts, the deadliest incidents, what is uncertain')}</p>"
    )
    title = st.text_input(
        _("Title of the brief"), key="w:brief-title", max_chars=LONGEST_TITLE, placeholder=_("Made from the filter")
    )
    paper = st.segmented_control(
        _("Paper"), list(_PAPERS), default="A4", required=True, key="w:brief-paper", label_visibility="collapsed"
    )

    def made(ending: str) -> bytes:
        # What it computes with takes 35 MB and most of a second to import; few readers ask for a brief.
        from incident_atlas.export.brief import content, pictures, typst_pdf, word

        visible = chosen.apply(loaded.incidents, columns=content.COLUMNS)
        brief = content.make(loaded, chosen, link, date.today(), title, shown, visible)
        write = typst_pdf.pdf if ending == "pdf" else word.docx
        return write(brief, pictures.draw(brief, loaded, visible, _PAPERS[paper]), _PAPERS[paper])

    stem = f"{citation.file_stem(f'{title}{paper}{date.today()}')}-brief"
    _offer(_("Brief (PDF)"), "pdf", "application/pdf", lambda: made("pdf"), stem)
    _offer(_("Brief (Word)"), "docx", _WORD, lambda: made("docx"), stem)


def _safe_filter_sentence(loaded: Loaded, chosen: Filters, head: summary.Headline, made: Loaded) -> str:
    """The filter sentence without words and circles that a reader typed, without a precision that the blurred places no longer have,
    and without terms that the files do not hold: they may name the very place."""
    hidden = [name for name in ("q", "near") if getattr(chosen, name)]
    hidden += ["precision"] if chosen.precision and chosen.precision not in _AS_BLURRED else []
    hidden += [name for name in TERMS if set(getattr(chosen, name)) - set(made.options[name])]
    text = filter_sentence(loaded, chosen, head, hidden)
    return (
        _("{text} They were also chosen by words, a place or a location precision left out here.").format(text=text)
        if hidden
        else text
    )


def _figures_of_others(chosen: Filters, made: Loaded) -> str:
    """`results.of_other_targets` of blurred files: of terms that they hold alone. made: what is in them."""
    column = summary.target_column(chosen)
    terms = getattr(chosen, column) if column else ()
    if not terms or set(terms) - set(made.options[column]):
        return ""
    return other_targets(*summary.other_targets(made.incidents, column, terms))


def _offer(label: str, ending: str, mime: str, make: Callable[[], bytes], stem: str) -> None:
    def made() -> bytes:
        data = make()
        give_back()
        return data

    # Streamlit tells large downloads apart by parts of them only: the name carries a hash of what is inside.
    name = f"{stem}.{ending}"
    st.download_button(
        label, one_at_a_time(made, name, mime), name, mime, key=f"export-{ending}", on_click="ignore", width="stretch"
    )


def _bounds(now: state.View) -> tuple[float, float, float, float]:
    """What the map shows: the country as a whole, what the browser said, or about that before it has."""
    if now.home:
        (south, west), (north, east) = folium_map.COUNTRY
        return south, west, north, east
    return now.box()
