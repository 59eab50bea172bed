"""A man's course, his bookings and all that hangs on them."""

import uuid
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.compliance.explanations import Side as Sayer
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.ending import finish_rules
from mhtr.ending.models import FurtherTreatment, SessionsFinished
from mhtr.ending.practitioner_rules import Basis
from sessions.availability.adjust_kinds import AdjustReason, Adjusts, AgreedBy
from sessions.availability.kinds import CannotReason, SiteKind
from sessions.availability.models import (
    AgreedAdjustment,
    HowHeCanCome,
    PlaceBarred,
    Room,
    Site,
    TimeHeCannot,
)
from sessions.booking.models import BookingState, CalendarFeed, SessionPlace, TreatmentSession
from sessions.courses.kinds import CourseChangeKind
from sessions.courses.models import Course, CourseChange, CourseSession, Pathway
from sessions.planning.kinds import ProposalKind, ProposalState
from sessions.planning.models import Proposal, ProposalPart
from sessions.therapies import SessionMode, Side, Therapy
from sessions.therapists.kinds import Answer, Booked, How, Party, State, Why
from sessions.therapists.models import TherapistAnswer, TherapistChange
from tests.fitness.attended import AT, explained, keyed, risk, told, what_happened, word
from tests.fitness.lettered import lettered
from tests.fitness.reported import reported
from tests.fitness.reviewed import reviewed
from tests.fitness.safeguarded import happened, safeguarded

LENGTH = timedelta(minutes=50)


def treated(case_id: int, by: int) -> dict[str, Any]:
    """Hang a row of each table on a case; references of what has a page of its own."""
    trust = db.session.scalars(select(Staff.organisation_id).where(Staff.id == by)).one()
    site, limits = _place(case_id, trust, by)
    course, session = _course(case_id, trust, by)
    place = _booked(case_id, trust, by, session.id)
    note = what_happened(case_id, by, place)
    notice = told(case_id, by, place)
    keyed_in = keyed(case_id, by, place)
    said = {side: explained(case_id, by, place, side) for side in Sayer}
    feed = CalendarFeed(token_hash=uuid.uuid4().hex, case_id=case_id, made_by=by)
    change = _therapist_change(case_id, course.id, trust, by)
    _finished(case_id, course.id, by)
    report, sent, step = reported(case_id, by)
    review, item, probations = reviewed(case_id, course.id, by)
    db.session.add(feed)
    proposal = _proposed(case_id, trust, by, session.id)
    return {
        "feed_ref": feed.ref,
        "course_ref": course.ref,
        "course_session_ref": session.ref,
        "place_ref": place.ref,
        "session_ref": db.session.get_one(TreatmentSession, place.session_id).ref,
        "note_ref": note.ref,
        "notice_ref": notice.ref,
        "keyed_ref": keyed_in.ref,
        "word_ref": word(case_id, by).ref,
        "risk_ref": risk(case_id, by).ref,
        "safeguarding_ref": safeguarded(case_id, by).ref,
        "incident_ref": happened(case_id, by).ref,
        "explanation_ref": said[Sayer.SERVICE].ref,
        "said_ref": said[Sayer.PROBATION].ref,
        "proposal_ref": proposal.ref,
        "change_ref": change.ref,
        "written_ref": report.ref,
        "issued_ref": sent.ref,
        "court_step_ref": step.ref,
        "review_ref": review.ref,
        "item_ref": item.ref,
        "told_item_ref": probations.ref,
        **lettered(case_id, by),
        **limits,
    }


def _proposed(case_id: int, trust: int, by: int, course_session_id: int) -> Proposal:
    """One that is ready, with a part that could not be booked when somebody tried."""
    proposal = Proposal(
        organisation_id=trust,
        kind=ProposalKind.WAITING,
        state=ProposalState.READY,
        asked={},
        answer={"left": [], "men": 1, "weeks": 26, "load": [[by, 10, 1, 2]]},
        cost=1,
        bound=1,
        seconds=10,
        by_id=by,
    )
    db.session.add(proposal)
    db.session.flush()
    after = {
        "part": course_session_id,
        "staff": by,
        "mode": "telephone",
        "site": None,
        "room": None,
        "starts": (AT + timedelta(days=21)).isoformat(),
        "minutes": 50,
    }
    db.session.add(
        ProposalPart(
            proposal_id=proposal.id,
            case_id=case_id,
            before=[],
            after=[after],
            refused="somebody took it",
        )
    )
    return proposal


