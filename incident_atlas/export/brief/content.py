"""What a brief says, as plain values without any look: `make` asks the record, the writers of PDF and Word lay it out.

Every text is plain and bounded in length: nothing of it is markup, and two pages hold it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from incident_atlas.analysis import compare, compare_text, coverage, nearby, nearby_text, summary
from incident_atlas.analysis.evidence import grade as evidence
from incident_atlas.analysis.periods import Period
from incident_atlas.core.data_sets import Origin
from incident_atlas.core.formatting import figure_parts
from incident_atlas.core.schema import split
from incident_atlas.core.text import counted, counted_incidents, day, drawable, listed, plain, safe_url
from incident_atlas.core.vocabulary import GEO_PRECISIONS, PRECISE, UNKNOWN
from incident_atlas.dataset import headline_text, paging
from incident_atlas.dataset.citation import cite, version
from incident_atlas.dataset.companion_tables import kind_of
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.query import MOST_ROWS
from incident_atlas.dataset.query import rows as rows_of
from incident_atlas.dataset.totals import Headline
from incident_atlas.errors import TooMany
from incident_atlas.export.brief import LONGEST_TITLE
from incident_atlas.export.view_citation import ViewCitation
from incident_atlas.i18n import _, ngettext

MOST_DEADLIEST = 10
LONGEST_ADDRESS = 4000
MOST_SOURCES = 2
"""Sources named for an incident; the number of all is said."""
MOST_BREAKS = 4

COLUMNS = (*summary.COLUMNS, "geo_precision", "latitude", "longitude")
"""What a brief reads of the visible incidents, for `Filters.apply(columns=...)`."""


@dataclass(frozen=True)
class Footnote:
    """A numbered source. url: http or https, or None."""

    number: int
    text: str
    url: str | None


@dataclass(frozen=True)
class DeadlyIncident:
    """One of the deadliest incidents. killed, wounded: figure and range, '' for none. sure: attribution and grade of the evidence. sources: numbers of `Brief.sources`; more: those not named."""

    day: str
    title: str
    place: str
    killed: tuple[str, str]
    wounded: tuple[str, str]
    who: str
    sure: str
    sources: tuple[int, ...]
    more: int


@dataclass(frozen=True)
class Brief:
    """A brief. first, last: the days it covers, None for a record without incidents. comparison: a heading and a sentence.

    caution: what must be known of the comparison. uncertain: a sentence each. about: labelled lines on data and version. version: of
    the data, as `citation.version` names it. left_out: what a record too large to be read whole could not be asked, '' for nothing.
    """

    title: str
    sentence: str
    record: str
    made: date
    incidents: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    figures: tuple[headline_text.KeyFigure, ...]
    comparison: tuple[str, str]
    caution: str
    deadliest: tuple[DeadlyIncident, ...]
    deadliest_note: str
    sources: tuple[Footnote, ...]
    uncertain: tuple[str, ...]
    about: tuple[tuple[str, str], ...]
    link: str
    version: str
    left_out: str

    @property
    def list_title(self) -> str:
        """What stands over the incidents: few are all listed, of many the deadliest."""
        return _("The incidents, newest first") if self.incidents <= MOST_DEADLIEST else _("The deadliest incidents")


def make(
    loaded: Loaded,
    chosen: Filters,
    link: str,
    today: date,
    title: str = "",
    shown: tuple[Origin, ...] | None = None,
    visible: Any = None,
) -> Brief:
    """The brief of what a filter leaves of a record, of any engine.

    link: the address of the view. title: instead of the one made from the filter. shown: the data sets that are left, all when None.
    visible: the incidents under the filter, where they are at hand; `Filters.apply` of the record otherwise.
    """
    visible = chosen.apply(loaded.incidents, columns=COLUMNS) if visible is None else visible
    head = summary.headline(visible)
    sentence = headline_text.filter_sentence(loaded, chosen, head)
    citation = cite(loaded, sentence, link, head, shown, chosen)
    # Only the shipped record is known to hold attacks alone, and those of one country.
    shipped = loaded.source.shipped and len(loaded.origins) == 1
    if shipped:
        what = _("Armed attacks") if chosen.city or chosen.province or chosen.country else _("Armed attacks in Afghanistan")
    else:
        what = _("Incidents")
    first, last = _span(chosen, loaded)
    comparison, caution, left_out = _comparison(loaded, chosen, first, last)
    deadliest, sources = _deadliest(loaded, visible, head.incidents)
    view = ViewCitation.of(citation, today)
    cite_as = _("{record}: {sentence} Accessed {today}.").format(record=view.record, sentence=view.sentence, today=day(today))
    about = [(_("Coverage"), exposure(loaded, chosen).note())] if first is not None else []
    about += [(_("Cite as"), cite_as), (_("Data version"), f"sha256 {citation.sha256}")]
    about += [(_("Withheld"), citation.discretion)] if citation.discretion else []
    about += [
        (_("Data sets"), _("{citation} Terms: {terms}").format(citation=one.citation, terms=one.terms))
        for one in citation.data_sets[:3]
    ]
    if len(citation.data_sets) > 3:
        message = _("and {count} more; the tables of the same view name all of them.")
        about.append((_("Data sets"), message.format(count=len(citation.data_sets) - 3)))
    return Brief(
        _text(title or headline_text.heading(chosen, *loaded.source.days(), what, LONGEST_TITLE), LONGEST_TITLE),
        _text(sentence, 420),
        _text(citation.name(), 160),
        today,
        head.incidents,
        first,
        last,
        _figures(head),
        comparison,
        caution,
        deadliest,
        _deadliest_note(head, len(deadliest)),
        sources,
        tuple(_uncertain(loaded, chosen, visible, head, first, last)),
        tuple((label, _text(text, 600)) for label, text in about),
        _address(link),
        version(citation.sha256),
        left_out,
    )


def _figures(head: Headline) -> tuple[headline_text.KeyFigure, ...]:
    """The headline's figures; below each the same without its largest incident, where that makes too much of it."""
    pairs = zip(headline_text.key_figures(head), headline_text.without_largest(head), strict=True)
    return tuple(replace(one, note="; ".join(filter(None, (one.note, rest)))) for one, rest in pairs)


