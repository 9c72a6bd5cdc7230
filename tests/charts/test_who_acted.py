"""The years in pieces of who acted: every incident in one piece, rival accounts apart, unknown as unknown."""

from __future__ import annotations

import json

import pytest
import vl_convert

from incident_atlas.charts import timeline_segments
from incident_atlas.core.vocabulary import ACTOR_KINDS
from incident_atlas.dataset.headline_text import by_actor
from incident_atlas.dataset.totals import by_actor_kind
from incident_atlas.theme import DARK, LIGHT, SEVERAL_ACTOR_KINDS, actor_colours
from tests.support.tiny import record

ROWS = [
    {"date": "2019-05-01", "actor_kind": "non-state group", "killed": "3"},
    {"date": "2019-06-01", "actor_kind": "state forces", "killed_low": "2", "killed": "4", "killed_high": "5"},
    {"date": "2021-06-01", "actor_kind": "state forces;non-state group"},
    {"date": "2021-07-01", "actor_kind": "", "killed": "1", "killed_low": "1", "killed_high": "1"},
]


def drawn(scheme=LIGHT, rows=ROWS):
    loaded = record(*rows)
    span = loaded.source.first, loaded.source.last
    return timeline_segments.years_by_actor(
        timeline_segments.by_year_and_actor_kind(loaded.incidents), span, (None, None), (), scheme
    )


def test_each_incident_is_in_one_piece_and_a_quiet_year_is_a_row_of_zeros():
    rows = drawn().rows().set_index("Year")
    assert list(rows.columns) == [*ACTOR_KINDS, SEVERAL_ACTOR_KINDS, "Incidents"]
    assert rows.to_numpy().tolist() == [[1, 1, 0, 0, 2], [0, 0, 0, 0, 0], [0, 0, 1, 1, 2]]


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_chart_draws_and_says_what_its_pieces_are(scheme):
    picture = drawn(scheme)
    assert "by who acted: non-state group: 1 incident, state forces: 1 incident" in picture.alt
    assert timeline_segments.ACTOR_NOTE in picture.notes and len({one.colour for one in actor_colours(scheme)}) == 4
    colour = picture.spec["layer"][0]["encoding"]["color"]["condition"]["scale"]
    assert colour["domain"] == [*ACTOR_KINDS, SEVERAL_ACTOR_KINDS] and '"title": "Who acted"' in json.dumps(picture.spec)
    values = json.loads(picture.data.to_json(orient="records", date_format="iso"))
    assert "state forces" in vl_convert.vegalite_to_svg(
        picture.spec | {"data": {"values": values}, "width": 330}, allowed_base_urls=[]
    )


def test_totals_are_said_by_who_acted_only_where_there_is_more_than_one():
    message = by_actor(by_actor_kind(record(*ROWS).incidents))
    assert message == [
        "By non-state groups: 1 incident, 3 killed (or more), wounded: no figure reported",
        "By state forces: 1 incident, 4 killed (range 2 to 5), wounded: no figure reported",
        "By unknown actors: 1 incident, 1 killed, wounded: no figure reported",
        "By non-state groups or state forces: 1 incident, killed: no figure reported, wounded: no figure reported",
    ]
    assert by_actor(by_actor_kind(record(ROWS[0], ROWS[0]).incidents)) == []
