"""What stands in a calendar: sessions, what is free, and time that is not to be booked."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask import url_for
from sqlalchemy import or_, select

from mhtr.compliance.attendance import TOOK_PLACE, Happened
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.formats import clock_time
from mhtr.tasks.models import Leave
from sessions.availability.kinds import HoursUse
from sessions.availability.models import DatedHours, WeeklyHours
from sessions.availability.open_rules import days_from, less, moment
from sessions.availability.queries import clinicians_open, dated_of, trust_days, weekly_of
from sessions.availability.shapes import Span
from sessions.calendar.booked import Booked
from sessions.calendar.grid_rules import KIND_WORDS, Block, BlockKind

_SHORTEST_FREE = timedelta(minutes=15)
_USES = {
    HoursUse.SUPERVISION: BlockKind.SUPERVISION,
    HoursUse.TRAVEL: BlockKind.TRAVEL,
    HoursUse.OTHER: BlockKind.OTHER,
    HoursUse.AWAY: BlockKind.AWAY,
}


def span_of_days(first: date, last: date) -> tuple[datetime, datetime]:
    """From the midnight that begins the first day to the one that ends the last, in London."""
    return moment(first, time(0)), moment(last + timedelta(days=1), time(0))


def session_block(one: Booked, *, clinician: bool = False) -> Block:
    """A booked session, in words for staff.

    Args:
        clinician: say with whom rather than where: on the page of a place.
    """
    came = [each.attendance for each in one.coming if each.attendance]
    case = next((each.case for each in one.coming if each.case), None)
    return Block(
        kind=BlockKind.GROUP if one.row.in_group else BlockKind.SESSION,
        span=one.span,
        title=_title(one),
        lines=(_times(one.span), f"With {one.clinician}" if clinician else one.where),
        href="" if case is None or one.row.in_group else _case_href(case.ref),
        mark=_mark(one, [row.happened for row in came]),
        action="Record",
        action_href=_record_href(one),
    )


def free_blocks(
    staff_id: int, organisation_id: int, first: date, last: date, taken: Sequence[Booked]
) -> list[Block]:
    """What of a clinician's hours can still be booked."""
    found = clinicians_open(organisation_id, first, last, staff_ids=[staff_id]).get(staff_id)
    if found is None:
        return []
    buffer = timedelta(minutes=found.buffer_minutes)
    gone = [Span(one.row.starts_at, one.row.ends_at + buffer) for one in taken]
    spans = less((one.span for one in found.open), gone)
    return [
        Block(BlockKind.FREE, span, f"Free {_times(span)}")
        for span in spans
        if span.ends_at - span.starts_at >= _SHORTEST_FREE
    ]


def other_blocks(staff_id: int, first: date, last: date, taken: Sequence[Booked]) -> list[Block]:
    """A clinician's time that is not for sessions, less what was booked in it all the same."""
    weekly = [
        weekly_of(row)
        for row in db.session.scalars(
            select(WeeklyHours).where(
                WeeklyHours.staff_id == staff_id,
                WeeklyHours.use != HoursUse.SESSIONS,
                WeeklyHours.valid_from <= last,
                or_(WeeklyHours.valid_to.is_(None), WeeklyHours.valid_to >= first),
            )
        )
    ]
    dated = [
        dated_of(row)
        for row in db.session.scalars(
            select(DatedHours).where(
                DatedHours.staff_id == staff_id,
                DatedHours.use != HoursUse.SESSIONS,
                DatedHours.day.between(first, last),
            )
        )
    ]
    gone = [one.span for one in taken]
    made = []
    for day in days_from(first, last):
        on = [one for one in weekly if one.on(day)] + [one for one in dated if one.day == day]
        for each in on:
            whole = Span(moment(day, each.starts), moment(day, each.ends))
            kind = _USES[each.use]
            made += [Block(kind, span, KIND_WORDS[kind]) for span in less([whole], gone)]
    return made


def day_notes(staff_id: int, organisation_id: int, first: date, last: date) -> dict[date, str]:
    """Days on which a clinician is on leave, or his trust is closed."""
    leave = db.session.scalars(
        select(Leave).where(
            Leave.staff_id == staff_id, Leave.first_day <= last, Leave.last_day >= first
        )
    ).all()
    return closed_days(organisation_id, first, last) | {
        day: "On leave"
        for day in days_from(first, last)
        if any(row.first_day <= day <= row.last_day for row in leave)
    }


def closed_days(organisation_id: int, first: date, last: date) -> dict[date, str]:
    """Days on which a trust is closed: bank holidays and its own."""
    days = trust_days(organisation_id)
    return {day: "Closed" for day in days_from(first, last) if not days.open_on(day)}


def _title(one: Booked) -> str:
    if one.row.in_group:
        return f"{one.row.title or 'Group'} ({len(one.coming)} of {one.row.capacity})"
    return one.coming[0].name if one.coming else "Nobody is booked in it"


def _times(span: Span) -> str:
    return f"{clock_time(span.starts_at)} to {clock_time(span.ends_at)}"


def _case_href(case_ref: object) -> str:
    return url_for("overview.case_page", case_ref=case_ref)


def _record_href(one: Booked) -> str:
    """Where what happened is recorded, once the session has begun and while a man's is missing."""
    seen = [each for each in one.coming if each.case]
    missing = [each for each in seen if not each.attendance]
    if one.row.starts_at > clock.now() or not missing:
        return ""
    if one.row.in_group:
        return url_for("register.group", session_ref=one.row.ref)
    return url_for("register.attendance", place_ref=missing[0].place.ref)


def _mark(one: Booked, happened: Sequence[Happened]) -> str:
    if one.row.ends_at > clock.now() or not one.coming:
        return ""
    if len(happened) < len(one.coming):
        return "To record"
    held = sum(each in TOOK_PLACE for each in happened)
    if one.row.in_group:
        return f"{held} attended"
    return "Attended" if held else "Not held"
