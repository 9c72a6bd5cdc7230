"""How a file's figures are known: round numbers, words that were turned into numbers, and whose dead they count."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import binom

from incident_atlas.core.text import counted, counted_incidents
from incident_atlas.curation.quality.section import CHANCE, Section, shares
from incident_atlas.i18n import _

_WORDS = {3: _("several or many"), 10: _("several or many"), 12: "dozens", 100: "hundreds"}
"""What ACLED writes for words of its sources (Codebook, section on fatalities)."""


def sections(incidents: pd.DataFrame, format: str) -> list[Section]:
    """The findings on figures of at least one incident; format: key of the data set."""
    found = [*([_words(incidents)] if format == "acled" else []), *(_round(incidents, kind) for kind in ("killed", "wounded"))]
    return [part for part in (*found, _whose(incidents)) if part]


def _words(incidents: pd.DataFrame) -> Section:
    """ACLED's figures that may stand for a word; its 0 is no figure here, because it also means that none was reported."""
    low, whole = incidents["killed_low"], len(incidents)
    counts = [int(incidents["killed_none"].sum()), *(int((low == figure).sum()) for figure in _WORDS)]
    names = [
        _("no figure: 0, or none reported"),
        *(_("{figure}: may stand for “{word}”").format(figure=figure, word=word) for figure, word in _WORDS.items()),
    ]
    sentence = _("{figures} of the dead may be a word of a source turned into a number; ").format(
        figures=counted(sum(counts[1:]), "{n} figure", "{n} figures")
    )
    sentence += _("{incidents} have none, where ACLED writes 0 also for no information.").format(
        incidents=counted_incidents(counts[0])
    )
    return Section(_("Figures that may be words"), sentence, shares(names, counts, whole, _("Killed")))


def _round(incidents: pd.DataFrame, kind: str) -> Section | None:
    """Multiples of ten against the figures beside them, 9 and 11, 19 and 21: small figures are many and large ones few, so that
    one in ten is not what counting makes, but neighbours are alike."""
    figure = incidents[kind].fillna(incidents[f"{kind}_low"]).fillna(incidents[f"{kind}_high"])
    last_digit = np.mod(figure[figure >= 9].to_numpy(), 10)
    tens, beside = int((last_digit == 0).sum()), int(np.isin(last_digit, (1, 9)).sum())
    if not tens + beside:
        return None
    sentence = _("{multiples} of ten, where the figures beside them (9 and 11, 19 and 21 ...) would make about ").format(
        multiples=counted(tens, "{n} multiple", "{n} multiples")
    )
    sentence += f"{beside / 2:,.0f}."
    # Of three neighbours each is as likely, and the middle one rather less so where figures thin out.
    if binom.sf(tens - 1, tens + beside, 1 / 3) < CHANCE:
        sentence += _(" Some are estimates.")
    rows = [(_("multiples of ten"), tens), (_("one below or above"), beside)]
    return Section(_("Round figures, {kind}").format(kind=kind), sentence, pd.DataFrame(rows, columns=["Figures", "Incidents"]))


def _whose(incidents: pd.DataFrame) -> Section:
    silent = (incidents["killed_none"] & incidents["wounded_none"]).astype(bool)
    counting_rules = incidents.loc[~silent, "killed_counts"]
    counts = counting_rules.astype("str").value_counts().reindex(["victims", "all", ""], fill_value=0)
    sentence = _("Of {incidents} with a figure, {victims:,} count victims alone, {all:,} may count ").format(
        incidents=counted_incidents(len(counting_rules)), victims=counts["victims"], all=counts["all"]
    )
    sentence += _("attackers among them, and {counts:,} do not say.").format(counts=counts[""])
    names = [_("victims alone"), _("attackers may be among them"), _("not said")]
    return Section(
        _("Attackers among the dead"), sentence, shares(names, counts, max(len(counting_rules), 1), _("What is counted"))
    )
