"""Under any filter the sentence, the link, the table and the files of every chart of a page agree, and so do the files of the page."""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pandas as pd
import pytest

from incident_atlas.analysis import summary
from incident_atlas.charts.files import CITED
from incident_atlas.charts.outside_filter import IN_FILTER, NO
from incident_atlas.charts.victims import MEASURES
from incident_atlas.core.schema import split
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import describe
from tests.support.page_surfaces import everything_open
from tests.support.pages import opened
from tests.support.profile import full_profile
from tests.support.record import shipped_record

pytestmark = pytest.mark.nightly

LOADED = shipped_record()
FIRST, LAST = (day.date() for day in (LOADED.source.first, LOADED.source.last))
SEED = 20150101
CHARTS = {
    "app.py": {
        "timeline": ("since", "until"),
        "years": ("since", "until"),
        "types": ("target_type",),
        "perpetrators": ("perpetrator",),
    },
    "pages/compare.py": {"monthly-rate": ("since", "until"), "calendar": ("since", "until")},
    "pages/nearby.py": {"rates": ()},
}
"""Charts whose link is the filter alone, by page: each with the fields of the filter that it leaves out."""


MORE = {
    "pages/compare.py": {"first": "2017-01-01:2019-12-31", "second": "2020-01-01:2022-12-31"},
    "pages/nearby.py": {"place": "kbl-wazir-akbar-khan", "km": "2"},
}
"""What a page is asked beside the filter."""


def filters() -> list[dict[str, Any]]:
    """Addresses made by chance, with a fixed seed: days, places, targets, actors, words; some leave nothing."""
    made = random.Random(SEED)
    terms = {
        name: LOADED.options[name]
        for name in ("city", "province", "target_type", "target_subtype", "perpetrator", "attack_type", "actor_kind")
    }
    found: list[dict[str, Any]] = [{}, {"from": "2015-01-01", "city": ["Herat"], "target_subtype": ["Place of Worship"]}]
    for _ in range(60 if full_profile() else 10):
        query: dict[str, Any] = {}
        since = FIRST + timedelta(days=made.randrange((LAST - FIRST).days))
        if made.random() < 0.7:
            query["from"] = since.isoformat()
        if made.random() < 0.6:
            query["to"] = (since + timedelta(days=made.randrange(3000))).isoformat()
        for name in made.sample(sorted(terms), made.choice((0, 1, 1, 2))):
            query[name] = made.sample(terms[name], min(len(terms[name]), made.choice((1, 1, 2))))
        if made.random() < 0.2:
            query["min_killed"] = str(made.choice((1, 5, 20)))
        if made.random() < 0.2:
            query["q"] = made.choice(("mosque", "embassy", "suicide", "xyzzy"))
        found.append(query)
    return found


class Chart(NamedTuple):
    """A chart as a reader meets it: the sentence and the table of its menu, its SVG and its CSV."""

    sentence: str
    table: list[list[str]]
    svg: str
    csv: list[list[str]]


def shown(page: str, query: dict[str, Any]) -> tuple[dict[str, Chart], str, dict[str, bytes]]:
    """The charts of a page by name, its sentence, and its other files by their ending."""
    files: list[tuple[str, bytes]] = []
    with everything_open(files, ("csv", "svg", "zip", "geojson")):
        app = opened(page, query)
    by_chart: dict[str, bytes] = {}
    others: dict[str, bytes] = {}
    for name, data in files:
        # The list of Nearby stands below its chart, and ends in the same name.
        place = name.split("-", 3)[3] if name.count("-") > 2 else ""
        known = others if not place or place in by_chart or place.endswith(("zip", "geojson")) else by_chart
        known[name.rpartition(".")[2] if known is others else place] = data
    charts = {}
    for node in app._tree:
        popover = re.search(r"-data-([a-z_-]+)$", getattr(getattr(node, "proto", None), "id", "") or "")
        if popover and f"{popover[1]}.csv" in by_chart:
            menu = next(each for each in node if each.type == "html").proto.body
            charts[popover[1]] = Chart(
                html.unescape(re.search(r"<p class='atlas-note'>(.*?)</p>", menu)[1]), rows_of(menu),
                by_chart[f"{popover[1]}.svg"].decode(), list(csv.reader(io.StringIO(by_chart[f"{popover[1]}.csv"].decode("utf-8-sig")))),
            )  # fmt: skip
    bodies = " ".join(element.proto.body for element in app.get("html"))
    heading = re.search(r"<h1 class='atlas-sentence'[^>]*>(.*?)</h1>", bodies)
    return charts, html.unescape(heading[1]) if heading else "", others


