"""How a file's places are known: who gave the point, how sharply, how many share one, how many lie where they cannot."""

from __future__ import annotations

import pandas as pd

from incident_atlas.core.text import counted, plain
from incident_atlas.core.vocabulary import GEO_PRECISIONS, KNOWN_TO
from incident_atlas.curation.quality.section import MOST, Section, percent, shares
from incident_atlas.geo.boundaries import misplaced
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.geocoding import BY_A_PERSON, FROM_SOURCE, NOT_FOUND, in_afghanistan

_OURS = (FROM_SOURCE, BY_A_PERSON, NOT_FOUND)


def sections(incidents: pd.DataFrame) -> list[Section]:
    """The findings on places of at least one incident."""
    return [_found(incidents), _precision(incidents), _one_point(incidents), _misplaced(incidents)]


def _found(incidents: pd.DataFrame) -> Section:
    counts = incidents["found_by"].astype("str").value_counts()
    from_source, chosen, lost = (int(counts.get(name, 0)) for name in _OURS)
    looked_up = len(incidents) - from_source - chosen - lost
    sentence = f"{counted(from_source, 'point')} given by the source, {looked_up:,} found in the gazetteer"
    sentence += f", {chosen:,} placed by a person" if chosen else ""
    names = [how if how in _OURS else "gazetteer, " + how.replace(": ", " by ") for how in counts.index]
    return Section("How places are found", f"{sentence}, {lost:,} not found.", shares(names, counts, len(incidents), "How"))


def _precision(incidents: pd.DataFrame) -> Section:
    counts = incidents["geo_precision"].astype("str").value_counts().reindex([*GEO_PRECISIONS, ""], fill_value=0)
    sharp = int(counts.iloc[:3].sum())
    sentence = f"{sharp:,} of {len(incidents):,} ({percent(sharp, len(incidents))}) are known better than to the city."
    names = [KNOWN_TO.get(name, "no place") for name in counts.index]
    return Section("How well places are known", sentence, shares(names, counts, len(incidents), "Known to"))


def _one_point(incidents: pd.DataFrame) -> Section:
    placed = incidents.loc[incidents["x"].notna(), ["spot", "latitude", "longitude", "city", "district", "province"]]
    counts = placed["spot"].value_counts()
    most = counts[counts > 1].head(MOST)
    rows = []
    for spot, n in most.items():
        at_spot = placed[placed["spot"] == spot]
        name = next(
            (str(at_spot[column].mode().iat[0]) for column in ("city", "district", "province") if (at_spot[column] != "").any()), ""
        )
        at = f"{at_spot['latitude'].iat[0]:.4f}, {at_spot['longitude'].iat[0]:.4f}"
        rows.append((at, plain(name, 80), int(n), round(n / len(placed), 4)))
    shared = int(counts[counts > 1].sum())
    sentence = f"{shared:,} of {counted(len(placed), 'incident')} with a point share it with another."
    if len(most):
        sentence += (
            f" The fullest holds {most.iat[0]:,}; points that hold many are mostly centres of towns, not where it happened."
        )
    return Section("Incidents on one point", sentence, pd.DataFrame(rows, columns=["Point", "Name", "Incidents", "Share"]))


def _misplaced(incidents: pd.DataFrame) -> Section:
    theirs = (incidents["found_by"] == FROM_SOURCE) & in_afghanistan(incidents, offline_gazetteer())
    points = incidents.loc[theirs, ["province", "latitude", "longitude"]]
    where = misplaced(points["province"].astype("str").to_numpy(), points["latitude"].to_numpy(), points["longitude"].to_numpy())
    province, country = int((where == "province").sum()), int((where == "country").sum())
    sentence = (
        f"{counted(len(points), 'point')} given by the source for Afghanistan: {province:,} outside the province of the row, "
    )
    sentence += f"{country:,} outside the country."
    table = shares(["outside the province", "outside the country"], [province, country], max(len(points), 1), "Where")
    return Section("Points that do not fit", sentence, table)
