"""The texts of the map's scripts and of the page in one file, in the reader's language.

In the scripts a text is the first argument of `_()`, or the two of `count()` for one and for many; in standalone.html it stands
as `@@_("...")@@`. `tools.texts.catalogue` gathers them with `script_messages`.
"""

from __future__ import annotations

import json
import re
from functools import cache

from incident_atlas import i18n
from incident_atlas.theme import ASSETS

_TEXT = r'("(?:[^"\\\n]|\\.)*")'
_CALLS = re.compile(rf"\b(?:_\(\s*{_TEXT}|count\([^\"]*{_TEXT},\s*{_TEXT})")


def script_messages(script: str) -> list[str | tuple[str, str]]:
    """The messages in the text of a script, each as it stands, with one and many as a pair.

    >>> script_messages('a = _("Date") + atlas.count(n, "{n} row", "{n} rows")')
    ['Date', ('{n} row', '{n} rows')]
    """
    found = []
    for text, one, many in _CALLS.findall(script):
        found.append(json.loads(text) if text else (json.loads(one), json.loads(many)))
    return found


@cache
def script_texts() -> dict[str, str]:
    """What the scripts say in another language than English: the text by its message. Empty in English, where nothing is sent."""
    found: dict[str, str] = {}
    for path in sorted(ASSETS.glob("*.js")):
        for message in script_messages(path.read_text(encoding="utf-8")):
            if isinstance(message, str):
                found[message] = i18n.gettext(message)
            else:
                # Scripts know one and many, no other plural forms.
                found |= {message[0]: i18n.ngettext(*message, 1), message[1]: i18n.ngettext(*message, 2)}
    return {message: text for message, text in found.items() if text != message}
