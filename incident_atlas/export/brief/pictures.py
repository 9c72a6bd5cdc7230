"""The pictures of a brief as SVG: map, timeline and three charts, in the light scheme and the typeface of the package."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from incident_atlas.analysis import summary
from incident_atlas.charts import bars, files, perpetrators, timeline, vega_lite, victims
from incident_atlas.charts.vega_lite import Picture
from incident_atlas.core import fonts
from incident_atlas.core.text import plain
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.dataset.load import Loaded
from incident_atlas.export.brief.content import Brief
from incident_atlas.geo.projection import Bounds
from incident_atlas.i18n import _
from incident_atlas.maps import static_map
from incident_atlas.maps.folium_map import COUNTRY
from incident_atlas.theme import LIGHT

PAGE_WIDTH, COLUMN_WIDTH = 640, 245
"""Pixels of what is as wide as the page, and of one of three columns; a writer scales them to its paper."""
MAP_HEIGHTS = {"a4": 540, "letter": 430}
LEGEND_WIDTH = 860
"""Wider than the page, so that the legend is set smaller than the map and in one line."""
TIMELINE_HEIGHT, CHART_HEIGHT = 78, 170
LONGEST_NOTE = 700
"""Characters under the timeline: milestones of a file may be many, and two pages hold the brief."""
MOST_BARS = 8
MOST_GROUPS = 3
"""Perpetrators with a bar of their own; all others are one."""
FEWEST_YEARS = 3
"""With fewer years charts are by month."""
LARGE_PART = 0.3
"""Incidents over more than this part of the country's height or width are shown on all of it."""
LEAST_DEGREES = 0.12
"""A map shows at least so much on each side of its incidents: a point alone would be drawn without its surroundings."""


@dataclass(frozen=True)
class BriefPicture:
    """A picture for paper: title, SVG, what it shows in words, how to read it; width and height in pixels."""

    title: str
    svg: str
    alt: str
    note: str
    width: float
    height: float


@dataclass(frozen=True)
class Pictures:
    """The pictures of one brief; timeline is None where there is no incident. charts: three, none where there is no incident."""

    map: BriefPicture
    legend: BriefPicture
    timeline: BriefPicture | None
    charts: tuple[BriefPicture, ...]


def draw(brief: Brief, loaded: Loaded, visible: Any, paper: str = "a4") -> Pictures:
    """The pictures of the visible incidents (columns of `content.COLUMNS`), of any engine. paper: a key of `MAP_HEIGHTS`."""
    fonts.register()
    bounds, high = around(visible), MAP_HEIGHTS[paper]
    drawn = static_map.small_map(visible, loaded, bounds, LIGHT, PAGE_WIDTH, (high, high))
    shown = BriefPicture(_("Where"), drawn.svg, _("Map. {sentence}").format(sentence=brief.sentence), "", PAGE_WIDTH, high)
    key, tall = static_map.legend_svg(LIGHT, LEGEND_WIDTH, drawn)
    legend = BriefPicture("", key, _("Legend of the map: what its marks stand for."), "", LEGEND_WIDTH, tall)
    if brief.first is None or not brief.incidents:
        return Pictures(shown, legend, None, ())
    return Pictures(shown, legend, _timeline(brief, loaded, visible), tuple(_charts(brief, visible)))


def around(visible: Any) -> Bounds:
    """What the map shows: the country, or the part of it in which the incidents are, with its surroundings."""
    (south, west), (north, east) = COUNTRY
    found = summary.extent(visible)
    if any(math.isnan(end) for end in found):
        return south, west, north, east
    low, left, high, right = found
    if (high - low) > (north - south) * LARGE_PART or (right - left) > (east - west) * LARGE_PART:
        # Incidents abroad are not cut off, and the country is not left.
        return min(south, low), min(west, left), max(north, high), max(east, right)
    up, side = (max(LEAST_DEGREES, 0.12 * size) for size in (high - low, right - left))
    return low - up, left - side, high + up, right + side


