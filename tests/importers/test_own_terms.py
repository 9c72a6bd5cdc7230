"""A file's own words are kept beside the terms of the record, and a person can match them; what is nobody stays Unknown."""

import io
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from incident_atlas.curation.quality.lead import blank
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import load, load_bytes
from incident_atlas.dataset.pipeline import SAMPLE
from incident_atlas.importers.mapping import guess, read, written
from incident_atlas.importers.mapping.parse_terms import term

CASES = Path(__file__).parent / "cases"
TABLE = b"date,title,actor,attack mode,weapon used,target type,responsibility\n" + b"".join(
    b"2020-01-0%d,One,%s\n" % (day, cells)
    for day, cells in enumerate(
        (
            b"JNIM,Raid,Firearm,Town hall,claimed",
            b"Unknown gunmen,IED,IED,Civilians,suspected",
            b",Unknown,Machete; firearms,Unknown,unknown",
            b"Taliban,Raid,Firearm,Town hall,claimed",
        ),
        1,
    )
)


def test_words_that_are_no_terms_stay_and_unknown_is_what_the_file_calls_unknown():
    loaded = load_bytes(TABLE)
    found = {
        name: loaded.incidents[name].astype("str").tolist() for name in ("perpetrator", "attack_type", "weapon", "target_type")
    }
    assert found == {
        "perpetrator": ["JNIM", "Unknown", "Unknown", "Taliban"],
        "attack_type": ["Raid", "Bombing/Explosion", "Unknown", "Raid"],
        "weapon": ["Firearms", "IED", "Machete;Firearms", "Firearms"],
        "target_type": ["Town hall", "Private Citizens & Property", "Unknown", "Town hall"],
    }
    assert loaded.incidents["attribution"].tolist() == ["claimed", "unknown", "unknown", "claimed"]


def test_own_words_are_options_of_the_filters():
    options = load_bytes(TABLE).options
    chosen, ignored = Filters.from_query({"perpetrator": ["JNIM"], "attack_type": ["raid"]}, options)
    assert (chosen.perpetrator, chosen.attack_type, ignored) == (("JNIM",), ("Raid",), [])


def test_every_own_word_is_told_by_its_code_and_none_is_lost_to_the_notes():
    loaded = load_bytes(TABLE)
    text = loaded.problems[loaded.problems["code"] == "own_term"]
    assert sorted(zip(text["row"], text["column"].astype("str"), strict=True))[:3] == [
        (2, "attack_type"),
        (2, "perpetrator"),
        (2, "target_type"),
    ]
    assert (loaded.incidents["notes"] == "").all()


def test_a_person_matches_own_words_to_terms_and_the_mapping_keeps_it():
    sample = pd.read_csv(io.BytesIO(TABLE), dtype=str).head(SAMPLE)
    mapping = guess(sample)
    mapping = replace(mapping, values=(("attack_type", "raid", "Armed Assault"), ("weapon", "Machete", "Melee")))
    again, problems = read(written(mapping))
    assert again.values == mapping.values and problems == []
    incidents = load_bytes(TABLE, mapping=again).incidents
    assert incidents["attack_type"].tolist() == ["Armed Assault", "Bombing/Explosion", "Unknown", "Armed Assault"]
    assert incidents["weapon"].tolist()[2] == "Melee;Firearms"


@pytest.mark.parametrize(
    ("name", "perpetrators", "kinds"),
    [
        ("another_country.csv", ["JNIM", "Unknown", "JNIM"], ["Ambush", "Bombing/Explosion", "Raid"]),
        ("aid_worker_columns.csv", ["Islamic State (Khorasan Province)", "Unknown"], ["Armed Assault", "Bombing/Explosion"]),
    ],
)
def test_what_the_files_of_others_know_is_known(name, perpetrators, kinds):
    incidents = load(CASES / name).incidents
    assert (incidents["perpetrator"].tolist(), incidents["attack_type"].tolist()) == (perpetrators, kinds)


@pytest.mark.parametrize(
    "cell",
    ["?", "-", "--", "n/a", "NA", "tbd", "unk", "not known", "none given", "unclear", "unbekannt", "inconnu", "s/d", "نامعلوم"],
)
def test_a_cell_that_says_that_nothing_is_known_names_nobody_and_no_place(cell):
    header = "date,title,perpetrator,attribution,place,city,target_name,target_type\n"
    rows = (
        f"2020-01-01,One,{cell},attributed,{cell},{cell},{cell},{cell}\n2020-01-02,Two,@cmd,attributed,Kabul,Kabul,Bank,Police\n"
    )
    loaded = load_bytes((header + rows).encode())
    names = ["perpetrator", "attribution", "place", "city", "target_name", "target_type"]
    assert loaded.incidents[names].astype("str").to_numpy().tolist() == [
        ["Unknown", "unknown", "", "", "", "Unknown"],
        ["@cmd", "attributed", "Kabul", "Kabul", "Bank", "Police"],
    ]
    assert blank(loaded.incidents, "perpetrator") == 1
    assert loaded.problems.loc[loaded.problems["code"] == "own_term", "value"].tolist() == ["@cmd"]


def test_unknown_is_read_alike_in_a_file_in_our_own_columns():
    rows = "incident_id,date,title,perpetrator,attribution,city\na,2020-01-01,One,?,attributed,tbd\n"
    found = load_bytes(rows.encode()).incidents.iloc[0]
    assert (found["perpetrator"], found["attribution"], found["city"]) == ("Unknown", "unknown", "")


def test_kinds_of_attack_in_other_languages_are_terms():
    cells = ["Selbstmordanschlag", "Schießerei", "Attentat suicide", "Fusillade", "Tiroteo", "SVBIED", "SAF"]
    bomb, shots = "Bombing/Explosion", "Armed Assault"
    assert [term("attack_type")(cell)[0] for cell in cells] == [bomb, shots, bomb, shots, shots, bomb, shots]
