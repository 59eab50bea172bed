"""How long to wait after failed tries: twice as long each time, up to a limit, never for ever."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=30)


@dataclass(frozen=True)
class Limits:
    """The settings in force."""

    free: int
    """Failures that cost no wait."""
    longest: timedelta
    window: timedelta
    """Older failures do not count."""


def wait(failures: Collection[datetime], now: datetime, limits: Limits) -> timedelta:
    """How much longer nobody may try; zero when he may try now.

    A failure dated after `now` (the clock was set back) counts as made now.
    """
    counted = [min(at, now) for at in failures if at > now - limits.window]
    beyond = len(counted) - limits.free
    if beyond < 0 or not counted:
        return timedelta(0)
    # Doubling beyond any limit would overflow; 20 doublings of 30 seconds are a year.
    length = min(FIRST_WAIT * (1 << min(beyond, 20)), limits.longest)
    return max(max(counted) + length - now, timedelta(0))


def in_minutes(left: timedelta) -> int:
    """A wait in whole minutes, rounded up, as it is said to the person."""
    return max(1, -(-int(left.total_seconds()) // 60))
