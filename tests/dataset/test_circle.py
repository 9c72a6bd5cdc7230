"""The criterion near: the same incidents as Nearby counts, in memory, on an engine, in the commands and in the address."""

from __future__ import annotations

import json

import duckdb
import narwhals as nw
import pyarrow as pa
import pytest
from click.testing import CliRunner

from incident_atlas.analysis.nearby import around
from incident_atlas.cli.main import cli
from incident_atlas.dataset.circle import parse_circle
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import RECORD
from tests.support.record import shipped_record

INCIDENTS = shipped_record().incidents


@pytest.mark.parametrize(
    "text",
    [
        "34.5289,69.1725,2",
        "kbl-wazir-akbar-khan,1",
        "kbl-wazir-akbar-khan",
        "gn-1140026,10",
        "34.5,69.1,0.1",
        "34.53123456,69.1,12.3456789",
    ],
)
def test_the_filter_keeps_what_nearby_counts(text):
    circle = parse_circle(text)
    found = around(INCIDENTS, circle.latitude, circle.longitude, circle.km, circle.key)
    kept = Filters(near=circle).apply(INCIDENTS)
    assert set(kept["row"]) == set(found.counted["row"]) and (len(kept) or text.endswith("0.1"))
    assert parse_circle(circle.parameter()) == circle


def test_an_engine_gives_the_same_for_a_point():
    circle = parse_circle("34.5289,69.1725,5")
    columns = ["row", "latitude", "longitude", "precision_rank"]
    lazy = duckdb.from_arrow(pa.Table.from_pandas(INCIDENTS[columns]))
    kept = nw.from_native(lazy).filter(circle.condition(lazy)).to_native().df()
    assert set(kept["row"]) == set(Filters(near=circle).apply(INCIDENTS)["row"]) and len(kept)


@pytest.mark.parametrize("text", ["nowhere", "34.5,69.1", "34.5,69.1,0", "95,69,2", "Arghandab", "", "kbl-sherpur,99"])
def test_what_is_no_circle_is_ignored_and_said(text):
    chosen, ignored = Filters.from_query({"near": [text]}, {})
    assert chosen.near is None and ignored == ([f"near={text}"] if text else [])


def test_the_sentence_says_it_and_compare_takes_a_place():
    periods = ["--first", "2010-01-01:2014-12-31", "--second", "2015-01-01:2019-12-31", "--json"]
    by_place, by_near = (
        CliRunner().invoke(cli, ["compare", str(RECORD), *periods, *more])
        for more in (["--place", "Wazir Akbar Khan", "--km", "1"], ["--near", "kbl-wazir-akbar-khan,1"])
    )
    assert (
        by_place.stdout == by_near.stdout
        and "in Wazir Akbar Khan, Kabul or within 1 km of it" in json.loads(by_near.stdout)["answer"]
    )
    both = CliRunner().invoke(cli, ["compare", str(RECORD), *periods, "--place", "Kabul", "--near", "kbl-sherpur"])
    assert both.exit_code == 2
