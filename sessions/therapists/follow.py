"""A proposal lapses with the course, and the pages below show what is proposed."""

from mhtr.accounts.models import Staff
from mhtr.cases import listeners as case_listeners
from mhtr.cases import service as cases
from mhtr.core.database import db
from sessions.booking import listeners as booking_listeners
from sessions.courses import listeners as course_listeners
from sessions.courses.listeners import ChangeSaid
from sessions.courses.models import Course
from sessions.courses.queries import open_course
from sessions.therapists import queries, rules, service
from sessions.therapists.kinds import STATE_COLOURS, STATE_WORDS, Lapse, State


def _course_ended(course: Course, by: int | None) -> None:
    service.lapse(course, Lapse.COURSE, by=by)


def _died(case_id: int, by: int) -> None:
    _lapse(case_id, Lapse.DIED, by)


def _moved(case_id: int, by: int | None) -> None:
    _lapse(case_id, Lapse.TRUST, by)


def _lapse(case_id: int, why: Lapse, by: int | None) -> None:
    cases.lock(case_id)
    course = open_course(case_id)
    if course is not None:
        service.lapse(course, why, by=by)


def said(course_id: int) -> list[ChangeSaid]:
    """Every proposal of a course as its page shows it, the newest first."""
    rows = queries.changes_of(course_id)
    answers = queries.answers_of_each([row.id for row in rows])
    made = []
    for row in rows:
        names = [db.session.get_one(Staff, one).name for one in (row.from_id, row.to_id)]
        waits = rules.waits_for(queries.given(answers[row.id]))
        is_open = row.state is State.OPEN
        made.append(
            ChangeSaid(
                ref=row.ref,
                at=row.created_at,
                what=f"From {names[0]} to {names[1]}",
                state=STATE_WORDS[row.state],
                colour=STATE_COLOURS[row.state],
                waits=rules.waits_words(waits) if is_open else "",
            )
        )
    return made


course_listeners.ended.append(_course_ended)
course_listeners.changes_of_therapist.append(said)
booking_listeners.with_another.append(queries.still_with_another)
case_listeners.death_recorded.append(_died)
case_listeners.case_moved.append(_moved)
