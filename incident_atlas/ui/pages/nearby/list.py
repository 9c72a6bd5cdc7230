"""Incidents around a point as a table: how far, which way, how sure that is; a row leads to the incident's page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from incident_atlas.analysis import nearby_text, summary
from incident_atlas.analysis.nearby import SAME_POINT_KM, Surroundings
from incident_atlas.core.formatting import format_figure
from incident_atlas.core.text import plain
from incident_atlas.core.vocabulary import KNOWN_TO
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.export import tables
from incident_atlas.geo.coordinates import compass
from incident_atlas.i18n import _
from incident_atlas.ui.parts import permission
from incident_atlas.ui.parts.html_table import grid
from incident_atlas.ui.parts.incident_rows import iso
from incident_atlas.ui.session import state, url_state
from incident_atlas.ui.session.transfers import one_at_a_time

LISTED = 600
"""Rows that are sent to the browser: what a person may read."""


def incidents_around(loaded: Loaded, around_it: Surroundings | None, private: bool = False) -> None:
    """Those in the place, within, and possibly within, each nearest first; nothing without an answer. private: as in `table`."""
    if around_it is None:
        return
    rows = pd.concat([around_it.counted, around_it.possibly.head(max(0, LISTED - len(around_it.counted)))]).head(LISTED)
    if not len(rows):
        return
    many = len(around_it.counted) + len(around_it.possibly)
    cut = ""
    if many > len(rows):
        cut = _(" The {count:,} first of {many:,}: a smaller radius or a filter shows the others.")
        cut = cut.format(count=len(rows), many=many)
    st.html(
        f"<h2 class='atlas-heading'>{_('The incidents')}</h2><p class='atlas-note'>{_('Those in the place or within first, each nearest first. Incidents known only to their city or less have no distance.{cut}').format(cut=cut)}</p>"
    )
    table(loaded, rows, "around", private)
    st.html(f"<p class='atlas-key'>{_('Select a row to open it. Click a column header to sort.')}</p>")


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
    """The table of these rows (as `nearby.measured` gives them, or without a point to measure from).

    private: the point asked about is; then an incident that is opened does not move the map of other pages, whose address
    would tell where that was.
    """
    found = loaded.at(rows["row"])
    ids = found["incident_id"].to_list()
    shown: dict[str, list] = {"Date": [iso(one) for one in found[["date", "date_precision"]].itertuples()]}
    vague = nearby_text.somewhere(found)
    if "km" in rows:
        km = [None if area else round(float(one), 2) for area, one in zip(vague, rows["km"], strict=True)]
        shown |= {"Within": rows["where"].to_list(), "Km": pd.Series(km, dtype="Float64").to_list()}
    shown["What happened"] = [plain(title, 200) for title in found["title"]]
    if "km" in rows:
        bearings = zip(vague, rows["km"], rows["bearing"], strict=True)
        shown["Direction"] = [
            area or (f"{compass(bearing)}, {bearing:.0f}°" if km >= SAME_POINT_KM else _("same point"))
            for area, km, bearing in bearings
        ]
    killed = found[["killed_low", "killed", "killed_high"]]
    shown["Killed"] = [format_figure(*three) for three in killed.itertuples(index=False)]
    shown["Location known to"] = [KNOWN_TO.get(name, _("no known location")) for name in found["geo_precision"]]
    columns = {
        "Date": st.column_config.TextColumn(width=92),
        "What happened": st.column_config.TextColumn(width=380),
        "Within": st.column_config.TextColumn(width=76),
        "Km": st.column_config.NumberColumn(format="%.2f", width=64),
        "Direction": st.column_config.TextColumn(width=150),
        "Killed": st.column_config.TextColumn(width=130),
    }
    key = f"{state.session().widget_key('incidents')}-near-{name}"
    grid(
        pd.DataFrame(shown),
        key=key,
        height=38 + 35 * min(len(ids), 12),
        column_config=columns,
        on_select=lambda: _pick(key, ids, None if private else loaded),
        selection_mode="single-row",
    )


def open_picked_page() -> None:
    """Go to the page of the incident that was chosen in a table: a callback may not, only a run of the page."""
    if st.session_state.pop("open_picked", False):
        st.switch_page("pages/incidents.py")


def _pick(key: str, ids: list[str], loaded: Loaded | None) -> None:
    st.session_state["open_picked"] = state.open_selected(key, ids, loaded)