def _address(url: str) -> str:
    """An address to print and to follow; '' for one that is no address of a page or too long, because a cut one leads elsewhere."""
    return safe_url(_text(url, LONGEST_ADDRESS)) or "" if len(url) <= LONGEST_ADDRESS else ""


def _text(value: object, longest: int) -> str:
    return plain(" ".join(drawable(str(value)).split()), longest)


def _span(chosen: Filters, loaded: Loaded) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """The days that the brief covers: those of the filter, as far as the record goes where it names none."""
    first, last = loaded.source.first, loaded.source.last
    if first is None:
        return None, None
    since = first if chosen.since is None else pd.Timestamp(chosen.since)
    until = last if chosen.until is None else pd.Timestamp(chosen.until)
    return (since, until) if since <= until else (since, since)


# --- the period before


def _comparison(
    loaded: Loaded, chosen: Filters, first: pd.Timestamp | None, last: pd.Timestamp | None
) -> tuple[tuple[str, str], str, str]:
    """Heading and sentence on the period of the same length before; the caution beside it; what is left out."""
    heading = _("Against the period before")
    if first is None or not (chosen.since or chosen.until):
        return (heading, _("The brief covers the whole record, so there is no period before it.")), "", ""
    if first > loaded.source.last:
        return (heading, _("The record holds no day of this period.")), "", ""
    collected = exposure(loaded, chosen).last
    if first > collected:
        # Incidents of these days are listed, but nobody looked for all of them.
        return (heading, _("Collected to {day}; not compared after it.").format(day=day(collected))), "", ""
    second = Period(max(first, loaded.source.first).date(), min(last, collected).date())
    if second.days < 1 or chosen.since is None or first <= loaded.source.first:
        return (heading, _("The record does not go back before this period.")), "", ""
    before = Period(second.first - timedelta(days=second.days), second.first - timedelta(days=1))
    heading = _("Against the {days} before").format(days=counted(before.days, "{n} day", "{n} days"))
    try:
        found = compare.compare(loaded, chosen, before, second)
    except TooMany:
        reason = _("The comparison with the period before is left out: it needs more than {most_rows:,} single incidents.")
        return (heading, _("Not compared.")), "", reason.format(most_rows=MOST_ROWS)
    except ValueError as trouble:
        return (heading, _text(trouble, 300)), "", ""
    # The heading and the sentence say the criteria; here they would cut off the reason.
    return (heading, _text(compare_text.answer_sentence(replace(found, criteria="")), 480)), _text(_caution(found), 320), ""


