"""The page of one incident: everything an analyst needs to defend its figures, and a way on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from incident_atlas.analysis import summary
from incident_atlas.analysis.evidence import grade as evidence
from incident_atlas.charts import tolls
from incident_atlas.core.data_sets import named
from incident_atlas.core.formatting import figure_parts, format_figure
from incident_atlas.core.text import counted, counted_incidents, day, plain, safe_text
from incident_atlas.core.vocabulary import PRECISE, UNKNOWN
from incident_atlas.dataset import paging
from incident_atlas.dataset.citation import cite as cite_view
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.errors import TooMany
from incident_atlas.export import record_changes
from incident_atlas.export.incident_citation import cite
from incident_atlas.export.view_citation import ViewCitation
from incident_atlas.i18n import _
from incident_atlas.maps import folium_map
from incident_atlas.maps.clusters import map_cells
from incident_atlas.theme import theme
from incident_atlas.ui.parts import incident_card as card
from incident_atlas.ui.parts import permission
from incident_atlas.ui.parts.chart_menu import draw
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.parts.incident_links import Lead, leads
from incident_atlas.ui.parts.map_frame import addresses
from incident_atlas.ui.parts.page import scheme
from incident_atlas.ui.session import evidence as evidence_of
from incident_atlas.ui.session import state, url_state
from incident_atlas.ui.session.results import visible

MAP_HEIGHT_PX = 300
_MOST_NEAR = 30


def incident(loaded: Loaded, chosen: Filters, incident_id: str) -> None:
    """The whole page."""
    one = loaded.find(incident_id)
    mine = evidence.reports_of(one, evidence_of.reports(loaded, incident_id))
    _way(loaded, chosen, one)
    st.html(f"<h1 class='atlas-title'>{safe_text(one['title'])}</h1><p class='atlas-text'>{safe_text(card.lead(one), 600)}</p>")
    left, right = st.columns([3, 2], gap="large")
    with left:
        _counts(one, mine)
        _grade(one, mine, loaded)
        st.html(card.facts(one, loaded))
        _disputed(one, mine)
    with right:
        _place(one, loaded)
        _cite(one, loaded)
    if loaded.discretion:
        st.html(f"<p class='atlas-note'>{safe_text(loaded.discretion, 600)}</p>")
    _reports(mine)
    _extras(one, loaded)
    _near(one, loaded)
    _history(one, loaded)


def _way(loaded: Loaded, chosen: Filters, one: pd.Series) -> None:
    newer, older, position = _order(loaded, chosen).around(one["date"].to_pydatetime(), int(one["row"]))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("All incidents"), on_click=state.open_incident, args=(None,), type="tertiary", icon=":material/arrow_back:")
        for label, row, icon in (
            (_("Newer"), newer, ":material/chevron_left:"),
            (_("Older"), older, ":material/chevron_right:"),
        ):
            other = loaded.at([row]).iloc[0] if row is not None else None
            st.button(label, on_click=state.open_incident, args=(other,), disabled=row is None, type="tertiary", icon=icon)
        st.page_link("app.py", label=_("On the map"))
    if not position:
        st.html(f"<p class='atlas-note'>{_('The current filter leaves this incident out.')}</p>")


def _order(loaded: Loaded, chosen: Filters) -> paging.Order:
    """The order under this filter; only the last one is kept, because of a large record it is megabytes."""
    return state.session().cache.cached("order", lambda: paging.Order(visible(loaded, chosen)), (loaded.serial, chosen))


def _grade(one: pd.Series, mine: pd.DataFrame, loaded: Loaded) -> None:
    grade = evidence.grade(one, mine, loaded.origins)
    beware = [text for text in evidence.warnings(one, mine) if text != grade.reason]
    warnings = "".join(f"<li>{safe_text(text, 400)}</li>" for text in beware)
    more = f"<ul class='atlas-note'>{warnings}</ul>" if warnings else ""
    if grade.name != evidence.NONE:
        summary_line = _("What “{grade}” means").format(grade=grade.name)
        meaning = (
            f"{evidence.RULES[grade.name]} {evidence.PLACES_LEFT_OUT if evidence.places_left_out(one, loaded.origins) else ''}"
        )
        more += f"<details class='atlas-details'><summary>{summary_line}</summary><p class='atlas-note'>{meaning.strip()}</p></details>"
    st.html(f"<p class='atlas-grade'><b>{safe_text(grade.name)}.</b> {safe_text(grade.reason, 600)}</p>{more}")


def _disputed(one: pd.Series, mine: pd.DataFrame) -> None:
    if points := evidence.disagreements(one, mine, counts=False):
        items = "".join(f"<li>{safe_text(text, 800)}</li>" for text in points)
        st.html(f"{_heading(_('Where the reports disagree'))}<ul class='atlas-list'>{items}</ul>")
    if one["intended_target"] or one["intended_target_type"]:
        st.html(f"{_heading(_('Intended and actual target'))}<p class='atlas-text'>{safe_text(card.aimed(one), 800)}</p>")


def _place(one: pd.Series, loaded: Loaded) -> None:
    if one["x"] != one["x"]:
        st.html(f"<p class='atlas-text'>{_('Not on the map: its location is not known.')}</p>")
        return
    colours = theme(scheme())
    at = (float(one["latitude"]), float(one["longitude"]))
    alone = loaded.at([int(one["row"])])
    zoom = folium_map.NEAR_ZOOM[one["geo_precision"]]
    selected = folium_map.Selected(int(one["row"]), *at, str(one["geo_precision"]))
    marks = folium_map.marks(map_cells(alone, zoom), alone.set_index("row"), colours, selected, None)
    # Nothing is asked back from this map: moving it must not run the page again.
    st_folium(
        folium_map.base_map((*at, zoom), colours, addresses()),
        key=f"place-{int(one['row'])}-{colours.name}",
        height=MAP_HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=folium_map.Marks(marks),
    )
    st.html(
        f"<p class='atlas-key'>{_('It happened somewhere in this circle: {known_to}.').format(known_to=card.known_to(one))}</p>"
    )


def _counts(one: pd.Series, mine: pd.DataFrame) -> None:
    """Killed and wounded, and under each what every report counts, as a dot, where reports differ."""
    notes: list[str] = []
    for column, kind in zip(st.columns(2), ("killed", "wounded"), strict=True):
        with column:
            value, note = figure_parts(*(one[name] for name in (f"{kind}_low", kind, f"{kind}_high")))
            beside = f" <small>({safe_text(note)})</small>" if note else ""
            below = safe_text("; ".join(filter(None, (_(kind), *(card.counted(one) if kind == "killed" else ())))))
            st.html(f"<div class='atlas-figures'><div><b>{safe_text(value)}{beside}</b><span>{below}</span></div></div>")
            if picture := tolls.spread(one, mine, kind, theme(scheme())):
                draw(picture, f"counts-{kind}")
                # The figure stands above.
                notes += picture.notes[1:]
    if notes:
        st.html(f"<p class='atlas-key'>{safe_text(' '.join(dict.fromkeys(notes)), 600)}</p>")


def _reports(mine: pd.DataFrame) -> None:
    st.html(_heading(_("Who says what")))
    if not len(mine):
        st.html(f"<p class='atlas-text'>{_('There are no reports for this incident.')}</p>")
        return
    heads = (_("Report"), _("Killed"), _("Wounded"), _("Perpetrator"), _("Says"))
    rows = "".join(f"<tr role='row'>{_report(report, heads)}</tr>" for report in mine.to_dict("records"))
    columns = "".join(f"<th scope='col' role='columnheader'>{head}</th>" for head in heads)
    # On a phone its rows stand as blocks, and a browser then forgets that they are a table: hence the roles.
    st.html(
        f"<table class='atlas-reports' role='table' aria-label='{_('Who says what')}'><thead role='rowgroup'><tr role='row'>{columns}</tr></thead><tbody role='rowgroup'>{rows}</tbody></table>"
    )


def _report(report: dict, heads: Sequence[str]) -> str:
    published = day(report["published"]) if pd.notna(report["published"]) else ""
    small = (safe_text(report["title"], 200), ", ".join(filter(None, (published, safe_text(report["stage"], 20)))))
    link = card.publisher(report) + "".join(f"<br><small>{line}</small>" for line in small if line)
    who = report["perpetrator"].replace(";", ", ") + (f", {report['attribution']}" if report["attribution"] else "")
    who = _("no group named") if report["perpetrator"] == UNKNOWN else who
    nan = float("nan")
    figures = [format_figure(report[f"{kind}_low"], nan, report[f"{kind}_high"], blank="") for kind in ("killed", "wounded")]
    dated = day(report["date"]) if pd.notna(report["date"]) else ""
    about = safe_text(", ".join(filter(None, (dated, report["place"], report["attack_type"]))))
    says = "<br>".join(filter(None, (safe_text(report["says"], 1500), about and f"<small>{about}</small>")))
    cells = zip(heads[1:], (*figures, safe_text(who.strip(", ")), says), strict=True)
    return f"<td role='cell'>{link}</td>" + "".join(f"<td role='cell' data-head='{head}'>{cell}</td>" for head, cell in cells)


def _extras(one: pd.Series, loaded: Loaded) -> None:
    """What the incident's files say of it in columns that the record has no place for; blank cells are left out."""
    rows = [(name, text, origin) for origin, name, text in evidence_of.extra_columns(one, loaded)]
    if rows:
        several = len({origin for _unused, _unused, origin in rows}) > 1
        shown = [row if several else row[:2] for row in rows]
        columns = [_("Column"), _("Says"), _("Data set")] if several else [_("Column"), _("Says")]
        st.html(_heading(_("Also in the file")) + html_table(_("In columns of its own"), columns, shown))


