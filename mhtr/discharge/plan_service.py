"""Writing his plan for later with him: the only writer of it. Every version is kept."""

from mhtr.cases import service as cases
from mhtr.compliance.contact_rules import Way
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.discharge import follow, queries
from mhtr.discharge.models import LaterPlan
from mhtr.discharge.rules import PLAN_HEADINGS, SAME, Plan, Stance, plan_objections

NO_WAY = "Say how he said so"
HAS_DIED = "His date of death is on record."


def write(*, case_id: int, plan: Plan, way: Way | None, seen: int, by: int) -> LaterPlan:
    """Keep a version of his plan.

    Args:
        way: how he said that he agrees or does not.
        seen: the number of the version that was read; 0: there was none.

    Raises:
        CannotBe: something is missing. Refused: nothing changed, or he has died.
        Stale: another version was kept meanwhile.
    """
    must_be_writing()
    case = cases.lock(case_id)
    before = queries.plan_now(case_id)
    if (before.number if before else 0) != seen:
        raise Stale(before)
    if case.person.died_on is not None:
        raise Refused(HAS_DIED)
    asked = plan.stance is not Stance.NOT_ASKED
    wrong = [*plan_objections(plan), *([("way", NO_WAY)] if asked and way is None else [])]
    if wrong:
        raise CannotBe(*wrong)
    words = {name: getattr(plan, name).strip() for name in PLAN_HEADINGS}
    made = LaterPlan(
        case_id=case_id,
        number=seen + 1,
        words=words,
        stance=plan.stance,
        dissent=plan.dissent.strip() if plan.stance is Stance.DISSENTS else None,
        way=way if asked else None,
        by_id=by,
    )
    if before is not None and _says(before) == _says(made):
        raise Refused(SAME)
    db.session.add(made)
    db.session.flush()
    audit.record("discharge.plan_kept", by=by, case_id=case_id, plan=made.id)
    follow.follow(case, by=by)
    return made


def _says(row: LaterPlan) -> tuple[object, ...]:
    return (dict(row.words), row.stance, row.dissent, row.way)
