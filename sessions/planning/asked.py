"""Men of whom the planner is asked, and everything that binds them: values only."""

from dataclasses import dataclass
from datetime import date

from sessions.availability.shapes import ManLimits
from sessions.booking.shapes import Diary, Place, Wanted
from sessions.planning.problem import DAYS_A_WEEK, REMOTE
from sessions.therapies import SessionMode

VIDEO, TELEPHONE = REMOTE, REMOTE - 1


@dataclass(frozen=True, slots=True)
class Part:
    """One session that he is to be given a time for."""

    key: int
    """Of the session of his course."""
    wanted: Wanted
    least: int
    most: int
    """Days since the session before."""
    ideal: int = DAYS_A_WEEK
    """The same, as his course would have it best."""
    told: Place | None = None
    """What he was told of it; None where nothing is booked."""
    kept: bool = True
    """What he was told can still be so, be it in another room."""
    stays: bool = True
    """The booking itself can stay as it is."""
    session_id: int | None = None
    version: int = 0
    """Of the booking, as it was read."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A booked session of his course that stays as it is: in a group, or with somebody else."""

    day: date
    least: int
    """Days since the session before."""
    before: int
    """How many of the sessions that he is to be given times for come before it."""


@dataclass(frozen=True, slots=True)
class ManAsked:
    """A man of whom the planner is asked."""

    case_id: int
    limits: ManLimits
    parts: tuple[Part, ...]
    """In order."""
    clinicians: frozenset[int]
    """Who may see him: his therapist alone once he has one."""
    weight: int
    before: date | None = None
    """The day of his last session before these."""
    most_gap: int | None = None
    """The longest gap in days where it has to be longer than his course allows."""
    last: date | None = None
    """The last day that is looked at for him."""
    stands: tuple[Stand, ...] = ()
    """What lies among these sessions and does not move."""


@dataclass(frozen=True)
class Asked:
    """One question about several men."""

    men: tuple[ManAsked, ...]
    diary: Diary
    """Of everybody; the times of what is told and may move count as free."""
    monday: date
    weeks: int
    first: date
    """New times begin on this day."""


def week_of(asked: Asked, day: date) -> int:
    """The week of a day; negative before the first."""
    return (day - asked.monday).days // DAYS_A_WEEK


def place_number(place: Place) -> int:
    """A place as the planner counts them."""
    if place.mode is SessionMode.IN_PERSON and place.site_id is not None:
        return place.site_id
    return VIDEO if place.mode is SessionMode.VIDEO else TELEPHONE


def mode_of(number: int) -> tuple[SessionMode, int | None]:
    """How he is seen at a place of the planner, and at which site."""
    if number > REMOTE:
        return SessionMode.IN_PERSON, number
    return (SessionMode.VIDEO if number == VIDEO else SessionMode.TELEPHONE), None
