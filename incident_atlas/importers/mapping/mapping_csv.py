"""A mapping as a small CSV that can be saved, sent and read again: ours, theirs, value.

A row names one of ours and their column; one without a column gives the value of all rows. "value of attack_type" gives a word of
the file and the term that it means. Further rows say how dates are written (date_order), whether latitude and longitude are
exchanged (swapped: yes or no), what a row is (unit: incident or victim), which event types of ACLED count as attacks (event_type),
which worksheet of a workbook is read (sheet), whether the precision of the points (geo_precision) holds where several rows share
one (trust_shared_points: yes or no), and in which rows latitude and longitude are exchanged because they look swapped: in all
(exchange_all: yes), or in the incident of this id (exchange_id).
"""

from __future__ import annotations

from incident_atlas.core.schema import OPEN_TERMS
from incident_atlas.core.text import plain
from incident_atlas.core.vocabulary import GEO_PRECISIONS
from incident_atlas.errors import Problem
from incident_atlas.i18n import _
from incident_atlas.importers.column_names import OURS, PARTS
from incident_atlas.importers.files import saved_csv as saved
from incident_atlas.importers.files.csv_lines import Note
from incident_atlas.importers.mapping.mapping import Mapping
from incident_atlas.importers.mapping.parse_dates import ORDERS
from incident_atlas.importers.mapping.units import UNITS

LONGEST_NAME = 1_000
"""Characters of the name of a column, or of a value."""

_VALUE, _EVENT_TYPE, _SHEET, _EXCHANGE_ID = "value of ", "event_type", "sheet", "exchange_id"
_COLUMNS = ("ours", "theirs", "value")
_YES_NO = {"yes": True, "no": False}


def written(mapping: Mapping) -> bytes:
    """The mapping as CSV, UTF-8; what a spreadsheet would run as a formula gets an apostrophe, which `read` takes off.

    Names are written on one line and without invisible characters: `mapping.applied` finds the column all the same.
    """
    rows = [(ours, _line(theirs), "") for ours, theirs in mapping.columns]
    rows += [(ours, "", _line(value)) for ours, value in mapping.constants]
    rows += [(f"{_VALUE}{ours}", _line(theirs), _line(term)) for ours, theirs, term in mapping.values]
    rows += [(_EVENT_TYPE, "", _line(name)) for name in mapping.event_types or ()]
    rows += [(_SHEET, "", _line(mapping.worksheet))] if mapping.worksheet else []
    rows += [("exchange_all", "", "yes")] if mapping.exchange_all else []
    rows += [(_EXCHANGE_ID, "", incident_id) for incident_id in mapping.exchange_ids]
    rows += [("unit", "", mapping.unit)] if mapping.unit else []
    rows += [("trust_shared_points", "", "yes")] if mapping.trust_shared_points else []
    rows += [("date_order", "", mapping.date_order), ("swapped", "", {True: "yes", False: "no"}.get(mapping.swapped, ""))]
    return saved.written(_COLUMNS, rows)


def read(data: bytes) -> tuple[Mapping, list[Problem]]:
    """The mapping in a file, and what is wrong with it, row by row; raises `FileError` when it is no such file.

    A row that names none of ours, or one a second time, is left out and said. Which columns a table lacks, `applied` says.
    """
    problems: list[Problem] = []
    note = saved.noting(problems)
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    values: dict[tuple[str, str], str] = {}
    event_types: list[str] = []
    exchange_ids: list[str] = []
    worksheet = ""
    settings = {"date_order": "", "swapped": "", "unit": "", "trust_shared_points": "", "exchange_all": ""}
    for line, cells in saved.saved_rows(data, _COLUMNS, _COLUMNS[:2], "columns", note):
        ours, theirs, value = map(_line, cells)
        ours = ours.casefold()
        if ours in settings:
            settings[ours] = value.casefold()
        elif ours == _EVENT_TYPE and value and len(value) <= LONGEST_NAME:
            event_types.append(value)
        elif ours == _EXCHANGE_ID and cells[2] and len(cells[2]) <= saved.LONGEST_ID:
            exchange_ids.append(cells[2])
        elif ours == _SHEET and len(value) <= LONGEST_NAME:
            worksheet = worksheet or value
        elif (
            ours.removeprefix(_VALUE) in OPEN_TERMS
            and ours.startswith(_VALUE)
            and theirs
            and value
            and len(theirs + value) <= LONGEST_NAME
        ):
            values.setdefault((ours.removeprefix(_VALUE), theirs), value)
        elif refused := _refused(ours, theirs, value, ours in (columns if theirs else constants)):
            note(line, ours if ours in OURS else "ours", *refused)
        elif theirs:
            columns[ours] = theirs
        else:
            constants[ours] = value.casefold() if ours == "geo_precision" else value
    _check_settings(settings, note)
    return Mapping(
        tuple(columns.items()),
        tuple(constants.items()),
        settings["date_order"],
        _YES_NO.get(settings["swapped"]),
        values=tuple((*pair, term) for pair, term in values.items()),
        unit=settings["unit"],
        event_types=tuple(event_types) or None,
        trust_shared_points=settings["trust_shared_points"] == "yes",
        worksheet=worksheet,
        exchange_all=settings["exchange_all"] == "yes",
        exchange_ids=tuple(dict.fromkeys(exchange_ids)),
    ), problems


def _refused(ours: str, theirs: str, value: str, twice: bool) -> tuple[str, str, str] | None:
    """What a row says that cannot be used, why, and what to do; None for a row that counts. twice: a row before it says the same."""
    if ours not in OURS:
        advice = _("Use a column of the record, or one of: {parts}.").format(parts="; ".join(PARTS))
        return ours, _("no column of the record: the row is left out"), advice
    if max(len(theirs), len(value)) > LONGEST_NAME:
        return theirs or value, _("too long: the row is left out"), _("Correct the row.")
    if not theirs and not value:
        return "", _("neither a column nor a value: the row is left out"), _("Name their column, or give a value.")
    if twice:
        return theirs or value, _("it stands twice; the first counts"), _("Remove the one that is wrong.")
    if not theirs and ours == "geo_precision" and value.casefold() not in GEO_PRECISIONS:
        advice = _("Use one of: {geo_precisions}.").format(geo_precisions="; ".join(GEO_PRECISIONS))
        return value, _("not how well a place can be known"), advice
    return None


def _check_settings(settings: dict[str, str], note: Note) -> None:
    """Blanks the settings that cannot be used, and notes each."""
    allowed = {
        "date_order": (ORDERS, _("no order of dates"), _("Use one of: day first; month first; iso.")),
        **dict.fromkeys(
            ("swapped", "trust_shared_points", "exchange_all"), (_YES_NO, _("neither yes nor no"), _("Write yes or no."))
        ),
        "unit": (UNITS, _("not what a row can be"), _("Use one of: incident; victim.")),
    }
    for name, (terms, reason, advice) in allowed.items():
        if settings[name] and settings[name] not in terms:
            note(1, name, settings[name], reason, advice)
            settings[name] = ""


def _line(text: str) -> str:
    return " ".join(plain(text, LONGEST_NAME + 1).split())
