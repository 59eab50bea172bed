"""A row of each table about what happened at a session, hung on a case of the matrix."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import Happened, ReasonGiven
from mhtr.compliance.contact_rules import Reached, Way
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.explanation_models import AbsenceExplanation
from mhtr.compliance.explanations import GivenBy, Paper
from mhtr.compliance.explanations import Side as Sayer
from mhtr.compliance.models import Attendance, ContactAttempt, SessionNotice
from mhtr.compliance.notices import Came
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.probation.keyed_models import KeyedEntry
from mhtr.probation.keying_rules import Kind
from mhtr.probation.risk_models import RiskStatement, RiskStatementStep
from mhtr.probation.risk_rules import Basis, ToldHim
from mhtr.probation.risk_rules import StepKind as RiskStep
from mhtr.probation.word_models import ProbationWord, ProbationWordStep
from mhtr.probation.word_rules import Source, StepKind, Subject
from sessions.booking.models import SessionPlace
from sessions.notes.models import NoteAddendum, NoteEarlier, SessionNote
from sessions.therapies import Therapy

AT = datetime(2026, 11, 12, 10, tzinfo=UTC)


def told(case_id: int, by: int, place: SessionPlace) -> SessionNotice:
    """How he was told of a session."""
    notice = SessionNotice(
        case_id=case_id,
        subject=place.ref,
        starts_at=AT,
        told_at=AT - timedelta(days=3),
        way=Way.TELEPHONE,
        came=Came.TOLD,
        usable=True,
        note="he was told",
        by_id=by,
    )
    db.session.add(notice)
    db.session.flush()
    return notice


def explained(case_id: int, by: int, place: SessionPlace, side: Sayer) -> AbsenceExplanation:
    """What he said of a session, as one side recorded it."""
    said = AbsenceExplanation(
        case_id=case_id,
        subject=place.ref,
        number=1 + [*Sayer].index(side),
        at=AT,
        way=Way.TELEPHONE,
        given_by=GivenBy.HIMSELF,
        reason=ReasonGiven.ILLNESS,
        for_probation="what he wants it to know",
        for_clinicians="what only clinicians read",
        paper=Paper.NONE,
        side=side,
        by_id=by,
    )
    db.session.add(said)
    db.session.flush()
    return said


def keyed(case_id: int, by: int, place: SessionPlace) -> KeyedEntry:
    """What was keyed into nDelius of a session, and taken back before that."""
    said: dict[str, Any] = {
        "case_id": case_id,
        "subject": place.ref,
        "kind": Kind.CONTACT,
        "number": 7,
        "code": "AFTA",
        "code_words": "Failed to attend",
        "text": "what was keyed in",
        "by_id": by,
    }
    back = KeyedEntry(
        **said,
        taken_back_at=clock.now(),
        taken_back_by=by,
        taken_back_why="why it was taken back",
    )
    row = KeyedEntry(**said)
    db.session.add_all([back, row])
    db.session.flush()
    return row


def word(case_id: int, by: int) -> ProbationWord:
    """What probation told, said anew; both received, one with why nothing is changed."""
    said: dict[str, Any] = {
        "case_id": case_id,
        "subject": Subject.NO_CONTACT,
        "source": Source.COURT,
        "urgent": True,
        "fact": "whom he must not meet",
        "why": "what the condition says",
        "by_id": by,
    }
    before = ProbationWord(**said)
    db.session.add(before)
    db.session.flush()
    row = ProbationWord(**said, replaces_id=before.id)
    steps = [
        ProbationWordStep(
            word_id=before.id, kind=StepKind.NOTHING, words="why nothing is changed", by_id=by
        ),
        ProbationWordStep(
            word_id=before.id, kind=StepKind.WITHDRAWN, back_why="why it is taken back", by_id=by
        ),
    ]
    db.session.add_all([row, *steps])
    db.session.flush()
    return row


def risk(case_id: int, by: int) -> RiskStatement:
    """What probation was told of risk without his agreement, and one before it, taken back."""
    lead = db.session.scalars(select(Staff.id).where(Staff.id != by).order_by(Staff.id)).first()
    said: dict[str, Any] = {
        "case_id": case_id,
        "words": "what probation must know",
        "urgent": True,
        "basis": Basis.EXCEPTION,
        "why": "why without his agreement",
        "approver_id": lead,
        "told_him": ToldHim.NOT_TOLD,
        "not_told_why": "why he was not told",
        "by_id": by,
    }
    before, row = RiskStatement(**said), RiskStatement(**said)
    db.session.add_all([before, row])
    db.session.flush()
    db.session.add(
        RiskStatementStep(
            statement_id=before.id,
            kind=RiskStep.WITHDRAWN,
            words="why it is taken back",
            by_id=by,
        )
    )
    db.session.flush()
    return row


def what_happened(case_id: int, by: int, place: SessionPlace) -> SessionNote:
    """What happened at a session, what was tried and decided, and the note of it."""
    said: dict[str, Any] = {
        "case_id": case_id,
        "subject": place.ref,
        "starts_at": AT,
        "on": AT.date(),
        "required": True,
        "happened": Happened.DID_NOT_COME,
        "reason_detail": "why he did not come",
        "described": "what was done",
        "concern": "what worries",
        "by_id": by,
    }
    attempt = ContactAttempt(
        case_id=case_id,
        subject=place.ref,
        at=AT,
        way=Way.TELEPHONE,
        reached=Reached.NO_ANSWER,
        note="rang",
        by_id=by,
    )
    note = SessionNote(
        place_id=place.id,
        case_id=case_id,
        author_id=by,
        therapy=Therapy.CBT,
        parts={"work": "what was done"},
        saved_at=clock.now(),
        finished_at=clock.now(),
        returned_words="what is asked for",
        returned_by=by,
    )
    put_right = Attendance(**said, number=2, why_changed="a slip")
    db.session.add_all([Attendance(**said), put_right, attempt, note])
    db.session.flush()
    db.session.add(
        AbsenceDecision(
            case_id=case_id,
            subject=place.ref,
            number=1,
            attendance_id=put_right.id,
            opinion=Opinion.NO_EXCUSE,
            why="what probation thinks",
            notice_why="why it counts",
            by_id=by,
        )
    )
    db.session.add_all(
        [
            NoteEarlier(note_id=note.id, parts={"work": "what was written before"}, by_id=by),
            NoteAddendum(note_id=note.id, text="added", by_id=by),
        ]
    )
    return note
