"""His course of treatment is made from a pathway, and becomes his own."""

from dataclasses import replace

from mhtr.demo.pathways import SKILLS, pathway_called
from mhtr.demo.world import Hand
from mhtr.suitability.result_owner import trust_of
from sessions.courses import queries, service, session_service
from sessions.courses.kinds import Priority
from sessions.courses.models import Course, CourseSession


def made(hand: Hand, key: str = "cbt", priority: Priority = Priority.ROUTINE) -> Course:
    """The assessor makes his course, and sees him."""
    pathway = pathway_called(trust_of(hand.case).id, key)
    return service.make_course(
        case_id=hand.case_id,
        pathway_id=pathway.id,
        therapist_id=hand.assessor,
        priority=priority,
        by=hand.assessor,
    )


def _of(hand: Hand) -> Course:
    found = queries.open_course(hand.case_id)
    assert found is not None  # noqa: S101  (the story made it)
    return found


def _numbered(course: Course, number: int) -> CourseSession:
    return queries.sessions_of(course.id)[number - 1]


def skipped(hand: Hand, number: int, reason: str) -> None:
    """A session that he does not need."""
    course = _of(hand)
    session_service.skip(
        course_id=course.id,
        session_id=_numbered(course, number).id,
        reason=reason,
        version=course.version,
        by=hand.assessor,
    )


def repeated(hand: Hand, number: int, reason: str) -> None:
    """A session that he goes through once more."""
    course = _of(hand)
    session_service.repeat(
        course_id=course.id,
        session_id=_numbered(course, number).id,
        reason=reason,
        version=course.version,
        by=hand.assessor,
    )


def added(hand: Hand, after: int, reason: str) -> None:
    """A voluntary session on getting through strong feelings."""
    course = _of(hand)
    session_service.add_session(
        course_id=course.id,
        said=replace(SKILLS[2], required=False),
        after=after,
        reason=reason,
        version=course.version,
        by=hand.assessor,
    )


def on_another_pathway(hand: Hand, key: str, reason: str) -> None:
    """What is to come is replaced."""
    course = _of(hand)
    service.change_pathway(
        course_id=course.id,
        pathway_id=pathway_called(course.organisation_id, key).id,
        reason=reason,
        version=course.version,
        by=hand.assessor,
    )


def sooner(hand: Hand, reason: str) -> None:
    """He is to be seen sooner than others."""
    course = _of(hand)
    service.set_priority(
        course_id=course.id,
        priority=Priority.URGENT,
        reason=reason,
        version=course.version,
        by=hand.assessor,
    )
