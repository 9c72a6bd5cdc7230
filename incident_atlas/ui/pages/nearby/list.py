"""Incidents around a point as a table: how far, which way, how sure that is; a row leads to the incident's page."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from incident_atlas.analysis import nearby_text, summary
from incident_atlas.analysis.nearby import IN_PLACE, POSSIBLY, SAME_POINT_KM, WITHIN, Surroundings
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.export import tables
from incident_atlas.geo.coordinates import compass
from incident_atlas.i18n import _
from incident_atlas.ui.parts import permission
from incident_atlas.ui.parts.html_table import pager
from incident_atlas.ui.parts.incident_rows import incident_table
from incident_atlas.ui.session import state, url_state
from incident_atlas.ui.session.transfers import one_at_a_time

PAGE = 50
"""Rows per page."""
TABLE_PX = 480


def incidents_around(loaded: Loaded, around_it: Surroundings | None, private: bool = False) -> None:
    """Those in the place, within, and possibly within, each nearest first; nothing without an answer. private: as in `table`."""
    rows = None if around_it is None else pd.concat([around_it.counted, around_it.possibly])
    if rows is None or not len(rows):
        return
    pages = math.ceil(len(rows) / PAGE)
    page = min(state.session().page_numbers.get("around", 1), pages)
    order = _("Those in the place or within first, each nearest first. What is known only to its city or less has no distance.")
    st.html(f"<h2 class='atlas-heading'>{_('The incidents')}</h2><p class='atlas-note'>{order}</p>")
    table(loaded, rows.iloc[(page - 1) * PAGE : page * PAGE], "around", private)
    if pages > 1:
        pager("around", pages, page)
    st.html(f"<p class='atlas-key'>{_('Select a row to open it.')}</p>")


@st.fragment
def downloads(loaded: Loaded, chosen: Filters, around_it: Surroundings | None, cited: str, private: bool = False) -> None:
    """All that is listed, as CSV, GeoJSON, and tables with their reports. cited: the answer as a sentence for others.

    private: the point asked about is; then the files hold no distance, because three of them tell where it is.
    """
    if around_it is None or not len(around_it.counted) + len(around_it.possibly):
        return
    menu = st.popover(_("Download the list"), type="tertiary", key="data-around", on_change="rerun")
    if not menu.open:
        return
    with menu:
        shown = permission.shown(loaded, chosen)
        listed = pd.concat([around_it.counted, around_it.possibly])
        link = url_state.front_link() if private else url_state.link()
        citation = cite(loaded, cited, link, summary.headline(listed), shown)
        permission.terms_note(shown, citation.data)
        if not permission.permitted(shown, "around"):
            return
        if private:
            st.html(f"<p class='atlas-note'>{_('Without distances and directions: they would tell where your point is.')}</p>")
        listed = listed.sort_values(["date", "row"], ascending=False) if private else listed

        def rows() -> tuple[pd.DataFrame, pd.DataFrame]:
            found = loaded.at(listed["row"])
            return found, _measures(found, listed, private)

        def csv() -> bytes:
            found, more = rows()
            return tables.incidents_csv(found, citation, more)

        def geojson() -> bytes:
            found, more = rows()
            return tables.geojson(found, citation, more)

        def archive() -> bytes:
            found, more = rows()
            return tables.archive(found, loaded.reports, citation, more)

        files = (("CSV", "csv", "text/csv", csv), ("GeoJSON", "geojson", "application/geo+json", geojson))
        with st.container(horizontal=True):
            for label, ending, mime, make in (*files, (_("With reports (zip)"), "zip", "application/zip", archive)):
                name = f"{citation.file_stem(f'nearby {private}')}-nearby.{ending}"
                make = one_at_a_time(make, name, mime)
                st.download_button(label, make, name, mime, key=f"around-{ending}", on_click="ignore")


def _measures(found: pd.DataFrame, listed: pd.DataFrame, private: bool) -> pd.DataFrame:
    """What the list says beside the incidents: where, and of what has a place better than its city also km and direction."""
    where = listed["where"].astype("str").to_list()
    if private:
        return pd.DataFrame({"nearby": where}, index=found.index)
    vague = [bool(area) for area in nearby_text.somewhere(found)]
    columns = {"nearby": where, "nearby_km": listed["km"].round(2), "nearby_direction_degrees": listed["bearing"].round(0)}
    measures = pd.DataFrame({name: list(cells) for name, cells in columns.items()}, index=found.index)
    measures.loc[vague, ["nearby_km", "nearby_direction_degrees"]] = float("nan")
    return measures


def table(loaded: Loaded, rows: pd.DataFrame, name: str, private: bool = False) -> None:
    """The table of these rows (as `nearby.measured` gives them, or without a point to measure from); a row leads to its page.

    private: the point asked about is; then an incident that is opened does not move the map of other pages, whose address
    would tell where that was when the incident is closed again.
    """
    found = loaded.at(rows["row"])
    where = _from_the_point(found, rows) if "km" in rows else None

    def opens(incident_id: str) -> None:
        state.set_view(incident=incident_id) if private else state.open_incident(loaded.find(incident_id))
        st.session_state["open_picked"] = True

    incident_table(found, loaded, min(TABLE_PX, 60 + 46 * len(found)), f"table-{name}", where, opens)


def _from_the_point(found: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """How each lies to the point: 'in place', '0.8 km north-east', 'possibly within, somewhere in Kabul'."""
    phrases = []
    for where, area, km, bearing in zip(rows["where"], nearby_text.somewhere(found), rows["km"], rows["bearing"], strict=True):
        far = area or (_("{km:.1f} km {compass}").format(km=km, compass=compass(bearing)) if km >= SAME_POINT_KM else "")
        how = {IN_PLACE: _(IN_PLACE), WITHIN: "", POSSIBLY: _("possibly within")}[where]
        phrases.append(", ".join(filter(None, (how, far))) or _("same point"))
    return phrases


def open_picked_page() -> None:
    """Go to the page of the incident that was chosen in a table: a callback may not, only a run of the page."""
    if st.session_state.pop("open_picked", False):
        st.switch_page("pages/incidents.py")
