"""Cells that say when, as people write them: read to ISO, or told why they cannot be.

03/04/2012 is 3 April to one and 4 March to another. Its order is taken from the other cells of the column or from a person,
never guessed; 03.04.2012 is 3 April, because no country writes the month first with dots. Solar Hijri dates are not read.
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

SOLAR_HIJRI = _("Solar Hijri dates are not read")
"""Why a date such as 1400/06/14 may not be read."""

_LONGEST = 60  # characters
_SERIAL_ZERO = date(1899, 12, 30)
_TIME = re.compile(
    r"[T\s,]+(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?$",
    re.ASCII | re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|(\d{2})(\d{2}))", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{4})|(\d{1,2})([/.])(\d{1,2})\6(\d{2})", re.ASCII)
"""Of years of two digits not those between hyphens: 21-09-05 begins with the year as often as with the day."""

_DAY_UNKNOWN = re.compile(r"(\d{4})-(0?0|xx?|\?\?|\d{1,2})-(?:0?0|xx?|\?\?)", re.ASCII | re.IGNORECASE)
_SOLAR_HIJRI_YEARS = range(1300, 1421)
_DOTS = "."
_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})|(\d{1,2})[-/.](\d{4})", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?:\.0+)?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(\.\d+)?", re.ASCII)
_WORDS = re.compile(r"[^\W\d_]+|\d+")
MONTHS = {
    fold(name): number
    for number, names in enumerate(
        (
            "january jan janvier janv januar enero ene января январь янв جنوری",
            "february feb février févr februar febrero февраля февраль фев فبروری",
            "march mar mars märz marzo марта март مارچ",
            "april apr avril avr abril abr апреля апрель апр اپریل",
            "may mai mayo мая май می",
            "june jun juin juni junio июня июнь июн جون",
            "july jul juillet juil juli julio июля июль июл جولای",
            "august aug août agosto ago августа август авг اگست",
            "september sep sept septembre septiembre setiembre сентября сентябрь сен сент سپتمبر",
            "october oct octobre oktober okt octubre октября октябрь окт اکتوبر",
            "november nov novembre noviembre ноября ноябрь ноя نومبر",
            "december dec décembre déc dezember dez diciembre dic декабря декабрь дек دسمبر",
        ),
        1,
    )
    for name in names.split()
}
"""Folded names of months, and their numbers."""

_NOISE = {
    fold(word)
    for word in (
        "st nd rd th of the er de del г год года "
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun "
        "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so "
        "lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim le "
        "lunes martes miércoles jueves viernes sábado domingo "
        "понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс "
        "شنبه یکشنبه دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه یک دو سه چهار پنج"
    ).split()
}
_SOLAR_HIJRI_MONTHS = {
    fold(name)
    for name in (
        "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت "
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند "
        "hamal sawr jawza saratan asad sunbula mizan aqrab qaws jadi dalw hut"
    ).split()
}
_IN_DOUBT = re.compile(
    r"^(?:(?:c|ca|circa|approx|approximately|about|around|probably|possibly|early|mid|late|beginning of|end of"
    r"|etwa|anfang|mitte|ende|vers|environ|début|fin|около|начало|конец)(?:\.\s*|\s+|-)|[~≈]\s*)"
    r"|\s*(?:\?+|\(\?+\)|\(?(?:approx|approximately|circa|ca|about|estimated|est|unconfirmed|tbc)\.?\)?)$",
    re.IGNORECASE,
)
_NIGHT = re.compile(r"^(?:in |on )?(?:the )?night (?:of|from|between) ", re.IGNORECASE)
_FROM = re.compile(r"^(?:from|between|vom|von|du|del|с) ", re.IGNORECASE)
_TO = re.compile(
    r"(?:\s*[–—]\s*|\s+(?:-|to|until|till|through|and|bis|und|au|et|al|по|до|и)\s+|(?<=\d{4}-\d\d-\d\d)/|(?<=[./]\d{4})-(?=\d{1,2}[./]))",
    re.ASCII | re.IGNORECASE,
)
_DAYS_OF_A_MONTH = re.compile(r"(\D*)(\d{1,2})\.?\s?[-–—/]\s?(\d{1,2})(\W.*)", re.ASCII)
_DAY_AND_MONTH = re.compile(r"(\d{1,2})\.(?:(\d{1,2})\.?)?|(\d{1,2})", re.ASCII)


class Day(NamedTuple):
    """text: ISO as precise as it is known, or the cell itself when it cannot be read. time: HH:MM, or ''. wrong: why it may
    not be read as it stands, or ''. read: whether it is a date at all. kept: whether the cell says more than that. other_order:
    whether it is wrong because its day and month stand in the other order. end: the last day of several, or ''."""

    text: str
    time: str = ""
    wrong: str = ""
    read: bool = True
    kept: bool = False
    other_order: bool = False
    end: str = ""


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
    >>> day("3-5 September 2021", "")[::6], day("2021-09-05?", "")[::4], day("2021-09-00", "").text, day("5.9.21", "").text
    (('2021-09-03', '2021-09-05'), ('2021-09-05', True), '2021-09', '2021-09-05')
    >>> day("1400/06/14", "").wrong
    'Solar Hijri dates are not read'
    """
    if len(cell) > _LONGEST:
        return Day(cell, read=False)
    text = ascii_digits(cell).strip()
    found = _one_day(cell, text, order)
    if found.read or found.wrong:
        return found
    sure = _NIGHT.sub("", _IN_DOUBT.sub("", text)).strip()
    if sure != text and (found := _one_day(cell, sure, order)).read:
        return found._replace(kept=True)
    return _several_days(cell, sure, order) or Day(cell, wrong=found.wrong, read=False)


