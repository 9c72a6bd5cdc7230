"""Cells that count people, as people write them: a figure, a range, a bound. What is neither is left to be told of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from incident_atlas.core.text import ascii_digits
from incident_atlas.core.unknown_words import UNKNOWN_SIGNS, UNKNOWN_WORDS
from incident_atlas.i18n import _
from incident_atlas.importers.mapping.count_words import NOBODY, counted_people, names_attackers

NOTHING = UNKNOWN_SIGNS | UNKNOWN_WORDS | {""}
"""What a cell of figures, of a date or of a point says when nothing is known, in lower case."""

UNKNOWN_CODES = ("-9", "-99")

_LONGEST = 60  # characters
_NUMBER = r"(\d{1,3}(?:[, \u00a0\u202f'’]\d{3})+|(?!0\d{0,2}\.)\d{1,3}(?:\.\d{3})*\.(?!000)\d{3}|\d{1,7})(?:[.,]0+)?"
# A count has no decimals, so 1.234 is written with a point for the thousands; 1.000 may be either, as its column says.
_PLAIN = re.compile(_NUMBER, re.ASCII)
_RANGE = re.compile(rf"(?:between |from )?{_NUMBER} ?(?:-|–|—|~|to|or|and|à|ou|до|или|bis|oder|تا|یا) ?{_NUMBER}", re.ASCII)
_LEAST = re.compile(
    rf"(?:at least |min\.? |minimum |≥ ?|>= ?|au moins |не менее |mind\.? |mindestens |al menos |حداقل |دست کم |على الأقل ){_NUMBER}|{_NUMBER} ?(?:\+|or more|and more)",
    re.ASCII,
)
_MORE = re.compile(
    rf"(?:more than |over |above |> ?|plus de |более |mehr als |über |más de |بیش از |بیشتر از |أكثر من ){_NUMBER}", re.ASCII
)
_MOST = re.compile(
    rf"(?:up to |at most |max\.? |maximum |≤ ?|<= ?|jusqu'à |до |bis zu |höchstens |hasta |حداکثر ){_NUMBER}", re.ASCII
)
_LESS = re.compile(
    rf"(?:less than |fewer than |under |below |< ?|moins de |менее |weniger als |unter |menos de |کمتر از |أقل من ){_NUMBER}",
    re.ASCII,
)
_ABOUT = re.compile(
    rf"(?:about |around |approx(?:imately|\.)? ?|circa |ca?\. ?|~ ?|≈ ?|some |environ |около |etwa |rund |حدود ){_NUMBER}",
    re.ASCII,
)


_OF_THEM = re.compile(r"([^()]+?) ?\(([^()]*[^\W\d_][^()]*)\)")
"""A figure and what else is said of them in words: "6 (2 children)"."""

THOUSANDS, DECIMALS = "thousands", "decimals"
_EITHER = re.compile(r"(?<![\d.,])([1-9]\d{0,2})\.000(?!\d|[.,]\d)", re.ASCII)
_POINT = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))", re.ASCII)
_OF_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:(?:\.\d{3}){2,}|\.\d{3}(?=,\d)|\.(?!000)\d{3})(?!\d|\.\d)", re.ASCII)
_OF_DECIMALS = re.compile(
    r"(?<![\d.,])(?:0\.0+|\d+\.(?:\d{1,2}|0{4,})|\d{4,}\.0+|\d{1,3}(?:,\d{3})+\.\d+)(?!\d|[.,]\d)", re.ASCII
)


def point_means(cells: Iterable[str]) -> str:
    """What a point in the counts of a column parts, `THOUSANDS` or `DECIMALS`; '' where its cells do not tell, or contradict each other.

    >>> point_means(["1.000", "2.500"]), point_means(["1.000", "0.000"]), point_means(["1.000", "12"])
    ('thousands', 'decimals', '')
    """
    thousands = decimals = False
    for cell in cells:
        if "." in cell:
            text = ascii_digits(cell[:_LONGEST])
            thousands = thousands or _OF_THOUSANDS.search(text) is not None
            decimals = decimals or _OF_DECIMALS.search(text) is not None
    return "" if thousands == decimals else THOUSANDS if thousands else DECIMALS


def needs_point(cells: Iterable[str]) -> bool:
    """Whether a cell says something else with a point for thousands than with one for decimals, or without knowing which.

    >>> needs_point(["1.000", "5"]), needs_point(["1.234", "12.0", "5"])
    (True, False)
    """
    with_points = [cell for cell in cells if "." in cell]
    return any(len({figure(cell, point=point) for point in ("", THOUSANDS, DECIMALS)}) > 1 for cell in with_points)


class Figure(NamedTuple):
    """low, best, high: text of a whole number, or ''. alone: it is one figure, and neither a bound nor about right. kept: the cell
    says more than these. wrong: why the cell is blank though it says something, or ''."""

    low: str = ""
    best: str = ""
    high: str = ""
    alone: bool = False
    kept: bool = False
    wrong: str = ""


def figure(cell: str, column: str = "killed", point: str = "") -> Figure:
    """A cell of this column as a figure. "More than 10" has the low 10 and "about 10" the best 10, and both keep their words in the notes.

    The people of a cell such as "2 soldiers, 1 child" are added up; where attackers may be among them, who are no victims, the cell
    is blank. point: what `point_means` says of the column; without it "1.000" is blank too.

    >>> figure("10-15")[:3], figure("at least 10")[:3], figure("1,234")[:3], figure("n/a")[:3]
    (('10', '', '15'), ('10', '', ''), ('', '1234', ''), ('', '', ''))
    >>> figure("1.234").best, figure("12.0").best, figure("1.5").alone
    ('1234', '12', False)
    >>> figure("2 soldiers, 1 child")[:5], figure("none").best, figure("حداقل ۷").low
    (('', '3', '', True, True), '0', '7')
    >>> figure("6 (2 children)")[:5], figure("5 (7)").alone
    (('', '6', '', True, True), False)
    >>> figure("2 Taliban")[:5], figure("2 Taliban", "attackers_killed").best
    (('', '', '', False, True), '2')
    >>> figure("1.000").wrong, figure("1.000", point=THOUSANDS).best, figure("1.000", point=DECIMALS).best
    ('it may be 1 or 1,000; the cell is blank', '1000', '1')
    >>> figure("dozens")
    Figure(low='', best='dozens', high='', alone=False, kept=True, wrong='')
    """
    if len(cell) > _LONGEST:
        return Figure(best=cell, kept=True)
    text = " ".join(ascii_digits(cell).casefold().split())
    if text in UNKNOWN_WORDS:
        return Figure(wrong=_("it says that no figure is known; the cell is blank"))
    if text in NOTHING:
        return Figure()
    if re.sub(r"\.0+$", "", text) in UNKNOWN_CODES:
        return Figure(wrong=_("it stands for unknown; the cell is blank"))
    if cell.strip() == "None":
        return Figure(kept=True, wrong=_("programs write it for a figure that is not known; the cell is blank"))
    if text in NOBODY:
        return Figure(best="0", alone=True)
    if point == THOUSANDS:
        text = _POINT.sub("", text)
    elif found := _EITHER.search(text):
        if point != DECIMALS:
            reason = _("it may be {small} or {large}; the cell is blank").format(small=found[1], large=f"{found[1]},000")
            return Figure(kept=True, wrong=reason)
        text = _EITHER.sub(r"\1", text)
    if (found := _plain(text)) is not None:
        return found
    numbers = [_plain(number) for number in counted_people(text, column)]
    if column != "attackers_killed" and names_attackers(text):
        return Figure(kept=True, wrong=_("it may count attackers, who are not among the victims; the cell is blank"))
    if len(numbers) == 1 and numbers[0] is not None:
        return numbers[0]._replace(kept=True)
    if numbers and all(number is not None and number.alone for number in numbers):
        return Figure(best=str(sum(int(number.best) for number in numbers)), alone=True, kept=True)
    if (found := _OF_THEM.fullmatch(text)) and (whole := figure(found[1], column, point)) and not whole.wrong:
        most = whole.high or whole.best or whole.low
        if most.isdecimal() and all(int(part) <= int(most) for part in re.findall(r"\d+", found[2])):
            return whole._replace(kept=True)
    return Figure(best=cell, kept=True)


def _plain(text: str) -> Figure | None:
    """A figure, a range or a bound without words for people, or None."""
    if found := _PLAIN.fullmatch(text):
        return Figure(best=_whole(found[1]), alone=True)
    if found := _RANGE.fullmatch(text):
        low, high = _whole(found[1]), _whole(found[2])
        # 15-10 may be anything: a date, a score.
        return Figure(low, "", high) if int(low) <= int(high) else None
    for pattern, end, kept in (
        (_LEAST, "low", False),
        (_MORE, "low", True),
        (_MOST, "high", False),
        (_LESS, "high", True),
        (_ABOUT, "best", True),
    ):
        if found := pattern.fullmatch(text):
            return Figure(**{end: _whole(next(filter(None, found.groups())))}, kept=kept)
    return None


def _whole(number: str) -> str:
    return str(int(re.sub(r"\D", "", number)))