def rows_of(page: str) -> list[list[str]]:
    """The rows of the first table, with its header."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [
        [html.unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def linked(link: str) -> Filters:
    """The filter that a link asks for; nothing of it may be ignored."""
    query, ignored = Filters.from_query(parse_qs(urlsplit(link).query), LOADED.options)
    assert not ignored, ignored
    return query


def expected_sentence(query: Filters) -> tuple[str, pd.DataFrame]:
    """What the filter sentence must be, and the incidents it counts, worked out anew."""
    found = query.apply(LOADED.incidents)
    few = query.uncertain_dates(LOADED.incidents), query.without_figure(LOADED.incidents)
    return describe(query, summary.headline(found), FIRST, LAST, *few), found


def drawn_words(svg: str) -> str:
    root = ElementTree.fromstring(svg)
    return " ".join(" ".join(part.itertext()) for part in root.iter("{http://www.w3.org/2000/svg}text"))


def counted(name: str, found: pd.DataFrame) -> Counter[str]:
    """Incidents by the first column of a chart's table, counted from the incidents one by one."""
    if name == "years":
        return Counter(found["date"].dt.strftime("%Y"))
    if name in ("timeline", "calendar", "monthly-rate"):
        found = found[found["date_precision"] != "year"].sort_values("date")
        operation = found["coordinated_id"].astype(str)
        once = (operation == "") | ~operation.duplicated() if name == "monthly-rate" else operation.notna()
        return Counter(found.loc[once, "date"].dt.strftime("%Y-%m"))
    column = {"types": "target_type", "perpetrators": "perpetrator"}[name]
    return Counter(term for cell in found[column].astype(str) for term in (split(cell) or [UNKNOWN]))


def pieces(text: str) -> str:
    """Text without the ends of lines, which a drawing has elsewhere."""
    return " ".join(text.split())


def as_numbers(rows: list[list[str]]) -> list[list[str]]:
    """Cells as numbers without the separators of a page and the point of a file: 1,234 and 1234, 0 and 0.0."""
    return [[re.sub(r"^(-?\d+)\.0$", r"\1", re.sub(r"(?<=\d),(?=\d{3})", "", cell)) for cell in row] for row in rows]


def same_everywhere(name: str, chart: Chart) -> Filters:
    """The menu, the CSV and the SVG of a chart have one sentence, one link, one table; the filter of the link."""
    header, *rows = chart.csv
    cite = rows[0][-1]
    assert header[-1] == CITED and chart.sentence in cite and not any(row[-1] for row in rows[1:]), name
    link = re.search(r"\S*:///\S*", cite)[0]
    words = drawn_words(chart.svg)
    assert pieces(chart.sentence) in pieces(words) and link in words.replace(" ", ""), name
    assert chart.table[0] == header[:-1], name
    assert as_numbers(chart.table[1:]) == as_numbers([row[:-1] for row in rows if any(row[:-1])]), name
    return linked(link)


