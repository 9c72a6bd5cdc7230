"""The record in data/ keeps its own rules: every row is walked."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from incident_atlas.core import schema
from incident_atlas.core import vocabulary as words
from incident_atlas.core.schema import split
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo import boundaries
from tests.support.record import shipped_record

DATA = Path(__file__).resolve().parents[2] / "data"
FIRST = "2001-10-07"
"""The war of 2001 began; nothing before it is in the record."""

NOT_PLACED = {
    "AFG-20020304-1": "on the road from Kabul to Gardez, which crosses three provinces: none is stated",
    "AFG-20030916-1": "Shabak, between Gardez and Khost: no open source has a point; the province is not stated",
}
OUTSIDE_ITS_PROVINCE: dict[str, str] = {}
"""Incidents that may lack a point, or have one outside the stated province, each with the reason."""

DAY_CORRECTED = {
    "AFG-20021024-1": "2002-10-23",
    "AFG-20030511-1": "2004-05-11",
    "AFG-20040106-1": "2004-01-05",
    "AFG-20040109-1": "2004-01-08",
    "AFG-20040524-1": "2004-05-23",
    "AFG-20040617-1": "2004-06-18",
    "AFG-20040910-1": "2004-09-09",
    "AFG-20060305-1": "2006-03-04",
    "AFG-20061011-1": "2006-10-12",
    "AFG-20070127-1": "2007-01-28",
    "AFG-20070601-1": "2007-05-31",
    "AFG-20080816-1": "2008-08-13",
    "AFG-20121017-1": "2012-12-17",
    "AFG-20140125-1": "2014-01-24",
    "AFG-20140924-1": "2014-10-01",
    "AFG-20150319-1": "2015-03-18",
    "AFG-20160306-1": "2016-03-05",
    "AFG-20161026-1": "2016-10-25",
    "AFG-20180123-1": "2018-01-22",
    "AFG-20200701-1": "2020-07-05",
    "AFG-20260222-2": "2026-02-21",
    "AFG-20260401-1": "2026-04-27",
}
"""Incidents whose day was corrected after they had their id: an id stays, because links and lists use it (data/README.md)."""

Row = dict[str, str]


@cache
def table(name: str) -> list[Row]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def incidents() -> dict[str, Row]:
    return {row["incident_id"]: row for row in table("incidents")}


@cache
def reports() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in table("reports"):
        found[row["incident_id"]].append(row)
    return found


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return shipped_record()


def number(cell: str) -> int | None:
    return int(cell) if cell else None


def stated(incident_id: str, *columns: str) -> set[int]:
    """The figures that the reports of an incident have in these columns."""
    return {int(row[column]) for row in reports()[incident_id] for column in columns if row[column]}


def is_day(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def test_check_finds_no_problem_and_keeps_every_row(loaded):
    assert loaded.problems.empty, loaded.problems.to_string()
    assert loaded.source.read == loaded.source.kept == len(table("incidents"))
    assert len(loaded.reports) == len(table("reports"))


def test_the_files_have_exactly_the_columns_of_the_record():
    assert tuple(table("incidents")[0]) == schema.NAMES
    assert tuple(table("reports")[0]) == schema.REPORT_NAMES


def test_every_id_is_unique_names_its_first_day_and_stands_in_order():
    ids = [row["incident_id"] for row in table("incidents")]
    assert not [name for name, count in Counter(ids).items() if count > 1]
    other_day = {
        row["incident_id"]: row["date"] for row in table("incidents") if row["incident_id"][4:12] != row["date"].replace("-", "")
    }
    assert other_day == DAY_CORRECTED
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert [name for name in DAY_CORRECTED if name not in readme] == []
    keys = [(row["incident_id"][:12], int(row["incident_id"].split("-")[-1])) for row in table("incidents")]
    assert keys == sorted(keys)


def test_every_incident_has_a_report_and_every_report_an_incident():
    assert not set(incidents()) - set(reports())
    assert not set(reports()) - set(incidents())


def test_no_report_stands_twice():
    keys = Counter(tuple(row.values()) for row in table("reports"))
    assert not [key[:4] for key, count in keys.items() if count > 1]


def test_every_date_and_time_is_real():
    wrong = []
    for row in table("incidents"):
        wrong += [(row["incident_id"], name) for name in ("date", "added", "revised") if not is_day(row[name])]
        if row["date_end"] and not (is_day(row["date_end"]) and row["date_end"] >= row["date"]):
            wrong.append((row["incident_id"], "date_end"))
        if not FIRST <= row["date"] <= row["added"] or (row["date_precision"] == "month" and row["date"][8:] != "01"):
            wrong.append((row["incident_id"], "date"))
        if row["time_local"] and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", row["time_local"]):
            wrong.append((row["incident_id"], "time_local"))
    for row in table("reports"):
        published, happened = row["published"], incidents()[row["incident_id"]]["date"]
        if published and not (is_day(published) and published >= happened):
            wrong.append((row["incident_id"], row["publisher"]))
        if row["date"] and not is_day(row["date"]):
            wrong.append((row["incident_id"], row["publisher"]))
    assert not wrong


def test_every_term_is_a_word_of_the_vocabulary():
    names = {row["name"] for row in table("perpetrators")} | {words.UNKNOWN}
    wrong = []
    for row in table("incidents"):
        for column in schema.COLUMNS:
            if column.terms:
                terms = row[column.name].split(";") if column.kind == "terms" else [row[column.name]]
                wrong += [(row["incident_id"], column.name, term) for term in terms if term and term not in column.terms]
        wrong += [(row["incident_id"], name) for name in split(row["perpetrator"]) if name not in names]
        wrong += [(row["incident_id"], name) for name in schema.MUST if not row[name]]
    for row in table("reports"):
        attribution, kind = row["attribution"], row["attack_type"]
        wrong += [(row["incident_id"], name) for name in split(row["perpetrator"]) if name not in names]
        known = attribution in ("", *words.ATTRIBUTIONS) and kind in ("", *words.ATTACK_TYPES)
        if not known or bool(attribution) != bool(row["perpetrator"]):
            wrong.append((row["incident_id"], row["publisher"], attribution, kind))
    assert not wrong


def test_target_subtypes_stand_in_the_places_of_their_target_types():
    wrong = [
        row["incident_id"]
        for row in table("incidents")
        if row["target_subtype"] and row["target_subtype"].count(";") != row["target_type"].count(";")
    ]
    assert not wrong


WIDER = {
    ("AFG-20251015-2", "killed"): "the low is the United Nations' first count, known from others alone",
    ("AFG-20251015-2", "wounded"): "the same",
    ("AFG-20260628-1", "killed"): "the Afghan authorities' count, beside that of the United Nations, is known from others alone",
    ("AFG-20120908-1", "wounded"): "the only settled figure is taken for a slip of the agency",
}
"""Ranges that only others widen, each with the reason."""


def able_to_know(incident_id: str, kind: str) -> list[Row]:
    """The reports of an incident that give a figure, by publishers that can know, or from agencies that can."""
    able = {row["publisher"] for row in table("publishers") if row["knows"] == "yes"}
    rows = [row for row in reports()[incident_id] if row[f"{kind}_low"] or row[f"{kind}_high"]]
    return [row for row in rows if not able.isdisjoint([row["publisher"], *split(row["agency"])])]


def settled(incident_id: str, kind: str) -> list[Row]:
    """Those of them that are settled."""
    return [row for row in able_to_know(incident_id, kind) if row["stage"] == "settled"]


def figures_of(rows: list[Row], kind: str) -> set[int]:
    return {int(row[f"{kind}_{end}"]) for row in rows for end in ("low", "high") if row[f"{kind}_{end}"]}


@pytest.mark.parametrize("kind", ["killed", "wounded"])
def test_figures_are_in_order_and_never_narrower_than_the_settled_reports_nor_widened_by_early_ones(kind):
    wrong, of_settled = [], 0
    for name, row in incidents().items():
        low, best, high = number(row[f"{kind}_low"]), number(row[kind]), number(row[f"{kind}_high"])
        values = [figure for figure in (low, best, high) if figure is not None]
        message = stated(name, f"{kind}_low", f"{kind}_high")
        if values != sorted(values) or set(values) - message:
            wrong.append((name, values, "is out of order, or in no report", sorted(message)))
        if rows := settled(name, kind):
            of_settled += 1
            message = figures_of(rows, kind)
            early = figures_of([each for each in reports()[name] if each["stage"] == "early"], kind)
            others = figures_of([each for each in reports()[name] if each["stage"] != "early"], kind)
            if widened := {low, best, high} & (early - others):
                wrong.append((name, values, "is widened by early reports alone to", widened))
        elif rows := able_to_know(name, kind):
            message = figures_of(rows, kind)
        if message and ((low is not None and low > min(message)) or (high is not None and high < max(message)) or not values):
            wrong.append((name, values, "is narrower than", sorted(message)))
        known = figures_of(able_to_know(name, kind), kind)
        ends = {figure for figure in (low, high) if figure is not None and known and not min(known) <= figure <= max(known)}
        if ends and (name, kind) not in WIDER:
            wrong.append((name, values, "is widened by publishers alone who are not able to know to", ends))
        if high is not None and high not in stated(name, f"{kind}_high"):
            wrong.append((name, high, "is a highest figure that nobody gives"))
    assert of_settled > 10
    assert not wrong, "\n".join(map(str, wrong))


def test_a_report_of_two_days_later_or_more_is_settled():
    wrong = []
    for name, row in incidents().items():
        if row["date_precision"] != "day":
            continue
        for report in reports()[name]:
            published = report["published"]
            later = (
                len(published) == 10
                and (date.fromisoformat(published) - date.fromisoformat(row["date_end"] or row["date"])).days > 1
            )
            if later and report["stage"] != "settled":
                wrong.append((name, report["publisher"], published))
    assert not wrong


def test_the_kaaj_centre_has_its_settled_count_and_not_the_first_hours():
    row = incidents()["AFG-20220930-1"]
    assert int(row["killed_low"]) >= 43 and row["killed"] == "54" and int(row["killed_high"] or 54) <= 56


def test_a_claim_is_a_claim_by_everybody_named_and_some_report_has_it():
    wrong = []
    for name, row in incidents().items():
        attribution, named = row["attribution"], split(row["perpetrator"])
        if (attribution == "unknown") != (named == [words.UNKNOWN]):
            wrong.append((name, attribution, named))
        for group in named if attribution in ("claimed", "contested", "denied") else []:
            message = {report["attribution"] for report in reports()[name] if group in split(report["perpetrator"])}
            if attribution not in message:
                wrong.append((name, group, attribution, message))
    assert not wrong


def test_who_is_named_and_denies_it_is_not_merely_suspected():
    wrong = {
        name
        for name, row in incidents().items()
        if row["attribution"] in ("attributed", "suspected")
        for report in reports()[name]
        if report["attribution"] == "denied" and report["perpetrator"] == row["perpetrator"]
    }
    assert wrong == {"AFG-20210430-1"}  # of two reports one has the Taliban deny it, the other claim it


def test_who_acted_is_what_the_perpetrators_are():
    kinds = {row["name"]: row["actor_kind"] for row in table("perpetrators")}
    wrong = []
    for name, row in incidents().items():
        acted = dict.fromkeys(kinds[group] for group in split(row["perpetrator"]) if group != words.UNKNOWN)
        if tuple(acted) != tuple(split(row["actor_kind"])):
            wrong.append((name, row["perpetrator"], row["actor_kind"]))
    assert not wrong


def test_the_toll_of_an_operation_stands_once():
    operations = defaultdict(list)
    for row in table("incidents"):
        if row["coordinated_id"]:
            operations[row["coordinated_id"]].append(row)
    assert not [name for name, rows in operations.items() if len(rows) < 2]
    shared = ["together", "joint", "both attacks", "both bombings"]
    for name, rows in operations.items():
        totals = [row for row in rows if row["killed_low"] and any(word in row["notes"] for word in shared)]
        assert len(totals) <= 1, name


def test_every_place_is_in_the_gazetteer_or_inside_its_province(loaded):
    frame = loaded.incidents
    assert set(frame.loc[frame["latitude"].isna(), "incident_id"]) == set(NOT_PLACED)
    provinces = {row["name"] for row in table("gazetteer") if row["kind"] == "province"}
    assert not {row["incident_id"] for row in table("incidents") if row["province"] and row["province"] not in provinces}
    placed = frame[frame["latitude"].notna()]
    outside = set()
    for province, rows in placed.groupby("province", observed=True):
        out = boundaries.outside(str(province), rows["latitude"].to_numpy(), rows["longitude"].to_numpy())
        outside |= set(rows["incident_id"][out])
    assert outside == set(OUTSIDE_ITS_PROVINCE)


def test_at_least_95_in_100_are_placed_and_half_of_kabul_to_its_neighbourhood(loaded):
    frame = loaded.incidents
    assert frame["latitude"].notna().mean() >= 0.95
    named = frame[(frame["city"].astype(str) == "Kabul") & (frame["place"].astype(str) != "")]
    assert named["geo_precision"].isin(words.PRECISE).mean() >= 0.5


def test_near_a_point_is_never_on_it_and_a_province_is_never_a_town(loaded):
    frame = loaded.incidents
    found = frame["found_by"].astype(str)
    near = frame["place"].astype(str).str.match(r"(near|outside|opposite|close to|about \d)") & found.str.startswith("place")
    assert near.sum() > 30
    assert not frame[near & frame["geo_precision"].isin(["exact", "street"])]["incident_id"].tolist()
    for level in ("district", "province"):
        rank = words.GEO_PRECISIONS.index(level)
        assert not frame[found.str.startswith(level) & (frame["precision_rank"] < rank)]["incident_id"].tolist()


def test_every_publisher_is_known_once_and_has_reports():
    names = [row["publisher"] for row in table("publishers")]
    assert len(names) == len(set(names))
    assert set(names) == {row["publisher"] for row in table("reports")}
    assert {row["kind"] for row in table("publishers")} <= {*words.PUBLISHER_KINDS, ""}
    reference = {row["publisher"] for row in table("publishers") if row["kind"] == "reference"}
    assert any(name.startswith("RAND") for name in reference) and "Wikipedia" in reference


ONE_SITE_TWO_NAMES = {
    "islamweb.net": 'agency reports that name no agency stand under "news agencies"',
    "kayhan.ir": "a Persian and an English newspaper",
    "nato.int": "the alliance and the force that it led",
    "thenewhumanitarian.org": "named IRIN until 2019",
}


def test_a_publisher_has_one_name():
    names, sites = defaultdict(set), defaultdict(set)
    for row in table("publishers"):
        names[re.sub(r"^the |\W", "", row["publisher"].casefold())].add(row["publisher"])
        sites[re.sub(r"^https?://(www\.)?|/.*$", "", row["url"])].add(row["publisher"])
    sites.pop("", None)
    assert not [found for found in names.values() if len(found) > 1]
    assert {site for site, found in sites.items() if len(found) > 1} == set(ONE_SITE_TWO_NAMES)


def test_every_row_says_against_which_of_its_reports_it_was_checked_or_that_none_was_found():
    publishers = defaultdict(set)
    for row in table("reports"):
        publishers[row["incident_id"]].add(row["publisher"])
    wrong = []
    for name, row in incidents().items():
        day, _space, publisher = row["checked"].partition(" ")
        known = re.fullmatch(r"20\d\d-\d\d-\d\d", day) and publisher in publishers[name]
        if not (known if row["checked"] else re.search(r"\bsearched\b", row["notes"], re.I)):
            wrong.append((name, row["checked"]))
    assert wrong == []


def test_rockets_or_grenades_beside_gunfire_make_an_armed_assault():
    """The rule of the Global Terrorism Database's codebook, "Attack type"."""
    thrown_or_fired = {"Firearms", "Grenade", "Rocket or mortar"}
    weapons = {
        name: set(row["weapon"].split(";")) for name, row in incidents().items() if row["attack_type"] == "Bombing/Explosion"
    }
    assert [name for name, found in weapons.items() if "Firearms" in found and found <= thrown_or_fired] == []


