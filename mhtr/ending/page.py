"""What the pages of the end of treatment say, in words."""

from dataclasses import dataclass
from datetime import date, datetime

from mhtr.accounts.models import Staff
from mhtr.cases.wording import day_words
from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.compliance.queries import attendance_of
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.ending.finish_rules import FURTHER_WORDS, HOW_WORDS, WHY_WORDS
from mhtr.ending.models import FurtherTreatment, SessionsFinished
from mhtr.ending.practitioner_rules import BASIS_WORDS
from mhtr.ending.practitioners import standing_orders
from mhtr.ending.ran_out import ran_out_on
from mhtr.orders.endings import EARLY_END_FROM
from mhtr.orders.page import order_title
from sessions.courses.kinds import CourseEnd
from sessions.courses.queries import courses_of, sessions_of

NEVER_SAID = (
    "That the planned sessions are finished does not say that he complied with the requirement. "
    "That is for probation and the court."
)


@dataclass(frozen=True)
class FinishLine:
    """One time that planned sessions were finished, or no longer."""

    at: datetime
    words: str
    by: str


@dataclass(frozen=True)
class AnswerLine:
    """One answer to whether he requires more treatment."""

    at: datetime
    words: str
    why: str
    """For clinicians."""
    by: str
    basis: str


def finish_line(row: SessionsFinished) -> FinishLine:
    """One of them in words."""
    if row.how is not None and row.on is not None:
        words = f"Finished on {day_words(row.on)}. {HOW_WORDS[row.how]}"
    else:
        words = WHY_WORDS[row.why] if row.why is not None else ""
    return FinishLine(row.created_at, words, _name(row.by_id))


def answer_line(row: FurtherTreatment) -> AnswerLine:
    """One answer in words."""
    words = FURTHER_WORDS[row.answer]
    if row.reported_on is not None:
        words = f"{words} ({day_words(row.reported_on)})"
    basis = f"{BASIS_WORDS[row.basis]}, {row.registration}"
    return AnswerLine(row.created_at, words, row.why or "", _name(row.by_id), basis)


def ran_out(case_id: int) -> str:
    """That his requirement ran out before all planned sessions were held, in facts; else empty."""
    on = ran_out_on(case_id)
    if on is None:
        return ""
    return f"The treatment requirement ran out on {day_words(on)}: {_held(case_id)}"


def _held(case_id: int) -> str:
    planned = sum(one.required for one in sessions_of(courses_of(case_id)[0].id))
    held = sum(one.required and one.happened in TOOK_PLACE for one in attendance_of(case_id))
    return f"{held} of {planned} planned sessions were held."


def ended_early(case_id: int) -> str:
    """That his course ended before its planned sessions were held, in facts; empty otherwise."""
    known = courses_of(case_id)
    course = known[0] if known else None
    if course is None or course.ended_how is not CourseEnd.EARLY or course.ended_at is None:
        return ""
    on = day_words(course.ended_at.astimezone(clock.LONDON).date())
    return f"The course ended early on {on}: {_held(case_id)}"


def _name(staff_id: int | None) -> str:
    return db.session.get_one(Staff, staff_id).name if staff_id is not None else "The program"


@dataclass(frozen=True)
class RunsOn:
    """An order whose treatment requirement still runs."""

    title: str
    until: date
    court_reviews: bool
    early_end: bool
    """Whether supervision under it can end early at all (2026 Act ss.38 and 39)."""


def running(case_id: int, today: date) -> list[RunsOn]:
    """The orders of a case under which he still has to submit to treatment."""
    return [
        RunsOn(
            order_title(one.order),
            one.order.treatment_ends_on,
            one.row.court_reviews,
            today >= EARLY_END_FROM and not one.row.court_reviews,
        )
        for one in standing_orders(case_id)
    ]
