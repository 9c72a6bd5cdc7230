"""The one cache of computed values: beside a record, where all sessions share it, and in each session.

Its lifetime is that of its owner: nothing outlives the record, or the session, that it was computed for.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Value = TypeVar("Value")


class Cache:
    """Values by name and key; of each name the newest `size` values are kept.

    Sessions run side by side: two may compute the same value at once, and the later one stays.
    """

    def __init__(self) -> None:
        self._values: dict[str, dict[Hashable, Any]] = {}

    def cached(self, name: str, compute: Callable[[], Value], key: Hashable = (), size: int = 1) -> Value:
        """The value of `compute`, computed only when this key is not cached.

        name: of the question. key: everything that the value depends on beside the owner of the cache. size: values of this
        name that are kept; the oldest are dropped before another is computed, because one of them may be tens of megabytes.

        >>> cache = Cache()
        >>> cache.cached("square", lambda: 3 * 3, key=3), cache.cached("square", lambda: 0, key=3)
        (9, 9)
        """
        values = self._values.setdefault(name, {})
        missing = object()
        # A value may be dropped by another session between a test and a look-up.
        if (value := values.get(key, missing)) is missing:
            for oldest in list(values)[: max(0, len(values) + 1 - size)]:
                values.pop(oldest, None)
            value = values[key] = compute()
        return value

    def has(self, name: str, key: Hashable) -> bool:
        """Whether the value of this key is cached."""
        return key in self._values.get(name, {})

    def drop(self, name: str) -> None:
        """Forget the values of this name."""
        self._values.pop(name, None)
