"""What may leave a record under a policy that leaves words out: columns by name, and for each the cells that may stay.

A column that is not on a list here is withheld, also one that is added to the record later. What a list lets through is a day, a
figure, a term of a closed vocabulary, a name that a table of this project knows, or an id of the record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pandas as pd

from incident_atlas.core import reference_data
from incident_atlas.core import vocabulary as words
from incident_atlas.core.schema import NAMES, REPORT_NAMES, split
from incident_atlas.dataset import companion_tables
from incident_atlas.errors import PROBLEM_CODES, ROW_SET_ASIDE
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.geocoding import in_afghanistan
from incident_atlas.i18n import _
from incident_atlas.importers.data_sets.registry import FORMATS

Rule = Callable[[pd.Series], pd.Series]

ELSEWHERE = _("another country")
"""In place of a country whose name is not known: a blank one would be looked up from the point."""

CHECK_THE_FILE = _("Whoever has the file reads more with: python -m incident_atlas check FILE.")

_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_FIGURE = re.compile(r"\d{1,9}", re.ASCII)
_AGENCIES = re.compile(r"\s*[;,]\s*")


def perpetrators() -> frozenset[str]:
    """The names of data/perpetrators.csv."""
    return frozenset(reference_data.perpetrators().values())


def _unchanged(cells: pd.Series) -> pd.Series:
    return cells


def _each(cells: pd.Series, kept: Callable[[str], str]) -> pd.Series:
    """`kept` of every distinct text; the type of the column stays."""
    texts = cells.astype("str")
    found = texts.map({text: kept(text) for text in texts.unique()}).astype("str")
    return found.astype("category") if isinstance(cells.dtype, pd.CategoricalDtype) else found


def _terms(known: Callable[[], Iterable[str]]) -> Rule:
    """Of each cell the terms that are known, with ";" between."""

    def rule(cells: pd.Series) -> pd.Series:
        terms = set(known())
        return _each(cells, lambda text: ";".join(term for term in split(text) if term in terms))

    return rule


def _matching(pattern: re.Pattern[str]) -> Rule:
    return lambda cells: _each(cells, lambda text: text if pattern.fullmatch(text) else "")


def place_name(text: str, kinds: tuple[str, ...]) -> str:
    """The text where the whole of it is the name of a place of such a kind, and not of a compound in it; else ''."""
    for kind in kinds if text else ():
        match = offline_gazetteer().match(text, kind=kind)
        if match is not None and match.method in ("name", "alias") and match.place.kind in kinds:
            return text
    return ""


def _places(*kinds: str) -> Rule:
    return lambda cells: _each(cells, lambda text: place_name(text, kinds))


def _province(cells: pd.Series) -> pd.Series:
    return _each(cells, lambda text: offline_gazetteer().province_of(text) or "")


def _country(cells: pd.Series) -> pd.Series:
    in_country = in_afghanistan(cells.to_frame("country"), offline_gazetteer())
    afghan, known = set(cells[in_country].astype("str")), words.COUNTRIES | {words.UNKNOWN}
    return _each(cells, lambda text: "Afghanistan" if text in afghan else text if text in known else ELSEWHERE)


INCIDENTS: dict[str, Rule] = {
    # An id, days, figures and coordinates: typed when the file was read, so no text is left in them. Points are blurred elsewhere.
    **dict.fromkeys("incident_id date date_end time_local added revised latitude longitude".split(), _unchanged),
    **dict.fromkeys("killed_low killed killed_high wounded_low wounded wounded_high".split(), _unchanged),
    **dict.fromkeys("attackers_killed abducted".split(), _unchanged),
    # How the place was found: words of `geocode`, none of the file.
    **dict.fromkeys("found_by found_score province_stated precision_stated".split(), _unchanged),
    "date_precision": _terms(lambda: words.DATE_PRECISIONS),
    "geo_precision": _terms(lambda: words.GEO_PRECISIONS),
    "attack_type": _terms(lambda: words.ATTACK_TYPES),
    "weapon": _terms(lambda: words.WEAPONS),
    "suicide": _terms(lambda: words.SUICIDE),
    "outcome": _terms(lambda: words.OUTCOMES),
    "target_type": _terms(lambda: words.TARGET_TYPES),
    "target_subtype": _terms(lambda: words.TARGET_SUBTYPES),
    "target_country": _terms(lambda: words.COUNTRIES),
    "intended_target_type": _terms(lambda: words.TARGET_TYPES),
    "intended_target_country": _terms(lambda: words.COUNTRIES),
    "perpetrator": _terms(perpetrators),
    "actor_kind": _terms(lambda: words.ACTOR_KINDS),
    "attribution": _terms(lambda: (*words.ATTRIBUTIONS, words.NOT_STATED)),
    "killed_counts": _terms(lambda: words.KILLED_COUNTS),
    "city": _places("city"),
    "district": _places("district", "city"),
    "province": _province,
    "country": _country,
}

REPORTS: dict[str, Rule] = {
    "incident_id": _unchanged,
    **dict.fromkeys(("accessed", "published", "date"), _matching(_DAY)),
    **dict.fromkeys(("killed_low", "killed_high", "wounded_low", "wounded_high"), _matching(_FIGURE)),
    "language": _terms(lambda: words.LANGUAGES),
    "stage": _terms(lambda: words.STAGES),
    "attack_type": _terms(lambda: words.ATTACK_TYPES),
    "perpetrator": _terms(perpetrators),
    "attribution": _terms(lambda: (*words.ATTRIBUTIONS, words.NOT_STATED)),
}
"""Publisher and agency are on the list, too, as `Publishers` names them."""

COVERAGE: dict[str, Rule] = {
    "from": _unchanged,
    "to": _unchanged,
    "collected_until": _unchanged,
    "area": lambda cells: _each(cells, _area),
}
"""The source is on the list, too, as `Publishers` names it. The other three were made days when the table was read."""


def _area(text: str) -> str:
    known = text == "World" or text in words.COUNTRIES
    return text if known else place_name(text, ("city", "district", "province", "country"))


def allowed(table: pd.DataFrame, rules: dict[str, Rule]) -> pd.DataFrame:
    """The table with the same columns, of which those without a rule are blank: '' for text, NaN or NaT for other types."""
    return pd.DataFrame(
        {name: rules[name](cells) if name in rules else _blank(cells) for name, cells in table.items()}, index=table.index
    )


def _blank(cells: pd.Series) -> pd.Series:
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return pd.Series(pd.Categorical([""] * len(cells)), index=cells.index)
    if pd.api.types.is_string_dtype(cells.dtype) or cells.dtype == object:
        return pd.Series("", index=cells.index, dtype="str")
    if pd.api.types.is_float_dtype(cells.dtype) or pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return pd.Series(None, index=cells.index, dtype=cells.dtype)
    return pd.Series(0, index=cells.index).astype(cells.dtype)


class Publishers:
    """Names of publishers as they may be told: those that a table of this project or a data set has; each other is a number.

    One name stays one number in every table, because what counts as independent rests on who is the same.
    """

    def __init__(self) -> None:
        names = [*reference_data.publishers()["publisher"], *(reader.format.name for reader in FORMATS.values())]
        self._known = {_folded(name): name for name in [*names, *companion_tables.covering()]}
        self._numbers: dict[str, int] = {}

    def one(self, text: str) -> str:
        """A cell that names one publisher."""
        if not (name := _folded(text)):
            return ""
        if name in self._known:
            return self._known[name]
        return f"publisher {self._numbers.setdefault(name, len(self._numbers) + 1)}"

    def several(self, text: str) -> str:
        """A cell that names one or more, with a comma or a semicolon between."""
        return "; ".join(filter(None, (self.one(part) for part in _AGENCIES.split(text))))

    def reports(self, table: pd.DataFrame) -> pd.DataFrame:
        """Reports, columns `schema.REPORT_NAMES`, of which only what is on the list is left."""
        columns = table.reindex(columns=list(REPORT_NAMES), fill_value="").fillna("").astype("str").reset_index(drop=True)
        names = {"publisher": columns["publisher"].map(self.one), "agency": columns["agency"].map(self.several)}
        return allowed(columns, REPORTS).assign(**{name: cells.astype("str") for name, cells in names.items()})

    def coverage(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table of coverage of which only what is on the list is left; one without columns stays as it is."""
        if "source" not in table:
            return pd.DataFrame()
        return allowed(table, COVERAGE).assign(source=table["source"].astype("str").map(self.one).astype("str"))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


