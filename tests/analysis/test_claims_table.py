"""The table of claims as a file, the shipped claims, and the command that asks them."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from incident_atlas.analysis.claims.answer import CANNOT_TELL, CONTRADICTED, SUPPORTED, VERDICTS
from incident_atlas.analysis.claims.claims_csv import COLUMNS, LONGEST, MOST_CLAIMS, SHIPPED, beside, read
from incident_atlas.analysis.claims.verdict import NOT_IN_THE_RECORD, Judged, judge_all
from incident_atlas.cli.main import cli
from incident_atlas.core.text import safe_url
from incident_atlas.dataset.load import RECORD
from incident_atlas.errors import EmptyFile, FileError, MissingFile, NotATable
from tests.support.profile import scaled
from tests.support.record import shipped_record
from tests.support.tiny import record, text

HEADER = ",".join(COLUMNS)
ROW = 'mine,"So, it is",A paper,https://example.com,Is it?,app.py,target_type=Police,rarer than,1 a year,,,,'


@pytest.fixture(scope="module")
def shipped() -> tuple[Judged, ...]:
    """The shipped claims, asked of the shipped record."""
    return judge_all(shipped_record(), read()[0])


def table(tmp_path, *rows: str, header: str = HEADER):
    path = tmp_path / "claims.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def test_a_row_is_read_as_it_stands(tmp_path):
    (claim,), odd = read(table(tmp_path, ROW))
    assert (claim.claim_id, claim.text, claim.value, claim.line, claim.fault, odd) == ("mine", "So, it is", "1 a year", 2, "", ())
    (claim,), _ = read(table(tmp_path, "mine,So,,,,,at least,", header="claim_id,text,source,question,page,query,test,value"))
    assert (claim.page, claim.query, claim.fault) == ("app.py", "", "")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_are_recognised(tmp_path, delimiter):
    row = delimiter.join(("mine", "So", "", "", "", "app.py", "city=Kabul", "at least", "1 incident", "", "", ""))
    (claim,), odd = read(table(tmp_path, "", row, header=HEADER.replace(",", delimiter)))
    assert (claim.query, claim.value, odd) == ("city=Kabul", "1 incident", ())


@pytest.mark.parametrize(
    ("header", "reported"),
    [
        (HEADER.replace("question,", ""), "has no column question."),
        (HEADER.replace("query", "qurey"), "has no column query. “qurey” is no column of claims; query may be meant."),
        (HEADER.replace("against", "agianst"), "has no column against. “agianst” is no column of claims; against may be meant."),
        (HEADER + ",text", "has the column text 2 times."),
    ],
)
def test_a_column_that_is_missing_or_there_twice_makes_no_table_of_claims(tmp_path, header, reported):
    with pytest.raises(NotATable, match="README") as trouble:
        read(table(tmp_path, ROW, header=header))
    assert reported in str(trouble.value)


def test_a_column_too_many_is_told(tmp_path):
    _, odd = read(table(tmp_path, ROW + ",x", header=HEADER + ",texts"))
    assert odd == ("“texts” is no column of claims; text may be meant.",)
    assert (
        read(
            table(
                tmp_path,
                ROW.replace("https://example.com,", "").rstrip(","),
                header=HEADER.replace("url,", "").replace(",against,made,attempts,actors", ""),
            )
        )[1]
        == ()
    )


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([ROW.replace("mine", "")], "no claim_id"),
        ([ROW, ROW], "is taken"),
        ([ROW + ",,"], "15 cells under 13 columns"),
        ([ROW.replace("Is it?", "x" * (LONGEST + 1))], "Its question is longer"),
    ],
)
def test_a_row_with_a_fault_is_kept_and_says_so(tmp_path, rows, fault):
    claims, _ = read(table(tmp_path, *rows))
    assert len(claims) == len(rows) and fault in claims[-1].fault and len({claim.claim_id for claim in claims}) == len(rows)
    answer = judge_all(record({}), claims)[-1].answer
    assert answer.fault and fault in answer.sentence


def test_a_file_that_is_no_table_of_claims_is_told(tmp_path):
    for content, error in ((b"", EmptyFile), (b"PK\x03\x04", NotATable), (b"a,b\n1,2\n", NotATable)):
        path = tmp_path / "claims.csv"
        path.write_bytes(content)
        with pytest.raises(error):
            read(path)
    with pytest.raises(MissingFile):
        read(tmp_path / "nothing.csv")


def test_a_page_holds_so_many_claims_and_says_what_is_left_out(tmp_path):
    claims, odd = read(table(tmp_path, *(ROW.replace("mine", f"n{n}") for n in range(MOST_CLAIMS + 3))))
    assert len(claims) == MOST_CLAIMS and odd == (f"3 claims after the first {MOST_CLAIMS} left out.",)


@settings(max_examples=scaled(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda row: f"{HEADER}\n{row}".encode("utf-8", "replace"))))
@example(content=b"\xef\xbb\xbf")
@example(content=b"\xff\xfe\n\x00")
def test_any_bytes_are_claims_or_a_file_error(tmp_path, content):
    path = tmp_path / "claims.csv"
    path.write_bytes(content)
    try:
        claims, _ = read(path)
    except FileError:
        return
    assert all(answer.verdict in VERDICTS for _, answer in judge_all(record({}), claims))


def test_another_record_is_asked_the_claims_beside_it_else_the_shipped_ones(tmp_path):
    assert beside(RECORD) == SHIPPED and beside(tmp_path / "mine.csv") == SHIPPED
    path = table(tmp_path, ROW)
    assert beside(tmp_path / "mine.csv") == path


def test_every_shipped_claim_has_a_verdict_a_source_and_a_question(shipped):
    assert len(shipped) == 11 and SHIPPED.read_text(encoding="utf-8").startswith(HEADER + "\n")
    publishers = set(shipped_record().reports["publisher"])
    addresses = set(shipped_record().reports["url"])
    for claim, answer in shipped:
        assert answer.verdict in VERDICTS and not answer.fault, claim.claim_id
        outside = claim.test == NOT_IN_THE_RECORD
        assert bool(answer.numbers) == bool(answer.links) == (not outside), claim.claim_id
        assert claim.text and claim.question and safe_url(claim.url) in addresses
        assert claim.source.partition(",")[0].partition(" (")[0] in publishers
        assert all(shipped_record().find(one.incident_id) is not None for one in answer.evidence)


def test_a_claim_asked_before_and_since_shows_what_both_halves_count(shipped):
    answer = next(answer for claim, answer in shipped if claim.claim_id == "russian-diplomats-rare")
    both = answer.numbers["incidents"] + answer.numbers["since_incidents"]
    assert answer.picture.table["inside"].sum() == len(answer.evidence) == both > 0
    assert {one.incident_id for one in answer.evidence} == {"AFG-20201201-1", "AFG-20220905-1"}


def test_what_a_word_is_taken_to_mean_stands_in_the_row(shipped):
    for claim, _ in shipped:
        if claim.test in ("rarer than", "more often than", "times as often"):
            assert "” here means" in claim.question, claim.claim_id
        assert ("read in a translated copy" in claim.source) == ("tellerreport.com" in claim.url)


def test_the_shipped_answers(shipped):
    # When the record has grown and this fails, read each answer again.
    found = {claim.claim_id: answer for claim, answer in shipped}
    assert {name: answer.verdict for name, answer in found.items()} == {
        "russian-diplomats-rare": CANNOT_TELL,
        "forces-far-more-often": CANNOT_TELL,
        "us-forces-often-before-agreement": CANNOT_TELL,
        "only-islamic-state-all-parties": CANNOT_TELL,
        "some-attacks-since-agreement-taliban": SUPPORTED,
        "embassies-rarely-targeted": CANNOT_TELL,
        "only-four-embassies": CONTRADICTED,
        "two-embassy-attacks-listed": CONTRADICTED,
        "first-since-takeover": CANNOT_TELL,
        "fifteen-embassies-remained": CANNOT_TELL,
        "violence-declined": CANNOT_TELL,
    }
    rare = found["russian-diplomats-rare"].numbers
    whole = shipped_record().coverage.query("source == 'Incident Atlas' and area == 'Afghanistan'")["collected_until"].item()
    since = (whole - pd.Timestamp("2020-12-01")).days + 1
    assert [rare[name] for name in ("incidents", "days", "since_incidents", "since_days")] == [0, 610, 2, since]
    assert found["only-four-embassies"].numbers["countries"] == 12
    assert [found["violence-declined"].numbers[name] for name in ("first_days", "second_days")] == [387, 387]
    assert found["first-since-takeover"].sentence.startswith("No earlier one is recorded")
    assert found["only-four-embassies"].rows_to_change == 8
    query = [answer for answer in found.values() if answer.numbers]
    assert all(any(note.startswith("Foiled attempts") for note in answer.notes) for answer in query)
    message = ("would change the verdict.", "would not change", "a single row decides")
    assert all(any(words in answer.sentence for words in message) for answer in query)
    assert {one.incident_id for one in found["first-since-takeover"].evidence} == {"AFG-20220905-1"}


def recounted(first: str, last: str, foiled: bool = True, **terms: str) -> int:
    """Attacks of data/incidents.csv that may have begun in these days, an operation once; terms: a term that a cell of the column holds."""
    table = pd.read_csv(RECORD, dtype="str", keep_default_na=False)
    ends = {"month": table["date"].str[:7] + "-31", "year": table["date"].str[:4] + "-12-31"}
    latest = table["date"]
    for precision, end in ends.items():
        latest = latest.mask(table["date_precision"] == precision, end)
    kept = (table["date"] <= last) & (latest >= first) & (foiled | (table["outcome"] != "foiled"))
    for column, term in terms.items():
        kept &= table[column].str.split(";").map(lambda cell, term=term: term in [part.strip() for part in cell])
    return table.loc[kept, "coordinated_id"].where(lambda cell: cell != "", table["incident_id"]).nunique()


def test_the_numbers_of_the_shipped_answers_are_counted_again_from_the_rows(shipped):
    numbers = {claim.claim_id: answer.numbers for claim, answer in shipped}
    until = shipped_record().coverage.query("source == 'Incident Atlas'")["collected_until"].min().date().isoformat()
    police, russians = (
        {"target_type": "Police", "target_country": "Afghanistan"},
        {"target_type": "Government (Diplomatic)", "target_country": "Russia"},
    )
    before, since = ("2019-04-01", "2020-11-30"), ("2020-12-01", until)
    forces = numbers["forces-far-more-often"]
    assert [forces[name] for name in ("incidents", "against")] == [recounted(*before, **police), recounted(*before, **russians)]
    assert [forces[name] for name in ("since_incidents", "since_against")] == [
        recounted(*since, **police),
        recounted(*since, **russians),
    ]
    embassies = recounted("2001-10-07", "2021-08-30", False, target_subtype="Embassy/Consulate", city="Kabul")
    assert numbers["embassies-rarely-targeted"]["incidents"] == numbers["two-embassy-attacks-listed"]["incidents"] == embassies
    soldiers = recounted("2001-10-07", "2020-02-28", target_subtype="NATO Related", target_country="United States")
    assert numbers["us-forces-often-before-agreement"]["incidents"] == soldiers
    named = [
        recounted("2020-02-29", "2020-12-01", perpetrator="Taliban", attribution=attribution)
        for attribution in ("claimed", "attributed")
    ]
    assert numbers["some-attacks-since-agreement-taliban"]["incidents"] == sum(named)
    both = recounted("2020-07-24", "2021-08-14"), recounted("2021-08-15", "2022-09-05")
    assert (numbers["violence-declined"]["first"], numbers["violence-declined"]["second"]) == both


def test_claims_about_one_thing_count_foiled_attempts_alike(shipped):
    counts: dict[bool, set[str]] = {}
    for claim, _ in shipped:
        if claim.query:
            counts.setdefault("embass" in claim.text, set()).add(claim.attempts)
    assert counts == {True: {"no"}, False: {"yes"}}


def test_the_command_answers_as_json_and_in_words(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(text({"date": "2010-01-01"}, {"date": "2019-12-31"}), encoding="utf-8")
    table(tmp_path, ROW)
    done = CliRunner().invoke(cli, ["claims", str(path), "--json"])
    reported = json.loads(done.output)
    assert done.exit_code == 0 and [one["claim"] for one in reported] == ["mine"]
    assert {"claim", "text", "verdict", "answer", "numbers"} <= set(reported[0]) and reported[0]["numbers"]["incidents"] == 2
    assert reported[0]["fault"] is None and "coverage is not stated" in reported[0]["answer"]
    words = CliRunner().invoke(cli, ["claims", str(path)]).output
    assert "1 claim: 1 cannot be determined." in words and reported[0]["answer"] in words


def test_the_command_ends_with_1_for_a_broken_row_and_with_2_for_a_broken_file(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(text({}), encoding="utf-8")
    claims = table(tmp_path, ROW.replace("rarer than", "worse than"))
    done = CliRunner().invoke(cli, ["claims", str(path), "--json"])
    (reported,) = json.loads(done.output)
    assert done.exit_code == 1 and reported["numbers"] == {} and reported["fault"].startswith("“worse than” is no test")
    words = CliRunner().invoke(cli, ["claims", str(path)]).output
    assert "1 claim: 1 cannot be asked." in words and all(
        cell in words for cell in ("Line: 2", "Test: worse than", "Value: 1 a year")
    )
    claims.write_bytes(b"PK\x03\x04")
    assert CliRunner().invoke(cli, ["claims", str(path)]).exit_code == 2
