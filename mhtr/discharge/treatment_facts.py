"""What the record says of a man's treatment, for letters: nothing of it is written by anybody."""

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.compliance.queries import attendance_of
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.discharge.letter_content import Facts, Measure
from mhtr.ending.queries import finished_now
from outcome_measures.reading.lines import lines_of, read_lines
from outcome_measures.reading.rules import Reading
from outcome_measures.reading.sessions import session_days
from sessions.courses.models import Course
from sessions.courses.queries import courses_of, sessions_of
from sessions.therapies import THERAPY_WORDS


def course_of(case_id: int) -> Course | None:
    """The course that letters are about: the newest one."""
    known = courses_of(case_id)
    return known[0] if known else None


def therapist_of(course: Course) -> Staff | None:
    """Who treats him and can sign in."""
    if course.therapist_id is None:
        return None
    staff = db.session.get_one(Staff, course.therapist_id)
    return staff if staff.disabled_at is None else None


def has_ended(course: Course) -> bool:
    """Whether his treatment is over: its planned sessions were held, or it was ended."""
    return course.ended_at is not None or finished_now(course) is not None


def facts_of(case: Case, course: Course) -> Facts:
    """What the record says of his treatment now."""
    held = [row.on for row in attendance_of(case.id) if row.required and row.happened in TOOK_PLACE]
    planned = [one for one in sessions_of(course.id) if one.skipped_at is None]
    finished = finished_now(course)
    ended = course.ended_at.astimezone(clock.LONDON).date() if course.ended_at else None
    therapies = dict.fromkeys(THERAPY_WORDS[one.therapy] for one in planned)
    treats = db.session.get(Staff, course.therapist_id) if course.therapist_id else None
    return Facts(
        treated_by=treats.name if treats is not None else "",
        therapies=tuple(therapies),
        held=len(held),
        planned=sum(one.required for one in planned),
        first_on=min(held, default=None),
        last_on=max(held, default=None),
        finished=finished is not None,
        ended_on=finished.on if finished is not None else ended,
        measures=_measures(case.id),
    )


def _measures(case_id: int) -> tuple[Measure, ...]:
    """The pair of each measure, as his page of measures reads it; its first score without one."""
    lines = lines_of(case_id)
    readings = read_lines(lines, session_days(case_id, lines))
    return tuple(found for one in readings.values() if (found := _measure(one)) is not None)


def _measure(reading: Reading) -> Measure | None:
    name = f"{reading.instrument.name} ({reading.instrument.title})"
    if reading.pair is not None:
        first, last = reading.pair.totals
        return Measure(name, first, reading.pair.first.on, last, reading.pair.last.on)
    begun = reading.baseline
    if begun is None or begun.total is None:
        return None
    return Measure(name, begun.total, begun.on)
