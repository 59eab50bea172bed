"""Whether further treatment is required: the answer of whoever reports on his treatment."""

from mhtr.cases import service as cases
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.ending import queries, report_follow
from mhtr.ending.finish_rules import Further, further_objections
from mhtr.ending.finish_service import follow_question
from mhtr.ending.models import FurtherTreatment, SessionsFinished
from mhtr.ending.practitioner_rules import Basis
from mhtr.ending.practitioners import reports_as, signer_of, standing_orders, stands_against
from mhtr.orders.queries import OnRecord

NOT_FINISHED = "The planned sessions are not finished, so nothing is asked."
OVER = "The treatment requirement is over, so nothing is asked any more."


def seen_of(case_id: int) -> int:
    """How much is on record of it: what a page was made from."""
    return len(queries.finished_rows(case_id)) + len(queries.answers_of(case_id))


def answer(*, case_id: int, said: Further, seen: int, by: int) -> FurtherTreatment:
    """Record whether further treatment is required. Nothing follows of itself but who is asked.

    Args:
        seen: how much was on record of it on the page that was answered.

    Raises:
        CannotBe: a part of the answer is missing.
        Refused: nothing is asked, or it is not for `by` to answer.
        Stale: something was recorded of it meanwhile.
    """
    must_be_writing()
    case = cases.lock(case_id)
    if seen_of(case_id) != seen:
        raise Stale(queries.last_finished(case_id))
    row = queries.last_finished(case_id)
    if row is None:
        raise Refused(NOT_FINISHED)
    basis = _basis(case_id, by)
    if wrong := further_objections(said, today=clock.today()):
        raise CannotBe(*wrong)
    made = _keep(row, said, basis, by)
    audit.record("ending.further_answered", by=by, case_id=case_id, further=made.id)
    follow_question(case, by=by)
    report_follow.follow(case, by=by)
    return made


def _basis(case_id: int, by: int) -> Basis:
    found = answers_for(case_id, by)
    basis = reports_as(found, by)
    if basis is None:
        raise Refused(*stands_against(found, by))
    return basis


def _keep(row: SessionsFinished, said: Further, basis: Basis, by: int) -> FurtherTreatment:
    earlier = [one for one in queries.answers_of(row.case_id) if one.finished_id == row.id]
    made = FurtherTreatment(
        case_id=row.case_id,
        finished_id=row.id,
        number=len(earlier) + 1,
        answer=said.answer,
        why=said.why.strip() or None,
        reported_on=said.reported_on,
        basis=basis,
        registration=signer_of(by).registration,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    return made


def answers_for(case_id: int, by: int) -> OnRecord:
    """The order under which somebody answers.

    Raises:
        Refused: no requirement runs any more, or it is not for him to answer.
    """
    orders = standing_orders(case_id)
    if not orders:
        raise Refused(OVER)
    found = next((one for one in orders if not stands_against(one, by)), None)
    if found is None:
        raise Refused(*stands_against(orders[-1], by))
    return found
