"""An order is recorded, and a probation contact named, soon after the sentence: tasks and news.

Both tasks are opened with the sentence itself; `open_order_tasks` finds what slipped through.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Exists, distinct, exists, func, or_, select

from mhtr.accounts.models import Staff
from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.orders import induction_queries, policy
from mhtr.orders import listeners as order_listeners
from mhtr.orders.cover_queries import concerned as of_probation
from mhtr.orders.endings import NEVER_WAS
from mhtr.orders.induction import BY_HAND, Outcome
from mhtr.orders.models import InductionStep, Order, OrderEnding, ProbationContact
from mhtr.orders.news_kinds import News
from mhtr.orders.queries import OnRecord, all_on_record, contact_of
from mhtr.orders.treating import treating
from mhtr.orders.unit_news import tell_unit
from mhtr.suitability.concerned import assessing
from mhtr.suitability.result_owner import answers_for, by_rota
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.tasks.queries import excluded_staff

ORDERS_PAGE = "orders.case_orders"
INDUCTION_PAGE = "orders.induction"
TITLES = {
    TaskKind.RECORD_ORDER: "Record the order that the court made",
    TaskKind.NAME_CONTACT: "Name who supervises him for probation",
    TaskKind.NAMED_PRACTITIONER: "Tell probation who directs his treatment now",
    TaskKind.INDUCTION: "Speak with him: his induction",
}
NO_SENTENCE = "orders.no_sentence"
OVER = "orders.over"
MADE = "A court order of a man of yours is recorded."
CONTACT = "Who supervises a man of yours for probation has changed."
GOES_ON = "A court order that was recorded as ended goes on."
DIRECTING = "Who directs the treatment of a man of yours is no longer whom his order names."
CHANGED = "What is recorded of a court order was changed."
ENDED = "A court order of a man of yours has ended."


def follow_orders(case: Case, *, by: int | None) -> None:
    """Open, keep or settle the tasks of a case under an order, by what is on record of it now."""
    must_be_writing()
    under = case.state in UNDER_ORDER
    held = [found for found in all_on_record(case.id) if not found.never_was]
    _keep(case, TaskKind.RECORD_ORDER, wanted=under and not held, done=bool(held), by=by)
    contact = contact_of(case.id)
    wanted = under and not _reachable(contact)
    _keep(case, TaskKind.NAME_CONTACT, wanted=wanted, done=_reachable(contact), by=by)
    _keep_named(case, held if under else [], by=by)
    _keep_induction(case, by=by)
    for listener in order_listeners.orders_changed:
        listener(case.id, by)


def _keep_named(case: Case, orders: Sequence[OnRecord], *, by: int | None) -> None:
    """Probation is told, or the court amends, until no order names who no longer directs."""
    wanted = any(one.waits_for_notice(row) for one in orders for row in one.directing)
    counting = any(row.taken_back_at is None for one in orders for row in one.directing)
    over = bool(orders) and not any(one.stands_on(clock.today()) for one in orders)
    _keep(
        case,
        TaskKind.NAMED_PRACTITIONER,
        wanted=wanted,
        # Nobody has to be told of an order that has run out.
        done=counting and not over,
        because=OVER if over else NO_SENTENCE,
        by=by,
    )


def _keep_induction(case: Case, *, by: int | None) -> None:
    """Somebody speaks with him and sees to the rest, until that is done or treatment begins."""
    wanted = induction_queries.is_wanted(case)
    found = induction_queries.standing(case) if wanted else None
    left = found is not None and not found.done
    _keep(case, TaskKind.INDUCTION, wanted=left, done=wanted, by=by)


def _reachable(contact: ProbationContact | None) -> bool:
    """Whether somebody is named who can still be asked: an account may have been closed."""
    if contact is None:
        return False
    if contact.staff_id is None:
        return True
    shut_out = contact.staff_id in excluded_staff(contact.case_id, clock.now())
    return db.session.get_one(Staff, contact.staff_id).disabled_at is None and not shut_out


def _keep(
    case: Case,
    kind: TaskKind,
    *,
    wanted: bool,
    done: bool,
    by: int | None,
    because: str = NO_SENTENCE,
) -> None:
    waiting = tasks.open_tasks(case.id, kind)
    if not wanted:
        for task in waiting:
            if done:
                tasks.finish(task, by=by)
            else:
                tasks.withdraw(task, by=by, because=because)
        return
    if waiting:
        return
    day = _due(case, kind)
    owner = assessing(case)
    if owner.staff_id is None:
        owner = answers_for(case, None) or by_rota(case, day)
    tasks.open_task(
        kind,
        key=f"{kind.value}:{case.id}:{_earlier(case.id, kind)}",
        title=TITLES[kind],
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=end_of_day(day),
        by=by,
        case_id=case.id,
        endpoint=INDUCTION_PAGE if kind is TaskKind.INDUCTION else ORDERS_PAGE,
        subject_ref=case.ref,
    )


def _due(case: Case, kind: TaskKind) -> date:
    """When it is due: an order and a contact soon, a first talk by the day probation sees him."""
    if kind is TaskKind.INDUCTION:
        found = induction_queries.standing(case)
        if found is not None:
            return max(found.probation_by, clock.today())
    return working_calendar().add(clock.today(), policy.recorded_within())


def _earlier(case_id: int, kind: TaskKind) -> int:
    """How many such tasks the case has had: a sentence may be taken back and recorded again."""
    query = select(Task.id).where(Task.case_id == case_id, Task.kind == kind)
    return len(db.session.scalars(query).all())


def tell_of_change(
    case: Case,
    order: Order,
    number: int,
    *,
    by: int | None,
    text: str = CHANGED,
    key: str = "order",
    unit: bool = True,
) -> None:
    """Whoever treats him and his probation contact hear of it, but not who recorded it.

    Args:
        unit: whether a unit of which nobody signs in is written to of a change or an end.
    """
    concerned = treating(case)
    concerned |= {staff.principal_id for staff in of_probation(case.id)}
    if by is not None:
        concerned.discard(db.session.get_one(Staff, by).principal_id)
    for principal_id in concerned:
        tasks.tell(
            principal_id,
            key=f"{key}:{order.id}:{number}",
            text=text,
            case_id=case.id,
            endpoint=ORDERS_PAGE,
            subject_ref=case.ref,
        )
    if unit and text in (CHANGED, ENDED, GOES_ON):
        tell_unit(case, News.ORDER, by=by, about=f"{key}-{order.id}-{number}")


def tell_of_contact(case: Case, contact_id: int, *, by: int) -> None:
    """Whoever treats him hears who supervises him now, but not who named him."""
    for principal_id in treating(case) - {db.session.get_one(Staff, by).principal_id}:
        tasks.tell(
            principal_id,
            key=f"order-contact:{contact_id}",
            text=CONTACT,
            case_id=case.id,
            endpoint=ORDERS_PAGE,
            subject_ref=case.ref,
        )


_STATES = sorted(UNDER_ORDER)


def _asked(kind: TaskKind) -> Exists:
    return exists().where(Task.case_id == Case.id, Task.kind == kind, Task.state == TaskState.OPEN)


_NEVER_WAS = exists().where(
    OrderEnding.order_id == Order.id,
    OrderEnding.taken_back_at.is_(None),
    OrderEnding.how.in_(sorted(NEVER_WAS)),
)
_NO_ORDER = (
    ~_asked(TaskKind.RECORD_ORDER),
    ~exists().where(Order.case_id == Case.id, ~_NEVER_WAS),
)
_NO_CONTACT = (
    ~_asked(TaskKind.NAME_CONTACT),
    ~exists().where(
        ProbationContact.case_id == Case.id,
        ProbationContact.ended_at.is_(None),
        or_(
            ProbationContact.staff_id.is_(None),
            ProbationContact.staff_id.in_(select(Staff.id).where(Staff.disabled_at.is_(None))),
        ),
    ),
)
_SEEN_TO = (
    select(func.count(distinct(InductionStep.item)))
    .where(InductionStep.case_id == Case.id, InductionStep.outcome != Outcome.COULD_NOT)
    .scalar_subquery()
)
_NO_INDUCTION = (
    Case.state.in_(sorted(induction_queries.BEFORE_TREATMENT)),
    # Where all that somebody says is said, what the record shows may have been the last of it.
    or_(~_asked(TaskKind.INDUCTION), _SEEN_TO >= len(BY_HAND), induction_queries.SESSION_HELD),
)


def open_order_tasks(_now: datetime) -> int:
    """Open what is missing of cases under an order; returns how many tasks were opened.

    Looks at cases alone where something is missing that nobody was asked for, at inductions that
    what else is on record may have finished, and at what is asked of orders that may have run out.
    Runs inside the caller's write transaction; a second run changes nothing.
    """
    must_be_writing()
    missing = (_NO_ORDER, _NO_CONTACT, _NO_INDUCTION, (_asked(TaskKind.NAMED_PRACTITIONER),))
    wanted = [select(Case.id).where(Case.state.in_(_STATES), *one) for one in missing]
    opened = 0
    for case_id in sorted({id_ for query in wanted for id_ in db.session.scalars(query)}):
        case = cases.lock(case_id)
        before = _open(case_id)
        follow_orders(case, by=None)
        opened += len(_open(case_id) - before)
    return opened


def _open(case_id: int) -> set[int]:
    return {task.id for task in tasks.open_tasks(case_id, *TITLES)}


FOLLOWED = frozenset(
    {
        FactKind.SENTENCED_WITH_MHTR,
        FactKind.CORRECTED,
        FactKind.REOPENED,
        FactKind.TREATMENT_STARTED,
    }
)


def _follow_fact(case_id: int, kind: FactKind, by: int | None) -> None:
    if kind in FOLLOWED:
        follow_orders(cases.lock(case_id), by=by)


listeners.fact_added.append(_follow_fact)
