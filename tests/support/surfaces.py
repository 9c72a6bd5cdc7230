"""Everything by which text of a record reaches people, as one table of functions: what is not in it, a test misses."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import click
from click.testing import CliRunner

from incident_atlas.analysis import panels
from incident_atlas.cli.main import cli
from incident_atlas.curation import placements
from incident_atlas.curation.duplicates import decisions
from incident_atlas.curation.privacy import Policy, withheld
from incident_atlas.dataset.citation import Citation
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded, load_bytes
from incident_atlas.errors import FileError
from incident_atlas.export import tables
from incident_atlas.export.brief import content, typst_pdf, word
from incident_atlas.export.brief import pictures as brief_pictures
from incident_atlas.export.incident_citation import cite
from incident_atlas.export.native_csv import converted, reports
from incident_atlas.importers import mapping
from incident_atlas.maps import offline_page, small_multiples, static_map
from incident_atlas.maps.folium_map import COUNTRY
from incident_atlas.theme import LIGHT
from tests.support import page_surfaces as screen
from tests.support.hostile import Piece
from tests.support.hostile_project import World
from tests.support.page_surfaces import hostile_uploads, of_file

# --- files to take away


def archives(world: World) -> Iterator[Piece]:
    """The zip of tables under every citation, whole and with what discretion leaves; GeoJSON; the page in one file."""
    loaded = world.loaded
    for n, citation in enumerate(world.citations()):
        some = loaded.incidents if not n else loaded.incidents.iloc[:1]
        yield from of_file(f"archive {n}", "x.zip", tables.archive(some, loaded.reports, citation))
        yield Piece(f"geojson {n}", "json", tables.geojson(some, citation))
        text = offline_page.standalone_html(some, loaded.reports, citation, world.head).decode()
        before, _, rest = text.partition('<script type="application/json" id="data">')
        data, _, after = rest.partition("</script>")
        assert data and "<" not in data
        yield Piece(f"standalone {n}: its data, which no element may end", "json", data)
        yield Piece(f"standalone {n}", "data", before + after)
    held = withheld(loaded, Policy("grid"), date(2024, 1, 1))
    yield from of_file("withheld", "x.zip", tables.archive(held.incidents, held.reports, citation))


def pictures(world: World) -> Iterator[Piece]:
    """What the map as a PNG is drawn from, and the grid of small maps, under every citation."""
    (south, west), (north, east) = COUNTRY
    for n, citation in enumerate(world.citations()):
        yield Piece(f"map {n}", "svg", static_map.sheet_svg(world.loaded.incidents, (south, west, north, east), LIGHT, citation))
        for by in panels.BY:
            yield Piece(f"small maps by {by} {n}", "svg", _small_maps(world.loaded, by, (south, west, north, east), citation))


def _small_maps(loaded: Loaded, by: str, bounds: tuple[float, ...], citation: Citation) -> str:
    incidents, chosen = loaded.incidents, Filters()
    if by == "month":
        year = int(incidents["year"].max())
        chosen = Filters(since=date(year, 1, 1), until=date(year, 12, 31))
        incidents = chosen.apply(incidents)
    made = panels.panels(by, panels.figures_by(incidents, by), chosen, exposure(loaded), loaded.source.last)
    grid = small_multiples.panel_grid(made, small_multiples.place_marks(incidents, by, bounds), bounds)
    return small_multiples.grid_svg(grid, "killed", LIGHT, citation, "")


def citations(world: World) -> Iterator[Piece]:
    """Each incident as a footnote and as BibTeX; each sentence as a citation."""
    for n, (_, one) in enumerate(world.loaded.incidents.iterrows()):
        found = cite(one, f"http://localhost/?{urlencode({'incident': one['incident_id']})}", None, world.loaded.origins)
        yield Piece(f"cited {n}", "plain", found.text)
        yield Piece(f"bibtex {n}", "bibtex", found.bibtex)


def briefs(world: World) -> Iterator[Piece]:
    """The brief: what typst is given as data, the pictures, and the Word document, whole and with what discretion leaves."""
    for name, loaded in (("brief", world.loaded), ("withheld brief", withheld(world.loaded, Policy("grid"), date(2024, 1, 1)))):
        visible = Filters().apply(loaded.incidents, columns=content.COLUMNS)
        made = content.make(loaded, Filters(), "http://localhost/", date(2024, 1, 1), visible=visible)
        drawn = brief_pictures.draw(made, loaded, visible)
        yield Piece(f"{name} as data", "json", json.dumps(typst_pdf.data(made, drawn, "a4"), ensure_ascii=False))
        yield Piece(f"{name} map", "svg", drawn.map.svg)
        # A chart names the largest bars only: with one incident in it, all of its names.
        for row in visible["row"].tolist()[::4]:
            for chart in brief_pictures.draw(made, loaded, visible[visible["row"] == row]).charts:
                yield Piece(f"{name} chart of {row}", "svg", chart.svg)
        assert len(typst_pdf.png_pages(made, drawn, "a4", 20)) == 2
        with zipfile.ZipFile(io.BytesIO(word.docx(made, drawn))) as packed:
            yield Piece(f"{name} as a Word document", "svg", packed.read("word/document.xml"))


def conversion(world: World) -> Iterator[Piece]:
    """The record in our own columns, and the reports with it."""
    for name, write, text in (
        ("converted", tables.write_incidents, converted(world.loaded, date(2024, 1, 1))),
        ("converted_reports", tables.write_reports, reports(world.loaded)),
    ):
        path = world.out / f"{name}.csv"
        with path.open("wb") as file:
            write(file, text)
        yield from of_file(name, path.name, path.read_bytes())


def decided(world: World) -> Iterator[Piece]:
    """What a person decided, as files: columns, pairs, places."""
    ids = world.texts("incident_id")
    yield Piece("pairs", "csv", decisions.written(decisions.Decision(one, one, decisions.ACCEPT) for one in ids))
    yield Piece("places", "csv", placements.written(placements.Placement(one, one, 34.5, 69.1) for one in ids))
    theirs = tuple(zip(("title", "place", "city", "notes", "killed"), world.texts("column"), strict=False))
    yield Piece("columns", "csv", mapping.written(mapping.Mapping(theirs)))


# --- messages and the command line


def refusals(world: World) -> Iterator[Piece]:
    """What is said of files that cannot be used; the words of the file are in it."""
    for n, (name, data) in enumerate(hostile_uploads(world)):
        try:
            load_bytes(data, name)
        except FileError as trouble:
            yield Piece(f"refusal {n}", "data", str(trouble))


_NEEDED = {
    "nearby": ["--at", "34.53,69.17"],
    "compare": ["--first", "2018-01-01:2018-12-31", "--second", "2019-01-01:2019-12-31"],
}


_WRITTEN = {"convert": "out.csv", "brief": "out.docx", "changes": "changes.csv"}


def commands(world: World) -> Iterator[Piece]:
    """Every command, on the record and with probes for its options, for people and as JSON; and on files that are refused."""
    for name, command in cli.commands.items():
        values = [one for one in command.params if isinstance(one, click.Argument) and one.required]
        start = [
            name,
            *(str(world.record) if one.name != "name" else world.texts("name")[0] for one in values),
            *_NEEDED.get(name, ()),
        ]
        if name in _WRITTEN:
            start += ["-o", str(world.out / _WRITTEN[name])]
        yield from _printed(name, start)
        yield from _printed(f"{name} --json", [*start, "--json"])
        options = [
            one for one in command.params if isinstance(one, click.Option) and not one.is_flag and one.name not in ("help", "out")
        ]
        # Filters together; any other option may end the command before it comes to the next.
        filters = [one for one in options if one.name.startswith("p_")]
        for some in [filters, *([one] for one in options if one not in filters)]:
            query = [(one.opts[0], text) for one in some for text in world.texts(one.name)[: None if one.multiple else 1]]
            yield from _printed(
                f"{name} {len(query)}", [*start, *(f"{option}={text}".replace("\0", "") for option, text in query)]
            )
        if values and values[0].name == "file":
            for n, (file, data) in enumerate(hostile_uploads(world)[:9]):
                path = world.out / f"{n}{Path(file).suffix}"
                path.write_bytes(data)
                yield from _printed(f"{name} of upload {n}", [name, str(path), *start[2:]])


def _printed(name: str, arguments: list[str]) -> Iterator[Piece]:
    result = CliRunner().invoke(cli, arguments)
    assert isinstance(result.exception, SystemExit | None), (name, result.exception)
    if "--json" in arguments:
        yield Piece(f"{name}: its keys", "json", result.stdout or "null")
    yield Piece(name, "plain", result.stdout)
    yield Piece(f"{name} said", "plain", result.stderr)


class Row(NamedTuple):
    """A surface, and the modules and folders of the package whose words it shows."""

    tells: Callable[[World], Iterator[Piece]]
    modules: str


SURFACES = {
    "pages": Row(screen.pages, "ui pages maps charts export.tables"),
    "incident pages": Row(screen.incident_pages, "ui pages analysis.evidence"),
    "nearby": Row(screen.nearby_pages, "ui pages charts.bars"),
    "asked pages": Row(screen.asked_pages, "ui pages analysis.claims"),
    "addresses": Row(screen.addresses, "ui pages"),
    "uploads": Row(screen.uploads, "ui pages charts.bars curation.quality importers.mapping"),
    "archives": Row(archives, "export.tables curation.privacy maps.offline_page"),
    "pictures": Row(pictures, "maps.static_map maps.folium_map core.fonts"),
    "citations": Row(citations, "analysis.evidence export dataset.citation"),
    "briefs": Row(briefs, "export.brief"),
    "conversion": Row(conversion, "export.native_csv export.tables"),
    "decided": Row(decided, "curation.duplicates.decisions curation.placements importers"),
    "refusals": Row(refusals, "importers dataset.pipeline dataset.load errors"),
    "commands": Row(commands, "cli curation.quality analysis.claims geo.gazetteer geo.foreign_names"),
}
"""Name to surface."""
