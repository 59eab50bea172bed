"""Measures of a man whose record the tests of access look at: answers, a contact, flag and goal."""

import uuid
from datetime import timedelta

from mhtr.core import clock
from mhtr.core.database import db
from outcome_measures.definitions import AnswerState
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.models import (
    AnswerCorrection,
    ChangeKind,
    MeasureAnswer,
    MeasureChange,
    MeasureContact,
    MeasureFlag,
    MeasureGoal,
    MeasureMode,
    MeasureOccasion,
    OccasionState,
    PastScoreRun,
)
from outcome_measures.time_points import TimePoint


def past_file(sender: int) -> uuid.UUID:
    """A file of past scores: only he who sent it opens it."""
    refused = {"line": 2, "column": "born", "reason": "Not a date"}
    run = PastScoreRun(
        by_id=sender, file_name="past.csv", content="Said", result={"refused": [refused]}
    )
    db.session.add(run)
    db.session.flush()
    return run.ref


def measured(case_id: int, by: int) -> tuple[int, dict[str, uuid.UUID]]:
    """PHQ-9 as asked at a session, corrected once; its number, and what addresses need."""
    contact = MeasureContact(
        case_id=case_id,
        context=f"contact:{case_id}",
        held_on=clock.today() - timedelta(days=1),
        point=TimePoint.SESSION,
        session_number=1,
        mode=MeasureMode.TELEPHONE,
        by_id=by,
    )
    goal = MeasureGoal(case_id=case_id, number=1, words="Said", set_on=clock.today(), set_by=by)
    db.session.add_all([contact, goal])
    db.session.flush()
    occasion = MeasureOccasion(
        case_id=case_id,
        contact_id=contact.id,
        context=contact.context,
        point=contact.point,
        session_number=contact.session_number,
        instrument="phq9",
        instrument_version="1",
        asked_on=contact.held_on,
        mode=MeasureMode.TELEPHONE,
        state=OccasionState.SUBMITTED,
        entered_by=by,
        submitted_at=clock.now(),
        answers=[
            MeasureAnswer(item=item, state=AnswerState.ANSWERED, value=1) for item in range(1, 10)
        ],
    )
    db.session.add(occasion)
    db.session.flush()
    flag = MeasureFlag(
        case_id=case_id,
        key=f"{case_id}:worse:phq9:{contact.held_on.isoformat()}",
        said={"rule": "A rule anybody can check", "reason": "What in the scores met it"},
        kind=FlagKind.WORSE,
        instrument="phq9",
        occasion_id=occasion.id,
        response="Said",
        responded_at=clock.now(),
        responded_by=by,
    )
    correction = AnswerCorrection(
        occasion_id=occasion.id,
        item=9,
        before_state=AnswerState.ANSWERED,
        before_value=0,
        by_id=by,
        reason="Said",
    )
    db.session.add_all([flag, correction, _taken_back(case_id, by)])
    db.session.flush()
    refs = {"contact_ref": contact.ref, "measure_flag_ref": flag.ref, "goal_ref": goal.ref}
    return occasion.id, {"occasion_ref": occasion.ref, **refs}


def _taken_back(case_id: int, by: int) -> MeasureChange:
    """A score that was imported and taken back."""
    day = clock.today() - timedelta(days=90)
    occasion = MeasureOccasion(
        case_id=case_id,
        context=f"past:{case_id}:{day}:back",
        point=TimePoint.PRE_SENTENCE,
        historic=True,
        instrument="gad7",
        instrument_version="1",
        asked_on=day,
        mode=MeasureMode.PAPER,
        state=OccasionState.WITHDRAWN,
        entered_by=by,
        submitted_at=clock.now(),
    )
    db.session.add(occasion)
    db.session.flush()
    return MeasureChange(
        occasion_id=occasion.id,
        kind=ChangeKind.TAKEN_BACK,
        before={"state": "submitted", "context": f"past:{case_id}:{day}"},
        by_id=by,
        reason="Said",
    )
