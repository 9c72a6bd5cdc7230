"""A chart as files for somebody else's page: PNG and SVG that say what they show and where it is from, and the table as CSV.

vl-convert draws the chart inside this process, allowed no address at all; the words around it are written here, as text
that nothing evaluates.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pandas as pd
import vl_convert

from incident_atlas.charts.vega_lite import Picture
from incident_atlas.core import fonts
from incident_atlas.core.text import as_cell, drawable, plain, wrapped
from incident_atlas.dataset.citation import Citation
from incident_atlas.i18n import _
from incident_atlas.theme import Theme

CHART_WIDTH = 680  # pixels, before SCALE; labels beside it come on top
SCALE = 2
CITED = _("Cite as")
"""The last column of a table as a file."""

_MARGIN = 24


def chart_png(picture: Picture, citation: Citation, theme: Theme) -> bytes:
    """The chart as a PNG of twice its size in pixels, for a slide."""
    return fonts.png(chart_svg(picture, citation, theme).decode("utf-8"), SCALE)


def chart_svg(picture: Picture, citation: Citation, theme: Theme) -> bytes:
    """The chart as an SVG on an opaque ground: title, filter sentence, chart, how to read it, source, the record's last day."""
    inside, wide, high = _drawn(picture)
    width = round(wide) + 2 * _MARGIN
    lines = [
        *_wrapped(picture.title, 20, 600, theme.ink, 26, width),
        *_wrapped(citation.sentence, 13, 400, theme.ink, 18, width),
    ]
    top = _MARGIN + sum(line[3] for line in lines) + 10
    source = _("Source: {source}. {ends} Fewer reports are not fewer attacks. {data}").format(
        source=citation.source(), ends=citation.days, data=citation.data
    )
    notes = [*_wrapped(" ".join(picture.notes), 11, 400, theme.muted, 16, width)]
    notes += [
        *_wrapped(source.strip(), 11, 400, theme.muted, 16, width),
        *_wrapped(citation.link, 11, 400, theme.muted, 16, width),
    ]
    height = round(top + high + 14 + sum(line[3] for line in notes) + _MARGIN - 6)
    words = [*_placed(lines, _MARGIN), *_placed(notes, top + high + 14)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img" font-family="{fonts.STACK}">',
        f"<title>{_text(picture.title)}</title><desc>{_text(f'{picture.alt} {citation.cite_as()}')}</desc>",
        fonts.faces("".join((inside, *words))),
        f'<rect width="{width}" height="{height}" fill="{theme.background}"/>',
        *words,
        f'<g transform="translate({_MARGIN} {top})">{inside}</g>',
        "</svg>\n",
    ]
    return "\n".join(parts).encode("utf-8")


def chart_csv(picture: Picture, citation: Citation) -> bytes:
    """The table behind the chart, for a spreadsheet: comma, CRLF, and the mark that makes Excel read it as UTF-8.

    A last column holds in its first row what is counted, the link to it, its source, the terms of data sets of others, and how to read
    the table; a table without rows has that row alone.
    """
    safe = picture.rows().map(lambda cell: as_cell(cell) if isinstance(cell, str) else cell).rename(columns=as_cell)
    safe = safe if len(safe) else safe.reindex([0])
    safe[CITED] = [as_cell(" ".join((citation.cite_as(), *picture.notes))), *[""] * (len(safe) - 1)]
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig", "replace")


def _drawn(picture: Picture) -> tuple[str, float, float]:
    """The chart alone as an SVG element, with its width and height."""
    return drawn_svg(picture.spec | {"width": CHART_WIDTH, "padding": 0}, picture.data)


def drawn_svg(spec: dict[str, Any], data: pd.DataFrame) -> tuple[str, float, float]:
    """A Vega-Lite spec with its data as an SVG element, with its width and height in pixels; no address is asked for anything."""
    values = json.loads(data.to_json(orient="records", date_format="iso"))
    fonts.register()
    svg = vl_convert.vegalite_to_svg(drawable(spec | {"data": {"values": values}}), allowed_base_urls=[])
    wide, high = (float(re.search(rf'<svg[^>]*\b{side}="([\d.]+)"', svg)[1]) for side in ("width", "height"))
    return svg, wide, high


def _wrapped(text: str, size: int, weight: int, colour: str, step: int, width: int) -> list[tuple[str, str, int, int]]:
    """Lines that fit: a letter is taken for a little over half its height wide. An address breaks where it must."""
    letters = int((width - 2 * _MARGIN) / (size * 0.5))
    style = f'font-size="{size}" font-weight="{weight}" fill="{colour}"'
    return [(line, style, size, step) for line in wrapped(plain(text, 6000), letters)]


def _placed(lines: list[tuple[str, str, int, int]], top: float) -> list[str]:
    """Text elements one below the other, the first beginning at `top`."""
    elements = []
    for text, style, size, step in lines:
        elements.append(f'<text x="{_MARGIN}" y="{top + size:g}" {style}>{_text(text)}</text>')
        top += step
    return elements


def _text(text: str) -> str:
    """Text as XML: nothing in it is markup, and what XML cannot hold is left out."""
    return html.escape(drawable(plain(text, 10_000)))
