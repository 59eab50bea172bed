"""He said no on one case of his: on another one it is asked whether his agreement stands there.

Nothing of the other case changes by it: its report goes on, and its author hears nothing. Whoever
works on it asks him. A colleague of the same trust hears why; another trust hears only that his
agreement is to be confirmed.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import select

from mhtr.cases import listeners, rules
from mhtr.cases.consent_queries import last_on, standing_of
from mhtr.cases.facts import FactKind
from mhtr.cases.link_queries import linked_ids, trusts_of_case
from mhtr.cases.models import Case
from mhtr.cases.service import facts_of, lock
from mhtr.cases.who_has import who_asks
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people.consent import when_said
from mhtr.people.models import ConsentDecision, ConsentEvent
from mhtr.people.queries import live_id
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

A_NO = (ConsentDecision.REFUSED, ConsentDecision.WITHDRAWN)
CONFIRM_WITHIN = timedelta(days=1)
SAME_TRUST = (
    "He said no on another case of his: ask him whether what he agreed to on this one stands"
)
OTHER_TRUST = "Confirm with him that what he agreed to on this case still stands"


def lock_all(person_id: int) -> list[Case]:
    """Lock his cases, those of linked records too, in the order that all who do so keep to.

    Returns those of this record.
    """
    must_be_writing()
    locked = [lock(case_id) for case_id in _cases_of([person_id, *linked_ids(person_id)])]
    return [case for case in locked if case.person_id == person_id]


def look(*person_ids: int, by: int | None) -> None:
    """Ask on each of their cases where an agreement may not stand; what is settled is closed."""
    must_be_writing()
    db.session.flush()
    people = {live_id(person_id) for person_id in person_ids}
    every = {end for person_id in people for end in (person_id, *linked_ids(person_id))}
    for case_id in _cases_of(every):
        _look(lock(case_id), by)


def _look(case: Case, by: int | None) -> None:
    no = _no_elsewhere(case)
    open_now = tasks.open_tasks(case.id, TaskKind.CONFIRM_CONSENT)
    if no is None:
        for task in open_now:
            tasks.finish(task, by=by)
        return
    asks = who_asks(case)
    if open_now or asks is None:
        return
    event, said_on = no
    staff_id, principal_id = asks
    tasks.open_task(
        TaskKind.CONFIRM_CONSENT,
        key=f"confirm:{case.id}:{event.id}",
        title=SAME_TRUST if _one_trust(case.id, said_on) else OTHER_TRUST,
        owner_principal_id=principal_id,
        owner_staff_id=staff_id,
        due_at=clock.now() + CONFIRM_WITHIN,
        by=by,
        case_id=case.id,
        endpoint="people.consent",
        subject_ref=case.ref,
    )


def _no_elsewhere(case: Case) -> tuple[ConsentEvent, int] | None:
    """The no on another case of his, and which, that he said after he had agreed on this one."""
    agreed = {
        item: event
        for item, event in standing_of(case).items()
        if event.decision is ConsentDecision.GIVEN
    }
    if (
        not agreed
        or not rules.can(FactKind.CONSENT_WITHDRAWN, facts_of(case.id), clock.today()).allowed
    ):
        return None
    others = _cases_of([case.person_id, *linked_ids(case.person_id)])
    said = [
        (event, case_id)
        for (case_id, item), event in last_on([i for i in others if i != case.id]).items()
        if item in agreed and event.decision in A_NO and when_said(event) > when_said(agreed[item])
    ]
    return max(said, key=lambda one: one[0].id) if said else None


def _one_trust(one: int, other: int) -> bool:
    ones, others = ({trust.id for trust in trusts_of_case(case_id)} for case_id in (one, other))
    return bool(ones & others)


def _cases_of(person_ids: Collection[int]) -> Sequence[int]:
    query = select(Case.id).where(Case.person_id.in_(person_ids)).order_by(Case.id)
    return db.session.scalars(query).all()


def _joined(ones: Sequence[int], twos: Sequence[int], by: int) -> None:
    whose = select(Case.person_id).where(Case.id.in_({*ones, *twos})).distinct()
    look(*db.session.scalars(whose).all(), by=by)


def _open_again(case_id: int, kind: FactKind, by: int | None) -> None:
    if kind in (FactKind.REOPENED, FactKind.CORRECTED):
        _look(lock(case_id), by)


listeners.records_joined.append(_joined)
listeners.fact_added.append(_open_again)
