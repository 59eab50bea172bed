"""What a session of a course may say, how a course fits an order, and what may be done to it.

Pure: values and days only. A gap is the number of days since the session before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from mhtr.cases.wording import day_words
from mhtr.core.working_days import WorkingCalendar
from sessions.courses.kinds import ReviewPoint
from sessions.therapies import Therapy

LONGEST = 60
"""Sessions a pathway or a course can have."""
LEAST_MINUTES, MOST_MINUTES = 15, 240
WIDEST_GAP = 180
LONGEST_NAME, LONGEST_PURPOSE = 120, 300
_WEEK = 7


@dataclass(frozen=True)
class Planned:
    """One session as a pathway or a course says it. Gaps in days, length in minutes."""

    name: str
    purpose: str
    therapy: Therapy
    in_group: bool = False
    minutes: int = 60
    least_gap: int = 7
    ideal_gap: int = 7
    most_gap: int = 14
    review: ReviewPoint = ReviewPoint.NONE
    required: bool = True


PARTS = tuple(field.name for field in fields(Planned))


def planned_of(row: Any) -> Planned:
    """What a stored session of a pathway or a course says."""
    return Planned(**{part: getattr(row, part) for part in PARTS})


def contradictions(said: Planned) -> tuple[str, ...]:
    """What is wrong with a session; empty where it can be used."""
    wrong = []
    if not said.name.strip():
        wrong.append("Enter a name for the session.")
    elif len(said.name) > LONGEST_NAME:
        wrong.append(f"The name must be {LONGEST_NAME} characters or fewer.")
    if not said.purpose.strip():
        wrong.append("Say what the session is for, in words he can read.")
    elif len(said.purpose) > LONGEST_PURPOSE:
        wrong.append(f"What it is for must be {LONGEST_PURPOSE} characters or fewer.")
    if not LEAST_MINUTES <= said.minutes <= MOST_MINUTES:
        wrong.append(f"The length must be between {LEAST_MINUTES} and {MOST_MINUTES} minutes.")
    if said.least_gap < 1:
        wrong.append("The least gap must be 1 day or more.")
    if not said.least_gap <= said.ideal_gap <= said.most_gap:
        wrong.append(
            "The ideal gap must lie between the least and the most days since the session before."
        )
    if said.most_gap > WIDEST_GAP:
        wrong.append(f"The most days since the session before must be {WIDEST_GAP} or fewer.")
    return tuple(wrong)


def whole(sessions: Sequence[Planned]) -> tuple[str, ...]:
    """What is wrong with a set of sessions that is to be put into use."""
    wrong = [
        f"Session {number}, {one.name or 'without a name'}: {words}"
        for number, one in enumerate(sessions, 1)
        for words in contradictions(one)
    ]
    if not any(one.required for one in sessions):
        wrong.insert(0, "There must be at least one required session.")
    if len(sessions) > LONGEST:
        wrong.insert(0, f"There can be at most {LONGEST} sessions.")
    return tuple(wrong)


def notices(sessions: Sequence[Planned]) -> tuple[str, ...]:
    """What is unusual about the sessions that are to take place, in their order."""
    found = []
    reviews = {one.review for one in sessions}
    if ReviewPoint.MIDDLE not in reviews:
        found.append("There is no review at the middle of the course.")
    if ReviewPoint.END not in reviews:
        found.append("There is no review at the end of the course.")
    elif sessions[-1].review is not ReviewPoint.END:
        found.append("Sessions follow after the review at the end.")
    return tuple(found)


@dataclass(frozen=True)
class Requirement:
    """What an order leaves for a course: sessions still expected, and the days of treatment."""

    sessions_left: int
    spans: tuple[tuple[date, date], ...]
    """First and last day of each period of the requirement, the earliest first."""

    @property
    def last(self) -> date:
        return self.spans[-1][1]


@dataclass(frozen=True)
class Fit:
    """How the sessions that are left fit an order.

    `weeks` are whole weeks, rounded up, that they take by their least gaps. `last_on` is the
    earliest day of the last one; None where they do not all fit into the requirement.
    """

    sessions: int
    weeks: int
    last_on: date | None
    ideal_last_on: date | None
    in_time: bool
    words: str
    warnings: tuple[str, ...]


def least_days(sessions: Sequence[Planned]) -> int:
    """Days from the first to the last by the least gaps."""
    return sum(one.least_gap for one in sessions[1:])


def fit(
    sessions: Sequence[Planned],
    order: Requirement,
    today: date,
    calendar: WorkingCalendar,
    *,
    last_held: date | None = None,
) -> Fit:
    """How the sessions that are left fit into the requirement of an order.

    Args:
        sessions: those to take place still, in their order.
        last_held: the day of the last session that took place.
    """
    required = [one for one in sessions if one.required]
    least = [one.least_gap for one in required]
    ideal = [one.ideal_gap for one in required]
    last_on = _last_day(least, order, today, calendar, last_held)
    ideal_last_on = _last_day(ideal, order, today, calendar, last_held)
    weeks = -(-least_days(required) // _WEEK)
    in_time = not required or last_on is not None
    warnings = _too_few(len(required), order)
    if not in_time:
        warnings += (f"They do not fit: the requirement ends on {day_words(order.last)}.",)
    elif required and ideal_last_on is None:
        warnings += (
            "They fit only where some follow sooner than is ideal: by the ideal gaps the last "
            f"falls after {day_words(order.last)}.",
        )
    words = _words(len(required), weeks, last_on, order)
    return Fit(len(sessions), weeks, last_on, ideal_last_on, in_time, words, warnings)


def _last_day(
    gaps: Sequence[int],
    order: Requirement,
    today: date,
    calendar: WorkingCalendar,
    last_held: date | None,
) -> date | None:
    """The earliest day of the last session, each on a working day of the requirement."""
    bound, day = today, None
    for number, gap in enumerate(gaps):
        before = last_held if number == 0 else day
        if before is not None:
            bound = max(bound, before + timedelta(days=gap))
        day = _on_or_after(bound, order, calendar)
        if day is None:
            return None
        bound = day
    return day


def _on_or_after(day: date, order: Requirement, calendar: WorkingCalendar) -> date | None:
    for start, end in order.spans:
        found = calendar.add(max(day, start), 0)
        if found <= end:
            return found
    return None


def _too_few(required: int, order: Requirement) -> tuple[str, ...]:
    if required >= order.sessions_left:
        return ()
    return (f"They are fewer than the {order.sessions_left} that the order still expects.",)


def _words(required: int, weeks: int, last_on: date | None, order: Requirement) -> str:
    if required == 0:
        return "No required session is to come."
    least = f", which take at least {_weeks(weeks)}" if weeks else ""
    said = f"{_sessions(required, 'required ')} to come{least}."
    if last_on is None:
        return said
    spare = (order.last - last_on).days // _WEEK
    left = f"{_weeks(spare)} before" if spare else "in the week in which"
    return f"{said} The last can be as early as {day_words(last_on)}, {left} the requirement ends."


def _sessions(count: int, kind: str = "") -> str:
    return f"{count} {kind}session{'s' if count != 1 else ''}"


def _weeks(count: int) -> str:
    return f"{count} week{'s' if count != 1 else ''}"


def why_fixed(words: str, *, held: bool) -> str:
    """Why a session that is booked or was held cannot be skipped, changed or moved."""
    if held:
        return f"This session is over ({words}). It stays as it is; it can be repeated."
    return f"This session is {words}. Cancel the booking first."