def _finished(case_id: int, course_id: int, by: int) -> None:
    """His planned sessions were finished, and somebody said whether he requires more."""
    row = SessionsFinished(
        case_id=case_id,
        course_id=course_id,
        number=1,
        how=finish_rules.How.HELD,
        on=AT.date(),
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(
        FurtherTreatment(
            case_id=case_id,
            finished_id=row.id,
            number=1,
            answer=finish_rules.FurtherAnswer.NEEDED,
            why="why he requires more",
            basis=Basis.NAMED,
            registration="PYL000456",
            by_id=by,
        )
    )
    db.session.flush()


def _place(case_id: int, trust: int, by: int) -> tuple[Site, dict[str, Any]]:
    site = Site(
        organisation_id=trust,
        name=f"Clinic {uuid.uuid4()}",
        kind=SiteKind.CLINIC,
        address="4 Fictional Road",
    )
    db.session.add(site)
    db.session.flush()
    room = Room(site_id=site.id, name="Room 1", capacity=3)
    bar = PlaceBarred(case_id=case_id, site_id=site.id, reason="because", made_by=by)
    time_he_cannot = TimeHeCannot(
        case_id=case_id,
        weekday=0,
        first_day=date(2026, 11, 2),
        starts=time(9),
        ends=time(10),
        reason=CannotReason.WORK,
        made_by=by,
    )
    db.session.add_all([room, bar, time_he_cannot, HowHeCanCome(case_id=case_id, by_id=by)])
    db.session.flush()
    agreed = AgreedAdjustment(
        case_id=case_id,
        kind=Adjusts.TIME,
        why=AdjustReason.HEALTH,
        agreed_by=AgreedBy.BOTH,
        first_day=date(2026, 11, 2),
        what="Not seen: Monday, 09:00 to 10:00",
        made={"times": [time_he_cannot.id]},
        by_id=by,
    )
    db.session.add(agreed)
    db.session.flush()
    refs = {"bar_ref": bar.ref, "time_ref": time_he_cannot.ref, "adjustment_ref": agreed.ref}
    return site, refs


def _course(case_id: int, trust: int, by: int) -> tuple[Course, CourseSession]:
    pathway = Pathway(organisation_id=trust, name=f"Pathway {uuid.uuid4()}")
    db.session.add(pathway)
    db.session.flush()
    course = Course(
        case_id=case_id,
        organisation_id=trust,
        pathway_id=pathway.id,
        pathway_revision=1,
        by_id=by,
    )
    db.session.add(course)
    db.session.flush()
    session = CourseSession(
        course_id=course.id,
        position=1,
        name="Getting started",
        therapy=Therapy.CBT,
        minutes=50,
        least_gap=7,
        ideal_gap=7,
        most_gap=14,
    )
    change = CourseChange(
        course_id=course.id,
        kind=CourseChangeKind.PRIORITY,
        reason="because",
        before={"said": "as it was"},
        by_id=by,
    )
    db.session.add_all([session, change])
    db.session.flush()
    return course, session


def _therapist_change(case_id: int, course_id: int, trust: int, by: int) -> TherapistChange:
    """One that is open, and one before it that was withdrawn."""
    other = db.session.scalars(
        select(Staff.id).where(Staff.organisation_id == trust, Staff.id != by)
    ).first()
    said: dict[str, Any] = {
        "case_id": case_id,
        "course_id": course_id,
        "from_id": by,
        "to_id": other,
        "why": Why.NOT_WORKING,
        "words": "why another therapist",
        "starts_on": AT.date(),
        "booked": Booked.LIST,
        "by_id": by,
    }
    withdrawn = TherapistChange(
        **said,
        state=State.WITHDRAWN,
        closed_at=clock.now(),
        closed_by=by,
        closed_words="why it was withdrawn",
    )
    change = TherapistChange(**said)
    db.session.add_all([withdrawn, change])
    db.session.flush()
    db.session.add(
        TherapistAnswer(
            change_id=change.id,
            party=Party.HIM,
            answer=Answer.AGREES,
            how=How.TELEPHONE,
            answered_on=AT.date(),
            words="what he said",
            by_id=by,
        )
    )
    db.session.flush()
    return change


def _booked(case_id: int, trust: int, by: int, course_session_id: int) -> SessionPlace:
    """One that is booked, and one before it that was moved."""
    made: list[SessionPlace] = []
    for state, weeks in ((BookingState.MOVED, -1), (BookingState.BOOKED, 0)):
        booked = state is BookingState.BOOKED
        closed: dict[str, Any] = (
            {}
            if booked
            else {"closed_at": clock.now(), "closed_by": by, "side": Side.HIM, "reason": "why"}
        )
        starts = AT + weeks * timedelta(days=7)
        row = TreatmentSession(
            organisation_id=trust,
            clinician_id=by,
            mode=SessionMode.TELEPHONE,
            starts_at=starts,
            ends_at=starts + LENGTH,
            state=state,
            by_id=by,
            **closed,
        )
        db.session.add(row)
        db.session.flush()
        made.append(
            SessionPlace(
                session_id=row.id,
                case_id=case_id,
                course_session_id=course_session_id,
                state=state,
                by_id=by,
                **closed,
            )
        )
        db.session.add(made[-1])
        db.session.flush()
    return made[-1]
