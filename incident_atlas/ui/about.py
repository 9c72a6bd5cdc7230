"""The parts of the page About the record: what it holds, what it does not say, what became of every row."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from incident_atlas import summary
from incident_atlas.load import Loaded
from incident_atlas.text import counted, day, safe_text
from incident_atlas.ui.frame import notes
from incident_atlas.vocabulary import GEO_PRECISIONS, KNOWN_TO, RADIUS_M

_MOST_PROBLEMS = 1_000


def what_it_holds(loaded: Loaded) -> None:
    """Rows read, kept and set aside; incidents, reports, publishers, places."""
    source = loaded.source
    _heading("What the record holds")
    rows = f"{counted(source.read, 'row')} read from {source.name}: {source.kept:,} kept, {source.set_aside:,} set aside."
    reports = loaded.reports
    told = f"{counted(len(reports), 'report')} by {counted(reports['publisher'].nunique(), 'publisher')}." if len(reports) else "No reports lie beside it."
    several = (reports.groupby("incident_id")["publisher"].nunique() > 1).sum() if len(reports) else 0
    more = f" {several:,} incidents have two or more publishers." if several else ""
    st.html(f"<p>{safe_text(rows)} {safe_text(told)}{more} {notes(loaded)}</p><p class='atlas-note'>sha256 {source.sha256}</p>")


def how_well_places_are_known(loaded: Loaded) -> None:
    """Incidents by precision of their place."""
    _heading("How well its places are known")
    st.html("<p>A mark is as sharp as its source, not as the map. A ring stands for an area; open an incident to see how large.</p>")
    n = loaded.incidents["geo_precision"].astype("str").value_counts()
    rows = [(f"known to {KNOWN_TO[name]}", f"{RADIUS_M[name]:,} m", int(n.get(name, 0))) for name in GEO_PRECISIONS]
    rows.append(("not locatable", "", int(n.get("", 0))))
    st.dataframe(pd.DataFrame(rows, columns=["Place", "Radius drawn", "Incidents"]), hide_index=True, height="content")


def what_it_does_not_say(loaded: Loaded) -> None:
    """The limits that stand above every number."""
    _heading("What it does not say")
    limits = (
        "It is a sample. It holds what its sources covered, and they changed over the years: fewer reports are not fewer attacks.",
        "Unknown is not zero. A blank figure means that no source gives one; totals say how many incidents that is.",
        "A perpetrator is only as sure as the rung beside it: claimed, contested, attributed, suspected, denied or unknown.",
        "From 15 August 2021 the Taliban are the de facto authorities: a government target before and after that day is a different government.",
        "Many places are known only to the city. Distances between such incidents mean nothing.",
    )
    st.html("<ul>" + "".join(f"<li>{text}</li>" for text in limits) + "</ul>")
    if len(loaded.coverage):
        _heading("What its sources covered, and when")
        table = loaded.coverage.assign(**{name: loaded.coverage[name].map(_day) for name in ("from", "to")})
        st.dataframe(table.rename(columns=str.capitalize), hide_index=True, height="content")


def what_became_of_rows(loaded: Loaded) -> None:
    """Every problem of the file by row and column, and the incidents that could not be placed."""
    problems = loaded.problems
    _heading("What was wrong in the file")
    if not len(problems):
        st.html("<p>Nothing: every row was kept as it stands.</p>")
    else:
        first = f", the first {_MOST_PROBLEMS:,} here" if len(problems) > _MOST_PROBLEMS else ""
        st.html(f"<p>{counted(len(problems), 'problem')}{first}. Row is the line in the file; line 1 names the columns.</p>")
        st.dataframe(problems.head(_MOST_PROBLEMS).rename(columns=str.capitalize), hide_index=True)
        name = f"problems-{loaded.source.sha256[:10]}.csv"
        st.download_button("All problems as CSV", lambda: _csv(problems), file_name=name, mime="text/csv", on_click="ignore")
    lost = summary.unplaced(loaded.incidents)
    if len(lost):
        _heading("Incidents that no place was found for")
        columns = ["incident_id", "date", "title", "place", "city", "province"]
        st.dataframe(lost[columns].head(_MOST_PROBLEMS).astype(str).assign(date=lost["date"].map(day)), hide_index=True, height="content")


def sources_and_licences() -> None:
    """Where things are from, in a few lines."""
    _heading("Sources and licences")
    st.html(
        "<p>Code: MIT. Words and compilation of the shipped record: CC BY 4.0; each figure is its report's, linked on the incident's card. "
        "Outlines: Natural Earth, public domain. Towns: GeoNames, CC BY 4.0. OpenStreetMap, when switched on: ODbL. "
        "More in data/README.md.</p>"
    )


def _csv(problems: pd.DataFrame) -> bytes:
    """The problems as a file for a spreadsheet, where text that begins like a formula stays text."""
    safe = problems.astype(object).map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell)
    return safe.to_csv(index=False).encode("utf-8-sig")


def _day(value: pd.Timestamp) -> str:
    return day(value) if pd.notna(value) else ""


def _heading(title: str) -> None:
    st.html(f"<h2 style='font-size:1.1rem;margin:.8rem 0 0;padding:0'>{title}</h2>")
