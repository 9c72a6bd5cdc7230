"""One filter has one total of killed and wounded, in one sentence: on every page, by every command, in memory and in an engine."""

from __future__ import annotations

import html
import json
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner

from incident_atlas.cli.main import cli
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import RECORD
from incident_atlas.dataset.sql import prepare
from incident_atlas.dataset.totals import Headline, headline
from tests.support import pages
from tests.support.pages import opened
from tests.support.profile import with_nightly
from tests.support.record import shipped_record

FILTERS = (
    "",
    "from=2015-01-01&to=2015-12-31",
    "city=Herat",
    "province=Kabul&from=2010-01-01",
    "target_type=Police&target_type=Military",
    "target_subtype=Embassy/Consulate&city=Kabul",
    "attack_type=Assassination",
    "perpetrator=Taliban&to=2014-06-30",
    "actor_kind=state forces",
    "attribution=contested",
    "min_killed=20",
    "near=34.5289,69.1725,3",
    "q=mosque&precision=neighbourhood",
    # Nobody passes this one.
    "city=Herat&to=1990-01-01",
)
SLOW = set(FILTERS) - {"", "from=2015-01-01&to=2015-12-31", "target_subtype=Embassy/Consulate&city=Kabul", FILTERS[-1]}
"""Each filter asks every page and command twice: four are enough for every day."""
PERIOD = ("2015-03-01", "2016-02-29")


def words(page: str, query: str) -> str:
    """What a page says, as a reader sees it."""
    return html.unescape(pages.words(opened(page, parse_qs(query))))


def command_output(*values: str) -> str:
    done = CliRunner().invoke(cli, list(values), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def options(query: str) -> list[str]:
    return [
        word for name, values in parse_qs(query).items() for value in values for word in (f"--{name.replace('_', '-')}", value)
    ]


def sentences(head: Headline) -> tuple[str, str]:
    """The one phrase for the killed and for the wounded."""
    return head.killed.text(head.incidents, "killed"), head.wounded.text(head.incidents, "wounded")


@pytest.fixture(scope="module")
def shipped():
    return shipped_record()


@pytest.fixture(scope="module")
def in_engine(tmp_path_factory) -> Path:
    """The shipped record as a Parquet file that is asked through DuckDB."""
    out = tmp_path_factory.mktemp("engine") / "incidents.parquet"
    prepare(RECORD, out)
    return out


def total_of(loaded, query: str) -> Headline:
    chosen, ignored = Filters.from_query(parse_qs(query), loaded.options)
    assert not ignored
    return headline(chosen.apply(loaded.incidents))


@pytest.mark.parametrize("query", with_nightly(FILTERS, SLOW))
def test_map_incidents_and_summary_say_one_total(shipped, in_engine, monkeypatch, query):
    head = total_of(shipped, query)
    for source in (RECORD, in_engine):
        text, answer = (
            command_output("summary", str(source), *options(query)),
            json.loads(command_output("summary", str(source), *options(query), "--json")),
        )
        for total, kind in ((head.killed, "killed"), (head.wounded, "wounded")):
            assert answer[kind] == {name: getattr(total, name) for name in ("low", "best", "high", "at_least", "without_figure")}
        monkeypatch.setenv("INCIDENTS_SOURCE", str(source))
        listed, map_figures = words("pages/incidents.py", query), words("app.py", query)
        for phrase, total in zip(sentences(head), (head.killed, head.wounded), strict=True):
            if head.incidents:
                assert phrase in text and phrase in listed
                # The figures of the Map page stand in two sizes: the number, then the rest of the same phrase.
                number, _, rest = phrase.partition(" ")
                split = f"<b>–</b> <span>{phrase}" if total.without_figure == head.incidents else f"<b>{number}</b> <span>{rest}<"
                assert split in map_figures
            else:
                assert not any(" killed" in one for one in (text.split("year")[0], map_figures.split("atlas-note")[0]))


@pytest.mark.parametrize(
    "query", with_nightly([query for query in FILTERS[:-1] if "from=" not in query and "to=" not in query], SLOW)
)
def test_a_compared_period_has_the_total_of_the_same_days(shipped, monkeypatch, query):
    first, last = PERIOD
    head = total_of(shipped, f"{query}&from={first}&to={last}")
    phrases = (
        ["none: no incident"] if not head.incidents else [total.text(head.incidents) for total in (head.killed, head.wounded)]
    )
    pair = {"first": "2012-03-01:2013-02-28", "second": f"{first}:{last}"}
    values = [word for name, days in pair.items() for word in (f"--{name}", days)]
    table = [line.strip() for line in command_output("compare", str(RECORD), *options(query), *values, "--each").splitlines()]
    monkeypatch.delenv("INCIDENTS_SOURCE", raising=False)
    page = words(
        "pages/compare.py", "&".join(filter(None, (query, "each=1", *(f"{name}={days}" for name, days in pair.items()))))
    )
    for kind, phrase in zip(("killed", "wounded"), phrases * 2, strict=False):
        assert any(line.startswith(kind) and line.endswith(phrase) for line in table)
        assert f"{phrase}</td>" in page


@pytest.mark.parametrize(("at", "km"), [("34.5289,69.1725", "3"), ("34.35,62.2", "10"), ("31.61,65.7", "2")])
def test_nearby_counts_what_the_same_circle_as_a_filter_does(shipped, monkeypatch, at, km):
    monkeypatch.delenv("INCIDENTS_SOURCE", raising=False)
    head = total_of(shipped, f"near={at},{km}")
    text = command_output("nearby", str(RECORD), "--at", at, "--km", km)
    page = words("pages/nearby.py", f"at={at}&km={km}")
    for phrase, total in zip(sentences(head), (head.killed, head.wounded), strict=True):
        assert not head.incidents or phrase in text
        number, _, rest = phrase.partition(" ")
        known = head.incidents and total.without_figure < head.incidents
        assert not known or (f"<b>{number} <small>" in page and f"<span>{rest}<" in page)
