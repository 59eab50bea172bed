"""Changing single sessions of a man's course: the only writer of them.

A session that is booked or was held never changes silently: `listeners` says which those are.
"""

from collections.abc import Sequence
from typing import Any

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from sessions.courses import listeners, queries
from sessions.courses.kinds import CourseChangeKind
from sessions.courses.models import Course, CourseSession
from sessions.courses.rules import (
    LONGEST,
    PARTS,
    Planned,
    contradictions,
    planned_of,
    why_fixed,
)
from sessions.courses.service import SAME, SAY_WHY, locked, note

FULL = f"A course can have at most {LONGEST} sessions."
SKIPPED = "This session is skipped. Bring it back first."
NOT_SKIPPED = "This session is not skipped."
REPLACED = "Another pathway took the place of this session. Add a session instead."
LAST_ONE = "This is the only session left. End the course instead."


def add_session(
    *, course_id: int, said: Planned, after: int, reason: str, version: int, by: int
) -> CourseSession:
    """Add a session to a course.

    Args:
        after: the position of the session it follows; 0 puts it first.

    Raises:
        NotFound: the course has no session there.
        Refused: the session contradicts itself, or would stand before one that was held.
        Stale: somebody changed the course meanwhile.
    """
    course = locked(course_id, version)
    if wrong := contradictions(said):
        raise Refused(*wrong)
    row = _put_in(course, said, after)
    note(course, CourseChangeKind.ADDED, of=row, reason=reason, by=by)
    audit.record("courses.session_added", by=by, case_id=course.case_id, session=row.id)
    return row


def change_session(
    *, course_id: int, session_id: int, said: Planned, reason: str, version: int, by: int
) -> None:
    """Change what a session of a course is.

    Raises:
        Refused: it is booked, held or skipped, contradicts itself, or nothing changed.
        Stale: somebody changed the course meanwhile.
    """
    course = locked(course_id, version)
    row = _free(course, session_id)
    if row.skipped_at is not None:
        raise Refused(SKIPPED)
    if wrong := contradictions(said):
        raise Refused(*wrong)
    before = {part: _kept(getattr(row, part)) for part in PARTS}
    now = {part: _kept(getattr(said, part)) for part in PARTS}
    changed = {part: old for part, old in before.items() if old != now[part]}
    if not changed:
        raise Refused(SAME)
    for part in changed:
        setattr(row, part, getattr(said, part))
    note(course, CourseChangeKind.CHANGED, of=row, reason=reason, before=changed, by=by)
    audit.record(
        "courses.session_changed",
        by=by,
        case_id=course.case_id,
        session=row.id,
        fields=sorted(changed),
    )


def skip(*, course_id: int, session_id: int, reason: str, version: int, by: int) -> None:
    """Leave a session out. It stays on record and can be brought back.

    Raises:
        Refused: it is booked, held or skipped already, the only one left, or no reason is given.
        Stale: somebody changed the course meanwhile.
    """
    course = locked(course_id, version)
    row = _free(course, session_id)
    if row.skipped_at is not None:
        raise Refused("This session is skipped already.")
    if not reason.strip():
        raise Refused(SAY_WHY)
    if len(queries.sessions_of(course.id)) == 1:
        raise Refused(LAST_ONE)
    row.skipped_at, row.skipped_by = clock.now(), by
    note(course, CourseChangeKind.SKIPPED, of=row, reason=reason, by=by)
    audit.record("courses.session_skipped", by=by, case_id=course.case_id, session=row.id)


def bring_back(*, course_id: int, session_id: int, version: int, by: int) -> None:
    """Let a skipped session take place after all: where it stood, or after those held since.

    Raises:
        Refused: it is not skipped, or another pathway took its place.
        Stale: somebody changed the course meanwhile.
    """
    course = locked(course_id, version)
    row = _one(course, session_id)
    if row.skipped_at is None:
        raise Refused(NOT_SKIPPED)
    if row.replaced:
        raise Refused(REPLACED)
    _check_room(course)
    row.skipped_at = row.skipped_by = None
    db.session.flush()
    place = row.position
    rows = [each for each in _all(course) if each.id != row.id]
    least = _first_free(rows)
    if place <= least:
        _order(rows[:least] + [row] + rows[least:])
    before = {"position": place} if row.position != place else None
    note(course, CourseChangeKind.BROUGHT_BACK, of=row, before=before, by=by)
    audit.record("courses.session_brought_back", by=by, case_id=course.case_id, session=row.id)


