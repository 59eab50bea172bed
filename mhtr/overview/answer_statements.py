"""The statements behind the answers that risk reviews show, each made once."""

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, visible
from mhtr.tasks.models import Task
from outcome_measures.models import (
    AnswerCorrection,
    MeasureAnswer,
    MeasureOccasion,
    OccasionState,
)

_ASKED, _ASKED_CASE = aliased(MeasureOccasion), aliased(Case)
# Today of every clinician asks it. He is asked on each of his cases: those count that
# the reader may open.
HISTORY = Prepared(
    select(
        MeasureOccasion.id,
        MeasureOccasion.case_id,
        Case.person_id,
        Case.court_code,
        Case.hearing_on,
        Case.opened_at,
        MeasureOccasion.instrument,
        MeasureOccasion.asked_on,
        MeasureOccasion.origin,
        MeasureOccasion.state.label("form"),
        MeasureAnswer.item,
        MeasureAnswer.state,
        MeasureAnswer.value,
    )
    .join(MeasureAnswer, MeasureAnswer.occasion_id == MeasureOccasion.id)
    .join(Case, Case.id == MeasureOccasion.case_id)
    .where(
        Case.person_id.in_(
            select(_ASKED_CASE.person_id)
            .join(_ASKED, _ASKED.case_id == _ASKED_CASE.id)
            .where(_ASKED.id.in_(bindparam("occasions", expanding=True)))
        ),
        or_(
            MeasureOccasion.id.in_(bindparam("occasions", expanding=True)),
            visible(ANYBODY, Case.id, Case.restricted),
        ),
        MeasureAnswer.item.in_(bindparam("items", expanding=True)),
        # What was taken back is no time before; a review it opened shows it all the same.
        or_(
            MeasureOccasion.state != OccasionState.WITHDRAWN,
            MeasureOccasion.id.in_(bindparam("occasions", expanding=True)),
        ),
    )
    .order_by(MeasureOccasion.asked_on, MeasureOccasion.id)
)
CORRECTIONS = Prepared(
    select(
        AnswerCorrection.occasion_id,
        AnswerCorrection.item,
        AnswerCorrection.before_state,
        AnswerCorrection.before_value,
        AnswerCorrection.reason,
        AnswerCorrection.created_at,
        Staff.name.label("by"),
        MeasureOccasion.origin,
    )
    .join(Staff, Staff.id == AnswerCorrection.by_id)
    .join(MeasureOccasion, MeasureOccasion.id == AnswerCorrection.occasion_id)
    .where(AnswerCorrection.occasion_id.in_(bindparam("occasions", expanding=True)))
    .order_by(AnswerCorrection.id)
)
TYPED = Prepared(
    select(Task.key, Task.about).where(
        Task.key.in_(bindparam("keys", expanding=True)), Task.about.is_not(None)
    )
)
NAMES = Prepared(select(Staff.id, Staff.name).where(Staff.id.in_(bindparam("ids", expanding=True))))
