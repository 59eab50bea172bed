"""How an induction stands, from what somebody recorded and what the record shows by itself."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import bindparam, exists, func, select

from mhtr.cases import consent_queries, rules
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.orders import policy
from mhtr.orders.induction import Induction, Item, Step, induction_of
from mhtr.orders.models import InductionStep
from mhtr.people.consent import said_at
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks.calendar import working_calendar
from outcome_measures.models import MeasureContact, MeasureOccasion, OccasionState
from outcome_measures.sessions_on_record import IS_SESSION, numbered_sessions

BEFORE_TREATMENT = frozenset({CaseState.SENTENCED_WITH_MHTR, CaseState.INDUCTION})
MEASURED = ("phq9", "gad7")
_STEPS = (
    select(InductionStep)
    .where(InductionStep.case_id == bindparam("wanted"))
    .order_by(InductionStep.id)
)
_MEASURES = Prepared(
    select(MeasureOccasion.instrument, func.max(MeasureOccasion.asked_on))
    .where(
        MeasureOccasion.case_id == bindparam("wanted"),
        MeasureOccasion.instrument.in_(MEASURED),
        MeasureOccasion.state == OccasionState.SUBMITTED,
        MeasureOccasion.historic.is_(False),
    )
    .group_by(MeasureOccasion.instrument)
)


SESSION_HELD = exists().where(MeasureContact.case_id == Case.id, IS_SESSION)
"""The condition that a session of the case of a query is on record."""


def sentence_of(case: Case) -> date | None:
    """The day of the sentence that counts; None before there is one."""
    return rules.fold(cases.facts_of(case.id), clock.today()).sentenced_on


def steps_of(case_id: int) -> list[InductionStep]:
    """Everything recorded of an induction, the earliest first."""
    return list(db.session.scalars(_STEPS, {"wanted": case_id}))


def standing(case: Case) -> Induction | None:
    """How the induction of a case stands today; None before a sentence with the requirement."""
    sentenced_on = sentence_of(case)
    if sentenced_on is None:
        return None
    steps = [Step(row.item, row.outcome, row.on) for row in steps_of(case.id)]
    return induction_of(
        sentenced_on, steps, _on_record(case), policy.induction_targets(), working_calendar()
    )


def _on_record(case: Case) -> Mapping[Item, date]:
    """The days on which the record shows what nobody has to say again."""
    found: dict[Item, date] = {}
    event = consent_queries.standing_of(case).get(ConsentItem.TREATMENT)
    if event is not None and event.decision is ConsentDecision.GIVEN:
        found[Item.CONSENT] = said_at(event).astimezone(clock.LONDON).date()
    rows = _MEASURES.all({"wanted": case.id})
    asked = {instrument: asked_on for instrument, asked_on in rows}
    if set(asked) == set(MEASURED):
        # Both are asked anew: the earlier of the two says since when.
        found[Item.MEASURES] = min(asked.values())
    return found


def is_wanted(case: Case) -> bool:
    """Whether an induction of this case is to be seen to: sentenced, and no session was held."""
    return case.state in BEFORE_TREATMENT and not numbered_sessions([case.id])[case.id]