def _timeline(brief: Brief, loaded: Loaded, visible: Any) -> BriefPicture:
    months = summary.by_month(visible)
    span = (brief.first, brief.last)
    marks = vega_lite.time_marks(loaded.milestones, loaded.coverage, *span)
    picture = timeline.timeline(months, span, (None, None), marks, LIGHT)
    lost = summary.without_month(visible)
    notes = [
        *vega_lite.explained(marks),
        *([_("{lost:,} known only to the year are in no month.").format(lost=lost)] if lost else []),
    ]
    spec = picture.spec | {"height": TIMELINE_HEIGHT + vega_lite.HAIRLINE_HEAD}
    if _few_years(brief):
        spec = _by_month(spec, span)
    return _printed(picture, spec, PAGE_WIDTH, _("Incidents per month"), plain(" ".join(notes), LONGEST_NOTE), 4)


def _few_years(brief: Brief) -> bool:
    return brief.last.year - brief.first.year + 1 < FEWEST_YEARS


def _by_month(spec: dict[str, Any], span: tuple[pd.Timestamp, pd.Timestamp]) -> dict[str, Any]:
    """The time axis of a few months named by them: years alone would leave one label."""
    spec = copy.deepcopy(spec)
    x = spec["layer"][0]["encoding"]["x"]
    begin, end = span[0].to_period("M").start_time, (span[1].to_period("M") + 1).start_time
    x["scale"]["domain"] = [f"{begin:%Y-%m-%d}", f"{end:%Y-%m-%d}"]
    x["axis"]["tickCount"] = "month"
    x["axis"]["labelExpr"] = "timeFormat(datum.value, month(datum.value) == 0 ? '%b %Y' : '%b')"
    return spec


def _charts(brief: Brief, visible: Any) -> list[BriefPicture]:
    largest = vega_lite.largest_bars(summary.by_target_type(visible), "target_type", MOST_BARS)
    rows = [(str(term), int(n)) for term, n in largest[["target_type", "incidents"]].itertuples(index=False)]
    types = bars.counts(rows, _("Incidents by target type"), _("Target type"), LIGHT)
    note = _("An incident with two target types counts in both.")
    drawn = [_printed(types, types.spec | {"height": {"step": 19}}, COLUMN_WIDTH, _("Incidents by target type"), note, 26)]
    who = perpetrators.perpetrators(_groups(summary.by_perpetrator(visible)), (), LIGHT)
    drawn.append(_printed(who, who.spec | {"height": {"step": 62}}, COLUMN_WIDTH, _("By suspected perpetrator"), "", 26))
    span = (brief.first, brief.last)
    if not _few_years(brief):
        killed = victims.years(summary.victims_by_year(visible), "killed", span, (None, None), (), LIGHT)
        spec, title = killed.spec, _("Killed by year")
    else:
        killed = victims.timeline(summary.victims_by_month(visible), "killed", span, (None, None), (), LIGHT)
        spec, title = _by_month(killed.spec, span), _("Killed by month")
    note = _("Best figures; line: range of the reports; triangle: or more; ?: no figure, which is not zero.")
    drawn.append(_printed(killed, spec | {"height": CHART_HEIGHT}, COLUMN_WIDTH, title, note, 4))
    return drawn


def _groups(table: pd.DataFrame) -> pd.DataFrame:
    """`summary.by_perpetrator` with all but the largest perpetrators as one, before Unknown."""
    named = [name for name in dict.fromkeys(table["perpetrator"]) if name != UNKNOWN]
    small = set(named[MOST_GROUPS:]) if len(named) > MOST_GROUPS + 1 else set()
    last = {vega_lite.OTHERS_BAR: 1, UNKNOWN: 2}
    merged = table.assign(perpetrator=[vega_lite.OTHERS_BAR if name in small else name for name in table["perpetrator"]])
    merged = merged.groupby(["perpetrator", "attribution"], sort=False, as_index=False)["incidents"].sum()
    return merged.sort_values(
        "perpetrator", key=lambda names: names.map(lambda name: last.get(name, 0)), kind="stable", ignore_index=True
    )


def _printed(picture: Picture, spec: dict[str, Any], width: int, title: str, note: str, right: int) -> BriefPicture:
    """A chart in the typeface of the package, `width` pixels with its labels. right: pixels behind it, for numbers at the bars."""
    padding = {"left": 0, "top": 2, "right": right, "bottom": 0}
    autosize = {"type": "fit-x", "contains": "padding"}
    whole = spec | {"width": width, "padding": padding, "autosize": autosize}
    svg, wide, high = files.drawn_svg(whole, picture.data)
    return BriefPicture(title, svg, picture.alt, note, wide, high)