def test_addresses_and_languages_are_well_formed():
    cells = [row[name] for row in table("reports") for name in ("url", "archive_url")]
    cells += [row["url"] for name in ("publishers", "milestones") for row in table(name)]
    assert not [cell for cell in cells if cell and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", cell)]
    assert not [row["incident_id"] for row in table("reports") if not re.fullmatch(r"([a-z]{2})?", row["language"])]


def test_nothing_rests_on_a_data_set_that_forbids_it():
    cells = [cell for name in ("incidents", "reports", "publishers") for row in table(name) for cell in row.values()]
    assert not [cell for cell in cells if re.search(r"\bGTD\b|Global Terrorism Database|\bACLED\b", cell)]


def test_who_says_a_thing_is_told_with_according_to():
    source = r"(the )?(police|(interior|health|defence) ministry|officials|local (media|sources)|UN mission|(one|some|most|several|first|later) reports?)"
    by = re.compile(
        rf"([,;] by {source}\b|(^|\. )By {source}\b|\b(killed|dead|died|wounded|injured|hurt|\d) by {source}\b)(?! (who|or) )"
    )
    texts = ("title", "summary", "notes", "place", "target_name", "intended_target")
    cells = [(row["incident_id"], row[name]) for row in incidents().values() for name in texts]
    cells += [(row["incident_id"], row["says"]) for row in table("reports")]
    assert [(name, found[0]) for name, cell in cells if (found := by.search(cell))] == []


def test_the_words_are_about_the_attacks_and_not_about_our_work():
    ours = re.compile(r"\b(our|we|stored|excerpt|snippet|session|as read|at hand)\b", re.I)
    cells = [(row["incident_id"], row[name]) for row in table("incidents") for name in ("title", "summary", "place", "notes")]
    cells += [(row["incident_id"], row["says"]) for row in table("reports")]
    assert not [cell for cell in cells if ours.search(cell[1])]
    assert not [row["incident_id"] for row in table("reports") if not row["says"].endswith((".", "!", "?"))]


def test_milestones_are_dated_and_the_four_and_the_disputed_raid_are_there():
    assert all(is_day(row["date"]) and row["name"] and row["description"] and row["url"] for row in table("milestones"))
    assert {"2014-12-31", "2020-02-29", "2021-08-15", "2021-08-30"} <= {row["date"] for row in table("milestones")}
    (raid,) = [row for row in table("milestones") if "Zawahiri" in row["name"]]
    assert raid["date"] == "2022-07-31" and "disputed" in raid["description"] and "late August" in raid["description"]


def test_coverage_is_dated_and_says_where_three_sources_end():
    for row in table("coverage"):
        assert row["source"] and row["area"] and row["note"]
        assert all(not row[name] or is_day(row[name]) for name in ("from", "to"))
        assert not (row["from"] and row["to"]) or row["from"] <= row["to"]
    ends = [(row["source"], name, row[name]) for row in table("coverage") for name in ("from", "to")]
    breaks = {(source, name, day[:4]) for source, name, day in ends}
    assert breaks >= {("RAND", "to", "2009"), ("CPOST", "to", "2015"), ("Wikipedia's monthly lists", "to", "2019")}


def test_gazetteer_rows_are_unique_sourced_and_inside_their_province():
    rows = table("gazetteer")
    assert len({row["place_id"] for row in rows}) == len(rows) > 400
    kinds = {"country", "province", "district", "city", "neighbourhood", "landmark"}
    wrong = [row["place_id"] for row in rows if row["kind"] not in kinds or row["geo_precision"] not in words.GEO_PRECISIONS]
    wrong += [row["place_id"] for row in rows if not row["source"] or not row["name"]]
    ids = {row["place_id"] for row in rows}
    wrong += [row["place_id"] for row in rows if row["parent"] and row["parent"] not in ids]
    for row in rows:
        point = [float(row["latitude"])], [float(row["longitude"])]
        if row["kind"] != "country" and boundaries.outside(row["province"], *point)[0]:
            wrong.append(row["place_id"])
    assert not wrong


def test_every_country_whose_mission_was_hit_has_a_site():
    have = {row["country"] for row in table("sites") if row["kind"] in ("embassy", "consulate")}
    hit = set()
    for row in table("incidents"):
        if "Embassy/Consulate" in row["target_subtype"]:
            hit |= set(split(row["target_country"])) - {"Afghanistan", "NATO", "United Nations"}
    assert hit and not hit - have