def _caution(found: compare.Comparison) -> str:
    """How much of it rests on sources that cover both periods, or that the record covers one of them in part."""
    cut = []
    if found.first.days < found.second.days:
        cut = [_("The record covers {days} of the period before.").format(days=counted(found.first.days, "{n} day", "{n} days"))]
    return " ".join(filter(None, (*cut, compare_text.main_caution(found))))


# --- the deadliest


def _deadliest(loaded: Loaded, visible: Any, incidents: int) -> tuple[tuple[DeadlyIncident, ...], tuple[Footnote, ...]]:
    ask = paging.newest if incidents <= MOST_DEADLIEST else paging.deadliest
    rows = ask(visible, MOST_DEADLIEST)
    found = loaded.at(rows).set_index("row", drop=False)
    known = loaded.reports["publisher"].value_counts() if len(loaded.reports) else pd.Series(dtype="int64")
    sources: list[Footnote] = []
    entries = []
    for row in rows:
        one = found.loc[row]
        reports = evidence.reports_of(one, loaded.reports)
        named = list(_sources(reports, known, len(sources)))
        sources += named
        entries.append(_deadly(one, reports, tuple(source.number for source in named)))
    return tuple(entries), tuple(sources)


def _deadly(one: pd.Series, reports: pd.DataFrame, numbers: tuple[int, ...]) -> DeadlyIncident:
    place = (
        ", ".join(dict.fromkeys(filter(None, (str(one[name]) for name in ("city", "province")))))
        or str(one["country"])
        or _("place not known")
    )
    names = split(str(one["perpetrator"]))
    who = listed(names, "or") if names and names != [UNKNOWN] else _("No group named")
    sure = [str(one["attribution"])] if names and names != [UNKNOWN] and str(one["attribution"]) else []
    killed, wounded = (
        figure_parts(*(one[f"{what}{end}"] for end in ("_low", "", "_high")), blank=_("not reported"))
        for what in ("killed", "wounded")
    )
    when = day(one["date"], one["date_precision"], short=True)
    sure.append(_("event: {graded}").format(graded=evidence.grade(one, reports).name.lower()))
    title, place, who, known = _text(one["title"], 110), _text(place, 50), _text(who, 60), _text("; ".join(sure), 60)
    more = max(reports["publisher"].nunique() - len(numbers), 0) if len(reports) else 0
    return DeadlyIncident(when, title, place, killed, wounded, who, known, numbers, more)


_KINDS = ("agency", "government", "organisation", "research", "news", "other", "blog", "", "reference")
"""Kinds of publishers in the order in which a brief names them: those that report by themselves before works of reference."""


def _sources(reports: pd.DataFrame, known: pd.Series, before: int) -> Iterator[Footnote]:
    """The publishers that stand for an incident: by kind, then those that report most of the record. known: reports of each publisher."""
    if not len(reports):
        return
    each = reports.drop_duplicates("publisher")
    names = each["publisher"].astype("str")
    ranks = {kind: n for n, kind in enumerate(_KINDS)}
    kinds = [ranks.get(kind_of(name), ranks["other"]) for name in names]
    rank = pd.DataFrame({"kind": kinds, "known": [-int(known.get(name, 0)) for name in names]}, each.index)
    each = each.loc[rank.sort_values(["kind", "known"], kind="stable").index].head(MOST_SOURCES)
    for n, (_unused, report) in enumerate(each.iterrows(), before + 1):
        published = report["published"] if not pd.isna(report["published"]) else None
        title = _text(report["title"], 80)
        parts = [_text(report["publisher"], 60), f"“{title}”" if title else "", day(published) if published is not None else ""]
        yield Footnote(n, ", ".join(filter(None, parts)) or _("A report without a publisher"), _address(report["url"]) or None)


def _deadliest_note(head: Headline, n: int) -> str:
    if n:
        return ""
    if not head.incidents:
        return _("No incident is in this selection.")
    if head.killed.unknown:
        return _("No incident of this selection has a best figure of the killed; some may have killed somebody.")
    return _("No incident of this selection is reported to have killed anybody.")


# --- what is uncertain


