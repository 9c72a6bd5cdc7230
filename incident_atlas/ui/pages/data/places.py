"""Incidents that no place was found for, one at a time: choose one of the likely places, click the map, or leave it unplaced."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from incident_atlas.core.text import as_label, counted, counted_incidents, day, safe_text
from incident_atlas.core.vocabulary import GEO_PRECISIONS, KNOWN_TO, UNKNOWN
from incident_atlas.curation import placements as saved
from incident_atlas.curation.placements import Placement, candidates
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.i18n import _
from incident_atlas.maps import folium_map
from incident_atlas.theme import theme
from incident_atlas.ui.parts.map_frame import addresses
from incident_atlas.ui.parts.page import scheme
from incident_atlas.ui.parts.save_load import saved as saved_file
from incident_atlas.ui.session.state import session, uploads

CLICKED = "click"
MAP_HEIGHT_PX = 360
LISTED = 20
PLACES = ("place", "city", "district", "province")
"""Columns of ours that a place is looked up by."""


def places(loaded: Loaded) -> None:
    """The incident to place, its candidates on a map, and what was decided."""
    lost = waiting(loaded)
    if len(lost):
        text = _("{incidents} with no known location").format(incidents=counted_incidents(len(lost)))
    else:
        text = _("Every incident has a place, or was left without one")
    st.html(f"<h2 class='atlas-heading'>{text}</h2>")
    if len(lost):
        _one(lost)
    _decided(loaded)


def waiting(loaded: Loaded) -> pd.DataFrame:
    """The incidents without a place that nobody has decided to leave so."""
    lost = loaded.incidents[loaded.incidents["x"].isna().to_numpy()]
    return lost[~lost["incident_id"].isin({one.incident_id for one in uploads().placements}).to_numpy()]


def _one(lost: pd.DataFrame) -> None:
    at = session().place_at % len(lost)
    one = lost.iloc[at]
    found = candidates(offline_gazetteer(), {name: str(one[name]) for name in PLACES})
    clicked = session().place_clicked
    clicked = clicked[1] if clicked and clicked[0] == one["incident_id"] else None
    words = ", ".join(filter(None, (one[name] for name in PLACES)))
    left, right = st.columns([3, 2], gap="medium")
    with right:
        st.html(
            f"<p class='atlas-text'><b>{safe_text(one['title'], 300)}</b></p><p class='atlas-note'>{_('{at:,} of {count:,}. {date}.').format(at=at + 1, count=len(lost), date=safe_text(day(one['date'], one['date_precision'])))} {_named_place(one, words)}</p>"
        )
        point = _choice(one, found, clicked)
        with st.container(horizontal=True):
            st.button(
                _("Place it here"), type="primary", disabled=point is None, on_click=_place, args=(point,), key="place-here"
            )
            st.button(_("Leave unplaced"), on_click=_place, args=(Placement(one["incident_id"]),), key="place-none")
            st.button(_("Next"), on_click=_go, args=(at + 1,), disabled=len(lost) < 2, key="place-next")
    with left:
        _map(one, found, point)


def _named_place(one: pd.Series, words: str) -> str:
    """What the file says of the place; where no column of its table is taken for one, the question which it is."""
    if words:
        sentence = _("The file says: {words}.").format(words=safe_text(words, 400))
        if one["country"] in ("", UNKNOWN):
            sentence += " " + _("Its country is unknown, so its place was not looked up: choose the country under Columns.")
        return sentence
    name = _file_without_place(one["incident_id"])
    if name:
        return _("No column of {name} is taken for the place: choose the one that holds it under Columns.").format(
            name=safe_text(name, 120)
        )
    return _("The file names no place for it.")


def _file_without_place(incident_id: str) -> str:
    """The name of the file that has this incident and no column of its table taken for a place, or ''."""
    for file in uploads().files:
        if file.loaded is None or file.mapping is None or any(map(file.mapping.theirs, PLACES)):
            continue
        name = file.loaded.origins[0].name
        if incident_id.removeprefix(f"{name}:") in set(file.loaded.incidents["incident_id"]):
            return file.name
    return ""


def _choice(one: pd.Series, found: pd.DataFrame, clicked: tuple[float, float] | None) -> Placement | None:
    """The candidate, or the point on the map, that is chosen, and how well it is known."""
    named = {row.place_id: row for row in found.itertuples()}
    options = [*named, *([CLICKED] if clicked else [])]
    if not options:
        st.html(
            f"<p class='atlas-text'>{_('No place with a similar name was found. Click the map, or leave it off the map.')}</p>"
        )
        return None
    words = {
        key: as_label(
            _("{row_name}, {row_kind}, {province}: {score:.0f} of 100 ({method})").format(
                row_name=row.name, row_kind=row.kind, province=row.province, score=row.score, method=row.method
            )
        )
        for key, row in named.items()
    }
    if clicked:
        words[CLICKED] = as_label(
            _("The point that you clicked: {latitude:.4f}, {longitude:.4f}").format(latitude=clicked[0], longitude=clicked[1])
        )
    key = f"w:place-{one['incident_id']}-{len(options)}"
    # Nothing is chosen before a person does: the first is only the likeliest.
    chosen = st.radio(
        _("Where was it?"), options, index=options.index(CLICKED) if clicked else None, format_func=words.get, key=key
    )
    if chosen is None:
        return None
    usual = "city" if chosen == CLICKED else named[chosen].geo_precision
    precisions = list(GEO_PRECISIONS)
    known = st.selectbox(
        _("Known to"), precisions, precisions.index(usual), KNOWN_TO.get, key=f"w:known-{one['incident_id']}-{chosen}"
    )
    point = clicked if chosen == CLICKED else (named[chosen].latitude, named[chosen].longitude)
    return Placement(one["incident_id"], "" if chosen == CLICKED else chosen, *map(float, point), known)


def _map(one: pd.Series, found: pd.DataFrame, point: Placement | None) -> None:
    colours = theme(scheme())
    key = f"places-{one['incident_id']}-{session().visit}-{colours.name}"
    rows = range(len(found))
    cells = found[["latitude", "longitude"]].assign(incidents=1, imprecise=False, row=rows, at=6.0, extent=None)
    titles = [f"{row.name}, {row.kind}, {row.province}" for row in found.itertuples()]
    singles = found[["geo_precision"]].assign(
        title=titles, date=one["date"], date_precision=one["date_precision"], perpetrator=UNKNOWN
    )
    selected = folium_map.Selected(-1, point.latitude, point.longitude, point.geo_precision) if point else None
    st_folium(
        folium_map.base_map(None, colours, addresses()),
        key=key,
        height=MAP_HEIGHT_PX,
        use_container_width=True,
        returned_objects=("last_clicked",),
        feature_group_to_add=folium_map.Marks(
            folium_map.marks(cells, singles.set_axis(rows), colours, selected, None, choosing=True)
        ),
        on_change=lambda: _clicked(key, one["incident_id"]),
    )
    st.html(f"<p class='atlas-key'>{_('? a likely place; click anywhere else to choose a point of your own.')}</p>")


def _clicked(key: str, incident_id: str) -> None:
    at = (st.session_state.get(key) or {}).get("last_clicked")
    if at:
        point = max(-90.0, min(90.0, at["lat"])), (at["lng"] + 180) % 360 - 180
        session().place_clicked = incident_id, (round(point[0], 5), round(point[1], 5))


def _place(point: Placement) -> None:
    uploads().placements = saved.place(uploads().placements, point._replace(decided=date.today()))


def _go(at: int) -> None:
    session().place_at = at


def _decided(loaded: Loaded) -> None:
    decided = uploads().placements
    st.html(f"<h2 class='atlas-heading'>{_('Decided')}</h2>")
    if decided:
        left = sum(one.latitude != one.latitude for one in decided)
        st.html(
            f"<p class='atlas-text'>{_('{count:,} placed, {left:,} left unplaced.').format(count=len(decided) - left, left=left)}</p>"
        )
    for one in reversed(decided[-LISTED:]):
        button, text_column = st.columns([1, 9], vertical_alignment="center")
        button.button(_("Undo"), key=f"unplace-{one.incident_id}", on_click=_undo, args=(one.incident_id,), type="tertiary")
        found = loaded.find(one.incident_id)
        at = _("{latitude:.4f}, {longitude:.4f}, known to {known_to}").format(
            latitude=one.latitude, longitude=one.longitude, known_to=KNOWN_TO[one.geo_precision]
        )
        title = one.incident_id if found is None else found["title"]
        text_column.html(
            f"<p class='atlas-text'>{safe_text(title, 200)}: {_('left unplaced') if one.latitude != one.latitude else at}</p>"
        )
    for one in uploads().unplaced:
        st.html(
            f"<p class='atlas-note'>{safe_text(one.value, 200)}: {safe_text(one.reason, 200)}. {safe_text(one.advice, 200)}</p>"
        )
    saved_file("places", "places", saved.written(decided), bool(decided), _take)


def _undo(incident_id: str) -> None:
    uploads().placements = saved.undo(uploads().placements, incident_id)


def _take(data: bytes) -> list[str]:
    found, problems = saved.read(data)
    for one in found:
        uploads().placements = saved.place(uploads().placements, one)
    return [
        _("{places} read.").format(places=counted(len(found), "{n} place", "{n} places")),
        *(_("Line {row}: {reason}. {advice}").format(row=one.row, reason=one.reason, advice=one.advice) for one in problems[:10]),
    ]