def _several_days(cell: str, text: str, order: str) -> Day | None:
    """The first and the last of several days, None when it is no such text."""
    text = _FROM.sub("", text)
    spans = [_TO.split(text)]
    if found := _DAYS_OF_A_MONTH.fullmatch(text):
        before, first, last, behind = found.groups()
        spans.append([f"{before}{first}{behind}", f"{before}{last}{behind}"])
    read = (_span(cell, *ends, order) for ends in spans if len(ends) == 2)
    return next(filter(None, read), None)


def _span(cell: str, begin: str, end: str, order: str) -> Day | None:
    """Both ends as one, None when they are not two days, the first of them first."""
    last_day = _one_day(cell, end, order)
    if last_day.wrong or len(last_day.text) != 10 or not last_day.read:
        return last_day if last_day.wrong else None
    first_day = _one_day(cell, begin, order)
    if not first_day.read and not first_day.wrong:
        # "30 August to 2 September 2021", "03. - 05.09.2021": the year, or the month too, stands once.
        year, month, _unused = last_day.text.split("-")
        if short := _DAY_AND_MONTH.fullmatch(begin):
            first_day = _one_day(cell, f"{year}-{short[2] or month}-{short[1] or short[3]}", ISO)
        else:
            first_day = _one_day(cell, f"{begin} {year}", order)
    if first_day.wrong:
        return first_day
    several = first_day.read and len(first_day.text) == 10 and first_day.text < last_day.text
    return first_day._replace(kept=True, end=last_day.text) if several else None


def _one_day(cell: str, text: str, order: str) -> Day:
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
    if _is_solar_hijri(iso, text):
        return Day(cell, wrong=SOLAR_HIJRI, read=False)
    return Day(iso, clock, kept=zone) if iso and _exists(iso) else Day(cell, read=False)


def order_of(cells: Iterable[str]) -> tuple[str, str]:
    """The order in which these cells write day and month, and the question for a person where they do not tell.

    >>> order_of(["03/04/2012", "16/02/2012"]), order_of(["2012-04-03"]), order_of(["03/04/2012"])[0]
    (('day first', ''), ('iso', ''), '')
    """
    found = _orders(cells)
    if _DOTS in found and "" not in found:
        found.setdefault(DAY_FIRST, found[_DOTS])
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


def assumed_from(cells: Iterable[str]) -> str:
    """A cell that is read with the day first for its dots alone, where no cell says so for certain; '' without one.

    >>> assumed_from(["05.09.2021"]), assumed_from(["05.09.2021", "13.09.2021"]), assumed_from(["05/09/2021"])
    ('05.09.2021', '', '')
    """
    found = _orders(cells)
    return "" if DAY_FIRST in found or MONTH_FIRST in found else found.get(_DOTS, "")


def _orders(cells: Iterable[str]) -> dict[str, str]:
    """The orders that cells need, each with the first such cell: '' for what may be two days, `_DOTS` for that with dots."""
    found: dict[str, str] = {}
    against_custom = False
    for cell in cells:
        numbers = _year_last(_TIME.sub("", ascii_digits(cell[:_LONGEST]).strip()))
        if not numbers or numbers.year in _SOLAR_HIJRI_YEARS or numbers.first == numbers.second or min(numbers[:2]) > 12:
            continue
        either = _DOTS if numbers.dots else ""
        needed = DAY_FIRST if numbers.first > 12 else MONTH_FIRST if numbers.second > 12 else either
        found.setdefault(needed, cell.strip())
        against_custom = against_custom or (needed == MONTH_FIRST and numbers.dots)
    # Who writes 04.13.2021 writes against every custom, and may mean 9 May by 05.09.2021.
    if against_custom and _DOTS in found:
        found.setdefault("", found.pop(_DOTS))
    return found


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


class _YearLast(NamedTuple):
    """Day and month in either order, then the year; dots: whether dots stand between them."""

    first: int
    second: int
    year: int
    dots: bool


def _year_last(text: str) -> _YearLast | None:
    if not (found := _YEAR_LAST.fullmatch(text)):
        return None
    first, mark, second, year = (part for part in found.groups() if part)
    return _YearLast(int(first), int(second), int(_whole_year(year)), mark == ".")


def _whole_year(year: str) -> str:
    """A year of two digits as POSIX has it: 69 to 99 are of the last century."""
    return year if len(year) == 4 else f"{'19' if int(year) > 68 else '20'}{year}"


def _is_solar_hijri(iso: str, text: str) -> bool:
    year = re.match(r"\d{4}", iso, re.ASCII)
    words = set(_WORDS.findall(fold(text)))
    return bool(year and int(year[0]) in _SOLAR_HIJRI_YEARS) or bool(
        words & _SOLAR_HIJRI_MONTHS and any(word.isdecimal() for word in words)
    )


def _ordered(cell: str, numbers: _YearLast, order: str) -> Day:
    first, second, year, dots = numbers
    if year in _SOLAR_HIJRI_YEARS:
        return Day(cell, wrong=SOLAR_HIJRI, read=False)
    if order == DAY_FIRST or (order != MONTH_FIRST and (first > 12 or (dots and second <= 12))):
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
    if found := _DAY_UNKNOWN.fullmatch(text):
        return f"{found[1]}-{int(found[2]):02d}" if found[2].isdigit() and int(found[2]) else found[1]
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
    if not years and len(days) == 2 and words[-1] == days[1] and len(days[1]) == 2:
        # "5 Sept 21", "Sep 5, 21": of two short numbers the last is the year.
        days, years = days[:1], [_whole_year(days[1])]
    if len(years) != 1 or len(days) > 1 or len(words) != 2 + len(days):
        return ""
    return f"{years[0]}-{months[0]:02d}" + (f"-{int(days[0]):02d}" if days else "")