def agree(name: str, own: tuple[str, ...], chosen: Filters, chart: Chart) -> None:
    """The sentence, the link and the table of one chart tell of the same incidents."""
    outside = chosen.without(*own)
    # The rate is that of the days that every area was collected for; a link to Compare holds no days.
    last = exposure(LOADED, outside).last.date()
    expected, found = expected_sentence(replace(outside, until=last) if name == "monthly-rate" and last < LAST else outside)
    assert chart.sentence == expected and same_everywhere(name, chart) == outside, name
    if name == "rates":  # of places, not of all incidents
        return
    header, *rows = chart.csv
    every = counted(name, found)
    at = header.index("Incidents")
    table = Counter({row[0]: int(row[at]) for row in rows if row[0]})
    rest = table.pop("all others", 0)
    assert sum(table.values()) + rest == sum(every.values()), name
    assert all(every[term] == n for term, n in table.items()), name
    # What its own filter leaves out is said and marked, and only that.
    if IN_FILTER in header:
        noted = ("pale bars are outside the chosen", "bars are not cut at the chosen dates")
        assert any(text in pieces(drawn_words(chart.svg)) for text in noted), name
        chosen_terms = counted(name, chosen.apply(LOADED.incidents)) if "since" in own else Counter(getattr(chosen, own[0]))
        assert {row[0] for row in rows if row[header.index(IN_FILTER)] != NO} >= {*chosen_terms} & {*table}, name
    elif own[0] in chosen.active():
        assert "pale" not in drawn_words(chart.svg), name


@pytest.mark.parametrize(("query", "measure"), list(zip(filters(), cycle(MEASURES))), ids=str)
def test_sentence_link_table_and_files_of_every_chart_agree(query, measure):
    chosen, _ = Filters.from_query(
        {name: value if isinstance(value, list) else [value] for name, value in query.items()}, LOADED.options
    )
    for page, own in CHARTS.items():
        request = chosen.without("since", "until") if page == "pages/compare.py" else chosen
        charts, message, others = shown(page, query | MORE.get(page, {"measure": measure}))
        # Places have no yearly rate in less than a year, and an empty map no chart.
        assert set(own) - set(charts) <= {"rates"} or not len(expected_sentence(request)[1]), page
        for name, chart in charts.items():
            if name in own:
                agree(name, own[name], request, chart)
            else:
                assert same_everywhere(name, chart) == request, name
        if page == "app.py":
            files_agree(message, request, others)
        elif page == "pages/nearby.py" and others:
            list_agrees(request, others, charts)


def list_agrees(chosen: Filters, files: dict[str, bytes], charts: dict[str, Chart]) -> None:
    """The list of Nearby as CSV, GeoJSON and zip: the same incidents under the same sentence."""
    metadata, features = (json.loads(files["geojson"])[name] for name in ("metadata", "features"))
    packed = zipfile.ZipFile(io.BytesIO(files["zip"])).read("incidents.csv")
    ids, others = (
        [row["incident_id"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))] for data in (files["csv"], packed)
    )
    assert ids == others == [one["id"] for one in features] and metadata["incidents"] == len(ids)
    assert set(ids) <= set(expected_sentence(chosen)[1]["incident_id"])
    if "nearby" in charts:
        assert charts["nearby"].sentence == metadata["sentence"]


def files_agree(message: str, chosen: Filters, files: dict[str, bytes]) -> None:
    """The sentence of the page, and the zip and the GeoJSON that it offers, tell of the same incidents."""
    expected, found = expected_sentence(chosen)
    assert message == expected
    metadata, features = (json.loads(files["geojson"])[name] for name in ("metadata", "features"))
    assert (metadata["sentence"], metadata["incidents"]) == (expected, len(found)) and linked(metadata["link"]) == chosen
    packed = zipfile.ZipFile(io.BytesIO(files["zip"]))
    citation = packed.read("CITATION.txt").decode("utf-8-sig")
    assert expected in citation and metadata["link"] in citation
    rows = list(csv.DictReader(io.StringIO(packed.read("incidents.csv").decode("utf-8-sig"))))
    ids = found["incident_id"].astype(str).to_list()
    assert [row["incident_id"] for row in rows] == ids == [one["id"] for one in features]
