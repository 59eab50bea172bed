"""A clinician's sessions of today, each one click from recording what happened."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.compliance.attendance import in_words
from mhtr.core import clock, formats
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.overview.links import page_href
from mhtr.overview.rows import Row
from mhtr.overview.task_lists import note_shown
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.register.queries import Line, Placed, with_attendance
from sessions.therapies import MODE_WORDS


def today_rows(viewer: Viewer, *, limit: int) -> list[Row]:
    """His booked sessions of today in order of time; of a group one row."""
    lines = with_attendance(_placed(viewer, limit))
    groups: dict[int, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.placed.session.id, []).append(line)
    rows = [
        _group(viewer, held) if held[0].placed.session.in_group else _one(viewer, held[0])
        for held in groups.values()
    ]
    note_shown(rows)
    return rows


def _placed(viewer: Viewer, limit: int) -> list[Placed]:
    begins = datetime.combine(clock.today(), time(0), clock.LONDON)
    rows = db.session.execute(
        select(SessionPlace, TreatmentSession, Case)
        .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
        .join(Case, Case.id == SessionPlace.case_id)
        .where(
            TreatmentSession.clinician_id == viewer.staff_id,
            TreatmentSession.starts_at >= begins,
            TreatmentSession.starts_at < begins + timedelta(days=1),
            SessionPlace.state == BookingState.BOOKED,
            in_scope(viewer, Purpose.CLINICAL),
        )
        .order_by(TreatmentSession.starts_at, SessionPlace.id)
        .limit(limit)
    )
    return [Placed(*row) for row in rows]


def _one(viewer: Viewer, line: Line) -> Row:
    session, case = line.placed.session, line.placed.case
    row = line.attendance
    return Row(
        ref=line.placed.place.ref,
        who=case.person.name,
        born=case.person.born,
        what=f"{formats.clock_time(session.starts_at)}, {MODE_WORDS[session.mode].lower()}",
        href=page_href(viewer, "register.attendance", line.placed.place.ref),
        action=_action(line),
        facts=(in_words(row.happened, row.minutes_late),) if row else (),
        case_id=case.id,
        person_id=case.person_id,
    )


def _group(viewer: Viewer, held: list[Line]) -> Row:
    session = held[0].placed.session
    left = sum(line.happened is None for line in held)
    return Row(
        ref=session.ref,
        who=session.title or "Group",
        what=f"{formats.clock_time(session.starts_at)}, {len(held)} in the group",
        href=page_href(viewer, "register.group", session.ref),
        action="Record" if left and held[0].is_over(clock.now()) else "Open",
        facts=(f"{len(held) - left} of {len(held)} recorded",),
    )


def _action(line: Line) -> str:
    return "Record" if line.waits(clock.now()) else "Open"
