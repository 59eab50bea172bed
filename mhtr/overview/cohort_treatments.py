"""Which treatment each man of a cohort had: of his courses, not of what was proposed for him."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import COUNTS
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.overview.cohort_traits import proposed_group, treatment_group
from mhtr.suitability.models import Assessment, AssessmentSection
from mhtr.suitability.sections import Section
from sessions.booking.models import SessionPlace
from sessions.courses.models import Course, CourseSession
from sessions.therapies import Therapy


def treatments_of(case_ids: Collection[int], last_contacts: Mapping[int, date]) -> dict[int, str]:
    """The group of each case by the treatment he had; in a fixed number of statements.

    A course counts by its sessions at which he was seen. Where nobody recorded what happened at
    any, it counts as it was planned if a contact with him was recorded since it was made.

    Args:
        last_contacts: the day of the last treatment session recorded as a contact, by case.
    """
    held = _held(case_ids)
    without = [case_id for case_id in case_ids if case_id not in held]
    planned = _planned(without, last_contacts) if without else {}
    known = held | planned
    proposed = _proposed([case_id for case_id in without if case_id not in planned])
    nothing = proposed_group(None)
    return {
        case_id: treatment_group(known[case_id])
        if case_id in known
        else proposed.get(case_id, nothing)
        for case_id in case_ids
    }


def _held(case_ids: Collection[int]) -> dict[int, set[Therapy]]:
    rows = db.session.execute(
        select(Course.case_id, CourseSession.therapy)
        .join(CourseSession, CourseSession.course_id == Course.id)
        .join(SessionPlace, SessionPlace.course_session_id == CourseSession.id)
        .join(Attendance, Attendance.subject == SessionPlace.ref)
        .where(
            Course.case_id.in_(case_ids),
            Attendance.happened.in_(TOOK_PLACE),
            COUNTS,
        )
        .distinct()
    )
    return _by_case(rows)


def _planned(
    case_ids: Collection[int], last_contacts: Mapping[int, date]
) -> dict[int, set[Therapy]]:
    rows = db.session.execute(
        select(Course.case_id, CourseSession.therapy, func.min(Course.created_at))
        .join(CourseSession, CourseSession.course_id == Course.id)
        .where(Course.case_id.in_(case_ids), CourseSession.skipped_at.is_(None))
        .group_by(Course.case_id, CourseSession.therapy)
    )
    return _by_case(
        (case_id, therapy)
        for case_id, therapy, made_at in rows
        if last_contacts.get(case_id, date.min) >= made_at.astimezone(clock.LONDON).date()
    )


def _by_case(rows: Any) -> dict[int, set[Therapy]]:
    found: dict[int, set[Therapy]] = defaultdict(set)
    for case_id, therapy in rows:
        found[case_id].add(therapy)
    return dict(found)


def _proposed(case_ids: Collection[int]) -> dict[int, str]:
    """The treatment each man was proposed for in his latest assessment."""
    rows = db.session.execute(
        select(Assessment.case_id, AssessmentSection.answers)
        .join(AssessmentSection, AssessmentSection.assessment_id == Assessment.id)
        .where(Assessment.case_id.in_(case_ids), AssessmentSection.section == Section.PATHWAY.value)
        .order_by(Assessment.id)
    )
    return {case_id: proposed_group(answers.get("pathways")) for case_id, answers in rows}
