"""What stands in words on a sheet around its map: how many incidents are in the part that is shown, and where all of it is from."""

from __future__ import annotations

import pandas as pd

from incident_atlas.core.text import listed, plain, wrapped
from incident_atlas.core.vocabulary import GEO_PRECISIONS
from incident_atlas.dataset import paging
from incident_atlas.dataset.areas import area_of
from incident_atlas.dataset.citation import Citation
from incident_atlas.geo.projection import Frame
from incident_atlas.i18n import _
from incident_atlas.maps.clusters import PROVINCE_ZOOM, area_ranks, principal_towns

_MOST_NAMED = 3
"""Areas that are named; of more their number is said."""


def in_part(visible: pd.DataFrame, frame: Frame, areas: pd.DataFrame, incidents: int) -> str:
    """How many lie in this part of the map, and how many more may, known only to an area. Plain text, not yet safe.

    areas: `clusters.map_areas` of this part. incidents: of all. The point of a town's middle is no place of an incident that is known
    to the town alone: where the map lists it by its area and draws no mark, it is not counted as here.
    """
    marked = visible["precision_rank"] < area_ranks(frame.zoom).start
    if frame.zoom < PROVINCE_ZOOM:
        marked |= visible["province"].isin(list(principal_towns()))
    count = paging.count(visible[marked], frame.bounds())
    if not len(areas):
        return _("{count:,} of {incidents:,} lie in this part of the map.").format(count=count, incidents=incidents)
    names = [plain(area_of(one, GEO_PRECISIONS[one["precision_rank"]]).name(), 60) for one in areas.to_dict("records")]
    where = _("{n:,} areas that reach into it").format(n=len(names)) if len(names) > _MOST_NAMED else listed(names, "or")
    return _("{count:,} of {incidents:,} lie in this part of the map; {more:,} more are known only to {where}.").format(
        count=count, incidents=incidents, more=int(areas["incidents"].sum()), where=where
    )


def source_lines(citation: Citation) -> list[str]:
    """The lines at the foot of a sheet: source, link, terms of data sets, where points and base map are from."""
    lines = wrapped(
        _("Source: {source}. {link}").format(source=citation.source(), link=citation.link), 185, max_lines=3, placeholder=" ..."
    )
    lines += wrapped(plain(citation.data, 5000), 185)
    return [
        *lines,
        _(
            "Points: given by a source, else found in the gazetteer (GeoNames, CC BY 4.0). Base map: Natural Earth, GSHHG, GeoNames."
        ),
    ]
