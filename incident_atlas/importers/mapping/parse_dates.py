"""Cells that say when, as people write them: read to ISO, or told why they cannot be.

03/04/2012 is 3 April to one and 4 March to another. Its order is taken from the other cells of the column or from a person,
never guessed. Solar Hijri dates and years of two digits are not read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from incident_atlas.core.text import ascii_digits
from incident_atlas.geo.gazetteer import fold
from incident_atlas.i18n import _

DAY_FIRST, MONTH_FIRST, ISO = "day first", "month first", "iso"
ORDERS = ("", DAY_FIRST, MONTH_FIRST, ISO)
"""How dates of figures alone are written; '' when a person must say, ISO when no cell needs an order."""

FIRST_SERIAL, LAST_SERIAL = 20_000, 60_000
"""Day numbers of a spreadsheet that are taken for dates: 1954 to 2064."""

_LONGEST = 60  # characters
_SERIAL_ZERO = date(1899, 12, 30)
_TIME = re.compile(
    r"[T\s,]+(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?$",
    re.ASCII | re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|(\d{2})(\d{2}))", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{4})", re.ASCII)
_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})|(\d{1,2})[-/.](\d{4})", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?:\.0+)?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(\.\d+)?", re.ASCII)
_WORDS = re.compile(r"[^\W\d_]+|\d+")
MONTHS = {
    fold(name): number
    for number, names in enumerate(
        (
            "january jan janvier janv januar января январь янв جنوری",
            "february feb février févr februar февраля февраль фев فبروری",
            "march mar mars märz марта март مارچ",
            "april apr avril avr апреля апрель апр اپریل",
            "may mai мая май می",
            "june jun juin juni июня июнь июн جون",
            "july jul juillet juil juli июля июль июл جولای",
            "august aug août августа август авг اگست",
            "september sep sept septembre сентября сентябрь сен сент سپتمبر",
            "october oct octobre oktober okt октября октябрь окт اکتوبر",
            "november nov novembre ноября ноябрь ноя نومبر",
            "december dec décembre déc dezember dez декабря декабрь дек دسمبر",
        ),
        1,
    )
    for name in names.split()
}
"""Folded names of months, and their numbers."""

_NOISE = set("st nd rd th of the er de г года".split()) | set(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun".split()
)


class Day(NamedTuple):
    """text: ISO as precise as it is known, or the cell itself when it cannot be read. time: HH:MM, or ''. wrong: why it may
    not be read as it stands, or ''. read: whether it is a date at all. kept: whether the cell says more than that. other_order:
    whether it is wrong because its day and month stand in the other order."""

    text: str
    time: str = ""
    wrong: str = ""
    read: bool = True
    kept: bool = False
    other_order: bool = False


def day(cell: str, order: str) -> Day:
    """A cell as a date, where figures alone are written in this order.

    >>> day("16 February 2023", ISO).text, day("16.2.2023 10:50", "").text, day("44971", ISO).text
    ('2023-02-16', '2023-02-16', '2023-02-14')
    >>> day("31/02/2019", DAY_FIRST)[:3], day("31/02/2019", DAY_FIRST).read
    (('31/02/2019', '', ''), False)
    >>> day("04/13/2012", DAY_FIRST).other_order, day("13/04/2012", DAY_FIRST).other_order, day("31/02/2019", "").other_order
    (True, False, False)
    >>> day("03/04/2012", DAY_FIRST).text, day("03/04/2012", "").wrong, day("04/13/2012", DAY_FIRST).wrong
    ('2012-04-03', 'it may be 3 April or 4 March', 'not a date when the day is written first')
    """
    if len(cell) > _LONGEST:
        return Day(cell, read=False)
    text = ascii_digits(cell).strip()
    if found := _SERIAL.fullmatch(text):
        if FIRST_SERIAL <= int(found[1]) <= LAST_SERIAL:
            minutes = int(float(found[2] or 0) * 1440 + 0.5) % 1440
            clock = f"{minutes // 60:02d}:{minutes % 60:02d}" if minutes else ""
            return Day((_SERIAL_ZERO + timedelta(int(found[1]))).isoformat(), clock)
        return Day(cell, read=False)
    clock, zone = "", False
    if found := _TIME.search(text):
        text = text[: found.start()].rstrip(" ,")
        # A time of another zone is no local time, and a spreadsheet writes 00:00 behind a date without a time.
        clock, zone = ("", True) if found[4] else (_clock(found).replace("00:00", ""), False)
    if numbers := _year_last(text):
        return _ordered(cell, numbers, order)._replace(time=clock, kept=zone)
    iso = _iso(text)
    return Day(iso, clock, kept=zone) if iso and _exists(iso) else Day(cell, read=False)


def order_of(cells: Iterable[str]) -> tuple[str, str]:
    """The order in which these cells write day and month, and the question for a person where they do not tell.

    >>> order_of(["03/04/2012", "16/02/2012"]), order_of(["2012-04-03"]), order_of(["03/04/2012"])[0]
    (('day first', ''), ('iso', ''), '')
    """
    found: dict[str, str] = {}
    for cell in cells:
        numbers = _year_last(_TIME.sub("", ascii_digits(cell[:_LONGEST]).strip()))
        if numbers and numbers[0] != numbers[1] and min(numbers[:2]) <= 12:
            found.setdefault(DAY_FIRST if numbers[0] > 12 else MONTH_FIRST if numbers[1] > 12 else "", cell.strip())
    if DAY_FIRST in found and MONTH_FIRST in found:
        both = _("{day_first} and {month_first}").format(day_first=found[DAY_FIRST], month_first=found[MONTH_FIRST])
        return "", _("Dates such as {both} are not written in one way: choose one; the rows of the other are set aside.").format(
            both=both
        )
    for order in (DAY_FIRST, MONTH_FIRST):
        if order in found:
            return order, ""
    if "" in found:
        return "", _("{found}: {wrong}. Choose how dates are written.").format(found=found[""], wrong=day(found[""], "").wrong)
    return ISO, ""


def joined(year: str, month: str, number: str) -> str:
    """Year, month and day of three cells as one ISO date, as precise as they are; a month or a day of 0 is not known.

    >>> joined("2012", "4", "3"), joined("2012", "April", ""), joined("2012.0", "0", "0"), joined("12", "4", "3")
    ('2012-04-03', '2012-04', '2012', '12-4-3')
    """
    cells = [re.sub(r"\.0+$", "", ascii_digits(cell).strip()) for cell in (year, month, number)]
    cells[1] = str(MONTHS.get(fold(cells[1]), cells[1]))
    known = ["" if re.fullmatch("0+", cell) else cell for cell in cells]
    if not any(known):
        return ""
    if not re.fullmatch(r"\d{4}", known[0], re.ASCII) or not all(re.fullmatch(r"\d{0,2}", cell, re.ASCII) for cell in known[1:]):
        return "-".join(cells)
    parts = [known[0], *(cell.zfill(2) for cell in known[1:] if cell)]
    return "-".join(parts if known[1] else parts[:1])


def time(cell: str) -> str:
    """A time of day as HH:MM, or ''.

    >>> time("10:50:00"), time("2:30 pm"), time("noon")
    ('10:50', '14:30', '')
    """
    found = _TIME.fullmatch(" " + ascii_digits(cell[:_LONGEST]).strip())
    return _clock(found) if found and not found[4] else ""


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    if found[3] and hour <= 12:
        hour = hour % 12 + (12 if found[3][0] in "pP" else 0)
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else ""


def _year_last(text: str) -> tuple[int, int, int] | None:
    found = _YEAR_LAST.fullmatch(text)
    return (int(found[1]), int(found[3]), int(found[4])) if found else None


def _ordered(cell: str, numbers: tuple[int, int, int], order: str) -> Day:
    first, second, year = numbers
    if order == DAY_FIRST or (order != MONTH_FIRST and first > 12):
        number, month = first, second
    elif order == MONTH_FIRST or second > 12 or first == second:
        number, month = second, first
    else:
        text = _("it may be {date} or {other_date}")
        return Day(cell, wrong=text.format(date=_day_and_month(first, second), other_date=_day_and_month(second, first)))
    if month > 12 >= number and order in (DAY_FIRST, MONTH_FIRST):
        reason = _("not a date when the {part} is written first").format(part=order.split()[0])
        return Day(cell, wrong=reason, other_order=True)
    iso = f"{year}-{month:02d}-{number:02d}"
    return Day(iso) if _exists(iso) else Day(cell, read=False)


def _exists(iso: str) -> bool:
    """Whether there is such a day, month or year: 31/02/2019 is told of as it stands in the file."""
    year, month, number = ([int(part) for part in iso.split("-")] + [1, 1])[:3]
    return year > 0 and 1 <= month <= 12 and 1 <= number <= monthrange(year, month)[1]


def _day_and_month(number: int, month: int) -> str:
    return f"{number} {date(2000, month, 1):%B}"


def _iso(text: str) -> str:
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, number = (part for part in found.groups() if part)
        return f"{year}-{int(month):02d}-{int(number):02d}"
    if found := _MONTH.fullmatch(text):
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        return f"{year}-{int(month):02d}"
    if found := _YEAR.fullmatch(text):
        return found[1]
    words = [word for word in _WORDS.findall(fold(text)) if word not in _NOISE]
    months = [MONTHS[word] for word in words if word in MONTHS]
    if len(months) != 1:
        return ""
    numbers = [word for word in words if word.isascii() and word.isdigit()]
    years, days = ([word for word in numbers if len(word) in sizes] for sizes in ((4,), (1, 2)))
    if len(years) != 1 or len(days) > 1 or len(words) != 2 + len(days):
        return ""
    return f"{years[0]}-{months[0]:02d}" + (f"-{int(days[0]):02d}" if days else "")
