"""What a time is looked for with, and what is found: values only.

Moments are aware; stretches include their start and exclude their end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sessions.availability.shapes import ClinicianOpen, ManLimits, RoomOpen, Span
from sessions.therapies import SessionMode, Therapy

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Usual:
    """How the session before was: what a new one is kept close to."""

    minute: int
    """Of the London day."""
    site_id: int | None = None
    mode: SessionMode | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One session that a time is looked for."""

    minutes: int
    now: datetime
    therapy: Therapy | None = None
    """None: a meeting outside any therapy, which every clinician may hold."""
    in_group: bool = False
    places: int = 1
    """How many men may come; the clinician is one more in the room."""
    required: bool = True
    """Part of the requirement, so it has to lie inside it."""
    first: date | None = None
    """The first day by the least gap from the session before; likewise the ideal and the last."""
    ideal: date | None = None
    last: date | None = None
    until: date | None = None
    """The day of the session that follows it, which has to come later."""
    least_after: int = 1
    """Days that have to lie between it and the session that follows it, at least."""
    interpreter_from: date | None = None
    """The first day for which an interpreter can still be booked, if one of them needs one."""
    therapist_id: int | None = None
    only_id: int | None = None
    """His therapist, where nobody else may see him: a session of his course was held."""
    usual: Usual | None = None
    apart_minutes: int = 30
    """Kept between the visits to one place of people who must not meet."""

    @property
    def latest(self) -> date | None:
        """The last day that leaves the session that follows far enough away."""
        return self.until - timedelta(days=self.least_after) if self.until else None

    @property
    def no_day(self) -> bool:
        """Whether its neighbours lie so close to each other that no day is left between."""
        return self.first is not None and self.latest is not None and self.latest < self.first


@dataclass(frozen=True, slots=True)
class At:
    """When somebody is at a place."""

    span: Span
    site_id: int


@dataclass(frozen=True)
class Diary:
    """Everything that binds a time, of the days that are looked at."""

    clinicians: Mapping[int, ClinicianOpen]
    rooms: Mapping[int, RoomOpen]
    men: tuple[ManLimits, ...] = ()
    taken: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    """By lane (`lanes`), in order."""
    meets: Mapping[int, tuple[At, ...]] = field(default_factory=dict)
    """By case: where those are whom he must not meet."""
    company: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """By case: keys of the people in the group that is looked at, without himself."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who sees him, how and where, at a time: all that a booking needs."""

    clinician_id: int
    mode: SessionMode
    span: Span
    site_id: int | None = None
    room_id: int | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Why one time is offered before another; less is better, the first part counts most."""

    another_therapist: bool
    days_off: int
    """Days between it and the ideal day."""
    day: date
    minutes_off: int
    """Minutes between it and the time of day of the session before."""
    elsewhere: bool
    """Another place, or another way of being seen, than the session before."""

    @property
    def key(self) -> tuple[bool, int, date, int, bool]:
        """What times are put in order by."""
        return (
            self.another_therapist,
            self.days_off,
            self.day,
            self.minutes_off,
            self.elsewhere,
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that is possible, and how good it is."""

    place: Place
    score: Score
    clinician: str
    room: str = ""
    site: str = ""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return self.place.span.starts_at


def london_day(moment: datetime) -> date:
    """The London day of a moment."""
    return moment.astimezone(LONDON).date()


def london_minute(moment: datetime) -> int:
    """The minute of the London day of a moment, by the clock on the wall."""
    local = moment.astimezone(LONDON)
    return local.hour * 60 + local.minute


def _in_utc(span: Span) -> Span:
    """As most are already."""
    if span.starts_at.tzinfo is UTC and span.ends_at.tzinfo is UTC:
        return span
    return Span(span.starts_at.astimezone(UTC), span.ends_at.astimezone(UTC))


def joined(spans: Sequence[Span]) -> list[Span]:
    """Stretches in UTC, those that touch or overlap as one."""
    if len(spans) == 1 and spans[0].starts_at.tzinfo is UTC and spans[0].ends_at.tzinfo is UTC:
        return [spans[0]]
    made: list[Span] = []
    for span in sorted(map(_in_utc, spans)):
        if made and span.starts_at <= made[-1].ends_at:
            made[-1] = Span(made[-1].starts_at, max(made[-1].ends_at, span.ends_at))
        else:
            made.append(span)
    return made
