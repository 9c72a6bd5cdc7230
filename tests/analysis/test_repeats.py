"""Near repeats in words: whom the test asks, what it says, and when it says nothing."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner, Result

from incident_atlas.analysis import near_repeats as repeats
from incident_atlas.analysis.near_repeats import Knox, NearRepeats, near_repeats, result_sentences
from incident_atlas.cli.main import cli
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import RECORD
from tests.support.pages import words
from tests.support.record import shipped_record
from tests.support.tiny import PROBES, record, text


def spread(n: int, **more: str) -> list[dict[str, str]]:
    """Incidents 5 km and 40 days apart, each known to the street."""
    return [
        {"date": f"{2000 + day // 360}-{day % 360 // 30 + 1:02d}-{day % 30 + 1:02d}", "latitude": f"{31 + step * 0.045:.4f}"}
        | {"longitude": "65.7", "geo_precision": "street"}
        | more
        for step, day in ((step, step * 40) for step in range(n))
    ]


def repeats_of(*rows: dict[str, str]) -> NearRepeats:
    return near_repeats(record(*rows).incidents)


def knox(pairs: int = 30, expected: float = 12.0, p: float = 0.001, low: int = 6, high: int = 19) -> Knox:
    return Knox(pairs, expected, p, 200, low, high, critical=high)


def answer(found: Knox | None, within_year: Knox | None = None, known: int = 200) -> tuple[str, str]:
    return result_sentences(NearRepeats(500, known, known, found, within_year))


@pytest.mark.parametrize("imprecise", [{"geo_precision": "city"}, {"date_precision": "month"}, {"latitude": "", "longitude": ""}])
def test_only_a_known_place_and_day_is_asked(imprecise):
    near = repeats_of(*spread(22), spread(1)[0] | imprecise)
    assert (near.of, near.known, near.events, near.found.incidents) == (23, 22, 22, 22)


def test_a_coordinated_attack_counts_once_and_a_blank_joins_nobody():
    rows = spread(25)
    for row in rows[3:7]:
        row["coordinated_id"] = "one operation"
    near = repeats_of(*rows)
    assert (near.known, near.events, near.found.incidents) == (25, 22, 22)
    assert "with coordinated attacks counted once, they are 22" in result_sentences(near)[0]


def test_of_a_coordinated_attack_the_first_counts():
    """The pair is the first attack and the one before it: were the last kept instead, there would be none."""
    rows = spread(20)
    before = {"date": "1999-12-25"}
    later = {"date": "2001-03-03", "latitude": "36.5", "coordinated_id": "x"}
    near = repeats_of(*rows[1:], rows[0] | later, rows[0] | {"coordinated_id": "x"}, rows[0] | before)
    assert near.events == 21 and near.found.pairs == 1


@pytest.mark.parametrize("n", [0, 1, 19])
def test_too_few_incidents_are_said_without_a_number_that_means_nothing(n):
    near = repeats_of(*spread(n))
    counts, meaning = result_sentences(near)
    assert near.found is None and meaning.startswith("Too few to say")
    assert not re.search(r"p (0|below)|times|expected", counts + meaning)


@pytest.mark.parametrize("few", [knox(pairs=9), knox(pairs=0, expected=9.0, p=1.0), knox(pairs=1, expected=0.001, low=0, high=0)])
def test_fewer_than_ten_pairs_or_five_expected_are_no_finding_and_no_multiple(few):
    for found, within_year in ((few, None), (few, few), (knox(pairs=12, expected=4.9), knox())):
        counts, meaning = answer(found, within_year)
        assert meaning.startswith("Too few to say whether attacks repeat: that takes at least 10 pairs, and 5 by chance.")
        assert not re.search(r"p (0|below)|times", counts + meaning)


def test_a_finding_whose_pairs_within_a_year_are_too_few_has_no_multiple():
    meaning = answer(knox(), knox(expected=0.0, low=0, high=0))[1]
    assert "too few pairs (0.0) to say" in meaning and "times" not in meaning


@pytest.mark.parametrize("within_a_year", [0, 1])
def test_one_near_pair_among_attacks_far_apart_divides_by_nothing(within_a_year):
    rows = spread(24)
    rows += [rows[-1] | {"date": rows[-1]["date"][:8] + "28"}]
    near = repeats_of(*rows)
    near = near._replace(within_year=near.found._replace(expected=0.0, low=0, high=0) if within_a_year else near.within_year)
    assert near.found.pairs <= 1 and result_sentences(near)[1].startswith("Too few to say")


def test_the_quantiles_of_the_shuffles_are_called_so_and_are_no_interval_of_the_multiple():
    counts, meaning = answer(knox(pairs=30, expected=12.0, low=6, high=20), knox(pairs=30, expected=12.0, low=0, high=20))
    assert "2.5 times what chance makes on average" in counts and "(6–20 in 95 of 100 shuffles)" in counts
    assert "about 2.5 times as frequent" in meaning


def test_the_page_says_that_no_other_window_was_tried():
    assert repeats.NEAR_MEANS.startswith("Only 2 km and 14 days were tried")


def test_a_band_of_one_number_is_not_taken_for_incidents_that_are_all_alike():
    counts, meaning = answer(knox(pairs=12, expected=12.0, p=1.0, low=12, high=12))
    assert "nothing is left" not in meaning and "1.0 times what chance makes on average" in counts


def test_incidents_all_on_one_spot_or_all_at_once_cannot_be_compared():
    rows = [row | {"latitude": "34.5", "date": f"2020-01-{n:02d}"} for n, row in enumerate(spread(25), 1)]
    assert result_sentences(repeats_of(*rows))[1].startswith("All of them lie within 2 km of each other: nothing is left")
    rows = [row | {"latitude": str(34 + n % 2), "date": "2020-01-01"} for n, row in enumerate(spread(25))]
    assert result_sentences(repeats_of(*rows))[1].startswith("All of them happened within 14 days of each other: nothing is left")


def test_planted_repeats_are_told_with_every_number():
    rows = [row | {"latitude": f"{31 + n % 8 * 0.045:.4f}"} for n, row in enumerate(spread(80))]
    rows += [row | {"date": row["date"][:8] + f"{int(row['date'][8:]) + 1:02d}"} for row in rows[:60]]
    near = repeats_of(*rows)
    assert near.found.p == 0.001 and near.within_year.p <= 0.05 and near.found.expected >= 5
    counts, meaning = result_sentences(near)
    assert f"{near.found.pairs} pairs lie within 2 km and 14 days of each other" in counts
    assert f"there would be {near.found.expected:.1f}" in counts and "p 0.001" in counts
    assert meaning.startswith("More near repeats than chance makes, also when places are shuffled only within their year")
    assert "no forecast" in meaning


def test_what_a_shift_over_the_years_explains_is_not_told_as_a_repeat():
    meaning = answer(knox(), knox(p=0.2, expected=27.0))[1]
    assert "but not when places are shuffled only within their year (27.0 expected, p 0.20)" in meaning
    assert "frequent" not in meaning


def test_no_finding_says_how_strong_a_tendency_it_would_have_missed():
    assert "Only a tendency of about 1.9 times or more would have shown in 80 of 100 cases." in answer(knox(pairs=12, p=0.5))[1]
    assert "would have shown" not in answer(knox(pairs=12000, expected=12000, p=0.5, low=11900, high=12100))[1]


def test_a_random_part_is_called_one():
    assert "A random 200 of these were compared." in answer(knox(), knox(), known=400)[0]


def test_hostile_text_is_in_no_sentence():
    rows = [
        row | {"title": probe, "coordinated_id": probe, "place": probe} for row, probe in zip(spread(25), PROBES * 5, strict=True)
    ]
    near = repeats_of(*rows)
    assert near.events == len(PROBES)
    assert not any(mark in " ".join(result_sentences(near)) for mark in "<{$")


def test_the_shipped_record_answers():
    incidents = shipped_record().incidents
    near = near_repeats(incidents[list(repeats.COLUMNS)])
    assert near.of == len(incidents) and repeats.LEAST_INCIDENTS < near.events < near.known < near.of
    assert near.found.incidents == near.events and near.found.low <= near.found.expected <= near.found.high


def page(run_page, query: dict | None = None, source=None) -> str:
    """What the page says with its section of repeats open."""
    app = run_page("pages/nearby.py", query, source)
    app.session_state["repeats"] = True
    return words(app.run())


def test_the_page_says_what_the_module_says(run_page):
    shown = page(run_page, {"city": ["Kabul"]})
    near = near_repeats(Filters(city=("Kabul",)).apply(shipped_record().incidents))
    assert all(part in shown for part in result_sentences(near))


def test_nothing_is_worked_out_before_a_reader_opens_the_section(run_page, monkeypatch):
    monkeypatch.setattr(repeats, "near_repeats", lambda *_: pytest.fail("asked although nobody looks"))
    assert "Near repeats" not in words(run_page("pages/nearby.py", {"city": ["Kabul"]}))


def test_sessions_share_the_answer_of_one_question(run_page, monkeypatch):
    calls = []
    monkeypatch.setattr(repeats, "near_repeats", lambda tab: calls.append(len(tab)) or near_repeats(tab))
    query = {"city": ["Kabul"], "from": ["2009-03-01"]}
    assert page(run_page, query) and page(run_page, query) and len(calls) == 1
    assert page(run_page, {"city": ["Kabul"], "from": ["2009-03-02"]}) and len(calls) == 2


def test_the_page_of_a_hostile_record_shows_no_markup_of_it(run_page, tmp_path):
    rows = [row | {"title": probe, "place": probe, "district": probe} for row, probe in zip(spread(25), PROBES * 5, strict=True)]
    (tmp_path / "mine.csv").write_text(text(*rows), encoding="utf-8")
    shown = page(run_page, source=tmp_path / "mine.csv")
    assert "Places most hit" in shown and not any(probe in shown for probe in PROBES)


def test_the_page_without_a_visible_incident_says_whether_the_filter_or_the_record_has_none(run_page, tmp_path):
    shown = page(run_page, {"q": ["xyzzy"]})
    assert "No incident passes this filter." in shown and "Places most hit" not in shown
    (tmp_path / "mine.csv").write_text(text(), encoding="utf-8")
    none = page(run_page, source=tmp_path / "mine.csv")
    assert "The record has no incidents." in none and "passes this filter" not in none


def command(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["repeats", *arguments])


def test_the_command_says_what_the_page_says():
    result = command(str(RECORD), "--city", "Kabul")
    near = near_repeats(Filters(city=("Kabul",)).apply(shipped_record().incidents))
    assert result.exit_code == 0 and all(part in result.stdout for part in result_sentences(near))
    assert "Wazir Akbar Khan, Kabul" in result.stdout and "Not counted in these places" in result.stdout


def test_the_command_as_json_has_the_numbers_of_the_module():
    answer = json.loads(command(str(RECORD), "--json").stdout)
    near = near_repeats(shipped_record().incidents)
    assert answer["near_repeats"]["found"] == near.found._asdict()
    assert answer["near_repeats"]["within_year"] == (near.within_year and near.within_year._asdict())
    assert answer["places"][0]["incidents"] >= answer["places"][1]["incidents"] and answer["left_out"]["imprecise"] > 0
    assert sum(place["incidents"] for place in answer["places"]) + sum(answer["left_out"].values()) == len(
        shipped_record().incidents
    )


@pytest.mark.parametrize("rows", [[], [{}], [{"place": "Taimani"}]], ids=["none", "city", "one"])
def test_the_command_stands_on_any_record(tmp_path, rows):
    (tmp_path / "mine.csv").write_text(text(*rows), encoding="utf-8")
    assert command(str(tmp_path / "mine.csv")).stdout.startswith("Too few to say")
    answer = json.loads(command(str(tmp_path / "mine.csv"), "--json").stdout)
    assert answer["near_repeats"]["found"] is None and answer["years"] is None


def test_the_command_ends_with_one_when_it_ignores_and_with_two_without_a_file(tmp_path):
    assert command(str(RECORD), "--city", "Atlantis").exit_code == 1
    assert command(str(tmp_path / "none.csv")).exit_code == 2
