"""The Global Terrorism Database: attacks and attempts since 1970, with targets, weapons, claims and the wounded.

Its figures count attackers among the dead; where it says how many they are, they are taken out, and the notes say so.
-9 and -99 are unknown, as is a day or a month of 0. Coordinates are those of the town, not of the attack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incident_atlas.core.data_sets import Format, Read
from incident_atlas.core.validation import Problems
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.i18n import _
from incident_atlas.importers.data_sets.actors import is_nobody
from incident_atlas.importers.data_sets.arrow_columns import (
    Chunk,
    Texts,
    day,
    described,
    filled,
    joined,
    one_line,
    phrase,
    reported,
    row_wise,
    translated,
    where,
)
from incident_atlas.importers.data_sets.gtd_codes import ATTACKS, targets, weapons_of
from incident_atlas.importers.data_sets.gtd_sources import sources

FORMAT = Format(
    "gtd",
    "Global Terrorism Database",
    citation=_(
        "START (National Consortium for the Study of Terrorism and Responses to Terrorism) (2022). Global Terrorism Database, 1970 - 2020 [data file]. https://www.start.umd.edu/data-tools/GTD"
    ),
    terms=_("Its terms of use ask for the citation, and forbid redistributing or republishing its rows."),
    asks=True,
    cannot_say=(
        _("The GTD counts attackers among the dead and the wounded; where it does not say how many they are, they are still in."),
        _("Its points are those of towns, not of attacks."),
        _("It gives one figure each of dead and wounded, without a range."),
        _("It has no rows of 1993: they were lost."),
    ),
    breaks=(
        ("1998-01-01", _("From 1998 the GTD was collected another way.")),
        ("2008-04-01", _("From April 2008 the GTD was collected another way.")),
        ("2012-01-01", _("From 2012 the GTD was collected another way.")),
    ),
)
MARKS = frozenset({"eventid", "iyear", "imonth", "iday", "gname", "targtype1", "attacktype1", "nkill"})
NEEDS = ("eventid", "iyear")
EXTRAS = (
    *("approxdate", "extended", "resolution", "doubtterr", "alternative_txt", "attacktype2_txt", "attacktype3_txt"),
    *("corp1", "natlty1_txt", "gsubname", "gsubname2", "gsubname3", "motive", "claimmode_txt", "nperps", "nperpcap"),
    *("weapdetail", "nkill", "nkillter", "nkillus", "nwound", "nwoundte", "nwoundus", "ishostkid", "nhostkid"),
    *("propextent_txt", "propvalue", "propcomment", "ransom", "ransomamt", "hostkidoutcome_txt", "nreleased", "addnotes"),
    "related",
)
_TARGET = tuple(f"{name}{at}{end}" for at in "123" for name in ("targtype", "targsubtype") for end in ("", "_txt"))
_WEAPON = tuple(f"{name}{at}{end}" for at in "1234" for name in ("weaptype", "weapsubtype") for end in ("", "_txt"))
_GROUPS = ("gname", "gname2", "gname3", "claimed", "claim2", "claim3", "guncertain1", "guncertain2", "guncertain3", "compclaim")
USES = (
    *("eventid", "iyear", "imonth", "iday", "country_txt", "provstate", "city", "location", "latitude", "longitude"),
    *("specificity", "vicinity", "summary", "multiple", "success", "suicide", "attacktype1", "attacktype1_txt"),
    *("target1", "target2", "target3", "natlty2_txt", "natlty3_txt"),
    *("scite1", "scite2", "scite3", "dbsource", *_TARGET, *_WEAPON, *_GROUPS, *EXTRAS),
)
USUAL = 135

_NO_FIGURE = ("-9", "-99")
_YES_NO = {"1": "yes", "0": "no", "-9": ""}
_PLACES = {"1": "city", "2": "district", "3": "district", "4": "province", "5": "country"}
_COUNTRIES = {"Great Britain": "United Kingdom", "International": "", "Multinational": "", UNKNOWN: ""}


def title(columns: Sequence[str], name: str = "") -> str:
    """What the columns tell of the file: how many, and what is missing; its releases share them."""
    return described("Global Terrorism Database", columns, USES, USUAL)


def read(rows: pd.DataFrame, problems: Problems) -> Read:
    """The attacks as incidents, with a report of each source that a row cites and one of the GTD itself."""
    chunk = Chunk(rows, problems)
    numbers = chunk.number("eventid")
    ids = phrase("gtd:", numbers, "")
    date, date_precision = row_wise([chunk.number(name) for name in ("iyear", "imonth", "iday")], _date, 2)
    attack_type = _attack_type(chunk)
    target_type, target_subtype, no_word = row_wise([_code(chunk, name) for name in _TARGET], targets, 3)
    weapons, no_weapon = row_wise([_code(chunk, name) for name in _WEAPON], weapons_of, 2)
    perpetrator, attribution, named = row_wise([_code(chunk, name) for name in _GROUPS], _groups, 3)
    figures, notes_of_figures = _figures(chunk)
    taken = [chunk.number("ishostkid"), _figure(chunk, "nhostkid")]
    abducted, hostages = row_wise(taken, _abducted, 2)
    extended = pc.equal(chunk.number("extended"), "1")
    columns = {
        "incident_id": ids,
        "date": date,
        "date_end": where(extended, translated(chunk["resolution"], _iso_only), ""),
        "date_precision": date_precision,
        "title": _title(chunk, attack_type),
        "summary": chunk["summary"],
        **_place(chunk),
        "attack_type": attack_type,
        "weapon": weapons,
        "suicide": chunk.coded("suicide", _YES_NO),
        "outcome": where(pc.equal(chunk.number("success"), "0"), "failed", chunk.all("carried out")),
        "target_type": target_type,
        "target_subtype": target_subtype,
        "target_name": joined(*(_known(chunk, f"target{at}") for at in "123"), between="; "),
        "target_country": row_wise([_known(chunk, f"natlty{at}_txt") for at in "123"], _countries, 1)[0],
        "perpetrator": perpetrator,
        "actor_kind": chunk.all("non-state group"),  # by its definition of terrorism
        "attribution": attribution,
        **figures,
        "abducted": abducted,
        "coordinated_id": row_wise([chunk.number("multiple"), numbers, chunk["related"]], _operation, 1)[0],
        "notes": _notes(chunk, named, no_word, no_weapon, joined(notes_of_figures, hostages, between=" ")),
    }
    nobody = pc.equal(perpetrator, UNKNOWN)
    of_itself = {
        **{name: columns[name] for name in ("incident_id", "date", "killed_low", "killed_high", "wounded_low", "wounded_high")},
        "publisher": FORMAT.name,
        "attack_type": where(pc.equal(attack_type, UNKNOWN), "", attack_type),
        "perpetrator": where(nobody, "", perpetrator),
        "attribution": where(nobody, "", attribution),
        "says": joined(_("A row of the Global Terrorism Database"), phrase(_(", collected by "), chunk["dbsource"], ""), "."),
    }
    return Read(chunk.record(**columns), reported([of_itself, *sources(chunk, ids)]), chunk.extras(EXTRAS))


def _code(chunk: Chunk, name: str) -> Texts:
    return chunk[name] if name.endswith("_txt") or name.startswith("gname") else chunk.number(name)


def _known(chunk: Chunk, name: str) -> Texts:
    """A column of names, those that say nothing blank."""
    return translated(chunk[name], lambda text: "" if text.casefold() in ("unknown", *_NO_FIGURE) else text)


def _iso_only(text: str) -> str:
    return text if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text := day(text), re.ASCII) else ""


def _date(year: str, month: str, of_month: str) -> tuple[str, str]:
    """The first day that the date may mean, and its precision: 0 and -9 are unknown."""
    unknown = ("", "0", "00", *_NO_FIGURE)
    if year in unknown:
        return "", ""
    if month in unknown:
        return f"{year}-01-01", "year"
    if of_month in unknown:
        return f"{year}-{month.zfill(2)}-01", "month"
    return f"{year}-{month.zfill(2)}-{of_month.zfill(2)}", "day"


def _attack_type(chunk: Chunk) -> Texts:
    filled_cells = filled(chunk.number("attacktype1"), chunk["attacktype1_txt"])
    by_text = translated(chunk["attacktype1_txt"], lambda text: ATTACKS.get(text.casefold(), ""))
    found = filled(translated(chunk.number("attacktype1"), ATTACKS), by_text)
    strange = pc.and_(pc.equal(found, ""), pc.not_equal(filled_cells, ""))
    chunk.tell(
        strange, "attacktype1", _("not a code of attacktype1"), _("It becomes Unknown; look it up in the codebook."), "not_a_term"
    )
    return where(pc.equal(found, ""), UNKNOWN, found)


def _groups(*cells: str) -> tuple[str, str, str]:
    """Perpetrators, their attribution, and all that are named.

    An attribution holds for every name of a cell: where one of several claimed, it stands alone, and competing claims all stand.
    Without a claim the weakest attribution is that of all.
    """
    names, claims, doubts, competing = cells[:3], cells[3:6], cells[6:9], cells[9]
    known = {}
    for name, claimed, doubt in zip(names, claims, doubts, strict=True):
        name = name.replace(";", ",").strip()
        if name and not is_nobody(name):
            known.setdefault(name, "claimed" if claimed == "1" else "suspected" if doubt == "1" else "attributed")
    named_groups = "; ".join(dict.fromkeys(name for name in names if name and name.casefold() != "unknown"))
    if not known:
        return UNKNOWN, "unknown", named_groups
    if competing == "1":
        return ";".join(known), "contested", named_groups
    if claimants := [name for name, attribution in known.items() if attribution == "claimed"]:
        return ";".join(claimants), "claimed", named_groups
    return ";".join(known), "suspected" if "suspected" in known.values() else "attributed", named_groups


def _countries(*names: str) -> tuple[str]:
    found = (_COUNTRIES.get(name, name).replace(";", ",") for name in names)
    return (";".join(dict.fromkeys(name for name in found if name)),)


def _operation(multiple: str, number: str, related: str) -> tuple[str]:
    """One id for all attacks of a coordinated set: the first of those that the row names, itself among them."""
    others = re.findall(r"(?<!\d)\d{12}(?!\d)", related, re.ASCII)
    return (f"gtd:{min([number, *others])}",) if multiple == "1" and number and others else ("",)


def _figure(chunk: Chunk, name: str) -> Texts:
    return translated(chunk.number(name), lambda text: "" if text in _NO_FIGURE else text)


def _figures(chunk: Chunk) -> tuple[dict[str, Texts], Texts]:
    """The figures without attackers where the GTD says how many they are, and what was done to them."""
    cells = [_figure(chunk, name) for name in ("nkill", "nkillter", "nwound", "nwoundte")]
    killed, attackers, dead = row_wise(cells[:2], lambda every, ours: _victims(every, ours, "dead"), 3)
    wounded, _unused, hurt = row_wise(cells[2:], lambda every, ours: _victims(every, ours, "wounded"), 3)
    for name, of_them in (("nkill", "nkillter"), ("nwound", "nwoundte")):
        total, taken = _figure(chunk, name), _figure(chunk, of_them)
        (too_many,) = row_wise([total, taken], lambda every, ours: ("yes" if _exceeds(every, ours) else "",), 1)
        reason = _("more attackers than {name}").format(name=name)
        chunk.tell(pc.equal(too_many, "yes"), of_them, reason, _("Check both; nothing is taken off."), "figures_out_of_order")
        odd = pc.and_(pc.not_equal(taken, ""), pc.invert(_are_counts(taken)))
        chunk.tell(odd, of_them, _("not a whole number"), _("Nothing is taken off; write digits only."), "not_a_count")
    stated = pc.and_(_are_counts(attackers), _are_counts(killed))
    figure = pc.or_(pc.not_equal(killed, ""), pc.not_equal(wounded, ""))
    return {
        **{name: killed for name in ("killed_low", "killed", "killed_high")},
        **{name: wounded for name in ("wounded_low", "wounded", "wounded_high")},
        "attackers_killed": attackers,
        "killed_counts": where(figure, where(stated, "victims", chunk.all("all")), ""),
    }, joined(dead, hurt, between=" ")


def _abducted(anybody: str, many: str) -> tuple[str, str]:
    """People taken, and a note where the GTD counts some and says that nobody was."""
    if anybody != "0":
        return many, ""
    return "", _("The GTD counts {many} hostages, and says that nobody was taken: left blank.").format(many=many) if many.strip(
        "0"
    ) else ""


def _is_count(text: str) -> bool:
    return re.fullmatch(r"\d{1,7}", text, re.ASCII) is not None


def _are_counts(cells: Texts) -> pa.BooleanArray:
    return pc.match_substring_regex(cells, r"^[0-9]{1,7}$")


def _exceeds(every: str, ours: str) -> bool:
    return _is_count(every) and _is_count(ours) and int(ours) > int(every)


def _victims(every: str, ours: str, what: str) -> tuple[str, str, str]:
    """The count without attackers, the attackers, and a note."""
    if _exceeds(every, ours):
        note = _("The GTD counts {every} {what}, and {ours} attackers among them: nothing is taken off.")
        return every, "", note.format(every=every, what=what, ours=ours)
    if not _is_count(every) or not _is_count(ours):
        note = _("Attackers may be among the {what}.").format(what=what) if every.strip("0") else ""
        return every, ours if _is_count(ours) else "", note
    note = ""
    if ours.strip("0"):
        note = _("The GTD counts {every} {what}, {ours} of them attackers, who are taken off.")
        note = note.format(every=every, what=what, ours=ours)
    return str(int(every) - int(ours)), ours, note


def _title(chunk: Chunk, attack_type: Texts) -> Texts:
    what = where(pc.equal(attack_type, UNKNOWN), _("Attack"), attack_type)
    target = filled(_known(chunk, "target1"), _known(chunk, "targsubtype1_txt"), _known(chunk, "targtype1_txt"))
    at = filled(_known(chunk, "city"), _known(chunk, "provstate"), chunk["country_txt"])
    return one_line(joined(joined(what, target, between=": "), at, between=", "))


def _place(chunk: Chunk) -> dict[str, Texts]:
    precision, city = chunk.coded("specificity", _PLACES), _known(chunk, "city")
    return {
        "place": filled(_known(chunk, "location"), city),
        "city": city,
        "province": _known(chunk, "provstate"),
        "country": chunk["country_txt"],
        "latitude": chunk.degrees("latitude"),
        "longitude": chunk.degrees("longitude"),
        "geo_precision": precision,
    }


def _notes(chunk: Chunk, named: Texts, no_word: Texts, no_weapon: Texts, figures: Texts) -> Texts:
    doubted = pc.equal(chunk.number("doubtterr"), "1")
    alternative = phrase(_(" rather than "), _known(chunk, "alternative_txt"), "")
    return joined(
        phrase(_("Named by the GTD: "), named),
        figures,
        phrase(_("Its words for the target: "), no_word),
        phrase(_("Its words for the weapon: "), no_weapon),
        where(doubted, joined(_("The GTD doubts that this was terrorism"), alternative, "."), chunk.blank),
        where(pc.equal(chunk.number("vicinity"), "1"), _("In the vicinity of the town."), chunk.blank),
        phrase(_("Approximate date: "), chunk["approxdate"]),
        between=" ",
    )
