"""The labelled sets on which duplicates are measured: their truth is one, their halves share nothing, their neighbours are near."""

from __future__ import annotations

import numpy as np
import pytest

from tools.synthetic.labelled_pairs import HALVES, SEEDS, Labelled, labelled, texts
from tools.synthetic.pairs_held_out import HABITS as HELD_OUT
from tools.synthetic.pairs_tuning import HABITS as TUNING


@pytest.fixture(scope="module", params=HALVES)
def half(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def drawn(half: str) -> Labelled:
    return labelled(half, SEEDS[half][0])


def test_the_same_seed_makes_the_same_set_and_another_seed_another(half):
    first, second = SEEDS[half][:2]
    assert texts(half, first) == texts(half, first) != texts(half, second)


def test_no_row_is_set_aside_and_no_cell_is_faulty(drawn):
    for record in (drawn.left, drawn.right):
        assert record.source.set_aside == 0 and not len(record.problems)


def test_each_incident_has_at_most_one_partner_and_only_a_part_has_one(drawn):
    lefts, rights = zip(*drawn.pairs, strict=True)
    assert len(set(lefts)) == len(lefts) and len(set(rights)) == len(rights)
    assert set(lefts) <= set(drawn.left.incidents["incident_id"])
    assert set(rights) <= set(drawn.right.incidents["incident_id"])
    for record in (drawn.left, drawn.right):
        assert 0.4 < len(drawn.pairs) / len(record.incidents) < 0.8


def test_ids_and_order_tell_nothing(drawn):
    left, right = drawn.left.incidents["incident_id"], drawn.right.incidents["incident_id"]
    assert right.str.startswith("second-").all() and not right.is_monotonic_increasing and not left.is_monotonic_increasing
    assert not (drawn.right.incidents["coordinated_id"] != "").any()


def test_the_halves_share_no_incident_no_compiler_and_no_seed():
    left = {half: set(labelled(half, SEEDS[half][0]).left.incidents["incident_id"]) for half in HALVES}
    real = [{one for one in ids if one.startswith("AFG-")} for ids in left.values()]
    assert all(len(ids) > 150 for ids in real) and not real[0] & real[1]
    assert not {habit.__name__ for habit, _ in TUNING} & {habit.__name__ for habit, _ in HELD_OUT}
    assert not set(SEEDS["tuning"]) & set(SEEDS["held-out"])


@pytest.mark.parametrize("crowded", [False, True])
def test_many_incidents_that_are_not_the_same_are_as_near_as_those_that_are(half, crowded):
    drawn = labelled(half, SEEDS[half][0], crowded)
    left, right = (record.incidents for record in (drawn.left, drawn.right))
    days = np.abs(left["date"].to_numpy()[:, None] - right["date"].to_numpy()[None, :]) / np.timedelta64(1, "D")
    same_city = left["province"].astype(str).to_numpy()[:, None] == right["province"].astype(str).to_numpy()[None, :]
    near = int(((days <= 3) & same_city).sum()) - len(drawn.pairs)
    assert near > (2 if crowded else 0.5) * len(drawn.pairs)


@pytest.mark.parametrize("crowded", [False, True])
def test_a_pair_is_told_within_some_weeks_of_each_other(half, crowded):
    drawn = labelled(half, SEEDS[half][0], crowded)
    left, right = (record.incidents.set_index("incident_id")["date"] for record in (drawn.left, drawn.right))
    apart = np.array([abs((left[one] - right[other]).days) for one, other in drawn.pairs])
    assert (apart <= 31).all() and (apart <= 2).mean() > 0.9


def test_the_second_record_differs_in_every_kind_of_cell(drawn):
    left = drawn.left.incidents.set_index("incident_id")
    right = drawn.right.incidents.set_index("incident_id")
    lefts, rights = (list(ids) for ids in zip(*sorted(drawn.pairs), strict=True))
    for name in ("date", "title", "city", "geo_precision", "attack_type", "target_type", "perpetrator", "killed_best", "x"):
        one, other = (frame.loc[ids, name].astype(str).to_numpy() for frame, ids in ((left, lefts), (right, rights)))
        assert 0.03 < (one != other).mean(), name


def test_there_are_second_attacks_of_one_operation_and_each_is_an_incident_of_its_own(drawn):
    operations = drawn.left.incidents[["incident_id", "coordinated_id"]].set_index("incident_id")["coordinated_id"]
    parts = [name for name in operations.index if name.startswith("part-")]
    both = [name for name in parts if name in {one for one, _ in drawn.pairs}]
    assert len(parts) >= 5 and both and (operations.loc[parts] != "").all()
    assert len({other for one, other in drawn.pairs if one in both}) == len(both)
