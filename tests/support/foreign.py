"""Rows in the formats of ACLED, UCDP GED and GTD, written here: no row of any of them is in this project, and none is real."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from incident_atlas.core.data_sets import Read
from incident_atlas.core.reference_data import perpetrators
from incident_atlas.core.validation import Problems, check
from incident_atlas.importers.data_sets.registry import FORMATS

ACLED = {
    "event_id_cnty": "AFG1",
    "event_date": "2019-06-15",
    "year": "2019",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Explosions/Remote violence",
    "sub_event_type": "Remote explosive/landmine/IED",
    "actor1": "Taliban",
    "assoc_actor_1": "",
    "inter1": "Rebel group",
    "actor2": "Police Forces of Afghanistan (2014-2021)",
    "assoc_actor_2": "",
    "inter2": "State forces",
    "interaction": "State forces-Rebel group",
    "civilian_targeting": "",
    "iso": "4",
    "region": "Caucasus and Central Asia",
    "country": "Afghanistan",
    "admin1": "Kabul",
    "admin2": "Kabul",
    "admin3": "",
    "location": "Kabul - District 10",
    "latitude": "34.5328",
    "longitude": "69.1658",
    "geo_precision": "1",
    "source": "Example News; Example Agency",
    "source_scale": "National",
    "notes": "An invented bomb went off beside an invented police car.",
    "fatalities": "2",
    "tags": "",
    "timestamp": "1676505600",
}

UCDP = {
    "id": "7001",
    "relid": "AFG-2019-1-1-1",
    "year": "2019",
    "active_year": "1",
    "code_status": "Clear",
    "type_of_violence": "3",
    "conflict_dset_id": "1",
    "conflict_new_id": "1",
    "conflict_name": "IS - Civilians",
    "dyad_dset_id": "1",
    "dyad_new_id": "1",
    "dyad_name": "IS - Civilians",
    "side_a_dset_id": "1",
    "side_a_new_id": "1",
    "side_a": "IS",
    "side_b_dset_id": "9999",
    "side_b_new_id": "1",
    "side_b": "Civilians",
    "number_of_sources": "2",
    "source_article": '"Example News,2019-06-16,Bomb at an invented gate";"Example Agency,2019-06-17,Three dead, police say"',
    "source_office": "Example News;Example Agency",
    "source_date": "2019-06-16;2019-06-17",
    "source_headline": "Bomb at an invented gate;Three dead, police say",
    "source_original": "police",
    "where_prec": "1",
    "where_coordinates": "Kabul city",
    "where_description": "an invented gate in Kabul",
    "adm_1": "Kabul province",
    "adm_2": "Kabul district",
    "latitude": "34.516667",
    "longitude": "69.183333",
    "geom_wkt": "POINT (69.183333 34.516667)",
    "priogrid_gid": "1",
    "country": "Afghanistan",
    "country_id": "700",
    "region": "Asia",
    "event_clarity": "1",
    "date_prec": "1",
    "date_start": "2019-06-15",
    "date_end": "2019-06-15",
    "deaths_a": "1",
    "deaths_b": "0",
    "deaths_civilians": "2",
    "deaths_unknown": "0",
    "best": "3",
    "high": "5",
    "low": "2",
    "gwnoa": "",
    "gwnob": "",
}

GTD = {
    "eventid": "201906150001",
    "iyear": "2019",
    "imonth": "6",
    "iday": "15",
    "approxdate": "",
    "extended": "0",
    "resolution": "",
    "country": "4",
    "country_txt": "Afghanistan",
    "region": "6",
    "region_txt": "South Asia",
    "provstate": "Kabul",
    "city": "Kabul",
    "latitude": "34.516895",
    "longitude": "69.147011",
    "specificity": "1",
    "vicinity": "0",
    "location": "at an invented gate",
    "summary": "An invented attacker blew up an invented car.",
    "doubtterr": "0",
    "alternative": "",
    "alternative_txt": "",
    "multiple": "0",
    "success": "1",
    "suicide": "1",
    "attacktype1": "3",
    "attacktype1_txt": "Bombing/Explosion",
    "targtype1": "7",
    "targtype1_txt": "Government (Diplomatic)",
    "targsubtype1": "46",
    "targsubtype1_txt": "Embassy/Consulate",
    "target1": "Invented Embassy",
    "natlty1": "603",
    "natlty1_txt": "Great Britain",
    "gname": "Taliban",
    "gsubname": "",
    "gname2": "",
    "gname3": "",
    "guncertain1": "0",
    "guncertain2": "",
    "guncertain3": "",
    "claimed": "1",
    "claim2": "",
    "claim3": "",
    "compclaim": "",
    "weaptype1": "6",
    "weaptype1_txt": "Explosives",
    "weapsubtype1": "15",
    "weapsubtype1_txt": "Vehicle",
    "nkill": "5",
    "nkillter": "1",
    "nwound": "9",
    "nwoundte": "0",
    "ishostkid": "0",
    "nhostkid": "",
    "scite1": '"Bomb at an invented gate," Example News, June 15, 2019.',
    "scite2": "",
    "scite3": "",
    "dbsource": "START Primary Collection",
    "related": "",
}
"""The columns that matter of its 135."""

AWSD = {
    "incident id": "41",
    "year": "2019",
    "month": "6",
    "day": "15",
    "country": "Afghanistan",
    "region": "Kabul",
    "district": "Kabul",
    "city": "Kabul",
    "un": "0",
    "ingo": "1",
    "lngo/nrcs": "0",
    "icrc": "0",
    "other": "0",
    "nationals killed": "1",
    "nationals wounded": "2",
    "nationals kidnapped": "0",
    "total nationals": "3",
    "internationals killed": "0",
    "internationals wounded": "0",
    "internationals kidnapped": "0",
    "total internationals": "0",
    "total killed": "1",
    "total wounded": "2",
    "total kidnapped": "0",
    "total affected": "3",
    "means of attack": "Shooting",
    "attack context": "Ambush",
    "location": "Road",
    "latitude": "34.53",
    "longitude": "69.17",
    "motive": "Political",
    "actor type": "Non-state armed group: National",
    "actor name": "Taliban",
    "details": "Invented shots were fired at an invented vehicle.",
    "verified": "Yes",
    "source": "Example News",
}

ROWS = {"acled": ACLED, "ucdp": UCDP, "gtd": GTD, "awsd": AWSD}


def table(key: str, *changes: dict[str, str]) -> pd.DataFrame:
    """One row of a format for each dict of what differs from the one above; line 2 is the first."""
    rows = [ROWS[key] | change for change in changes or [{}]]
    return pd.DataFrame(rows, index=range(2, 2 + len(rows)), dtype="str").fillna("")


def read(key: str, *changes: dict[str, str]) -> tuple[Read, pd.DataFrame]:
    """What the reader makes of such rows, and the table of its problems."""
    problems = Problems()
    return FORMATS[key].read(table(key, *changes), problems), problems.frame()


def one(key: str, **change: str) -> dict[str, str]:
    """Our columns of one such row."""
    return read(key, change)[0].raw.iloc[0].to_dict()


def incident(key: str, **change: str) -> dict:
    """The typed incident of one such row, after the check of the record."""
    return check(read(key, change)[0].raw, Problems(), set(), perpetrators()).iloc[0].to_dict()


def write(key: str, path: Path, *changes: dict[str, str], **form) -> Path:
    """Such rows as a CSV file; `form` goes to `DataFrame.to_csv`."""
    table(key, *changes).to_csv(path, index=False, **form)
    return path
