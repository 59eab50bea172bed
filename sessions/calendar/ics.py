"""Appointments as a calendar file (RFC 5545) that says when and where, and never what for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from sessions.availability.open_rules import LONDON

TITLE = "Appointment"
"""All that a calendar shows of a session: others look over his shoulder."""
_AGENT = "-//Appointments//EN"
_AGAIN = timedelta(hours=1)
_MARGIN = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment as its calendar is told of it, also after it was cancelled."""

    uid: str
    """The same however often it is moved."""
    sequence: int
    """Rises with each move and with the cancellation."""
    starts_at: datetime
    ends_at: datetime
    where: str
    cancelled: bool
    changed_at: datetime


def calendar_file(appointments: Sequence[Appointment], now: datetime) -> bytes:
    """The appointments in London wall time, which stays right when the clocks change."""
    calendar = Calendar()
    calendar.add("prodid", _AGENT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Appointments")
    calendar.add("refresh-interval", _AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _AGAIN)
    for one in appointments:
        calendar.add_component(_event(one))
    if appointments:
        first = min((one.starts_at for one in appointments), default=now) - _MARGIN
        last = max((one.ends_at for one in appointments), default=now) + _MARGIN
        calendar.add_missing_timezones(first_date=first.date(), last_date=last.date())
    made: bytes = calendar.to_ical()
    return made


def _event(one: Appointment) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", one.changed_at)
    event.add("last-modified", one.changed_at)
    event.add("dtstart", one.starts_at.astimezone(LONDON))
    event.add("dtend", one.ends_at.astimezone(LONDON))
    event.add("summary", TITLE)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if one.cancelled else "OPAQUE")
    if one.where:
        event.add("location", one.where)
    return event
