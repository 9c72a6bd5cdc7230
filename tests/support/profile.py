"""How many examples a property test takes: all of them on the full profile of `make test-all`, a tenth in `make test`."""

from __future__ import annotations

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
