"""Figures of some of the killed or wounded alone: a column "Civilians killed" beside "Soldiers killed" is no total, and that is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from incident_atlas.core.text import listed, plain
from incident_atlas.errors import Problem
from incident_atlas.i18n import _
from incident_atlas.importers.column_names import question_names, spellings
from incident_atlas.importers.mapping.mapping import Mapping

_HARM = {
    "killed": set("killed deaths dead fatalities kia".split()),
    "wounded": set("wounded injured injuries wia".split()),
}
_NOBODY_IN_PARTICULAR = set(
    "all any best casualties high highest least low lowest max maximum min minimum most people persons reported sum total victims".split()
)
_NAMED = 5  # other columns that are named


def part_counts(mapping: Mapping, columns: Sequence[str]) -> Iterable[Problem]:
    """A Problem of line 1 for each of killed and wounded that is taken from a column of some people alone, where other columns count others.

    columns: those of the table. A column that is one of ours already is no other.
    """
    taken, called = set(mapping.uses), question_names(columns)
    for ours, harm in _HARM.items():
        theirs = next(filter(None, (mapping.theirs(name) for name in (ours, f"{ours}_low", f"{ours}_high"))), "")
        if not _words(called.get(theirs, theirs)) - harm - _NOBODY_IN_PARTICULAR:
            continue
        others = [plain(name, 40) for name in columns if name not in taken and _words(name) & harm]
        if others:
            more = [_("{count:,} more").format(count=len(others) - _NAMED)] if len(others) > _NAMED else []
            reason = _("it is taken from this column alone; {listed} may count others, and stay beside the record").format(
                listed=listed([*others[:_NAMED], *more])
            )
            advice = _("Choose the column of all of them, or add one to the file.")
            yield Problem(1, ours, plain(theirs, 200), reason, advice, "part_of_a_count")


def _words(name: str) -> set[str]:
    """The words of a column's name, without those that say nothing."""
    return set(spellings(name)[-1].split()) if spellings(name) else set()
