"""Write a file of the shape of UCDP GED, of invented events: `python -m tools.synthetic.ucdp ROWS OUT [SEED]`

It is for measuring, not for looking at: no event of it happened. Its 49 columns, their lengths and how often a text comes
again are those of a yearly release; two fifths of the events are Afghanistan's.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

COLUMNS = tuple(
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id "
    "dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources "
    "source_article source_office source_date source_headline source_original where_prec where_coordinates "
    "where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity "
    "date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob".split()
)
FIRST, DAYS = date(1989, 1, 1), 13_100
AFGHAN_SHARE = 0.4
CHUNK = 20_000

_AFGHANISTAN = ("Afghanistan", "700", "Asia")
_ELSEWHERE = (
    ("Syria", "652", "Middle East"),
    ("Mexico", "70", "Americas"),
    ("Ukraine", "369", "Europe"),
    ("Nigeria", "475", "Africa"),
    ("India", "750", "Asia"),
    ("DR Congo (Zaire)", "490", "Africa"),
    ("Yemen (North Yemen)", "678", "Middle East"),
    ("Colombia", "100", "Americas"),
)
_AFGHAN_DYADS = (
    ("1", "Afghanistan: Government", "Government of Afghanistan", "Taleban"),
    ("1", "Afghanistan: Islamic State", "Government of Afghanistan", "IS"),
    ("1", "Afghanistan: Government", "Government of Afghanistan", "Hizb-i Islami-yi Afghanistan"),
    ("3", "Taleban - Civilians", "Taleban", "Civilians"),
    ("3", "IS - Civilians", "IS", "Civilians"),
    ("2", "IS - Taleban", "IS", "Taleban"),
)
_OFFICES = ("Reuters News", "Xinhua News Agency", "BBC Monitoring South Asia", "Agence France Presse", "Pajhwok News")
_ORIGINALS = ("", "police", "provincial governor", "Ministry of National Defense", "hospital staff and witnesses")
_WHAT = ("killed in clash", "dead after bomb attack on convoy", "shot dead near checkpoint", "killed in overnight operation")
_KINDS = ("village", "town", "area", "city")


def write(path: Path, rows: int, seed: int = 7) -> None:
    """`rows` events at `path`; the same for the same seed."""
    chance = random.Random(seed)
    dyads = [_dyad(chance, at) for at in range(900)]
    afghan = [(*_dyad(chance, 1000 + at)[:1], *dyad) for at, dyad in enumerate(_AFGHAN_DYADS)]
    places = [_place(chance, at, at < 8_000) for at in range(30_000)]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for first in range(0, rows, CHUNK):
            writer.writerows(_events(chance, first, min(rows, first + CHUNK), dyads, afghan, places))


def _dyad(chance: random.Random, at: int) -> tuple[str, str, str, str, str]:
    """Number, type of violence, conflict and the two sides."""
    kind = chance.choices("123", (70, 15, 15))[0]
    one = f"Government of Country {at % 120}" if kind == "1" else f"Armed Movement of Region {at}"
    other = "Civilians" if kind == "3" else f"Front for the Liberation of Region {at}"
    conflict = f"Country {at % 120}: Government" if kind == "1" else f"{one} - {other}"
    return str(300 + at), kind, conflict, one, other


def _place(chance: random.Random, at: int, afghan: bool) -> tuple[tuple[str, str, str], str, str, str, str, str, str]:
    """Country, name, first and second administrative unit, latitude, longitude and grid cell."""
    country = _AFGHANISTAN if afghan else chance.choice(_ELSEWHERE)
    latitude = chance.uniform(30, 38) if afghan else chance.uniform(-30, 55)
    longitude = chance.uniform(61, 74) if afghan else chance.uniform(-100, 120)
    unit = at % (34 if afghan else 400)
    second = f"District {at % 4000} district" if at % 6 else ""
    point = f"{latitude:.6f}", f"{longitude:.6f}"
    return country, f"Place {at} {_KINDS[at % 4]}", f"Region {unit} province", second, *point, str(100_000 + at)


def _events(chance: random.Random, first: int, last: int, dyads: list, afghan: list, places: list) -> Iterator[tuple]:
    many = last - first
    around_it = [chance.random() < AFGHAN_SHARE for _ in range(many)]
    for at, (is_afghan, where_prec, date_prec, clarity, count) in enumerate(
        zip(
            around_it,
            chance.choices("1234567", (52, 14, 15, 11, 5, 2, 1), k=many),
            chance.choices("12345", (72, 16, 6, 4, 2), k=many),
            chance.choices("12", (85, 15), k=many),
            chance.choices((1, 2, 3), (75, 18, 7), k=many),
            strict=True,
        ),
        first + 1,
    ):
        number, kind, conflict, one, other = chance.choice(afghan if is_afghan else dyads)
        country, name, province, district, latitude, longitude, grid = places[
            chance.randrange(8_000) if is_afghan else chance.randrange(8_000, 30_000)
        ]
        day = FIRST + timedelta(days=int(DAYS * chance.random() ** 0.6))
        end = day + timedelta(days=int(date_prec != "1") * chance.randrange(1, 7))
        deaths = [0, 0, 0, 0]
        deaths[2 if kind == "3" else chance.randrange(4)] = min(400, int(chance.paretovariate(0.9)))
        best = sum(deaths)
        offices = [chance.choice(_OFFICES) for _ in range(count)]
        headlines = [f"{best + chance.randrange(9)} {chance.choice(_WHAT)} in {name}, official says" for _ in offices]
        published = str(day + timedelta(days=1))
        articles = [f'"{office},{published},{headline}"' for office, headline in zip(offices, headlines, strict=True)]
        # Before 2013 a release holds the article alone, and counts no sources.
        text = day.year >= 2013
        yield (
            str(at),
            f"{country[0][:3].upper()}-{day.year}-{kind}-{number}-{at}",
            str(day.year),
            "1",
            "Clear",
            kind,
            *(number, number, conflict, number, number, f"{one} - {other}"),
            *(number, number, one, number, number, other),
            str(count) if text else "-1",
            ";".join(articles),
            ";".join(offices) if text else "",
            ";".join([published] * count) if text else "",
            ";".join(headlines) if text else "",
            chance.choice(_ORIGINALS),
            where_prec,
            name,
            f"{name}, some {chance.randrange(1, 60)} km from the centre of {district or province}",
            province,
            district,
            latitude,
            longitude,
            f"POINT ({longitude} {latitude})",
            grid,
            *country,
            clarity,
            date_prec,
            str(day),
            str(end),
            *map(str, deaths),
            str(best),
            str(best + (chance.randrange(1, 9) if clarity == "2" else 0)),
            str(max(0, best - (chance.randrange(4) if clarity == "2" else 0))),
            country[1] if kind == "1" else "",
            "",
        )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rows", type=int)
    options.add_argument("out", type=Path)
    options.add_argument("seed", type=int, nargs="?", default=7)
    chosen = options.parse_args()
    write(chosen.out, chosen.rows, chosen.seed)
