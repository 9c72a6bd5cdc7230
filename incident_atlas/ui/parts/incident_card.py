"""One incident beside the map: what happened, how sure each part is, and who says so. All text made harmless."""

from __future__ import annotations

import pandas as pd

from incident_atlas.core.formatting import format_figure
from incident_atlas.core.schema import split
from incident_atlas.core.text import day, safe_text, safe_url
from incident_atlas.core.vocabulary import ATTRIBUTION_MEANING, KNOWN_TO, RADIUS_M, UNKNOWN
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo import geocoding
from incident_atlas.i18n import _

_MOST_REPORTS = 12
_OF_A_STATE = {"claimed": _("claimed by the state"), "denied": _("denied by the state")}
"""What an attribution means where a state is named: it is no group."""


def card(one: pd.Series, loaded: Loaded) -> str:
    """The incident as HTML: first what a reader asks first, then the story, then the rest and the sources."""
    return f"<div class='atlas-card'><h3>{safe_text(one['title'])}</h3>{story(one, loaded)}{_reports(one, loaded.reports)}</div>"


def story(one: pd.Series, loaded: Loaded) -> str:
    """What happened, without title and reports, as HTML."""
    summary = f"<p>{safe_text(one['summary'], 1500)}</p>" if one["summary"] else ""
    return f"{_table(_first(one, loaded))}{summary}{_table(_rest(one, loaded))}"


def lead(one: pd.Series) -> str:
    """Day, place, and who and how sure, as one line of text."""
    area = one["city"] or one["district"] or one["province"] or _("no known location")
    return " · ".join((when(one), area, perpetrator(one)))


def facts(one: pd.Series, loaded: Loaded) -> str:
    """What `lead` and the figures leave out, with the summary first, as HTML."""
    summary = f"<p>{safe_text(one['summary'], 1500)}</p>" if one["summary"] else ""
    rows = [(_("Where"), where(one, loaded)), (_("Target hit"), _target(one)), *_rest(one, loaded)]
    return f"<div class='atlas-card'>{summary}{_table(rows)}</div>"


def _table(rows: list[tuple[str, str]]) -> str:
    facts = "".join(f"<dt>{name}</dt><dd>{safe_text(text, 1500)}</dd>" for name, text in rows if text)
    return f"<dl>{facts}</dl>"


def _first(one: pd.Series, loaded: Loaded) -> list[tuple[str, str]]:
    return [
        (_("When"), when(one)),
        (_("Where"), where(one, loaded)),
        (_("Target hit"), _target(one)),
        (_("Perpetrator"), perpetrator(one)),
        (_("Killed"), figure(one, "killed")),
        (_("Wounded"), figure(one, "wounded")),
    ]


def _rest(one: pd.Series, loaded: Loaded) -> list[tuple[str, str]]:
    aimed_at = [one["intended_target"], _terms(one["intended_target_type"]), _terms(one["intended_target_country"])]
    several = len(loaded.options.get("origin", ())) > 1
    joined = [f"{incident_id} ({origin})" for origin, incident_id in loaded.joined.get(one["incident_id"], ())]
    attack = one["attack_type"], _terms(one["weapon"]), one["outcome"] or _("outcome not stated")
    return [
        (_("Intended target"), " · ".join(filter(None, aimed_at))),
        (_("Attack"), ", ".join(filter(None, attack))),
        (_("Note"), one["notes"]),
        (_("Located"), located(one)),
        (_("Last checked"), checked(one)),
        (_("Data set"), _terms(one["origin"]) if several else ""),
        ("Id", one["incident_id"]),
        (_("Joined of"), ", ".join(joined)),
    ]


def when(one: pd.Series) -> str:
    """The day as well as it is known, to which day it lasted, and the hour."""
    text = day(one["date"], one["date_precision"])
    if pd.notna(one["date_end"]) and one["date_end"] > one["date"]:
        text += _(" to {date_end}").format(date_end=day(one["date_end"]))
    return text + (_(", {time_local} local time").format(time_local=one["time_local"]) if one["time_local"] else "")


def where(one: pd.Series, loaded: Loaded) -> str:
    """The place as reported, and how well it is known."""
    place = ", ".join(dict.fromkeys(filter(None, (one["place"], one["city"], one["district"], one["province"]))))
    if one["found_by"] == geocoding.NOT_FOUND:
        return _("{place}; not on the map").format(place=place or _("no place reported"))
    return f"{place or _('no place reported')}; {known_to(one)}"


