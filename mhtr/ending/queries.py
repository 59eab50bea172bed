"""What is on record of the end of a man's treatment."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, select

from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.compliance.queries import latest_of
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.ending.finish_rules import Finished, Planned, finished
from mhtr.ending.models import FurtherTreatment, SessionsFinished
from sessions.booking.models import SessionPlace
from sessions.courses import queries as courses
from sessions.courses.kinds import CourseEnd
from sessions.courses.models import Course

_FINISHED = (
    select(SessionsFinished)
    .where(SessionsFinished.case_id == bindparam("case"))
    .order_by(SessionsFinished.number)
)
_ANSWERS = (
    select(FurtherTreatment)
    .where(FurtherTreatment.case_id == bindparam("case"))
    .order_by(FurtherTreatment.id)
)
_PLACES = (
    select(SessionPlace.course_session_id, SessionPlace.ref)
    .where(
        SessionPlace.case_id == bindparam("case"),
        SessionPlace.course_session_id.in_(bindparam("parts", expanding=True)),
    )
    .order_by(SessionPlace.id)
)


def finished_rows(case_id: int) -> Sequence[SessionsFinished]:
    """Each time that his planned sessions were finished, or so no longer, the first one first."""
    return db.session.scalars(_FINISHED, {"case": case_id}).all()


def last_finished(case_id: int) -> SessionsFinished | None:
    """What counts of it where they are finished now; None where they are not."""
    rows = finished_rows(case_id)
    return rows[-1] if rows and rows[-1].how is not None else None


def answers_of(case_id: int) -> Sequence[FurtherTreatment]:
    """Every answer to whether he requires more treatment, the first one first."""
    return db.session.scalars(_ANSWERS, {"case": case_id}).all()


def answer_on(row: SessionsFinished) -> FurtherTreatment | None:
    """The answer that counts of one time that they were finished."""
    return next(
        (one for one in reversed(answers_of(row.case_id)) if one.finished_id == row.id), None
    )


def finished_now(course: Course) -> Finished | None:
    """Whether the planned sessions of a course are finished, from what is recorded of them."""
    rows = courses.sessions_of(course.id)
    wanted = {"case": course.case_id, "parts": [row.id for row in rows]}
    places = db.session.execute(_PLACES, wanted).all() if rows else []
    recorded = latest_of([ref for _, ref in places])
    days: dict[int, date] = {}
    for part, ref in places:
        row = recorded.get(ref)
        if part is not None and row is not None and row.happened in TOOK_PLACE:
            days[part] = max(row.on, days.get(part, row.on))
    planned = [Planned(one.id, one.required, days.get(one.id), one.repeats_id) for one in rows]
    closed = course.ended_at if course.ended_how is CourseEnd.DONE else None
    return finished(planned, closed_on=closed.astimezone(clock.LONDON).date() if closed else None)