def _near(one: pd.Series, loaded: Loaded) -> None:
    st.html(_heading(_("Other incidents within 2 km and 30 days")))
    try:
        found = evidence_of.neighbours(loaded, one).around(one)
    except TooMany as trouble:
        st.html(
            f"<p class='atlas-text'>{_('More than {most:,} other incidents may lie that near: too many to list.').format(most=trouble.most)}</p>"
        )
        return
    if not len(found):
        known = one["geo_precision"] in (*PRECISE, "city")
        text = _("No other incident recorded.") if known else _("Unknown: its location is known only to the district or less.")
        st.html(f"<p class='atlas-text'>{text}</p>")
        return
    sure, possible = found[found["sure"]], found[~found["sure"]]
    shown = pd.concat([sure.head(_MOST_NEAR), possible.head(_MOST_NEAR)])
    others = loaded.at(shown["row"].to_numpy())[["row", "incident_id", "title", "date", "date_precision"]].set_index("row")
    shown = shown.assign(precision=one["date_precision"])
    items = [_neighbour(near, others.loc[near.row]) for near in shown.itertuples()]
    known, unsure = items[: len(sure.head(_MOST_NEAR))], items[len(sure.head(_MOST_NEAR)) :]
    leads("near", known)
    if len(sure) > len(known):
        st.html(f"<p class='atlas-note'>{_('and {count:,} more').format(count=len(sure) - len(known))}</p>")
    if unsure:
        words = _("Possibly near: {incidents} whose location, or this one's, is known only to the city or less").format(
            incidents=counted_incidents(len(possible))
        )
        more = _(", the {count} nearest in time").format(count=len(unsure)) if len(possible) > len(unsure) else ""
        st.html(f"<p class='atlas-text'>{words}{more}.</p>")
        leads("possible", unsure)


