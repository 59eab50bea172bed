"""Sessions are booked, and what happened at them is recorded, with the note."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.compliance import contact_service
from mhtr.compliance.attendance import Happened, ReasonGiven, Told
from mhtr.compliance.contact_rules import Attempt, Reached, Way
from mhtr.compliance.queries import latest
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.demo.acts import deciding
from mhtr.demo.world import Hand
from mhtr.messages import service as messages
from sessions.availability import man_service
from sessions.availability.man_service import HowSaid
from sessions.availability.shapes import Span
from sessions.booking import cancel_service
from sessions.booking import service as booking
from sessions.booking.changes import Which
from sessions.booking.closing import Why
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.booking.service import Asked
from sessions.booking.shapes import Place
from sessions.courses import pathway_service
from sessions.courses import service as courses
from sessions.courses.kinds import CourseEnd, Priority
from sessions.courses.models import Pathway
from sessions.courses.queries import open_course, pathways_of, sessions_of
from sessions.courses.rules import Planned
from sessions.notes import service as notes
from sessions.register import service as register
from sessions.register.overdue import open_outcome_tasks
from sessions.register.service import Entry
from sessions.therapies import SessionMode, Side, Therapy

PATHWAY = "CBT by telephone, weekly"
BRIEF = "Brief CBT by telephone"
SESSIONS, FEW = 12, 4
MINUTES = 50


def booked(hand: Hand, moments: Sequence[datetime], *, brief: bool = False) -> list[SessionPlace]:
    """His course is made, and its first sessions are booked by telephone at these moments.

    Args:
        brief: a course of few sessions.
    """
    how = HowSaid(frozenset({SessionMode.IN_PERSON, SessionMode.TELEPHONE}))
    man_service.say_how(case_id=hand.case_id, said=how, version=0, by=hand.assessor)
    return _on_a_course(hand, moments, brief=brief)


def booked_anew(hand: Hand, why: str, moments: Sequence[datetime]) -> list[SessionPlace]:
    """His course, of which nothing is booked any more, ends early; another is made and booked."""
    course = open_course(hand.case_id)
    if course is None:
        raise ValueError("he has no course that could end")
    courses.end_course(
        course_id=course.id, how=CourseEnd.EARLY, reason=why, version=course.version,
        by=hand.assessor,
    )  # fmt: skip
    return _on_a_course(hand, moments, brief=False)


def _on_a_course(hand: Hand, moments: Sequence[datetime], *, brief: bool) -> list[SessionPlace]:
    home = db.session.get_one(Staff, hand.assessor).organisation_id
    courses.make_course(
        case_id=hand.case_id,
        pathway_id=_pathway(hand, home, brief=brief).id,
        therapist_id=hand.assessor,
        priority=Priority.ROUTINE,
        by=hand.assessor,
    )
    course = open_course(hand.case_id)
    if course is None:
        raise ValueError("the course was just made")
    asked = [
        Asked(
            Place(
                hand.assessor,
                SessionMode.TELEPHONE,
                Span(moment, moment + timedelta(minutes=one.minutes)),
            ),
            one.id,
        )
        for moment, one in zip(moments, sessions_of(course.id), strict=False)
    ]
    places = booking.book(case_id=hand.case_id, asked=asked, by=hand.assessor)
    deciding.told_him(hand, places)
    return places


def _pathway(hand: Hand, organisation_id: int, *, brief: bool) -> Pathway:
    name = BRIEF if brief else PATHWAY
    kept = [one for one in pathways_of(organisation_id) if one.name == name]
    if kept:
        return kept[0]
    made = pathway_service.make_pathway(
        organisation_id=organisation_id,
        name=name,
        about="For men who cannot come in: anxiety and low mood",
        sessions=[_planned(number + 1) for number in range(FEW if brief else SESSIONS)],
        by=hand.lead,
    )
    pathway_service.put_into_use(
        pathway_id=made.id, why="First version", version=made.version, by=hand.lead
    )
    return made


def _planned(number: int) -> Planned:
    return Planned(
        name=f"Session {number}",
        purpose="Work on what he brings, step by step",
        therapy=Therapy.CBT,
        least_gap=5,
    )


def happened(
    hand: Hand,
    place: SessionPlace,
    what: Happened,
    *,
    late: int | None = None,
    reason: ReasonGiven = ReasonGiven.NONE_YET,
    detail: str = "",
    described: str = "",
    concern: str = "",
    why: str = "",
) -> None:
    """What happened at a session, recorded by his therapist; a second time it is put right."""
    before = latest(place.ref)
    told = Told(what, late, reason, detail, described, concern)
    entry = Entry(told, before.number if before else 0)
    register.record(place_id=place.id, entry=entry, why=why, by=hand.assessor)


def tried(hand: Hand, place: SessionPlace, way: Way, reached: Reached, note: str = "") -> None:
    """An attempt to reach him, now."""
    contact_service.record_attempt(
        case_id=hand.case_id,
        subject=place.ref,
        attempt=Attempt(way, reached),
        at=clock.now(),
        note=note,
        by=hand.assessor,
    )


def found_well(hand: Hand, place: SessionPlace, found: str) -> None:
    """The welfare call is ended."""
    contact_service.end_call(case_id=hand.case_id, subject=place.ref, found=found, by=hand.assessor)


def cancelled(hand: Hand, place: SessionPlace, side: Side, reason: str) -> None:
    """A booked session is cancelled beforehand."""
    session = db.session.get_one(TreatmentSession, place.session_id)
    cancel_service.cancel(
        session_id=session.id,
        which=Which.ONE,
        version=session.version,
        why=Why(side, reason),
        by=hand.assessor,
    )


def noted(
    hand: Hand, place: SessionPlace, parts: Mapping[str, str], *, finish: bool = True
) -> None:
    """The therapist's note of a session: a draft, or finished."""
    note = notes.note_of(place.id)
    notes.write(
        place_id=place.id,
        parts=parts,
        finish=finish,
        version=note.version if note else 0,
        by=hand.assessor,
    )


def signed(hand: Hand, place: SessionPlace) -> None:
    """The clinical lead signs the note off."""
    note = notes.note_of(place.id)
    if note is not None:
        notes.sign(note_id=note.id, version=note.version, by=hand.lead)


def returned(hand: Hand, place: SessionPlace, words: str) -> None:
    """The clinical lead asks for something more first."""
    note = notes.note_of(place.id)
    if note is not None:
        notes.give_back(note_id=note.id, words=words, version=note.version, by=hand.lead)


def added(hand: Hand, place: SessionPlace, text: str) -> None:
    """An addendum to a locked note."""
    note = notes.note_of(place.id)
    if note is not None:
        notes.add(note_id=note.id, text=text, by=hand.assessor)


def posted(hand: Hand | None = None, problem: str = "") -> None:
    """The mail server took what waits about him, or about anybody, or refused it for good."""
    waiting = select(OutboxMessage).where(OutboxMessage.state == OutboxState.WAITING)
    if hand is not None:
        waiting = waiting.where(OutboxMessage.case_id == hand.case_id)
    state = OutboxState.FAILED if problem else OutboxState.SENT
    for row in db.session.scalars(waiting.order_by(OutboxMessage.id)).all():
        messages.finish(row, state, problem)


def looked_for_outcomes() -> None:
    """The hourly job looks for sessions without a record."""
    open_outcome_tasks(clock.now())
