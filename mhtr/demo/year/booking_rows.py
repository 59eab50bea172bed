"""What is written when sessions are booked, moved and cancelled, and when his course changes.

Each function is one call of a service by his therapist; see `writer`.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from mhtr.demo.year.person import Held, Person
from mhtr.demo.year.rows import Row, Rows
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.models import BookingState, SessionPlace, TakenTime, TreatmentSession
from sessions.booking.shapes import Place
from sessions.courses.kinds import CourseChangeKind, CourseEnd
from sessions.courses.models import CourseChange, CourseSession
from sessions.therapies import Side

Asked = tuple[Row, Place]
"""What of his course a time is for."""


def book(rows: Rows, man: Person, at: datetime, asked: Sequence[Asked]) -> list[Held]:
    """As `booking.service.book`."""
    man.series = man.series or rows.ref()
    made = []
    for part, where in sorted(asked, key=lambda one: one[1].span):
        session = _session(rows, man, at, part, where)
        place = rows.add(
            SessionPlace,
            session_id=session["id"],
            case_id=man.case_id,
            course_session_id=part["id"],
            required=part["required"],
            by_id=man.by,
            created_at=at,
        )
        taken = _take(rows, man, session, where)
        rows.note(
            at,
            "booking.booked",
            by=man.by,
            case_id=man.case_id,
            session=session["id"],
            place=place["id"],
        )
        man.booked += 1
        made.append(Held(man.booked, part, where, session, place, taken))
    return made


def _session(rows: Rows, man: Person, at: datetime, part: Row, where: Place, **more: Any) -> Row:
    given = {
        "therapy": part["therapy"],
        "series": man.series,
        "mode": where.mode,
        "site_id": where.site_id,
        "room_id": where.room_id,
        "starts_at": where.span.starts_at,
        "ends_at": where.span.ends_at,
    }
    return rows.add(
        TreatmentSession,
        organisation_id=man.organisation_id,
        clinician_id=where.clinician_id,
        by_id=man.by,
        created_at=at,
        **given,
        **more,
    )


def _take(rows: Rows, man: Person, session: Row, where: Place) -> list[Row]:
    starts, ends = where.span.starts_at, where.span.ends_at
    kept = ends + timedelta(minutes=man.buffer)
    lanes = {
        lane_of(Lane.MAN, man.person_id): ends,
        lane_of(Lane.CLINICIAN, where.clinician_id): kept,
    }
    if where.room_id is not None:
        lanes[lane_of(Lane.ROOM, where.room_id)] = ends
    return [
        rows.add(TakenTime, lane=lane, starts_at=starts, ends_at=until, session_id=session["id"])
        for lane, until in sorted(lanes.items())
    ]


def _close(row: Row, state: BookingState, at: datetime, by: int, side: Side, reason: str) -> None:
    row |= {
        "state": state,
        "closed_at": at,
        "closed_by": by,
        "side": side,
        "reason": reason,
    }
    if "version" in row:
        row["version"] += 1


def move(
    rows: Rows, man: Person, at: datetime, held: Held, where: Place, side: Side, reason: str
) -> None:
    """As `booking.move_service.move`, of one session that stays with him."""
    was, before = held.session, held.place
    rows.drop(held.taken)
    _close(was, BookingState.MOVED, at, man.by, side, reason)
    _close(before, BookingState.MOVED, at, man.by, side, reason)
    held.session = _session(
        rows,
        man,
        at,
        held.part,
        where,
        uid=was["uid"],
        sequence=was["sequence"] + 1,
        supersedes_id=was["id"],
    )
    held.taken = _take(rows, man, held.session, where)
    held.place = rows.add(
        SessionPlace,
        uid=before["uid"],
        sequence=before["sequence"] + 1,
        session_id=held.session["id"],
        case_id=man.case_id,
        course_session_id=held.part["id"],
        required=held.part["required"],
        supersedes_id=before["id"],
        by_id=man.by,
        created_at=at,
    )
    held.where = where
    kept: dict[str, Any] = {"by": man.by, "case_id": man.case_id}
    of = {"session": held.session["id"], "place": held.place["id"]}
    rows.note(at, "booking.place_moved", **kept, **of, before=before["id"])
    kept["case_id"] = None
    rows.note(at, "booking.moved", **kept, session=of["session"], before=was["id"])


def cancel(
    rows: Rows, man: Person, at: datetime, held: Sequence[Held], side: Side, reason: str
) -> None:
    """As `booking.cancel_service.cancel`, but for what is recorded of him where he asked."""
    for one in held:
        rows.drop(one.taken)
        _close(one.session, BookingState.CANCELLED, at, man.by, side, reason)
        _close(one.place, BookingState.CANCELLED, at, man.by, side, reason)
        rows.note(
            at,
            "booking.cancelled",
            by=man.by,
            case_id=man.case_id,
            session=one.session["id"],
            place=one.place["id"],
            side=side.value,
        )


def catch_up(rows: Rows, man: Person, at: datetime, part: Row, reason: str) -> Row:
    """As `session_service.repeat`, then `move` to the end of the course."""
    last, missed = len(man.parts), man.number(part)
    said = {
        name: part[name]
        for name in part
        if name not in ("id", "ref", "created_at", "position", "repeats_id")
    }
    made = rows.add(CourseSession, **said, position=last + 1, repeats_id=part["id"], created_at=at)
    man.parts.append(made)
    _changed(rows, man, at, CourseChangeKind.REPEATED, made, reason=reason)
    _said(rows, man, at, "courses.session_repeated", made)
    if missed < last:
        _moved(rows, man, at, made, missed + 1)
    return made


def to_the_end(rows: Rows, man: Person, at: datetime, part: Row) -> None:
    """As `session_service.move`, to the end of the course."""
    before = man.number(part)
    if before == len(man.parts):
        return
    man.parts.remove(part)
    man.parts.append(part)
    _moved(rows, man, at, part, before)


def _moved(rows: Rows, man: Person, at: datetime, part: Row, before: int) -> None:
    _changed(rows, man, at, CourseChangeKind.MOVED, part, before={"position": before})
    _said(rows, man, at, "courses.session_moved", part)


def end_course(rows: Rows, man: Person, at: datetime, how: CourseEnd, reason: str) -> Row:
    """As `courses.service.end_course`; returns what changes of the course."""
    _changed(rows, man, at, CourseChangeKind.ENDED, None, reason=reason)
    rows.note(
        at,
        "courses.ended",
        by=man.by,
        case_id=man.case_id,
        course=man.course_id,
        how=how.value,
    )
    return {"ended_at": at, "ended_how": how, "ended_by": man.by}


def _changed(
    rows: Rows,
    man: Person,
    at: datetime,
    kind: CourseChangeKind,
    part: Row | None,
    *,
    reason: str = "",
    before: Row | None = None,
) -> None:
    rows.add(
        CourseChange,
        course_id=man.course_id,
        course_session_id=part["id"] if part else None,
        kind=kind,
        reason=reason or None,
        before=before,
        by_id=man.by,
        created_at=at,
    )
    man.version += 1


def _said(rows: Rows, man: Person, at: datetime, action: str, part: Row) -> None:
    rows.note(at, action, by=man.by, case_id=man.case_id, session=part["id"])


def reference(held: Held) -> uuid.UUID:
    """His place in a session, as attendance knows it."""
    found: uuid.UUID = held.place["ref"]
    return found
