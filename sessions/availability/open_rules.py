"""When clinicians and rooms can be booked, and when a man cannot come. Values and dates only.

Times of day are London wall time. On the night the clocks go forward, a time that does not exist
is the moment of the change. On the night they go back, hours that are offered use the first of
two times, and a stretch that is taken out of them lasts until the second: nothing is offered
that somebody might read otherwise.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from mhtr.core.working_days import bank_holidays
from sessions.availability.kinds import CannotReason, HoursUse
from sessions.availability.shapes import Cannot, Open, Span

LONDON = ZoneInfo("Europe/London")
_ONE_DAY = timedelta(days=1)
_CHANGE = time(1, tzinfo=UTC)
"""When London's clocks change, in UTC (Summer Time Act 1972 as amended)."""


@dataclass(frozen=True, slots=True)
class DaysRange:
    """Days from one until another, both included; without an end where `last` is None."""

    first: date
    last: date | None = None

    def on(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Weekly:
    """A stretch of a week (0 Monday), every so many weeks from the week of its first day."""

    weekday: int
    starts: time
    ends: time
    days: DaysRange
    use: HoursUse = HoursUse.SESSIONS
    site_id: int | None = None
    every: int = 1

    def on(self, day: date) -> bool:
        """Whether it takes place on a day."""
        if day.weekday() != self.weekday or not self.days.on(day):
            return False
        return (monday_of(day) - monday_of(self.days.first)).days // 7 % self.every == 0


@dataclass(frozen=True, slots=True)
class Dated:
    """A one-off change on one day: it goes before whatever the week says."""

    day: date
    starts: time
    ends: time
    use: HoursUse
    site_id: int | None = None


@dataclass(frozen=True, slots=True)
class TrustDays:
    """Single days of the trust: shut although it would be open, or open in spite of a holiday."""

    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    def open_on(self, day: date) -> bool:
        """Whether anything is held that day. A weekend is as open as hours make it."""
        if day in self.closed:
            return False
        return day in self.opened or day not in bank_holidays(day.year)


@dataclass(frozen=True, slots=True)
class PlaceTimes:
    """When a place, or a room in it, can be used."""

    hours: tuple[Weekly, ...] = ()
    closures: tuple[DaysRange, ...] = ()
    closed_on: date | None = None
    """The first day on which it is not used any more."""

    def shut_on(self, day: date) -> bool:
        """Whether it cannot be used on a day, whatever its hours."""
        over = self.closed_on is not None and self.closed_on <= day
        return over or any(one.on(day) for one in self.closures)


@dataclass(frozen=True, slots=True)
class Working:
    """What one clinician's time is worked out from."""

    weekly: tuple[Weekly, ...] = ()
    dated: tuple[Dated, ...] = ()
    away: tuple[DaysRange, ...] = ()


@dataclass(frozen=True, slots=True)
class HeCannot:
    """A time he cannot come: on a day of the week, or (None) every day of the range."""

    weekday: int | None
    days: DaysRange
    starts: time
    ends: time
    reason: CannotReason

    def on(self, day: date) -> bool:
        """Whether it is on a day."""
        return self.days.on(day) and self.weekday in (None, day.weekday())


def days_from(first: date, last: date) -> Iterator[date]:
    """Each day, both included; none where the last lies before the first."""
    return (first + n * _ONE_DAY for n in range((last - first).days + 1))


@lru_cache(maxsize=8192)
def moment(day: date, at: time, *, second: bool = False) -> datetime:
    """A wall time of a day in UTC. Of one that comes twice: the first, or the `second`."""
    local = datetime.combine(day, at)
    found = local.replace(tzinfo=LONDON, fold=int(second)).astimezone(UTC)
    if found.astimezone(LONDON).replace(tzinfo=None, fold=0) == local:
        return found
    return datetime.combine(day, _CHANGE)


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as spans that neither overlap nor touch, in order. Empty ones are left out."""
    made: list[Span] = []
    for span in sorted(one for one in spans if one.starts_at < one.ends_at):
        if made and span.starts_at <= made[-1].ends_at:
            made[-1] = Span(made[-1].starts_at, max(made[-1].ends_at, span.ends_at))
        else:
            made.append(span)
    return tuple(made)


def less(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of these spans when others are taken out."""
    left = list(union(spans))
    for out in union(taken):
        left = [part for span in left for part in _without(span, out)]
    return tuple(left)


def common(spans: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """The time that both hold."""
    limits = union(others)
    both = (
        Span(max(one.starts_at, two.starts_at), min(one.ends_at, two.ends_at))
        for one in union(spans)
        for two in limits
        if one.overlaps(two)
    )
    return union(both)


def place_open(place: PlaceTimes, days: TrustDays, day: date) -> tuple[Span, ...]:
    """When a place is open on a day. Without hours it is never open."""
    if place.shut_on(day) or not days.open_on(day):
        return ()
    return union(_opened(day, one.starts, one.ends) for one in place.hours if one.on(day))


def room_open(
    place: PlaceTimes, room: PlaceTimes, days: TrustDays, first: date, last: date
) -> tuple[Span, ...]:
    """When a room is open: as its place, less its own closures."""
    return tuple(
        span
        for day in days_from(first, last)
        if not room.shut_on(day)
        for span in place_open(place, days, day)
    )


def clinician_open(
    working: Working, places: dict[int, PlaceTimes], days: TrustDays, first: date, last: date
) -> tuple[Open, ...]:
    """When a clinician can be booked, and where he is, in order; no two overlap.

    A one-off change goes before the week. A stretch at a place is as long as the place is open;
    at a place that is none of `places` he cannot be booked.
    """
    dated: dict[date, list[Dated]] = {}
    for one in working.dated:
        dated.setdefault(one.day, []).append(one)
    return tuple(
        stretch
        for day in days_from(first, last)
        if days.open_on(day) and not any(away.on(day) for away in working.away)
        for stretch in _on_day(working.weekly, dated.get(day, ()), places, days, day)
    )


def he_cannot(rows: Iterable[HeCannot], first: date, last: date) -> tuple[Cannot, ...]:
    """The stretches in which he cannot come, in order; they may overlap."""
    found = [
        Cannot(_taken(day, one.starts, one.ends), one.reason)
        for one in rows
        for day in days_from(max(first, one.days.first), min(last, one.days.last or last))
        if one.on(day)
    ]
    lasting = (one for one in found if one.span.starts_at < one.span.ends_at)
    return tuple(sorted(lasting, key=lambda one: (one.span, one.reason)))


def _on_day(
    weekly: Collection[Weekly],
    dated: Collection[Dated],
    places: dict[int, PlaceTimes],
    days: TrustDays,
    day: date,
) -> list[Open]:
    this_day = [one for one in weekly if one.on(day)]
    added = [one for one in dated if one.use is HoursUse.SESSIONS]
    other = [_gone(day, one) for one in this_day if one.use is not HoursUse.SESSIONS]
    gone = [_gone(day, one) for one in dated if one.use is not HoursUse.SESSIONS]
    made: list[Open] = []
    usual = sorted((one for one in this_day if one.use is HoursUse.SESSIONS), key=_by_time)
    for one, taken in [(one, gone) for one in sorted(added, key=_by_time)] + [
        (each, [*gone, *other]) for each in usual
    ]:
        free = less([_opened(day, one.starts, one.ends)], [*taken, *(each.span for each in made)])
        if one.site_id is not None:
            place = places.get(one.site_id)
            free = common(free, place_open(place, days, day)) if place else ()
        made.extend(Open(span, one.site_id) for span in free)
    return _joined(made)


def _joined(stretches: Iterable[Open]) -> list[Open]:
    """Stretches at one place that touch are one."""
    made: list[Open] = []
    for one in sorted(stretches, key=lambda each: each.span):
        before = made[-1] if made else None
        if before and before.site_id == one.site_id and before.span.ends_at == one.span.starts_at:
            made[-1] = Open(Span(before.span.starts_at, one.span.ends_at), one.site_id)
        else:
            made.append(one)
    return made


def _without(span: Span, out: Span) -> Iterator[Span]:
    if not span.overlaps(out):
        yield span
        return
    if span.starts_at < out.starts_at:
        yield Span(span.starts_at, out.starts_at)
    if out.ends_at < span.ends_at:
        yield Span(out.ends_at, span.ends_at)


def _gone(day: date, one: Weekly | Dated) -> Span:
    return _taken(day, one.starts, one.ends)


def _by_time(one: Weekly | Dated) -> tuple[time, time, int]:
    return one.starts, one.ends, one.site_id or 0


def _opened(day: date, starts: time, ends: time) -> Span:
    return Span(moment(day, starts), moment(day, ends))


def _taken(day: date, starts: time, ends: time) -> Span:
    return Span(moment(day, starts), moment(day, ends, second=True))


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - day.weekday() * _ONE_DAY