def _uncertain(
    loaded: Loaded, chosen: Filters, visible: Any, head: Headline, first: pd.Timestamp | None, last: pd.Timestamp | None
) -> Iterator[str]:
    """Figures that nobody gives, those of other targets, places that are not precise, more in a circle, sources that begin or end."""
    n = head.incidents
    if not n:
        yield _(
            "No incident is recorded here. That is no evidence that nothing happened: the record holds what was reported and found."
        )
    else:
        killed, wounded = head.killed.without_figure, head.wounded.without_figure
        open_end = _(" The totals have no upper end where a source gives none.") if head.killed.at_least else ""
        missing = _(
            "No figure for the killed is reported in {killed}, for the wounded in {wounded}; they are not counted as zero.{open_end}"
        )
        if not killed + wounded:
            missing = _("Every incident has a figure for the killed and for the wounded.{open_end}")
        yield missing.format(killed=_share(killed, n), wounded=_share(wounded, n), open_end=open_end)
        yield from filter(None, [_of_other_targets(loaded, chosen)])
        precise = summary.by_precision(visible)
        coarse = sum(precise[name] for name in GEO_PRECISIONS if name not in PRECISE)
        nowhere = ""
        if head.unplaced:
            nowhere = ngettext(
                " {have} no known location and is not on the map.",
                " {have} no known location and are not on the map.",
                head.unplaced,
            ).format(have=counted(head.unplaced, "{n} incident has", "{n} incidents have"))
        yield _("The place is known only to the city, the district or less well in {coarse}.{nowhere}").format(
            coarse=_share(coarse, n), nowhere=nowhere
        )
    yield from filter(None, [_possibly_near(loaded, chosen)])
    found = coverage.breaks(loaded.coverage, Period(first.date(), last.date())) if first is not None else ()
    if found:
        until, since = _("{source} (to {day})"), _("{source} (from {day})")
        breaks = [
            (until if one.ends else since).format(source=_text(one.source, 60), day=day(one.day)) for one in found[:MOST_BREAKS]
        ]
        more = _(" and {count} more").format(count=len(found) - MOST_BREAKS) if len(found) > MOST_BREAKS else ""
        sources = listed(breaks) if not more else ", ".join(breaks) + more
        yield _("Sources that begin or stop in this period: {sources}. Fewer reports are not fewer attacks.").format(
            sources=sources
        )
    elif len(loaded.coverage):
        yield _("No source is known to begin or stop in this period. Fewer reports are still not fewer attacks.")
    else:
        yield _("What the sources of this file covered and when is not stated. Fewer reports are not fewer attacks.")


def _of_other_targets(loaded: Loaded, chosen: Filters) -> str:
    """Under a filter by target: that the totals are of whole incidents, where some also hit others; else ''."""
    column = summary.target_column(chosen)
    if column is None:
        return ""
    incidents = chosen.apply(loaded.incidents, columns=tuple(dict.fromkeys((*summary.COLUMNS, column))))
    return headline_text.other_targets(*summary.other_targets(incidents, column, getattr(chosen, column)))


def _possibly_near(loaded: Loaded, chosen: Filters) -> str:
    """Under a filter by a circle: how many more may lie in it, because their place is known less well; '' for none."""
    circle = chosen.near
    if circle is None or circle.km is None:
        return ""
    try:
        incidents = rows_of(chosen.without("near").apply(loaded.incidents, columns=nearby.COLUMNS))
    except TooMany:
        return _(
            "More may lie in the circle, known only to the city or the district; in a record this large they are not counted."
        )
    possibly = nearby.around(incidents, circle.latitude, circle.longitude, circle.km, circle.key).possibly
    if not len(possibly):
        return ""
    message = _("{possible} more may lie in the circle and are in none of the figures: {reasons}.")
    return message.format(possible=f"{len(possibly):,}", reasons=_text(", ".join(nearby_text.reasons(possibly)), 240))


def _share(part: int, of: int) -> str:
    """A part of the incidents with its share: 134 of 529 incidents (25 %)."""
    if not part:
        return counted_incidents(0)
    share = 100 * part / of
    if 1 <= share <= 99 or part == of:
        rounded = f"{share:.0f}"
    else:
        rounded = _("less than 1") if share < 1 else _("more than 99")
    return _("{part:,} of {incidents} ({share} %)").format(part=part, incidents=counted_incidents(of), share=rounded)
