"""The one clock. Everything that asks for the time asks here, so that tests can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
# Nobody types a millionth of a second, and the clock all but never shows just this one.
_SOME_TIME = time(12, 0, 0, 1)


class Clock(Protocol):
    """Anything that can tell the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a clock needs an aware moment")
        self.moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self.moment

    def advance(self, **delta: float) -> None:
        """Move forward by `timedelta(**delta)`."""
        self.moment += timedelta(**delta)


_clock: Clock = SystemClock()


def now() -> datetime:
    """The present moment in UTC."""
    return _clock.now()


def today() -> date:
    """Today's date in London."""
    return now().astimezone(LONDON).date()


def london() -> datetime:
    """The present moment by London's clocks, aware."""
    return now().astimezone(LONDON)


def some_time_on(day: date) -> datetime:
    """Stands for a moment of a day whose hour nobody recorded: pages show the day only."""
    return datetime.combine(day, _SOME_TIME, LONDON)


def hour_is_known(moment: datetime) -> bool:
    """Whether a moment is one of the clock or typed, and not only a day."""
    return moment.astimezone(LONDON).time() != _SOME_TIME


@contextmanager
def using(clock: Clock) -> Iterator[Clock]:
    """Use another clock inside the block (every thread of the process sees it)."""
    global _clock
    before, _clock = _clock, clock
    try:
        yield clock
    finally:
        _clock = before


class NoSuchTime(ValueError):
    """The local time does not exist: clocks went forward over it."""


def from_london(day: datetime, *, fold: int = 0) -> datetime:
    """A naive London wall time as a moment in UTC.

    A time that does not exist in spring is refused; of one that comes twice in autumn
    `fold` picks the first (0) or the second (1).

    Raises:
        NoSuchTime: the wall clock skipped this time.
    """
    local = day.replace(tzinfo=LONDON, fold=fold)
    moment = local.astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None, fold=0) != day.replace(fold=0):
        raise NoSuchTime(f"{day:%H:%M} did not exist on {day:%d %B %Y}")
    return moment
