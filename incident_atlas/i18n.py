"""Texts in the language of the reader: the functions of gettext over the one catalogue of this package.

A text is written in English where it is used: `_("No incident passes this filter.")`. With values it is a template whose words
a translator can move: `_("Data to {day}.").format(day=day(last))`. The language is that of the process, from ATLAS_LANGUAGE;
without it, or without a catalogue in that language, texts stay English. `make texts` gathers them in locale/incident_atlas.pot.
"""

from __future__ import annotations

import gettext as _gettext
import os
from pathlib import Path

DOMAIN = "incident_atlas"
FOLDER = Path(__file__).parent / "locale"
"""Catalogues: `<language>/LC_MESSAGES/incident_atlas.mo`."""
LANGUAGE = os.environ.get("ATLAS_LANGUAGE", "").strip() or "en"


def translations(language: str, folder: Path = FOLDER) -> _gettext.NullTranslations:
    """The catalogue of a language, such as fr or ps_AF; one that changes nothing where there is none."""
    return _gettext.translation(DOMAIN, folder, languages=[language], fallback=True)


_found = translations(LANGUAGE)
_ = gettext = _found.gettext
"""The translation of a text. A blank text stays blank."""
ngettext = _found.ngettext
"""The translation of a text with a count: `ngettext(one, many, n)`."""


def gettext_noop(message: str) -> str:
    """The message itself: it is data where it stands, such as a verdict, and is translated where it is shown."""
    return message