def repeat(*, course_id: int, session_id: int, reason: str, version: int, by: int) -> CourseSession:
    """Add a session like this one, to catch up on it: after it, and after whatever was held.

    Raises:
        Refused: it is skipped, no reason is given, or the course is full.
        Stale: somebody changed the course meanwhile.
    """
    course = locked(course_id, version)
    of = _one(course, session_id)
    if of.skipped_at is not None:
        raise Refused(SKIPPED)
    if not reason.strip():
        raise Refused(SAY_WHY)
    after = max(of.position, _first_free(_all(course)))
    row = _put_in(course, planned_of(of), after)
    row.repeats_id = of.id
    note(course, CourseChangeKind.REPEATED, of=row, reason=reason, by=by)
    audit.record("courses.session_repeated", by=by, case_id=course.case_id, session=row.id)
    return row


def move(*, course_id: int, session_id: int, after: int, version: int, by: int) -> None:
    """Give a session another place in the order.

    Args:
        after: the position of the session it is to follow; 0 puts it first.

    Raises:
        NotFound: the course has no session there.
        Refused: it is booked, held or skipped, stands there already, or would stand before a
            session that was held.
        Stale: somebody changed the course meanwhile.
    """
    course = locked(course_id, version)
    row = _free(course, session_id)
    if row.skipped_at is not None:
        raise Refused(SKIPPED)
    rows = _all(course)
    _check_place(rows, after)
    if after in (row.position - 1, row.position):
        raise Refused("It has that place already.")
    before = {"position": row.position}
    earlier = [each for each in rows[:after] if each.id != row.id]
    later = [each for each in rows[after:] if each.id != row.id]
    _order([*earlier, row, *later])
    note(course, CourseChangeKind.MOVED, of=row, before=before, by=by)
    audit.record("courses.session_moved", by=by, case_id=course.case_id, session=row.id)


def _put_in(course: Course, said: Planned, after: int) -> CourseSession:
    _check_room(course)
    rows = _all(course)
    _check_place(rows, after)
    row = CourseSession(
        course_id=course.id,
        position=after + 1,
        **{part: getattr(said, part) for part in PARTS},
    )
    db.session.add(row)
    _order([*rows[:after], row, *rows[after:]])
    return row


def _check_place(rows: Sequence[CourseSession], after: int) -> None:
    if not 0 <= after <= len(rows):
        raise NotFound
    if after < _first_free(rows):
        raise Refused("It would stand before a session that was held. Select a later place.")


def _order(rows: Sequence[CourseSession]) -> None:
    """Number the sessions of a course by their place in this list."""
    for position, row in enumerate(rows, 1):
        row.position = position
    db.session.flush()


def _first_free(rows: Sequence[CourseSession]) -> int:
    """The place of the last session that was held; 0 where none was. Nothing goes before it."""
    held = listeners.held_of([row.id for row in rows])
    return max((place for place, row in enumerate(rows, 1) if row.id in held), default=0)


def _check_room(course: Course) -> None:
    if len(queries.sessions_of(course.id)) >= LONGEST:
        raise Refused(FULL)


def _all(course: Course) -> list[CourseSession]:
    return queries.sessions_of(course.id, skipped=True, replaced=True)


def _one(course: Course, session_id: int) -> CourseSession:
    row = db.session.get(CourseSession, session_id)
    if row is None or row.course_id != course.id:
        raise NotFound
    return row


def _free(course: Course, session_id: int) -> CourseSession:
    """A session of this course that is neither booked nor was held."""
    row = _one(course, session_id)
    words = listeners.words_of([row.id]).get(row.id)
    held = row.id in listeners.held_of([row.id])
    if words is not None or held:
        raise Refused(why_fixed(words or "held", held=held))
    return row


def _kept(value: Any) -> Any:
    """A field's value as the history keeps it: an enumeration by its code."""
    return getattr(value, "value", value)
