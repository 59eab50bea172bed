"""What there is to schedule with, as values: what bookings and plans are worked out from.

Moments are aware; stretches include their start and exclude their end.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sessions.availability.kinds import CannotReason
from sessions.therapies import Gender, SessionMode, Therapy


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        """Whether they share any time; touching is not sharing."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def holds(self, other: "Span") -> bool:
        """Whether the other lies wholly inside."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at


@dataclass(frozen=True, slots=True, order=True)
class Open:
    """A stretch in which a clinician can be booked, and where he is then."""

    span: Span
    site_id: int | None
    """None: elsewhere, so by telephone or video only."""


@dataclass(frozen=True, slots=True)
class ClinicianOpen:
    """One clinician as he can be booked: hours less leave, supervision, closures and holidays.

    What is booked with him is not taken out of it.
    """

    staff_id: int
    name: str
    gender: Gender
    therapies: frozenset[Therapy]
    leads_groups: frozenset[Therapy]
    daily_most: int
    buffer_minutes: int
    telephone: bool
    video: bool
    open: tuple[Open, ...]


@dataclass(frozen=True, slots=True)
class RoomOpen:
    """One room as it can be booked: the place's hours less closures and holidays."""

    room_id: int
    site_id: int
    name: str
    site_name: str
    capacity: int
    step_free: bool
    """The room and the place it is in."""
    open: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Cannot:
    """A stretch in which he cannot come, and why."""

    span: Span
    reason: CannotReason


@dataclass(frozen=True, slots=True)
class ManLimits:
    """What binds the sessions of one man within the days asked for."""

    case_id: int
    person_id: int
    modes: frozenset[SessionMode]
    therapist_gender: Gender
    """NOT_SAID: either."""
    step_free: bool
    interpreter: bool
    """He needs one, so that a session cannot be booked for sooner than the lead time."""
    barred_sites: frozenset[int]
    must_not_meet: frozenset[int]
    """Keys of people whom he must not meet: not in a group, nor at one place at one time."""
    cannot: tuple[Cannot, ...]
    within: tuple[tuple[date, date], ...]
    """The periods of the requirement, both days included; empty where no order is on record."""
    way: str = ""
    """What is known of how he comes, in words for whoever books."""
