"""What the server writes down of a mistake: where it happened, and no word of anybody's rows.

The message of an exception often quotes the cell that it stumbled over, and a log is read by others, and kept. The reader who
met the mistake still sees the message on the page.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any


def keep_words_out() -> None:
    """From now on every log of this process names the kind and the place of an exception, without its message.

    Streamlit, its web server and its libraries each write into loggers of their own, made when they are first used: the
    one thing that they share is how a record of a log is made.
    """
    if not isinstance(made := logging.getLogRecordFactory(), _Wordless):
        logging.setLogRecordFactory(_Wordless(made))


class _Wordless:
    """A factory of log records whose exceptions are written as `trace` writes them."""

    def __init__(self, made: Any) -> None:
        self._made = made

    def __call__(self, *positional: Any, **named: Any) -> logging.LogRecord:
        record = self._made(*positional, **named)
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text, record.exc_info = trace(record.exc_info[1]), None
        # So that an exception which is an argument of the sentence itself says no more.
        if isinstance(record.msg, BaseException):
            record.msg = type(record.msg).__name__
        if isinstance(record.args, tuple):
            record.args = tuple(type(one).__name__ if isinstance(one, BaseException) else one for one in record.args)
        return record


def trace(error: BaseException | None) -> str:
    """Kind and place of an exception and of those that led to it, the first one first; no message, which may quote a row."""
    parts: list[str] = []
    while error is not None and len(parts) < 20:
        parts.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nwhich led to\n\n".join(reversed(parts))
