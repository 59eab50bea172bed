"""Moving what is booked: one session, this and those after it, or all of a series.

A move makes a new row that supersedes the old one and carries over who has a place in it; who
asked and why stays with the old row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mhtr.cases.models import Case
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from sessions.booking import news
from sessions.booking.closing import (
    Why,
    check_why,
    close,
    follow_change,
    locked_with_cases,
    with_whom,
)
from sessions.booking.diary_queries import diary
from sessions.booking.finding import why_not
from sessions.booking.holding import (
    bookable,
    check,
    hold,
    lock_resources,
    races,
    release,
)
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.moving import parts_of, those_who_come, wanted_of
from sessions.booking.queries import place_of
from sessions.booking.shapes import Diary, Place, london_day
from sessions.booking.spacing import with_taken

NOWHERE = "Choose another time, place or clinician: this is what is booked."


@dataclass(frozen=True)
class Move:
    """Where one session goes."""

    session_id: int
    version: int
    """As it was when the new time was chosen."""
    place: Place


@races
def move(*, moves: Sequence[Move], why: Why, by: int) -> list[TreatmentSession]:
    """Move sessions, all of them or none.

    Raises:
        JustTaken: somebody else has taken one of the times.
        Refused: no reason; nothing changes; a session is not booked any more or has begun; one of
            the times is not possible for one of those who come, with every reason.
        Stale: one of the sessions was changed since it was seen.
    """
    must_be_writing()
    check_why(why)
    by_id = {one.session_id: one for one in moves}
    seen = {key: one.version for key, one in by_id.items()}
    locked = locked_with_cases(seen)
    sessions, places, held = locked.sessions, locked.places, locked.cases
    for case_id in held:
        bookable(case_id, moving=True)
    if not sessions or all(place_of(row) == by_id[row.id].place for row in sessions):
        raise Refused(NOWHERE)
    found = _checked(sessions, places, by_id, held)
    release([row.id for row in sessions])
    for row in sessions:
        close(row, BookingState.MOVED, why, by=by)
        for one in places:
            if one.session_id == row.id:
                close(one, BookingState.MOVED, why, by=by)
    db.session.flush()
    made = []
    for row in sessions:
        coming = [one for one in places if one.session_id == row.id]
        made.append(
            _moved(row, by_id[row.id].place, coming, held, those_who_come(found, coming), by=by)
        )
    _tell(sessions, made, places, held, by=by)
    follow_change(held, [*sessions, *made], places, by=by)
    return made


def _tell(
    sessions: Sequence[TreatmentSession],
    made: Sequence[TreatmentSession],
    places: Sequence[SessionPlace],
    held: Mapping[int, Case],
    *,
    by: int,
) -> None:
    """Who sees them now, and who would have seen them, hear of it."""
    was = with_whom(sessions, places, held)
    now = [(row, case) for row, (_, case) in zip(made, was, strict=True)]
    news.tell(news.MOVED, now, by=by)
    gone = zip(was, made, strict=True)
    left = [one for one, row in gone if one[0].clinician_id != row.clinician_id]
    news.tell(news.MOVED_AWAY, left, by=by)


def _checked(
    sessions: Sequence[TreatmentSession],
    places: Sequence[SessionPlace],
    by_id: Mapping[int, Move],
    held: Mapping[int, Case],
) -> Diary:
    """What binds the new times; each of them is possible."""
    lock_resources(one.place for one in by_id.values())
    days = [london_day(one.place.span.starts_at) for one in by_id.values()]
    found = diary(
        sessions[0].organisation_id,
        [held[key] for key in sorted(held)],
        min(days),
        max(days),
        leaving_out=list(by_id),
        places=[one.place for one in by_id.values()],
    )
    moved = {key: london_day(one.place.span.starts_at) for key, one in by_id.items()}
    parts = parts_of(places, moved, list(by_id))
    for row in sorted(sessions, key=lambda each: by_id[each.id].place.span):
        place, coming = by_id[row.id].place, [one for one in places if one.session_id == row.id]
        own = those_who_come(found, coming)
        limits = [wanted for _, wanted in parts.get(row.id, [])]
        check(wanted_of(row, own, limits), own, place, named=len(sessions) > 1)
        found = with_taken_of(found, own, place)
    return found


def those_possible(moves: Sequence[Move]) -> list[Move]:
    """Of moves that keep their days and times, those that are possible, in order of time.

    Everybody's case is locked. Whoever is to see them, and where, is locked until commit, so
    that `move` finds it as it is found here.
    """
    by_id = {one.session_id: one for one in moves}
    locked = locked_with_cases({key: one.version for key, one in by_id.items()})
    lock_resources(one.place for one in moves)
    days = {key: london_day(one.place.span.starts_at) for key, one in by_id.items()}
    men = [locked.cases[key] for key in sorted(locked.cases)]
    trust = locked.sessions[0].organisation_id
    first, last = min(days.values()), max(days.values())
    found = diary(trust, men, first, last, leaving_out=list(by_id))
    parts = parts_of(locked.places, days, list(by_id))
    able = []
    for row in locked.sessions:
        coming = [one for one in locked.places if one.session_id == row.id]
        place, own = by_id[row.id].place, those_who_come(found, coming)
        limits = [wanted for _, wanted in parts.get(row.id, [])]
        if not why_not(wanted_of(row, own, limits), own, place):
            able.append(by_id[row.id])
            found = with_taken_of(found, own, place)
    return able


def with_taken_of(found: Diary, own: Diary, place: Place) -> Diary:
    """The whole diary with a time taken by those of another."""
    return replace(found, taken=with_taken(own, place).taken)


def _moved(
    row: TreatmentSession,
    place: Place,
    coming: Sequence[SessionPlace],
    held: Mapping[int, Case],
    own: Diary,
    *,
    by: int,
) -> TreatmentSession:
    made = TreatmentSession(
        uid=row.uid,
        sequence=row.sequence + 1,
        organisation_id=row.organisation_id,
        clinician_id=place.clinician_id,
        therapy=row.therapy,
        mode=place.mode,
        site_id=place.site_id,
        room_id=place.room_id,
        starts_at=place.span.starts_at,
        ends_at=place.span.ends_at,
        in_group=row.in_group,
        title=row.title,
        capacity=row.capacity,
        series=row.series,
        supersedes_id=row.id,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    hold(made, own, place)
    for one in coming:
        _carry_over(one, made, by=by)
    audit.record("booking.moved", by=by, session=made.id, before=row.id)
    return made


def _carry_over(one: SessionPlace, session: TreatmentSession, *, by: int) -> None:
    made = SessionPlace(
        uid=one.uid,
        sequence=one.sequence + 1,
        session_id=session.id,
        case_id=one.case_id,
        course_session_id=one.course_session_id,
        required=one.required,
        supersedes_id=one.id,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(
        "booking.place_moved",
        by=by,
        case_id=one.case_id,
        session=session.id,
        place=made.id,
        before=one.id,
    )
