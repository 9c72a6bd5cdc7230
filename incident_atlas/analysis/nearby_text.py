"""The answers of Nearby in words: how many, why some are only possible, how often, and what lies outside Afghanistan."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from incident_atlas.analysis import nearby, summary
from incident_atlas.analysis.nearby import ObservedPeriod, Surroundings, around, last
from incident_atlas.core.formatting import format_number
from incident_atlas.core.text import counted, counted_incidents, day, plain
from incident_atlas.core.vocabulary import GEO_PRECISIONS, PRECISE, PRECISION_RANK
from incident_atlas.dataset import areas as known_areas
from incident_atlas.dataset import in_place
from incident_atlas.dataset.exposure import Exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.query import rows
from incident_atlas.dataset.totals import total_of
from incident_atlas.geo.boundaries import abroad, provinces
from incident_atlas.geo.coordinates import compass, distance, looks_swapped, outside, written
from incident_atlas.geo.distance import kilometres, on_circle
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.sites import Spot
from incident_atlas.i18n import _

LEAST_SHARE = 0.01
"""Less of a circle abroad is not mentioned: the outline itself is no better."""

_BORDER_DEGREES, _TOWN_KM = 0.01, 5.0
"""A point so far outside the outline is abroad, unless it is that near to a place of the gazetteer: a town at the border."""

_CITY = PRECISION_RANK["city"]


def answer(around_it: Surroundings, spot: Spot, name: str, filtered: str) -> str:
    """The answer in one sentence, and the filter in a second.

    name: of the point or the place, as the reader may see it. filtered: the filter, as `headline_text.describe` says it.
    """
    certain, possible = around_it.counted, len(around_it.possibly)
    at, radius, where = _places(around_it, spot, name)
    if not len(certain) and not possible:
        return _("No incident {where}. Out of {filtered}").format(where=where, filtered=filtered)
    if at:
        parts = [f"{len(around_it.in_place):,} {at}"]
    else:
        parts = [_("{count:,} {radius} of {name}").format(count=len(around_it.within), radius=radius, name=name)]
    counted_here = around_it.in_place if at else around_it.within
    if len(counted_here):
        parts += [killed(counted_here), _("the last on {date_of}").format(date_of=_date_of(last(counted_here)))]
    sentence = ", ".join(parts)
    if at and len(around_it.within):
        more = _("more ") if len(around_it.in_place) else ""
        sentence += f". {len(around_it.within):,} {more}{radius}, {killed(around_it.within)}"
    if possible:
        more = _("more ") if len(certain) else ""
        sentence += _(". {possible:,} {more}may lie {radius}: {reasons}").format(
            possible=possible, more=more, radius=radius if at else "within", reasons=", ".join(reasons(around_it.possibly))
        )
    return _("{sentence}. Out of {filtered}").format(sentence=sentence, filtered=filtered)


def short_answer(around_it: Surroundings, spot: Spot, name: str) -> tuple[str, str]:
    """What stands above the figures that say the rest: how many for certain, and how many may be there as well, '' for none."""
    at, radius, where = _places(around_it, spot, name)
    inside, near, possible = len(around_it.in_place), len(around_it.within), len(around_it.possibly)
    if inside:
        more = _(", and {near:,} more {radius}").format(near=near, radius=radius) if near else ""
        text = _("{incidents} {at}{more}.").format(incidents=counted_incidents(inside), at=at, more=more)
    elif near:
        text = _("No incident {at}, but {near:,} {radius}.") if at else _("{incidents} {where}.")
        text = text.format(at=at, near=near, radius=radius, incidents=counted_incidents(near), where=where)
    else:
        text = _("No incident for certain {where}.") if possible else _("No incident {where}.")
        text = text.format(where=where)
    maybe = _("{possible:,} more may lie there.") if inside or near else _("{possible:,} may lie there.")
    return text, maybe.format(possible=possible) if possible else ""


def _places(around_it: Surroundings, spot: Spot, name: str) -> tuple[str, str, str]:
    """'in the place' or 'at the site' ('' for a point), 'within 2 km' ('' for the place alone), and both as one phrase.

    Of a site without a point of its own the second says that it is measured from that of its neighbourhood.
    """
    at = (_("in {place}") if is_area(spot) else _("at {place}")).format(place=_short(spot)) if spot.key else ""
    radius = "" if around_it.km is None else _("within {km}").format(km=distance(around_it.km))
    if radius and spot.borrowed:
        radius = around_name = _("{radius} of the point of its neighbourhood").format(radius=radius)
    else:
        around_name = radius and _("{radius} of {name}").format(radius=radius, name=_("it") if at else name)
    return at, radius, _(" or ").join(filter(None, (at, around_name)))


def is_area(spot: Spot) -> bool:
    """Whether incidents happen in this place, as in a neighbourhood, rather than at it, as at an embassy."""
    place = offline_gazetteer().by_id.get(spot.key)
    return place is not None and place.kind in in_place.AREAS


def _short(spot: Spot) -> str:
    """A place by its bare name where no other has it; any other spot by its full name."""
    place = offline_gazetteer().by_id.get(spot.key)
    return place.name if place is not None and offline_gazetteer().is_unique(place) else spot.name


def killed(incidents: pd.DataFrame) -> str:
    """The dead of these incidents with their range, and how many have no figure."""
    head = summary.headline(incidents)
    return head.killed.text(head.incidents, _("killed") if head.killed.without_figure < head.incidents else "")


def _date_of(incident: pd.Series) -> str:
    return day(incident["date"], incident["date_precision"])


def reasons(possibly: pd.DataFrame) -> list[str]:
    """Why incidents are only possibly within, with their numbers: '30 known only to Kabul', '3 to 2 other areas'.

    The numbers add up to all of them. The area with most is named as the map names it, and so is another that is the only one
    besides. Text of the record: not safe to show as markup.
    """
    ranks = possibly["precision_rank"].value_counts()
    areas = known_areas.counted_by_area(possibly)
    named, others = (areas, []) if len(areas) < 3 else (areas[:1], areas[1:])
    coarse = [(n, plain(area.name(), 60)) for area, n in named]
    if others:
        coarse.append((sum(n for _unused, n in others), _("{n:,} other areas").format(n=len(others))))
    if nearby_ones := int(ranks.get(PRECISION_RANK["neighbourhood"], 0)):
        coarse.append((nearby_ones, _("a neighbourhood nearby")))
    parts = [
        _("{n:,} {at}to {words}").format(n=n, at="" if at else _("known only "), words=words)
        for at, (n, words) in enumerate(coarse)
    ]
    edge = sum(int(ranks.get(rank, 0)) for rank in range(len(PRECISE) - 1))
    return parts + ([_("{edge:,} on the edge of the circle").format(edge=edge)] if edge else [])


YEAR_COLUMNS = (_("Year"), _("In place"), _("Within"), _("Possibly within"), _("Killed"), _("Wounded"))
"""The heads of `year_rows`."""


def year_rows(around_it: Surroundings, days) -> list[tuple[int | str, ...]]:
    """The numbers of each year as `YEAR_COLUMNS`; killed and wounded are the totals of those in the place and within."""
    table = []
    for one in nearby.years(around_it, days).to_dict("records"):
        counted_here = one["in_place"] + one["within"]
        totals = (total_of(one, kind).text(counted_here) for kind in ("killed", "wounded"))
        table.append((one["year"], one["in_place"], one["within"], one["possibly"], *totals))
    return table


def time_since_last(incidents: pd.DataFrame, days: ObservedPeriod | None, record_ends: pd.Timestamp | None) -> str:
    """How long before the last day of the period the last of these incidents was; blank when there is none."""
    latest = last(incidents)
    if latest is None or days is None:
        return ""
    n = nearby.days_since(latest, days.last)
    most = "" if latest["date_precision"] == "day" else _("up to ")
    end = _("the record's last day") if days.last == record_ends else _("the filter's last day")
    text = _("{most}{days} before {end}, {days_last}")
    return text.format(most=most, days=counted(n, "{n} day", "{n} days"), end=end, days_last=day(days.last)) if n else end


def later_possible(around_it: Surroundings) -> str:
    """How many possibly within came after the last one counted, and when the last of them; blank for none."""
    rest = nearby.possibly_later(around_it)
    if rest.empty:
        return ""
    since = _(" came later") if len(around_it.counted) else ""
    return _("{count:,} possibly within{since}, the last on {date_of}").format(
        count=len(rest), since=since, date_of=_date_of(last(rest))
    )


def highest_rate(around_it: Surroundings, days: ObservedPeriod | None) -> str:
    """The yearly rate if all possibly within had been inside; blank when there are none."""
    n = len(around_it.possibly)
    if not n or (rate := nearby.highest_rate(around_it, days)) is None:
        return ""
    all_of = _("all {n:,} possibly within were").format(n=n) if n > 1 else _("the 1 possibly within was")
    return _("up to {rate_best} a year if {all_of}").format(rate_best=format_number(rate.best), all_of=all_of)


def no_rate(around_it: Surroundings) -> str:
    """Why there is no yearly rate, where a zero would only say how badly places are known; blank where there is one."""
    n = nearby.too_imprecise(around_it)
    if not n:
        return ""
    radius = distance(around_it.km)
    if n == 1:
        return _(
            "No yearly rate: 1 incident that may lie within {radius} is not known precisely enough to be counted there."
        ).format(radius=radius)
    return _(
        "No yearly rate: {n:,} incidents that may lie within {radius} are not known precisely enough to be counted there."
    ).format(n=n, radius=radius)


def no_day(days: Exposure, chosen: Filters) -> str | None:
    """What to say where the dates hold no day of the record; None where they hold some."""
    if days.first is None or days.last is None:
        return _("The record has no incidents.")
    if nearby.observed(days, chosen):
        return None
    return _("These dates hold no day of the record, which runs from {first} to {last_day}: it says nothing about them.").format(
        first=day(days.first), last_day=day(days.last)
    )


def direction(km: float, bearing: float) -> str:
    """Where a point lies from the point in question.

    >>> direction(0.583, 105.2), direction(1.5312, 235.1), direction(0, 0)
    ('583 m east, 105°', '1.5 km south-west, 235°', 'the same point on the map')
    """
    if km < nearby.SAME_POINT_KM:
        return _("the same point on the map")
    return f"{distance(km if km < 1 else round(km, 1))} {compass(bearing)}, {bearing:.0f}°"


def somewhere(incidents: pd.DataFrame) -> list[str]:
    """For each incident known to no more than its city 'somewhere in Kabul', blank for the others.

    Its point stands for the whole city, district or province, so a distance or a bearing to it would say nothing.
    incidents: with precision_rank, found_as, city, district, province.
    """
    columns = ["precision_rank", "found_as", "city", "district", "province"]
    return [_somewhere(int(rank), *map(str, words)) for rank, *words in incidents[columns].itertuples(index=False)]


def _somewhere(rank: int, found_as: str, city: str, district: str, province: str) -> str:
    if rank < _CITY:
        return ""
    if rank >= len(GEO_PRECISIONS):
        return _("at an unknown place")
    level = GEO_PRECISIONS[rank]
    place = offline_gazetteer().by_id.get(found_as)
    name = place.name if place is not None and place.kind == level else {"city": city, "district": district}.get(level, "")
    names = {
        "city": name,
        "district": name and _("{name} district").format(name=name),
        "province": province and _("{province} province").format(province=province),
    }
    return _("somewhere in {names}").format(
        names=names.get(level)
        or (_("{province} province").format(province=province) if province and level != "country" else _("Afghanistan"))
    )


# --- outside Afghanistan


def is_abroad(latitude: float, longitude: float) -> bool:
    """Whether a point lies outside Afghanistan: outside the simplified outline, and at no place that is known to be in it.

    >>> is_abroad(34.3, 60.6), is_abroad(34.5289, 69.1725)
    (True, False)
    """
    if not abroad(np.array([latitude]), np.array([longitude]), _BORDER_DEGREES)[0]:
        return False
    places = offline_gazetteer().places
    at = (np.array([getattr(place, axis) for place in places]) for axis in ("latitude", "longitude"))
    return outside(latitude, longitude) or bool(kilometres(latitude, longitude, *at).min() > _TOWN_KM)


def outside_coverage(record: pd.DataFrame, around_it: Surroundings) -> str | None:
    """The sentence for a point outside Afghanistan, where nothing is a zero or a rate; None for any other point.

    record: all its incidents, not only those of a filter; around_it: what of those filtered lies around the point.
    """
    latitude, longitude, km = around_it.latitude, around_it.longitude, around_it.km
    if not is_abroad(latitude, longitude):
        return None
    where = _("The point lies outside Afghanistan")
    n, possible = len(around_it.counted), len(around_it.possibly)
    if n or possible:
        if n < 2:
            known = _("{incidents} of it lies").format(incidents=counted_incidents(n) if n else _("no incident"))
        else:
            known = _("{n:,} incidents of it lie").format(n=n)
        return _("{where}, which the record does not cover: {known} within {km}, and {possible} possibly within.").format(
            where=where, known=known, km=distance(km), possible=possible or _("none")
        )
    nearest = around(rows(record), latitude, longitude, km).nearest
    if nearest is None:
        far = _("and no incident of the record has a known location")
    else:
        far = _("{nearest} from the nearest incident of the record").format(nearest=distance(round(nearest, 1)))
    hint = _(" Latitude and longitude look swapped: {written} lies in Afghanistan.").format(written=written(longitude, latitude))
    return _("{where}, {far}: the record says nothing about it.{hint}").format(
        where=where, far=far, hint=hint if looks_swapped(latitude, longitude) else ""
    )


def share_abroad(latitude: float, longitude: float, km: float) -> float:
    """How much of the circle around a point lies outside the outline of Afghanistan, 0 to 1.

    As good as `on_circle` is round.
    """
    latitudes, longitudes = on_circle(latitude, longitude, km, 64)
    circle = shapely.Polygon(np.column_stack([longitudes, latitudes]))
    inside = sum(circle.intersection(province).area for province in provinces().values() if province.intersects(circle))
    return max(0.0, round(1 - inside / circle.area, 6))


def partly_abroad(around_it: Surroundings) -> str:
    """How much of the circle the record does not cover, as a sentence; blank where it covers all of it."""
    share = share_abroad(around_it.latitude, around_it.longitude, around_it.km) if around_it.km else 0.0
    if share < LEAST_SHARE:
        return ""
    return _("About {share:.0f} % of the circle lies outside Afghanistan, which the record does not cover.").format(
        share=100 * share
    )
