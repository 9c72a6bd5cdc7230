"""How a file's places are known: who gave the point, how precisely, how many share one, how many lie where they cannot."""

from __future__ import annotations

import pandas as pd

from incident_atlas.core.text import counted, counted_incidents, plain
from incident_atlas.core.vocabulary import GEO_PRECISIONS, KNOWN_TO
from incident_atlas.curation.quality.section import MOST, Section, percent, shares
from incident_atlas.geo.boundaries import misplaced
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.geocoding import BLURRED, BY_A_PERSON, FROM_SOURCE, NOT_FOUND, in_afghanistan
from incident_atlas.i18n import _

_OURS = (FROM_SOURCE, BY_A_PERSON, BLURRED, NOT_FOUND)


def sections(incidents: pd.DataFrame) -> list[Section]:
    """The findings on places of at least one incident."""
    return [_found(incidents), _precision(incidents), _one_point(incidents), _misplaced(incidents)]


def _found(incidents: pd.DataFrame) -> Section:
    counts = incidents["found_by"].astype("str").value_counts()
    from_source, chosen, blurred, lost = (int(counts.get(name, 0)) for name in _OURS)
    looked_up = len(incidents) - from_source - chosen - blurred - lost
    sentence = _("{points} given by the source, {looked_up:,} found in the gazetteer").format(
        points=counted(from_source, "{n} point", "{n} points"), looked_up=looked_up
    )
    sentence += _(", {chosen:,} placed by a person").format(chosen=chosen) if chosen else ""
    sentence += _(", {blurred:,} blurred").format(blurred=blurred) if blurred else ""
    parts = [how.partition(": ") for how in counts.index]
    names = [
        _("gazetteer, {level} by {method}").format(level=level, method=method) if method else _(level)
        for level, _mark, method in parts
    ]
    sentence = _("{sentence}, {lost:,} not found.").format(sentence=sentence, lost=lost)
    return Section(_("How places are found"), sentence, shares(names, counts, len(incidents), _("How")))


def _precision(incidents: pd.DataFrame) -> Section:
    counts = incidents["geo_precision"].astype("str").value_counts().reindex([*GEO_PRECISIONS, ""], fill_value=0)
    precise = int(counts.iloc[:3].sum())
    sentence = _("{precise:,} of {count:,} ({percent}) are known to at least the neighbourhood.").format(
        precise=precise, count=len(incidents), percent=percent(precise, len(incidents))
    )
    names = [KNOWN_TO.get(name, _("no place")) for name in counts.index]
    return Section(_("How well places are known"), sentence, shares(names, counts, len(incidents), _("Known to")))


def _one_point(incidents: pd.DataFrame) -> Section:
    placed = incidents.loc[incidents["x"].notna(), ["spot", "latitude", "longitude", "city", "district", "province"]]
    counts = placed["spot"].value_counts()
    most = counts[counts > 1].head(MOST)
    rows = []
    for spot, n in most.items():
        at_spot = placed[placed["spot"] == spot]
        name = next(
            (str(at_spot[column].mode().iat[0]) for column in ("city", "district", "province") if (at_spot[column] != "").any()),
            "",
        )
        at = f"{at_spot['latitude'].iat[0]:.4f}, {at_spot['longitude'].iat[0]:.4f}"
        rows.append((at, plain(name, 80), int(n), round(n / len(placed), 4)))
    shared = int(counts[counts > 1].sum())
    sentence = _("{shared:,} of {incidents} with a point share it with another.").format(
        shared=shared, incidents=counted_incidents(len(placed))
    )
    if len(most):
        sentence += _(
            " The fullest holds {most:,}; points that hold many are mostly centres of towns, not where it happened."
        ).format(most=most.iat[0])
    return Section(_("Incidents on one point"), sentence, pd.DataFrame(rows, columns=["Point", "Name", "Incidents", "Share"]))


def _misplaced(incidents: pd.DataFrame) -> Section:
    theirs = (incidents["found_by"] == FROM_SOURCE) & in_afghanistan(incidents, offline_gazetteer())
    points = incidents.loc[theirs, ["province", "latitude", "longitude"]]
    where = misplaced(points["province"].astype("str").to_numpy(), points["latitude"].to_numpy(), points["longitude"].to_numpy())
    province, country = int((where == "province").sum()), int((where == "country").sum())
    sentence = _("{points} given by the source for Afghanistan: {province:,} outside the province of the row, ").format(
        points=counted(len(points), "{n} point", "{n} points"), province=province
    )
    sentence += _("{country:,} outside the country.").format(country=country)
    table = shares([_("outside the province"), _("outside the country")], [province, country], max(len(points), 1), _("Where"))
    return Section(_("Points that do not fit"), sentence, table)
