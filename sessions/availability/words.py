"""What kinds of place, of hours and of reasons are called on pages."""

from collections.abc import Mapping
from datetime import date, time

from mhtr.core.working_days import WEEKDAYS
from sessions.availability.kinds import CannotReason, HoursUse, SiteKind
from sessions.therapies import Gender

SITE_WORDS: Mapping[SiteKind, str] = {
    SiteKind.CLINIC: "Clinic",
    SiteKind.PROBATION_OFFICE: "Probation office",
    SiteKind.VOLUNTARY: "Voluntary organisation's premises",
}
USE_WORDS: Mapping[HoursUse, str] = {
    HoursUse.SESSIONS: "Sessions",
    HoursUse.SUPERVISION: "Supervision",
    HoursUse.TRAVEL: "Travel between places",
    HoursUse.OTHER: "Other work, no sessions",
    HoursUse.AWAY: "Away",
}
REASON_WORDS: Mapping[CannotReason, str] = {
    CannotReason.WORK: "Work",
    CannotReason.CARE: "Care of somebody",
    CannotReason.UNPAID_WORK: "Unpaid work",
    CannotReason.PROBATION: "Probation appointment",
    CannotReason.CURFEW: "Curfew",
    CannotReason.FAITH: "Faith",
    CannotReason.HEALTH: "Health",
    CannotReason.OTHER: "Another reason",
}
GENDER_WORDS: Mapping[Gender, str] = {
    Gender.NOT_SAID: "Not said",
    Gender.FEMALE: "Female",
    Gender.MALE: "Male",
    Gender.ANOTHER: "Another",
}
ASKS_FOR: Mapping[Gender, str] = {
    Gender.NOT_SAID: "Either",
    Gender.FEMALE: "A woman",
    Gender.MALE: "A man",
    Gender.ANOTHER: "Neither a woman nor a man",
}
EVERY_WORDS: Mapping[int, str] = {1: "Every week", 2: "Every 2 weeks", 4: "Every 4 weeks"}
ELSEWHERE = "No place: telephone or video"


def times(starts: time, ends: time) -> str:
    """`09:00 to 17:00`."""
    return f"{starts:%H:%M} to {ends:%H:%M}"


def day_of_week(weekday: int | None) -> str:
    """`Mondays`, or `Every day`."""
    return "Every day" if weekday is None else f"{WEEKDAYS[weekday]}s"


def lasts(first: date, last: date | None, today: date) -> str:
    """Whether a range of days is ahead, now or over: `planned`, empty, `over`."""
    if first > today:
        return "planned"
    return "over" if last is not None and last < today else ""
