"""The parts of the page About the record: what it holds, what it does not say, what became of every row."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.analysis.evidence import grade
from incident_atlas.core.data_sets import cited, terms
from incident_atlas.core.reference_data import DATA
from incident_atlas.core.schema import COLUMNS
from incident_atlas.core.text import counted, counted_incidents, counted_rows, day, safe_text
from incident_atlas.core.vocabulary import GEO_PRECISIONS, KNOWN_TO, RADIUS_M
from incident_atlas.dataset import paging
from incident_atlas.dataset.headline_text import victims
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.selection import unplaced
from incident_atlas.dataset.sql import Engine
from incident_atlas.export import record_changes
from incident_atlas.i18n import _
from incident_atlas.ui.parts.citation_menu import reference
from incident_atlas.ui.parts.html_table import grid, html_table
from incident_atlas.ui.parts.page import frame, notes
from incident_atlas.ui.parts.problems_table import problem_table
from incident_atlas.ui.session import evidence as evidence_of
from incident_atlas.ui.session.record import answering

_MOST_UNPLACED = 1_000
_MOST_SOURCES = 12


def what_it_holds(loaded: Loaded) -> None:
    """Rows read, kept and set aside; incidents, reports, publishers, places."""
    source = loaded.source
    _heading(_("Contents"))
    rows = _("{rows} read from {source_name}: {kept:,} kept, {set_aside:,} set aside.").format(
        rows=counted_rows(source.read), source_name=source.name, kept=source.kept, set_aside=source.set_aside
    )
    reports = loaded.reports
    if len(reports):
        facts = _("{reports} by {publishers}.").format(
            reports=counted(len(reports), "{n} report", "{n} reports"),
            publishers=counted(reports["publisher"].nunique(), "{n} publisher", "{n} publishers"),
        )
    else:
        facts = _("No reports lie beside it.")
    several = (reports.groupby("incident_id")["publisher"].nunique() > 1).sum() if len(reports) else 0
    more = _(" {several:,} incidents have two or more publishers.").format(several=several) if several else ""
    sha256 = f"<p class='atlas-note'>sha256 {source.sha256}</p>" if source.sha256 else ""
    st.html(f"<p>{safe_text(rows)} {safe_text(facts)}{more} {notes(loaded)}</p>{sha256}")
    text = _("The whole record, {incidents}.").format(incidents=counted_incidents(source.kept))
    reference(loaded, text, summary.headline(loaded.incidents), "record", label=_("Link to this page"))


def its_data_sets(loaded: Loaded) -> None:
    """Where the record came from, a paragraph per file with its citation and terms; nothing for the shipped record alone."""
    if all(origin.shipped for origin in loaded.origins):
        return
    _heading(_("Its data sets"))
    for origin in loaded.origins:
        rows = _("{rows} read: {kept:,} kept, {set_aside:,} set aside.").format(
            rows=counted_rows(origin.read), kept=origin.kept, set_aside=origin.set_aside
        )
        text = _("{origin_title}, file {origin_file}, {rows}").format(
            origin_title=origin.title, origin_file=origin.file, rows=rows
        )
        if origin.shipped:
            text += _(" Cite and use it as this page says under Sources and licences.")
        else:
            text += _(" Cite as: {cited} Terms: {terms}").format(cited=cited(origin), terms=terms(origin))
        st.html(f"<p><b>{safe_text(origin.name, 120)}</b> {safe_text(text, 3000)}</p>")


def its_numbers(loaded: Loaded) -> None:
    """Incidents by year, by precision of their place, by number of publishers and by grade."""
    _heading(_("Coverage"))
    st.html(
        f"<p>{_('Markers are only as precise as their sources. Encyclopedias and data sets do not count as confirmation.')}</p>"
    )
    if isinstance(loaded, Engine):
        _precisions(loaded)
        years = summary.by_year(loaded.incidents)
        rows = zip(years["year"].astype("str"), years["incidents"], summary.killed_texts(years), strict=True)
        st.html(html_table(_("Totals per year"), [_("Year"), _("Incidents"), _("Killed")], rows))
        return
    counts = evidence_of.grades(loaded).reindex(loaded.incidents["incident_id"], fill_value=grade.NONE).value_counts()
    rows = [(name, int(counts.get(name, 0)), grade.RULES[name]) for name in grade.GRADES]
    st.html(html_table(_("How well incidents are evidenced"), [_("Grade"), _("Incidents"), _("What it means")], rows))
    if any(origin.wordless for origin in loaded.origins):
        st.html(f"<p class='atlas-note'>{grade.PLACES_LEFT_OUT}</p>")
    first, second = st.columns(2, gap="medium")
    with first:
        _precisions(loaded)
    with second:
        _table(
            _counted(evidence_of.publisher_counts(loaded).reindex(loaded.incidents["incident_id"], fill_value=0), _("Publishers"))
        )
    years = _per_year(loaded)
    st.html(html_table(_("Totals per year"), list(years), years.itertuples(index=False)))


def _precisions(loaded: Loaded) -> None:
    n = summary.by_precision(loaded.incidents)
    rows = [(KNOWN_TO[name], _("{radius_m:g} km").format(radius_m=RADIUS_M[name] / 1000), n[name]) for name in GEO_PRECISIONS]
    _table(pd.DataFrame([*rows, (_("no known location"), "", n[""])], columns=["Location known to", "Radius", "Incidents"]))


def _per_year(loaded: Loaded) -> pd.DataFrame:
    """Totals with their ranges, and without the largest incident where it makes too much of them."""
    rows = []
    for year, part in loaded.incidents.groupby("year"):
        head = summary.headline(part)
        rows.append((str(year), head.incidents, *victims(head)))
    return pd.DataFrame(rows, columns=["Year", "Incidents", "Killed", "Wounded"])


def _counted(values: pd.Series, name: str) -> pd.DataFrame:
    counts = values.value_counts().sort_index().rename_axis(name).reset_index(name=_("Incidents"))
    return counts.astype({name: "str"})


def _table(table: pd.DataFrame) -> None:
    grid(table, height="content" if len(table) < 12 else 320)


def what_it_does_not_say(loaded: Loaded) -> None:
    """The limits that stand above every number."""
    _heading(_("Limits"))
    limits = (
        _(
            "It is a sample. It holds what its sources covered, and they changed over the years: fewer reports are not fewer attacks."
        ),
        _("Unknown is not zero. A blank figure means that no source gives one; totals say how many incidents have no figure."),
        _("The words beside a perpetrator say how sure that is: claimed, contested, attributed, suspected, denied or unknown."),
        _(
            "From 15 August 2021 the Taliban are the de facto authorities: a government target before and after that day is a different government."
        ),
        _("Many places are known only to the city. Distances between such incidents mean nothing."),
    )
    st.html("<ul>" + "".join(f"<li>{text}</li>" for text in limits) + "</ul>")
    if len(loaded.coverage):
        _heading(_("What its sources covered, and when"))
        items = "".join(f"<li>{safe_text(_covered(one), 900)}</li>" for one in loaded.coverage.to_dict("records"))
        st.html(f"<ul class='atlas-list'>{items}</ul>")


def _covered(row: dict[str, Any]) -> str:
    """A row of the coverage in words: source, area, from when to when, how far this record was collected, the note."""
    begin, end, until = (None if pd.isna(value) else day(value) for value in map(row.get, ("from", "to", "collected_until")))
    spans = {
        (True, True): _("{source}, {area}, {begin} to {end}."),
        (True, False): _("{source}, {area}, since {begin}."),
        (False, True): _("{source}, {area}, to {end}."),
        (False, False): _("{source}, {area}."),
    }
    words = spans[begin is not None, end is not None].format(source=row["source"], area=row["area"], begin=begin, end=end)
    collected = _("Collected to {until}.").format(until=until) if until else ""
    return " ".join(filter(None, (words, collected, row["note"])))


def what_became_of_rows(loaded: Loaded) -> None:
    """Every problem of the file by row and column, and the incidents that could not be placed."""
    _heading(_("What was wrong in the file"))
    problem_table(loaded, "problems")
    lost = loaded.at(paging.newest(unplaced(loaded.incidents), _MOST_UNPLACED))
    if len(lost):
        _heading(_("Incidents that no place was found for"))
        columns = ["incident_id", "date", "title", "place", "city", "province"]
        grid(lost[columns].astype(str).assign(date=lost["date"].map(day)), height="content")


def coverage_by_source_and_year(loaded: Loaded) -> None:
    """Incidents per source and year: where a source begins or ends, a trend says more of it than of the attacks."""
    if not len(loaded.reports):
        return
    _heading(_("Incidents by source and year"))
    years = loaded.incidents.set_index("incident_id")["year"]
    pairs = loaded.reports[["incident_id", "publisher"]].drop_duplicates()
    pairs["year"] = pairs["incident_id"].map(years)
    most = pairs["publisher"].value_counts().index[:_MOST_SOURCES]
    pairs["publisher"] = pairs["publisher"].where(
        pairs["publisher"].isin(most), _("{publisher:,} others").format(publisher=pairs["publisher"].nunique() - len(most))
    )
    table = pairs.drop_duplicates().pivot_table(
        index="publisher", columns="year", values="incident_id", aggfunc="nunique", fill_value=0
    )
    table = table.loc[table.sum(axis=1).sort_values(ascending=False).index]
    table.columns = [str(year) for year in table.columns]
    _table(table.rename_axis(_("Publisher")).reset_index())


def how_it_is_made() -> None:
    """Inclusion rule, harm, corrections, licences."""
    _heading(_("What counts as one incident"))
    st.html(
        f"<p>{_('One attack, or attempt, by one side at one place in one run of time, with intent to hurt or frighten, whoever is behind it. Two bombs at one place are one incident; two places are two. Strikes of armed forces count when they hit people or places that were not fighting, whatever the stated target. Clashes of two armed sides, strikes on positions in battle, and plain crime do not count.')}</p>"
    )
    _heading(_("Do no harm"))
    st.html(
        f"<p>{_('Only public places and published reports are recorded. Do not use the record to find a person, and do not add where a site in use lies more precisely than an open source does. Think of who reads a map before you share it.')}</p>"
    )
    _heading(_("Correct a row"))
    st.html(
        f"""<p>{_("Name the incident's id, what is wrong and a source that anybody can open; CONTRIBUTING.md says how to change the file itself. Reports that disagree both stay.")}</p>"""
    )
    _heading(_("Sources and licences"))
    st.html(
        f"""<p>{_("Code: MIT. Words and compilation of the shipped record: CC BY 4.0; each figure is its report's, linked on the incident's page. Relief, borders, lakes: Natural Earth, public domain. Rivers: GSHHG, LGPL. Towns: GeoNames, CC BY 4.0. OpenStreetMap, when switched on: ODbL. What was left out and why, and the changes of the data, are in data/README.md.")}</p>"""
    )


def changes(loaded: Loaded) -> None:
    """The changes of the shipped data, as data/README.md tells them and as data/CHANGES.csv lists them; nothing for a reader's own file."""
    if not loaded.source.shipped:
        return
    text = (DATA / "README.md").read_text(encoding="utf-8")
    _unused, found, rest = text.partition("\n## Changes\n")
    if found:
        with st.expander(_("Changes of the data")):
            # Our own file, so its Markdown may be shown as such.
            st.markdown(rest.split("\n## ")[0])
    table = record_changes.read_changes()
    # What is withheld may stand in the old value of a cell.
    if len(table) and not loaded.discretion:
        with st.expander(_("What changed, incident by incident ({count:,})").format(count=len(table))):
            columns = [_("Date"), _("Incident"), _("What"), _("Why")]
            grid(record_changes.for_readers(table).set_axis(columns, axis=1), height=400)


def codebook() -> None:
    """Every column with its meaning and its terms, from the code itself."""
    _heading(_("Codebook"))
    rows = [(column.name, column.need, column.meaning, "; ".join(column.terms)) for column in COLUMNS]
    grid(pd.DataFrame(rows, columns=["Column", "Needed", "Meaning", "Terms"]), height=480)


def _heading(title: str) -> None:
    st.html(f"<h2 style='font-size:1.1rem;margin:.8rem 0 0;padding:0'>{title}</h2>")


def about_page() -> None:
    """The whole page."""
    with answering():
        loaded = frame(_("About the record"), "pages/about.py")
        st.html(f"<h1 style='font-size:1.5rem;margin:0;padding:0'>{_('About the record')}</h1>")
        what_it_holds(loaded)
        its_data_sets(loaded)
        what_it_does_not_say(loaded)
        its_numbers(loaded)
        coverage_by_source_and_year(loaded)
        what_became_of_rows(loaded)
        how_it_is_made()
        changes(loaded)
        codebook()
