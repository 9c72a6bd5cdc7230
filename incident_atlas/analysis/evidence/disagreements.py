"""Where reports of one incident differ, and who says what, as sentences for people.

The sentences are plain text with names from the record in them: a page passes them through `safe_text`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import combinations
from operator import attrgetter
from typing import NamedTuple

from incident_atlas.analysis.evidence import reports as compare
from incident_atlas.analysis.evidence.reports import About, Testimony, bounds, independent, silent
from incident_atlas.core.text import day, listed, plain
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.i18n import _

NOBODY_NAMED = _("no group named")
_MOST_NAMES = 5
_DENIES = re.compile(r"\b(no|nobody|none|nor|neither|without|not|unhurt|unharmed)\b", re.I)
_HURT = re.compile(r"casualt|victim|wound|injur|hurt|harm|concuss|kill|dead|death|died", re.I)

Pair = tuple[Testimony, Testimony]


class Point(NamedTuple):
    """Something on which reports may differ: its heading, its name in a sentence, when they do, what one of them says.

    figures: the low and the high of a report, where the point is a count.
    """

    head: str
    name: str
    differ: Callable[[Testimony, Testimony, About], bool]
    says: Callable[[Testimony], str]
    figures: Callable[[Testimony], tuple[float, float]] | None = None


def contests(testimonies: Sequence[Testimony], about: About) -> list[tuple[Point, Pair]]:
    """The points on which independent reports contradict one another, each with two that do: of counts, the farthest apart."""
    found = []
    for point in POINTS:
        # Reports of one source that say the same are one: many papers print one agency's story.
        distinct = list({(each.key, each.origin, words): each for each in testimonies if (words := point.says(each))}.values())
        if len({point.says(each) for each in distinct}) < 2:
            continue
        opposed = (pair for pair in pairs(distinct) if point.differ(*pair, about))
        shown = max(opposed, key=partial(_apart, point), default=None) if point.figures else next(opposed, None)
        if shown:
            found.append((point, shown))
    return found


def contest(point: Point, pair: Pair) -> str:
    """Two reports and their difference, as part of a sentence, the lower count first."""
    one, other = sorted(pair, key=lambda each: bounds(point.figures(each))) if point.figures else pair
    return _("{name} and {other_name} disagree on {point} ({says} against {other_says})").format(
        name=one.name, other_name=other.name, point=point.name, says=point.says(one), other_says=point.says(other)
    )


def pairs(testimonies: Iterable[Testimony]) -> Iterator[Pair]:
    """Every two reports that are independent of one another."""
    return (pair for pair in combinations(testimonies, 2) if independent(*pair))


def sentences(testimonies: Sequence[Testimony], about: About, counts: bool = True) -> list[str]:
    """Every difference between the reports, and within one of them; reference works and copies included.

    counts: whether ranges of the killed and wounded are among them.
    """
    languages: dict[str, set[str]] = {}
    for each in testimonies:
        languages.setdefault(each.name, set()).add(each.language)
    # One publisher may say two things in two languages; then the language tells its reports apart.
    labelled = [
        each._replace(name=f"{each.name} [{each.language}]") if len(languages[each.name]) > 1 else each for each in testimonies
    ]
    found = [
        _toll(point, labelled) if point.figures else _groups(point, labelled, about)
        for point in POINTS
        if counts or not point.figures
    ]
    counted = [(point, each) for point in POINTS if point.figures for each in labelled]
    within = [_contradiction(*count) for count in counted if _contradicts_itself(*count)]
    return [sentence for sentence in [*found, *within] if sentence]


def names(testimonies: Iterable[Testimony]) -> str:
    """Who says so, as a phrase: each once, and a count instead of a long list."""
    distinct = list(dict.fromkeys(each.name for each in testimonies))
    more = len(distinct) - _MOST_NAMES
    return listed(distinct) if more < 2 else listed([*distinct[:_MOST_NAMES], _("{more} more").format(more=more)])


def _groups(point: Point, testimonies: Sequence[Testimony], about: About) -> str:
    groups: dict[str, list[Testimony]] = {}
    for each in testimonies:
        if words := point.says(each):
            groups.setdefault(words, []).append(each)
    one_of_each = [group[0] for group in groups.values()]
    differ = _named_differently if point.differ is compare.perpetrators_differ else point.differ
    if not any(differ(*pair, about) for pair in combinations(one_of_each, 2)):
        return ""
    # What is said before what is not: the sort keeps the order of the reports otherwise.
    order = sorted(groups, key=lambda words: words == NOBODY_NAMED)
    return f"{point.head}: {'; '.join(f'{words} ({names(groups[words])})' for words in order)}."


def _named_differently(one: Testimony, other: Testimony, about: About) -> bool:
    """Told to readers, though no contest: that one names nobody, a part for the whole, a denial beside another name."""
    return one.named != other.named


def _toll(point: Point, testimonies: Sequence[Testimony]) -> str:
    """The range of a count over all reports, with who gives its ends."""
    with_figure = [each for each in testimonies if not silent(point.figures(each))]
    if len({str(point.figures(each)) for each in with_figure}) < 2:
        return ""
    lowest = min(_bottom(point, each) for each in with_figure)
    highest = max(bounds(point.figures(each))[1] for each in with_figure)
    open_end = math.isinf(highest)
    top = max(_top(point, each) for each in with_figure)
    low_by = names(each for each in with_figure if _bottom(point, each) == lowest)
    # When the highest figure is itself a least one ("more than 150"), only those who leave it open say "or more".
    high_by = [each for each in with_figure if _top(point, each) == top]
    more = _(" or more") if open_end and any(math.isinf(bounds(point.figures(each))[1]) for each in high_by) else ""
    if lowest == top:
        return ""
    return _("{head}: {lowest} ({low_by}) to {top:,.0f}{more} ({names}).").format(
        head=point.head,
        lowest="nobody" if lowest == 0 else f"{lowest:,.0f}",
        low_by=low_by,
        top=top,
        more=more,
        names=names(high_by),
    )


def _contradicts_itself(point: Point, each: Testimony) -> bool:
    """It has nobody as its low and leaves more open, and its own words deny that anybody was hurt.

    The words are asked as well, because a low of 0 may only mean that all of the dead may have been attackers.
    """
    low, high = point.figures(each)
    return low == 0 and high != 0 and bool(_DENIES.search(each.says) and _HURT.search(each.says))


def _contradiction(point: Point, each: Testimony) -> str:
    says = plain(each.says, 600).rstrip(". ")
    return _("{head}: one and the same report ({name}) says that nobody was hurt, and more than that: “{says}”.").format(
        head=point.head, name=each.name, says=says
    )


def _bottom(point: Point, each: Testimony) -> float:
    low, high = point.figures(each)
    return high if math.isnan(low) else low


def _top(point: Point, each: Testimony) -> float:
    low, high = point.figures(each)
    return low if math.isnan(high) else high


def _apart(point: Point, pair: Pair) -> float:
    """How far apart the counts of two reports are."""
    one, other = (_bottom(point, each) for each in pair)
    return abs(one - other)


def _count(figures: tuple[float, float]) -> str:
    """A count as one report gives it.

    >>> _count((0.0, 0.0)), _count((90.0, float("nan"))), _count((8.0, 12.0)), _count((float("nan"), 5.0))
    ('nobody', '90 or more', '8–12', 'up to 5')
    """
    if silent(figures):
        return ""
    low, high = figures
    if high == 0:
        return "nobody"
    if math.isnan(high):
        return _("{low:,.0f} or more").format(low=low)
    if math.isnan(low):
        return _("up to {high:,.0f}").format(high=high)
    return f"{low:,.0f}" if low == high else f"{low:,.0f}–{high:,.0f}"


def _who(each: Testimony) -> str:
    if not each.perpetrator and each.attribution != "unknown":
        return ""
    if not each.perpetrator - {UNKNOWN}:
        return NOBODY_NAMED
    return ", ".join(filter(None, (plain(listed(sorted(each.perpetrator), "or"), 160), plain(each.attribution, 20))))


POINTS = (
    Point(_("Date"), _("the date"), compare.dates_differ, lambda each: day(each.date) if each.date else ""),
    Point(_("Place"), _("the place"), compare.places_differ, lambda each: plain(each.place, 160)),
    Point(_("Kind of attack"), _("the kind of attack"), compare.kinds_differ, lambda each: plain(each.attack_type, 60)),
    Point(_("Perpetrator"), _("the perpetrator"), compare.perpetrators_differ, _who),
    Point(_("Killed"), _("the number killed"), compare.killed_differ, lambda each: _count(each.killed), attrgetter("killed")),
    Point(
        _("Wounded"), _("the number wounded"), compare.wounded_differ, lambda each: _count(each.wounded), attrgetter("wounded")
    ),
)