def known_to(one: pd.Series) -> str:
    """How well its place is known, with the radius that stands for it."""
    radius = RADIUS_M[one["geo_precision"]]
    about = f"{radius:,} m" if radius < 1000 else _("{radius:g} km").format(radius=radius / 1000)
    return _("known to {known_to} (within about {about})").format(known_to=KNOWN_TO[one["geo_precision"]], about=about)


def located(one: pd.Series) -> str:
    """How its point on the map was found; '' where it has none."""
    if one["found_by"] == geocoding.NOT_FOUND:
        return ""
    if one["found_by"] in geocoding.FINAL_METHODS:
        return _(one["found_by"])
    level = one["found_by"].partition(": ")[0]
    return _("from the {level} name (match {found_score:.0f} of 100)").format(level=level, found_score=one["found_score"])


def perpetrator(one: pd.Series) -> str:
    """Who, whether a state or a group, and the attribution with its meaning."""
    kind = "" if one["actor_kind"] == "unknown" else _terms(one["actor_kind"])
    if one["perpetrator"] == UNKNOWN:
        return _("No group named") + (f"; {kind}" if kind else "")
    attribution = one["attribution"]
    meanings = ATTRIBUTION_MEANING | (_OF_A_STATE if one["actor_kind"] == "state forces" else {})
    return f"{_terms(one['perpetrator'])}{kind and f' ({kind})'}, {meanings.get(attribution, attribution)}"


def checked(one: pd.Series) -> str:
    """When the row was last read against a report, and which."""
    date, _unused, source = one["checked"].partition(" ")
    return _(" against ").join(filter(None, (day(pd.Timestamp(date)), source))) if date else _("never")


def aimed(one: pd.Series) -> str:
    """Who was aimed at and who was hit, in a sentence, for an incident where they are thought to differ."""
    meant = one["intended_target"] or _terms(one["intended_target_type"])
    return _("Hit: {target_name}. Probably intended: {meant}.").format(
        target_name=one["target_name"] or _terms(one["target_type"]), meant=meant
    )


def _terms(cell: str) -> str:
    return ", ".join(split(cell))


def _target(one: pd.Series) -> str:
    kind = one["target_subtype"] or one["target_type"]
    return " · ".join(filter(None, (one["target_name"], _terms(kind), _terms(one["target_country"]), one["target_community"])))


def figure(one: pd.Series, kind: str) -> str:
    """Killed or wounded as a range, and who may be counted in it."""
    words = format_figure(one[f"{kind}_low"], one[kind], one[f"{kind}_high"])
    return "; ".join((words, *(counted(one) if kind == "killed" else ())))


def counted(one: pd.Series) -> list[str]:
    """Whether attackers are among the killed, and how many of them died."""
    notes = [_("attackers may be counted")] if one["killed_counts"] == "all" else []
    dead = one["attackers_killed"]
    return notes + ([_("attackers killed: {attackers_killed:.0f}").format(attackers_killed=dead)] if dead > 0 else [])


def _reports(one: pd.Series, reports: pd.DataFrame) -> str:
    mine = reports[reports["incident_id"] == one["incident_id"]] if len(reports) else reports
    if not len(mine):
        return f"<p>{_('There are no reports for this incident.')}</p>"
    items = "".join(f"<li>{_report(report)}</li>" for report in mine.head(_MOST_REPORTS).to_dict("records"))
    more = f"<p>{_('and {count} more reports').format(count=len(mine) - _MOST_REPORTS)}</p>" if len(mine) > _MOST_REPORTS else ""
    return f"<p><b>{_('Who says so')}</b></p><ul>{items}</ul>{more}"


def _report(report: dict[str, str]) -> str:
    summary = f": {safe_text(report['says'], 600)}" if report["says"] else ""
    return publisher(report) + summary


def publisher(report: dict) -> str:
    """Publisher and agency of a report as HTML, linked; an address that is not http or https stands beside it as text."""
    language = f" [{report['language']}]" if report["language"] not in ("", "en") else ""
    name = safe_text(report["publisher"] + (f" ({report['agency']})" if report["agency"] else "") + language)
    if url := safe_url(report["url"]):
        return f"<a href='{safe_text(url, 2000)}' target='_blank' rel='noopener noreferrer'>{name}</a>"
    return f"{name} <small>[{safe_text(report['url'], 200)}]</small>" if report["url"] else name
