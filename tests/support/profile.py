"""How much of a test runs: all of it in `make test-all`; in `make test` a tenth of the examples, and what is not slow."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

import pytest
from hypothesis import settings


def full_profile() -> bool:
    """Whether the tests were started with `--hypothesis-profile full`."""
    return settings.get_current_profile_name() == "full"


def scaled(number: int) -> int:
    """`number` on the full profile, else a tenth of it, at least five.

    >>> scaled(400) in (40, 400)
    True
    """
    return number if full_profile() else max(5, number // 10)


def with_nightly(values: Iterable[Any], slow: Container[Any]) -> list[Any]:
    """The values as parameters of a test; `make test` leaves the slow ones to `make test-all`."""
    return [pytest.param(value, marks=pytest.mark.nightly if value in slow else ()) for value in values]