_COLUMNS_OF_PROBLEMS = frozenset(
    [*NAMES, "reports", *(f"reports.{name}" for name in REPORT_NAMES), "coverage", "decision", "geometry"]
    + [name for reader in FORMATS.values() for name in reader.uses]
)


def problems(table: pd.DataFrame) -> pd.DataFrame:
    """Problems by row, column and code, worded anew from the code: what a reason or an advice quotes of a cell is left out."""
    codes = table["code"].astype("str")
    codes = codes.where(codes.isin(PROBLEM_CODES), "row_or_cell_not_used")
    columns = table["column"].astype("str")
    reasons = codes.map(PROBLEM_CODES)
    # A row whose date cannot be read is always set aside; other dates are left blank.
    reason = PROBLEM_CODES["not_a_date"] + ROW_SET_ASIDE
    reasons = reasons.mask((codes == "not_a_date") & (columns == "date"), reason)
    found = {
        "row": table["row"],
        "column": columns.where(columns.isin(_COLUMNS_OF_PROBLEMS), ""),
        "value": "",
        "reason": reasons,
        "advice": CHECK_THE_FILE,
        "code": codes,
    }
    made = pd.DataFrame(found, index=table.index).reset_index(drop=True)
    texts = made.astype({name: "str" for name in made if name != "row"})
    return texts.astype({name: "category" for name in ("column", "reason", "advice", "code")})
