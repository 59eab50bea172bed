"""The order's clock: what is used and left of the treatment requirement, and whether it suffices.

One pure function. Days are London days, both ends of a period counted; sessions take place on
working days, at least `least_gap` days apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mhtr.cases.wording import day_words
from mhtr.core.working_days import WorkingCalendar
from mhtr.orders.terms import Period

_DAYS_IN_WEEK = 7


@dataclass(frozen=True)
class Course:
    """What is to be fitted in: sessions expected, those held, and the least days between two."""

    expected: int
    held_on: tuple[date, ...] = ()
    least_gap: int = _DAYS_IN_WEEK


@dataclass(frozen=True)
class TreatmentClock:
    """How the requirement stands on one day, with reasons in words.

    `latest` is the last day on which each remaining session may fall, the next one first; empty
    where none is left or they cannot all be fitted in any more. `slack_weeks` are whole weeks
    that the next session can still wait; None where nothing is left to hold.
    """

    days_used: int
    days_left: int
    sessions_held: int
    sessions_left: int
    latest: tuple[date, ...]
    slack_weeks: int | None
    in_time: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Gap:
    """Days on which he cannot attend: from `since` to `until`, both counted; None: it goes on."""

    since: date
    until: date | None = None


def clock_of(
    periods: Sequence[Period],
    course: Course,
    today: date,
    calendar: WorkingCalendar,
    *,
    over_on: date | None = None,
    gaps: Sequence[Gap] = (),
) -> TreatmentClock:
    """What is used and left on `today`, which itself counts as left.

    Args:
        over_on: the last day of the order where it ended before its periods do.
        gaps: when he could not attend. They are said in words and move no day: no law was found
            that lets a requirement rest, so a court decides what follows.
    """
    days = _Days(periods, calendar, over_on)
    held = tuple(sorted(day for day in course.held_on if day <= today))
    left = max(course.expected - len(held), 0)
    earliest = days.on_or_after(max((today, *_after_the_last(held, course.least_gap))))
    latest = days.backwards(left, course.least_gap)
    fits = left == 0 or bool(latest and earliest and earliest <= latest[0])
    slack = (latest[0] - earliest).days // _DAYS_IN_WEEK if left and fits and earliest else None
    used, remaining = days.used_and_left(today)
    return TreatmentClock(
        days_used=used,
        days_left=remaining,
        sessions_held=len(held),
        sessions_left=left,
        latest=latest if fits else (),
        slack_weeks=slack,
        in_time=fits,
        reasons=(
            *_reasons(days, remaining, left, course.expected, slack, fits=fits),
            *_gaps(days, gaps),
        ),
    )


def _after_the_last(held: Sequence[date], gap: int) -> tuple[date, ...]:
    return (held[-1] + timedelta(days=gap),) if held else ()


class _Days:
    """The days of the requirement on which he can be seen."""

    def __init__(
        self, periods: Sequence[Period], calendar: WorkingCalendar, over_on: date | None
    ) -> None:
        spans = sorted((period.starts_on, period.ends_on) for period in periods)
        if over_on is not None:
            spans = [(start, min(end, over_on)) for start, end in spans if start <= over_on]
        self.spans = spans
        self._calendar = calendar

    @property
    def last(self) -> date | None:
        return self.spans[-1][1] if self.spans else None

    def used_and_left(self, today: date) -> tuple[int, int]:
        used = left = 0
        for start, end in self.spans:
            length = (end - start).days + 1
            over = min(max((today - start).days, 0), length)
            used, left = used + over, left + length - over
        return used, left

    def on_or_after(self, day: date) -> date | None:
        """The first day from `day` on which he can be seen; None where there is none."""
        for start, end in self.spans:
            found = self._calendar.add(max(day, start), 0)
            if found <= end:
                return found
        return None

    def on_or_before(self, day: date) -> date | None:
        for start, end in reversed(self.spans):
            if start > day:
                continue
            found = self._calendar.subtract(min(day, end), 0)
            if found >= start:
                return found
        return None

    def backwards(self, sessions: int, gap: int) -> tuple[date, ...]:
        """The last possible day of each of so many sessions; empty where they do not fit."""
        found: list[date] = []
        bound = self.last
        for _ in range(sessions):
            day = self.on_or_before(bound) if bound else None
            if day is None:
                return ()
            found.append(day)
            bound = day - timedelta(days=gap)
        return tuple(reversed(found))


def _reasons(
    days: _Days, left_days: int, left: int, expected: int, slack: int | None, *, fits: bool
) -> tuple[str, ...]:
    if days.last is None:
        return ("The order has no period of treatment.",)
    ends = f"The requirement ends on {day_words(days.last)}"
    if left == 0:
        return (f"All {expected} sessions are held. {ends}.",)
    sessions = f"{left} session{'s' if left != 1 else ''}"
    if not fits:
        if left_days == 0:
            return (f"The requirement ended on {day_words(days.last)} with {sessions} not held.",)
        return (f"{ends}: {sessions} cannot now be held in time.",)
    weeks = f"{slack} week{'s' if slack != 1 else ''}"
    spare = f"with {weeks} to spare" if slack else "with nothing to spare"
    return (f"{ends}: {sessions} can be held in time, {spare}.",)


def _gaps(days: _Days, gaps: Sequence[Gap]) -> tuple[str, ...]:
    """Each gap that lies in the requirement, in words."""
    if not days.spans or days.last is None:
        return ()
    first, last = days.spans[0][0], days.last
    inside = [gap for gap in gaps if gap.since <= last and (gap.until or last) >= first]
    return tuple(_gap(gap) for gap in inside)


def _gap(gap: Gap) -> str:
    since = day_words(gap.since)
    if gap.until is None:
        return f"He cannot attend since {since}, and the requirement runs on."
    length = (gap.until - gap.since).days + 1
    days = f"{length} day{'s' if length != 1 else ''}"
    until = day_words(gap.until)
    return f"He could not attend from {since} to {until} ({days}), and the requirement ran on."
