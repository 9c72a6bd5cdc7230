"""UCDP GED: events with at least one death, of two sides that reach 25 deaths in a year.

The rows say who fought, not who attacked: a perpetrator is named only where the violence is one-sided (type 3, organised
actor against civilians). Figures are low, best and high of all the dead, attackers among them.
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
from incident_atlas.importers.data_sets.actors import perpetrators
from incident_atlas.importers.data_sets.arrow_columns import (
    Chunk,
    Texts,
    day,
    described,
    filled,
    joined,
    one_line,
    one_of,
    phrase,
    pieces,
    reported,
    row_wise,
    translated,
    where,
    whole,
)

FORMAT = Format(
    "ucdp",
    "UCDP GED",
    citation=_(
        "Sundberg, Ralph, and Erik Melander (2013). Introducing the UCDP Georeferenced Event Dataset. Journal of Peace Research 50(4), 523-532; and the yearly article of the release, by Davies and others, that the download page names."
    ),
    terms=_("CC BY 4.0: name the Uppsala Conflict Data Program."),
    cannot_say=(
        _("UCDP GED has no column for the wounded."),
        _("It holds no incident without a death, and only those of two sides that reached 25 deaths in a year."),
        _("It says who fought, not who attacked: a perpetrator is named only for violence against civilians."),
        _("It names neither the kind of attack nor the weapon; the dead may include attackers."),
    ),
)
MARKS = frozenset({"type_of_violence", "dyad_name", "side_a", "side_b", "where_prec", "date_prec", "date_start", "event_clarity"})
PARTS = frozenset({"side_a", "side_b", "deaths_a", "deaths_b", "date_start"})
"""Columns that are UCDP's even where those of `MARKS` are gone, as in tables made of it by others."""
NEEDS = ("id", "date_start")
EXTRAS = (
    *("code_status", "type_of_violence", "conflict_name", "dyad_name", "side_a", "side_b", "number_of_sources"),
    *("source_original", "where_coordinates", "region", "event_clarity"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"),
)
USES = (
    *("id", "date_start", "date_end", "date_prec", "where_prec", "where_description", "adm_1", "adm_2", "country"),
    *("latitude", "longitude", "best", "low", "high", "source_article", "source_office", "source_date", "source_headline"),
    *EXTRAS,
)
USUAL = 49

_KINDS = {"1": "State-based violence", "2": "Non-state violence", "3": "One-sided violence"}
_DATES = {"1": "day", "2": "week", "3": "week", "4": "month", "5": "year"}
_PLACES = {
    **{"1": "city", "2": "district", "3": "district", "4": "province"},
    **{"5": "country", "6": "country", "7": "country"},
}
# GEDEvent_v25_1.csv, ged251.csv, and GEDEvent_v25_0_9.csv of September 2025.
_RELEASE = re.compile(r"ged(?:event)?[ _-]?v?(\d\d)[._]?(\d)(?:[._](\d{1,2}))?(?!\d)", re.ASCII | re.I)
# Office, day and headline of a source. The first form can be matched in one pass, ten times as fast.
_ONE_SOURCE = r'(?s)^"?(?P<office>[^",]+),(?P<published>\d{4}-\d{2}-\d{2}),(?P<headline>.*)$'
_ANY_SOURCE = r'(?s)^"?(?P<office>[^"]*?)\s*,\s*(?P<published>\d{4}-\d{2}-\d{2})\s*,\s*(?P<headline>.*)$'
_SAYS = _("Named as a source by UCDP GED.")


def title(columns: Sequence[str], name: str = "") -> str:
    """What the columns tell of the file, and its name of the release: 23 to 26 and the monthly Candidate files share all 49.

    >>> title(USES, "GEDEvent_v25_1.csv")[:13], title(USES, "ged251.csv")[:13], title(USES, "GEDEvent_v25_0_9.csv")[:25]
    ('UCDP GED 25.1', 'UCDP GED 25.1', 'UCDP GED Candidate 25.0.9')
    """
    found = _RELEASE.search(name)
    if not found:
        return described(_("UCDP GED, looks like 23 to 26 or a Candidate file"), columns, USES, USUAL)
    year, number, month = found.groups()
    release = f"Candidate {year}.{number}.{int(month)}" if month else f"{year}.{number}"
    return described(f"UCDP GED {release}", columns, USES, USUAL)


def read(rows: pd.DataFrame, problems: Problems) -> Read:
    """The events as incidents, with a report of each source that a row names and one of UCDP GED itself."""
    chunk = Chunk(rows, problems)
    kind = chunk.coded("type_of_violence", _KINDS)
    one_sided = pc.equal(kind, _KINDS["3"])
    begins, ends = translated(chunk["date_start"], day), translated(chunk["date_end"], day)
    one_side = where(one_sided, chunk["side_a"], chunk.blank)
    named, de_facto = perpetrators(chunk, one_side, begins, filled(ends, begins), chunk["country"])
    nobody = pc.equal(named, UNKNOWN)
    low, best, high = (_figure(chunk, name) for name in ("low", "best", "high"))
    if "best" not in rows:
        best = row_wise([_figure(chunk, name) for name in _DEATHS], _sum, 1)[0]
    (order,) = row_wise((low, best, high), _out_of_order, 1)
    ids = phrase("ucdp:", chunk.number("id"), "")
    columns = {
        "incident_id": ids,
        "date": begins,
        "date_end": where(pc.equal(begins, ends), "", ends),
        "date_precision": chunk.coded("date_prec", _DATES),
        "title": _title(chunk, kind),
        **_place(chunk),
        "attack_type": chunk.all(UNKNOWN),
        "outcome": chunk.all("carried out"),
        "target_type": where(one_sided, "Private Citizens & Property", chunk.all(UNKNOWN)),
        "perpetrator": named,
        "actor_kind": row_wise((chunk.number("type_of_violence"), chunk["side_a"]), _actor_kind, 1)[0],
        "attribution": where(nobody, "unknown", chunk.all("attributed")),
        "killed_low": low,
        "killed": best,
        "killed_high": high,
        "notes": _notes(chunk, one_sided, de_facto, order),
    }
    counted = filled(columns["killed"], columns["killed_low"], columns["killed_high"])
    columns["killed_counts"] = where(pc.equal(counted, ""), "", chunk.all("all"))
    of_itself = {
        **{name: columns[name] for name in ("incident_id", "date", "killed_low", "killed_high")},
        "publisher": FORMAT.name,
        "perpetrator": where(nobody, "", named),
        "attribution": where(nobody, "", columns["attribution"]),
        "says": _("A row of UCDP GED."),
    }
    return Read(chunk.record(**columns), reported([of_itself, *_sources(chunk, ids)]), chunk.extras(EXTRAS))


def _actor_kind(kind: str, side_a: str) -> tuple[str]:
    """Whose the attacker is; blank for fights of a state and a group (type 1), of which UCDP does not say who attacked."""
    if kind == "3" and side_a:
        return ("state forces" if side_a.casefold().startswith("government of ") else "non-state group",)
    return ("non-state group" if kind == "2" else "",)


def _title(chunk: Chunk, kind: Texts) -> Texts:
    what = filled(kind, chunk.all(_("Violence")))
    parties = joined(chunk["side_a"], chunk["side_b"], between=_(" and "))
    at = filled(chunk["where_coordinates"], chunk["adm_2"], chunk["adm_1"], chunk["country"])
    return one_line(joined(joined(what, parties, between=": "), at, between=", "))


def _place(chunk: Chunk) -> dict[str, Texts]:
    precision, at = chunk.coded("where_prec", _PLACES), chunk["where_coordinates"]
    town = translated(at, _town)
    afghan = one_of(chunk["country"], "afghanistan")
    units = {
        name: where(afghan, translated(chunk[column], lambda text, word=word: text.removesuffix(word)), chunk[column])
        for name, column, word in (("province", "adm_1", " province"), ("district", "adm_2", " district"))
    }
    return {
        "place": filled(chunk["where_description"], at),
        "city": where(pc.equal(precision, "city"), town, chunk.blank),
        **units,
        "country": chunk["country"],
        "latitude": chunk.degrees("latitude"),
        "longitude": chunk.degrees("longitude"),
        "geo_precision": precision,
    }


def _town(name: str) -> str:
    """The town of "Kabul city", as the record writes it; '' for areas, roads and districts."""
    found = re.fullmatch(r"(.*) (?:city|town|village)", name, re.DOTALL)
    return found[1] if found else ""


def _figure(chunk: Chunk, name: str) -> Texts:
    return translated(chunk[name], lambda text: "" if (figure := whole(text)) in ("-9", "-99") else figure)


_DEATHS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")


def _sum(*deaths: str) -> tuple[str]:
    """UCDP's best figure is the sum of its four columns; '' where a file has none of them, or one that is no figure."""
    known = [text for text in deaths if text]
    return (str(sum(map(int, known))) if known and all(re.fullmatch(r"\d{1,7}", text, re.ASCII) for text in known) else "",)


def _out_of_order(low: str, best: str, high: str) -> tuple[str]:
    """What the figures are where low, best and high are not in this order: the check of the record blanks some of them."""
    figures = [int(text) for text in (low, best, high) if re.fullmatch(r"\d{1,7}", text, re.ASCII)]
    return (
        _("UCDP GED gives low {low}, best {best}, high {high} dead.").format(low=low, best=best, high=high)
        if figures != sorted(figures)
        else "",
    )


def _notes(chunk: Chunk, one_sided: pa.BooleanArray, de_facto: Texts, order: Texts) -> Texts:
    attacker = phrase(_("Named by UCDP GED: "), chunk["side_a"])
    fought = joined(chunk["side_a"], chunk["side_b"], between=_(" and "))
    status, clarity = chunk["code_status"], chunk.number("event_clarity")
    precision, ends = chunk.number("date_prec"), translated(chunk["date_end"], day)
    doubt = _("The reports do not let UCDP GED tell this event apart: it may sum up several.")
    return joined(
        where(one_sided, attacker, phrase(_("Fought by, says UCDP GED: "), fought, _("; it does not say who attacked."))),
        de_facto,
        order,
        where(one_of(status, "clear", ""), "", phrase(_("Status of the row in UCDP GED: "), status)),
        where(pc.equal(clarity, "2"), doubt, chunk.blank),
        where(
            one_of(precision, *_DATES),
            "",
            chunk.all(_("UCDP GED's code of how well the date is known is missing: taken for the day.")),
        ),
        where(pc.equal(precision, "2"), phrase(_("The day lies between the date and "), ends), chunk.blank),
        between=" ",
    )


def _sources(chunk: Chunk, ids: Texts) -> list[dict[str, Texts | str]]:
    """One report per source of a row: of its article, which names office, day and headline; else of these columns."""
    articles = pc.replace_substring(chunk["source_article"], '"; "', '";"')
    at, cited = pieces(articles, '";"')
    office, published, headline = _cited(cited, _ONE_SOURCE)
    free = pc.equal(published, "")
    if pc.any(free).as_py():
        others = _cited(cited.filter(free), _ANY_SOURCE)
        each = zip((office, published, headline), others, strict=True)
        office, published, headline = (pc.replace_with_mask(cells, free, other) for cells, other in each)
        free = pc.equal(published, "")
    bare = pc.utf8_trim(cited, '"')
    reports = [
        {
            "incident_id": ids.take(pa.array(at)),
            "publisher": where(free, _publisher(bare, free), office),
            "title": where(free, bare, pc.utf8_trim(headline, '" ')),
            "published": published,
            "says": _SAYS,
        }
    ]
    alone = pc.and_(pc.equal(chunk["source_article"], ""), pc.not_equal(chunk["source_office"], ""))
    if pc.any(alone).as_py():
        rows, offices = pieces(chunk["source_office"].filter(alone), ";")
        one = pc.invert(pc.match_substring(chunk["source_office"].filter(alone), ";"))
        known = {name: where(one, chunk[name].filter(alone), "") for name in ("source_date", "source_headline")}
        reports.append(
            {
                "incident_id": ids.filter(alone).take(pa.array(rows)),
                "publisher": offices,
                "title": known["source_headline"].take(pa.array(rows)),
                "published": translated(known["source_date"].take(pa.array(rows)), day),
                "says": _SAYS,
            }
        )
    return reports


def _cited(articles: Texts, pattern: str) -> list[Texts]:
    """Office, day and headline of each, blank where it is written otherwise."""
    parts = pc.extract_regex(articles, pattern=pattern)
    return [pc.fill_null(pc.struct_field(parts, name), "") for name in ("office", "published", "headline")]


def _publisher(cited: Texts, free: pa.BooleanArray) -> Texts:
    """Who is named at the head of a reference in free words: what stands before its first figure or quote."""
    heads = translated(
        where(free, cited, ""), lambda text: text[: next((at for at, c in enumerate(text) if c.isdigit() or c == '"'), None)]
    )
    heads = pc.utf8_trim(heads, " ,;:.-(")
    return where(pc.equal(heads, ""), cited, heads)