def _neighbour(near, other: pd.Series) -> Lead:
    exact = {near.precision, other["date_precision"]} == {"day"}
    days = (
        (_("same day") if exact else _("about the same time"))
        if near.days == 0
        else counted(int(near.days), "{n} day later", "{n} days later")
        if near.days > 0
        else counted(-int(near.days), "{n} day earlier", "{n} days earlier")
    )
    far = (_(", {km:.1f} km").format(km=near.km) if near.km >= 0.1 else _(", the same point on the map")) if near.sure else ""
    when = day(other["date"], other["date_precision"])
    return Lead(other["incident_id"], f"{days}{far}: {plain(other['title'], 160)}, {when}")


def _history(one: pd.Series, loaded: Loaded) -> None:
    """What was changed of the incident and why, newest first; nothing where words are withheld, or for a reader's own file."""
    if loaded.discretion or not any(origin.shipped for origin in named([one["origin"]], loaded.origins)):
        return
    changes = record_changes.of_incident(record_changes.read_changes(), str(one["incident_id"]))
    if changes:
        st.html(_heading(_("Changes of this entry")))
        lines = (f"{when}: {what}{f' ({why})' if why else ''}" for when, what, why in changes)
        st.html(f"<ul class='atlas-list'>{''.join(f'<li>{safe_text(line, 800)}</li>' for line in lines)}</ul>")


def _cite(one: pd.Series, loaded: Loaded) -> None:
    origins = named([one["origin"]], loaded.origins)
    link = url_state.with_version(url_state.incident_link(one["incident_id"]), loaded.source.sha256)
    found = cite(one, link, loaded.source.last, origins, loaded.discretion, date.today())
    text = _("{title}, {date}. Incident {incident_id}.").format(
        title=plain(one["title"], 300), date=day(one["date"], one["date_precision"]), incident_id=plain(one["incident_id"], 100)
    )
    head = summary.headline(loaded.at([one["row"]]))
    view = ViewCitation.of(cite_view(loaded, text, link, head, origins), date.today())
    formats = {"BibTeX": found.bibtex, "RIS": view.ris(), "CSL-JSON": view.csl_json()}
    with st.expander(_("Cite this incident")):
        if not permission.permitted(origins, "incident"):
            return
        st.code(found.text, language=None, wrap_lines=True)
        permission.without_files()
        name = st.segmented_control(
            _("Format of the citation"),
            list(formats),
            default="BibTeX",
            required=True,
            key="w:cite-incident",
            label_visibility="collapsed",
        )
        st.code(formats[name], language=None, wrap_lines=True)


def _heading(text: str) -> str:
    return f"<h2 class='atlas-heading'>{text}</h2>"
