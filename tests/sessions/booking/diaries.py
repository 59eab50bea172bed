"""Diaries for tests: clinicians, rooms and men as values."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sessions.availability.shapes import ClinicianOpen, ManLimits, Open, RoomOpen, Span
from sessions.booking.shapes import Diary, Place, Wanted
from sessions.therapies import Gender, SessionMode, Therapy

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
MONDAY = date(2027, 3, 1)
ADA, BEN = 1, 2
HERE, THERE = 11, 12
SMALL, LARGE = 21, 22
HIS_CASE, HIS_KEY = 31, 41


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A London wall time, in UTC."""
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


def span(day: date, start: int, end: int) -> Span:
    return Span(at(day, start), at(day, end))


def hour(day: date, start: int, minute: int = 0, minutes: int = 60) -> Span:
    begins = at(day, start, minute)
    return Span(begins, begins + timedelta(minutes=minutes))


def clinician(key: int = ADA, days: int = 5, first: date = MONDAY, **more: Any) -> ClinicianOpen:
    """Nine to five on these days, at one place."""
    opened = tuple(Open(span(first + timedelta(days=n), 9, 17), HERE) for n in range(days))
    one = ClinicianOpen(
        staff_id=key,
        name="Ada" if key == ADA else "Ben",
        gender=Gender.FEMALE if key == ADA else Gender.MALE,
        therapies=frozenset({Therapy.CBT}),
        leads_groups=frozenset(),
        daily_most=5,
        buffer_minutes=10,
        telephone=True,
        video=False,
        open=opened,
    )
    return replace(one, **more)


def room(key: int = SMALL, days: int = 5, first: date = MONDAY, **more: Any) -> RoomOpen:
    opened = tuple(span(first + timedelta(days=n), 8, 18) for n in range(days))
    one = RoomOpen(
        room_id=key,
        site_id=HERE,
        name=f"Room {key}",
        site_name="The Clinic",
        capacity=2 if key == SMALL else 12,
        step_free=key == LARGE,
        open=opened,
    )
    return replace(one, **more)


def man(**more: Any) -> ManLimits:
    one = ManLimits(
        case_id=HIS_CASE,
        person_id=HIS_KEY,
        modes=frozenset({SessionMode.IN_PERSON}),
        therapist_gender=Gender.NOT_SAID,
        step_free=False,
        interpreter=False,
        barred_sites=frozenset(),
        must_not_meet=frozenset(),
        cannot=(),
        within=((date(2027, 1, 1), date(2027, 12, 31)),),
    )
    return replace(one, **more)


def diary(**more: Any) -> Diary:
    one = Diary({ADA: clinician()}, {SMALL: room()}, (man(),))
    return replace(one, **more)


def wanted(**more: Any) -> Wanted:
    return replace(Wanted(minutes=60, now=NOW, therapy=Therapy.CBT), **more)


def place(when: Span, **more: Any) -> Place:
    return replace(Place(ADA, SessionMode.IN_PERSON, when, HERE, SMALL), **more)
