"""The command line: its interface is kept stable for scripts, and its numbers are the page's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from incident_atlas.analysis import summary
from incident_atlas.cli import geocode as command_line
from incident_atlas.cli.main import cli
from incident_atlas.dataset.filters import PARAMETERS, TERMS, Filters
from incident_atlas.dataset.load import RECORD
from incident_atlas.errors import GeocodingError
from tests.importers.test_workbook import book
from tests.support.record import shipped_record
from tests.support.tiny import text

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(cli, list(arguments))
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """Two good rows, one with a doubtful figure, one without a date."""
    path = tmp_path / "mine.csv"
    path.write_text(text({"killed": "3"}, {"city": "Herat"}, {"killed": "some"}, {"date": "soon"}), encoding="utf-8")
    return str(path)


def test_columns_of_a_table_that_are_not_assigned_are_named_by_check_and_by_convert(tmp_path):
    file, out = tmp_path / "mgrs.csv", tmp_path / "out.csv"
    file.write_text("Date,MGRS,Province,Event,KIA\n2021-09-05,42SWD1600020000,Kabul,IED explosion,3\n")
    answer = json.loads(run("check", str(file), "--json").stdout)
    assert [(one["row"], one["value"], one["code"]) for one in answer["problems"]] == [(1, "MGRS, Event", "columns_not_assigned")]
    stdout = run("convert", str(file), "-o", str(out)).stdout
    assert "2 columns not written, because they are not assigned to any of our columns: MGRS, Event." in stdout
    assert "no place for them" not in stdout
    mapping = tmp_path / "mapping.csv"
    mapping.write_text("ours,theirs,value\ndate,Date,\nprovince,Province,\ntitle,Event,\nkilled,KIA,\nplace,MGRS,\n")
    assert json.loads(run("check", str(file), "--mapping", str(mapping), "--json").stdout)["problems"] == []


def test_a_table_in_an_unknown_language_asks_for_its_columns_and_is_read_with_them(tmp_path):
    file, mapping = tmp_path / "foreign.csv", tmp_path / "mapping.csv"
    file.write_text("Päivä;Kuolleet;Kuvaus\nsyyskuun viides;kolme;Pommi\n")
    refused = run("check", str(file))
    assert refused.exit_code == 2 and "Päivä, Kuolleet, Kuvaus" in refused.stderr and "--mapping" in refused.stderr
    assert "README" not in refused.stderr
    file.write_text("Päivä;Kuolleet;Kuvaus\n2021-09-05;3;Pommi\n")
    mapping.write_text("ours,theirs,value\ndate,Päivä,\nkilled,Kuolleet,\nsummary,Kuvaus,\n")
    assert run("check", str(file), "--mapping", str(mapping)).exit_code == 0


def test_check_as_json_has_exactly_the_agreed_keys(mine):
    result = run("check", mine, "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {name: answer[name] for name in ("read", "kept", "set_aside")} == {"read": 4, "kept": 3, "set_aside": 1}
    assert [list(problem) for problem in answer["problems"]] == [["row", "column", "value", "reason", "advice", "code"]] * 2
    assert [(problem["row"], problem["column"], problem["value"]) for problem in answer["problems"]] == [
        (4, "killed", "some"),
        (5, "date", "soon"),
    ]
    assert [problem["code"] for problem in answer["problems"]] == ["not_a_count", "not_a_date"]


def test_check_for_people_says_first_what_costs_a_row(mine):
    result = run("check", mine)
    assert result.exit_code == 1 and result.stdout.startswith("4 rows read, 3 kept, 1 set aside; 2 problems.\n")
    assert result.stdout.index("soon") < result.stdout.index("some")
    assert "Write it as 2022-09-05" in result.stdout


def test_check_for_people_stops_after_fifty_unless_asked(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(text(*[{"killed": f"n{n}"} for n in range(70)]), encoding="utf-8")
    short, full = run("check", str(path)).stdout, run("check", str(path), "--all").stdout
    assert "20 more problems; --all" in short and "n49" in short and "n50" not in short
    assert "n69" in full and "more problem" not in full


def test_check_shows_other_peoples_text_as_one_harmless_line(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(text({"killed": "\x1b[31mred\u202e"}, {"killed": '"a\nb"'}), encoding="utf-8")
    shown = run("check", str(path)).stdout
    assert "\x1b" not in shown and "\u202e" not in shown and "[31mred" in shown


def test_check_of_a_clean_file_ends_with_0(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(text({}), encoding="utf-8")
    result = run("check", str(path))
    assert result.exit_code == 0 and result.stdout.startswith("1 row read, 1 kept, 0 set aside; no problem.\n")


def test_check_says_what_the_file_was_recognised_as_and_how_good_it_is(mine):
    answer, shown = json.loads(run("check", mine, "--json").stdout), run("check", mine).stdout
    assert answer["recognised"] == "Incident Atlas: 44 columns" and f"Recognised: {answer['recognised']}." in shown
    [quality] = answer["quality"]
    assert [fact["title"] for fact in quality["facts"]] == ["Rows", "Dates", "Places", "Known", "Problems"]
    assert all(fact["sentence"] in shown for fact in quality["facts"])
    assert quality["recognised"] == answer["recognised"] and quality["sections"][0]["title"] == "Rows"
    for part in quality["sections"]:
        assert f"\n{part['title']}\n  {part['sentence']}\n" in shown
    assert "\nkilled          2        67 %\n" in shown


def test_a_file_that_cannot_be_used_is_told_on_stderr_and_ends_with_2(tmp_path):
    for arguments in (("check",), ("check", "--json"), ("summary",), ("summary", "--json")):
        result = run(*arguments, str(tmp_path / "nowhere.csv"))
        assert result.exit_code == 2 and "There is no file" in result.stderr and "Traceback" not in result.output
    answer = json.loads(run("check", "--json", str(tmp_path)).stdout)
    assert (answer["read"], answer["recognised"], answer["quality"], len(answer["problems"])) == (0, None, [], 1)


def test_geocode_as_json_has_exactly_the_agreed_keys():
    result = run("geocode", "Kabil", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(answer) == ["place", "latitude", "longitude", "geo_precision", "score", "method", "source"]
    assert (answer["place"], answer["geo_precision"], answer["method"]) == ("Kabul", "city", "alias")
    assert 34 < answer["latitude"] < 35 and 69 < answer["longitude"] < 70 and answer["score"] == 100


def test_geocode_of_nothing_is_null_and_ends_with_1():
    result = run("geocode", "Atlantis", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (1, None)
    result = run("geocode", "Atlantis")
    assert result.exit_code == 1 and result.stdout == "" and "Nothing is known under Atlantis" in result.stderr


def test_geocode_takes_the_province_and_says_when_there_is_none_of_that_name():
    assert json.loads(run("geocode", "Kanduhar", "--province", "Kandahar", "--json").stdout)["method"] == "spelling"
    result = run("geocode", "Kabul", "--province", "Bavaria")
    assert result.exit_code == 1 and "No province is named Bavaria" in result.stderr


def test_a_name_of_several_words_needs_no_quotes():
    quoted, plain_words = run("geocode", "Wazir Akbar Khan", "--json"), run("geocode", "Wazir", "Akbar", "Khan", "--json")
    assert plain_words.exit_code == 0 and plain_words.stdout == quoted.stdout
    assert run("geocode").exit_code == 2


@pytest.mark.parametrize(
    "command", [name for name, one in cli.commands.items() if any(part.name == "file" for part in one.params)]
)
def test_every_command_of_one_file_takes_its_format_and_the_mapping_of_its_columns(command):
    options = {option for parameter in cli.commands[command].params for option in parameter.opts}
    assert {"--format", "--mapping", "--sheet"} <= options


def test_summary_reads_a_file_as_the_format_and_the_mapping_say(tmp_path):
    table, mapping = tmp_path / "theirs.csv", tmp_path / "mapping.csv"
    table.write_text("when,what,dead\n2020-01-05,A bomb,3\n2021-02-06,A shot,1\n", encoding="utf-8")
    mapping.write_text("ours,theirs,value\ndate,when,\ntitle,what,\nkilled,dead,\n", encoding="utf-8")
    answer = json.loads(run("summary", str(table), "--mapping", str(mapping), "--json").stdout)
    assert (answer["incidents"], answer["killed"]["best"]) == (2, 4)
    refused = run("summary", str(table), "--format", "acled")
    assert refused.exit_code == 2 and refused.stdout == ""


class Service:
    """Nominatim, as the command line sees it."""

    unkept = ""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def __call__(self, cache_file: Path) -> Service:
        self.cache_file = cache_file
        return self

    def geocode(self, query: str):
        self.asked.append(query)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_the_service_is_asked_only_with_online_and_only_when_the_gazetteer_has_nothing(monkeypatch, tmp_path):
    service = Service(("Nowhereabad, Afghanistan", 34.0, 66.0, "neighbourhood"))
    monkeypatch.setattr(command_line, "OnlineGeocoder", service)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    run("geocode", "Nowhereabad")
    run("geocode", "Kabul", "--online")
    assert service.asked == []
    result = run("geocode", "Nowhereabad", "--province", "Herat", "--online", "--json")
    assert service.asked == ["Nowhereabad, Herat"] and "asking Nominatim" in result.stderr
    answer = json.loads(result.stdout)
    assert (answer["geo_precision"], answer["score"], answer["method"]) == ("neighbourhood", None, "Nominatim")
    assert sys.platform != "linux" or service.cache_file == tmp_path / "incident-atlas" / "nominatim.sqlite"


def test_a_service_in_trouble_is_a_message_and_ends_with_1(monkeypatch):
    monkeypatch.setattr(command_line, "OnlineGeocoder", Service(GeocodingError("Nominatim did not answer.")))
    result = run("geocode", "Nowhereabad", "--online", "--json")
    assert (result.exit_code, result.stdout) == (1, "null\n") and "did not answer" in result.stderr


def test_a_shared_machine_can_forbid_the_service(monkeypatch):
    service = Service(None)
    monkeypatch.setattr(command_line, "OnlineGeocoder", service)
    monkeypatch.setenv("INCIDENTS_OFFLINE", "1")
    result = run("geocode", "Nowhereabad", "--online")
    assert result.exit_code == 1 and service.asked == [] and "asks nobody" in result.stderr


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"city": ["Kabul", "Herat"], "from": ["2015-01-01"], "to": ["2021-12-31"]},
        {"target_type": ["Government (Diplomatic)"], "target_subtype": ["Embassy/Consulate"]},
        {"perpetrator": ["Taliban"], "attribution": ["claimed"], "min_killed": ["10"], "precision": ["street"], "q": ["hotel"]},
        {"province": ["Herat"], "weapon": ["Suicide vest"], "attack_type": ["Bombing/Explosion"], "target_country": ["NATO"]},
    ],
)
def test_summary_gives_the_very_numbers_of_the_page(query):
    options = [part for name, values in query.items() for value in values for part in (f"--{name.replace('_', '-')}", value)]
    result = run("summary", str(RECORD), *options, "--json")
    loaded = shipped_record()
    chosen, ignored = Filters.from_query(query, loaded.options)
    visible = chosen.apply(loaded.incidents, columns=summary.COLUMNS)
    assert (result.exit_code, result.stderr, ignored) == (0, "", [])
    assert json.loads(result.stdout) == summary.as_json(visible)
    assert json.loads(result.stdout)["incidents"] == len(visible) <= len(loaded.incidents)


def test_summary_has_exactly_the_agreed_keys(mine):
    answer = json.loads(run("summary", mine, "--json").stdout)
    assert (
        list(answer)
        == "incidents placed unplaced last killed wounded by_actor_kind by_year by_target_type by_perpetrator".split()
    )
    assert list(answer["killed"]) == list(answer["wounded"]) == ["low", "best", "high", "at_least", "without_figure"]
    assert answer["by_year"] == {"2020": 3} and answer["by_perpetrator"] == {"Taliban": {"claimed": 3}}
    assert (answer["incidents"], answer["placed"], answer["last"]) == (3, 3, "2020-01-01")
    nothing = json.loads(run("summary", mine, "--from", "2030-01-01", "--json").stdout)
    assert (nothing["incidents"], nothing["last"], nothing["by_year"]) == (0, None, {})


def test_summary_ignores_what_the_record_does_not_know_and_says_so(mine):
    result = run("summary", mine, "--city", "Paris", "--city", "kabul", "--min-killed", "0", "--from", "31/12/2020", "--json")
    assert result.exit_code == 1 and json.loads(result.stdout)["incidents"] == 2
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [
        "Ignored --city Paris",
        "Ignored --from 31/12/2020",
        "Ignored --min-killed 0",
    ]


def test_summary_by_a_target_says_how_many_also_hit_others(tmp_path):
    path = tmp_path / "mine.csv"
    rows = (
        {"target_type": "Police;Military", "killed": "9"},
        {"target_type": "Police", "killed": "4"},
        {"target_type": "Military"},
    )
    path.write_text(text(*rows), encoding="utf-8")
    message = run("summary", str(path), "--target-type", "Police").stdout
    assert "1 incident also hit other targets. Of the killed 9 died in these" in message
    assert "also hit other targets" not in run("summary", str(path)).stdout
    assert (
        "also hit other targets" not in run("summary", str(path), "--target-type", "Police", "--target-type", "Military").stdout
    )


def test_summary_for_people_begins_with_the_filter_sentence(mine):
    shown = run("summary", mine, "--city", "Kabul").stdout
    assert shown.startswith("2 incidents in Kabul.")
    assert "no figure for 1 incident" in shown and "no figure reported" in shown and "2020  2" in shown
    assert run("summary", mine, "--from", "2030-01-01").exit_code == 0


def test_every_filter_of_the_address_is_an_option_and_repeats_where_the_parameter_may():
    options = {option.opts[0]: option.multiple for option in cli.commands["summary"].params if option.opts[0].startswith("--")}
    expected = {f"--{name.replace('_', '-')}": name in TERMS for name in PARAMETERS}
    reading = ("--format", "--mapping", "--sheet", "--location-precision", "--trust-shared-points", "--record-until", "--json")
    assert options == expected | dict.fromkeys(reading, False)


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "incident_atlas", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, env=os.environ | environment)


def test_the_program_runs_from_the_project_without_installing_and_writes_utf_8():
    done = program("geocode", "كابل", "--json", PYTHONIOENCODING="cp1252")
    assert done.returncode == 0 and json.loads(done.stdout.decode("utf-8"))["place"] == "Kabul"
    done = program("geocode", "ناکجاآباد", PYTHONIOENCODING="ascii")
    assert done.returncode == 1 and "ناکجاآباد" in done.stderr.decode("utf-8") and b"Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(text(*[{"killed": f"n{n}"} for n in range(5000)]), encoding="utf-8")
    command = [sys.executable, "-m", "incident_atlas", "check", str(path), "--all"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""


def test_a_worksheet_can_be_named_in_a_command(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(
        book(
            ["date", "place", "killed"],
            ["2020-01-02", "Kabul", 3],
            Old=[["date", "place"], ["2019-01-02", "Herat"], ["2019-01-03", "Herat"]],
        )
    )
    found = {
        name: json.loads(run("summary", str(path), "--sheet", name, "--json").stdout)["incidents"] for name in ("Sheet", "Old")
    }
    assert found == {"Sheet": 1, "Old": 2}
    refused = run("check", str(path), "--sheet", "Gone")
    assert refused.exit_code == 2 and "no worksheet named Gone" in refused.stderr
