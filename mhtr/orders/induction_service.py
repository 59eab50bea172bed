"""Recording what is seen to between the sentence and the first session."""

from datetime import date

from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState, FactKind
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders import order_tasks
from mhtr.orders.induction import Item, Outcome, objections
from mhtr.orders.induction_queries import BEFORE_TREATMENT, sentence_of
from mhtr.orders.models import InductionStep

NOT_NOW = "An induction is recorded between the sentence with the requirement and treatment."


def record_step(
    *, case_id: int, item: Item, outcome: Outcome, on: date, note: str, by: int
) -> InductionStep:
    """Record that an item of the induction was seen to, or tried.

    The first begins the induction. Once nothing is left its task is done.

    Raises:
        Refused: it is no time for an induction, the day does not fit, or the record itself shows
            this item.
    """
    must_be_writing()
    case = cases.lock(case_id)
    sentenced_on = sentence_of(case)
    if sentenced_on is None or case.state not in BEFORE_TREATMENT:
        raise Refused(NOT_NOW)
    if wrong := objections(item, on, sentenced_on, clock.today()):
        raise Refused(*wrong)
    row = InductionStep(
        case_id=case_id, item=item, outcome=outcome, on=on, note=note.strip() or None, by_id=by
    )
    db.session.add(row)
    db.session.flush()
    if case.state is CaseState.SENTENCED_WITH_MHTR:
        cases.require(case, FactKind.INDUCTION_STARTED, by=by)
        cases.add_fact(case, FactKind.INDUCTION_STARTED, by=by)
    audit.record("orders.induction_step", by=by, case_id=case_id, item=item.value)
    order_tasks.follow_orders(case, by=by)
    return row
