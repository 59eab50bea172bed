"""A man under an order is in hospital or custody: recorded, ended, taken back.

While it lasts nothing is sent to him, and whoever has to know is told (`listeners.away_changed`).
Nothing that is to be done rests: the requirement runs on.
"""

from datetime import date, datetime, time

from sqlalchemy import update

from mhtr.accounts.models import Staff
from mhtr.cases import away, listeners, rules
from mhtr.cases import service as cases
from mhtr.cases.away import Stay
from mhtr.cases.facts import Away, FactKind
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import must_be_writing
from mhtr.people.contact_rules import Channel

MEANWHILE = "Somebody recorded something of it meanwhile. Nothing was saved: look again."
NOT_YOURS = "The service recorded this. Ask whoever treats him."
NOTHING = "Nothing of it is on record."
TO_HIM = tuple(channel.value for channel in Channel)
"""Messages by these go to him; what goes to those who work with him is not held."""
_MIDDAY = time(12)


def stays_of(case_id: int) -> tuple[Stay, ...]:
    """Every time in hospital or custody that counts, the earliest first."""
    return away.stays(cases.facts_of(case_id), clock.today())


def is_away(case_id: int) -> bool:
    """Whether he is in hospital or custody now: nothing is sent to him, and nothing booked."""
    found = stays_of(case_id)
    return bool(found) and found[-1].until is None


def record_away(*, case_id: int, where: Away, since: date, seen: int, by: int) -> None:
    """Record that he cannot attend from a day on.

    Args:
        seen: the last fact of it whom the page showed; 0 for none.

    Raises:
        Refused: somebody recorded something meanwhile, he is under no order or away already, or
            the day does not fit.
    """
    case = _case(case_id, seen)
    detail = {"where": where.value}
    cases.require(case, FactKind.AWAY, by=by, detail=detail)
    today = clock.today()
    sentenced_on = rules.fold(cases.facts_of(case_id), today).sentenced_on
    if wrong := away.objections_to_start(since, stays_of(case_id), sentenced_on, today):
        raise Refused(*wrong)
    cases.add_fact(case, FactKind.AWAY, by=by, at=_at(since), detail=detail)
    _follow(case, by)


def record_back(*, case_id: int, on: date, seen: int, by: int) -> None:
    """Record that he can attend again: `on` is the last day of it.

    Raises:
        Refused: somebody recorded something meanwhile, he is not away, the day does not fit, or
            it is the service's to say.
    """
    case = _case(case_id, seen)
    cases.require(case, FactKind.BACK, by=by)
    _check_whose(case_id, by)
    if wrong := away.objections_to_end(on, stays_of(case_id)[-1], clock.today()):
        raise Refused(*wrong)
    cases.add_fact(case, FactKind.BACK, by=by, at=_at(on))
    _follow(case, by)


def take_back(*, case_id: int, seen: int, by: int) -> None:
    """Take back what was recorded of it last; it stays in the history.

    Raises:
        Refused: nothing is on record, somebody recorded something meanwhile, or it is the
            service's to say.
    """
    case = _case(case_id, seen)
    if not seen:
        raise Refused(NOTHING)
    _check_whose(case_id, by)
    detail = {"fact_id": seen}
    cases.require(case, FactKind.CORRECTED, by=by, detail=detail)
    cases.add_fact(case, FactKind.CORRECTED, by=by, detail=detail)
    _follow(case, by)


def _case(case_id: int, seen: int) -> Case:
    must_be_writing()
    case = cases.lock(case_id)
    found = stays_of(case_id)
    if (found[-1].fact_id if found else 0) != seen:
        raise Refused(MEANWHILE)
    return case


def may_undo(case_id: int, staff_id: int) -> bool:
    """Whether he may end or take back what was recorded last.

    The service may; others only what was recorded outside it. An officer is not told where he
    is, so he cannot know that a stay the service recorded is over.
    """
    found = stays_of(case_id)
    if not found or _is_inside(staff_id):
        return True
    of_it = {found[-1].began_id, found[-1].fact_id}
    recorders = [fact.by_id for fact in cases.facts_of(case_id) if fact.id in of_it]
    return not any(by_id and _is_inside(by_id) for by_id in recorders)


def _check_whose(case_id: int, by: int) -> None:
    if not may_undo(case_id, by):
        raise Refused(NOT_YOURS)


def _is_inside(staff_id: int) -> bool:
    roles = {row.role for row in db.session.get_one(Staff, staff_id).roles}
    return bool(roles & {*CLINICAL_ROLES, Role.ADMINISTRATOR})


def _at(day: date) -> datetime:
    """The hour is not asked; what is recorded of today happened by now."""
    if day == clock.today():
        return clock.now()
    return clock.from_london(datetime.combine(day, _MIDDAY))


def _follow(case: Case, by: int) -> None:
    gone = is_away(case.id)
    if gone:
        _hold(case.id)
    else:
        _let_go(case.id)
    for listener in listeners.away_changed:
        listener(case.id, gone, by)


def _hold(case_id: int) -> None:
    db.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.case_id == case_id,
            OutboxMessage.state == OutboxState.WAITING,
            OutboxMessage.channel.in_(TO_HIM),
        )
        .values(state=OutboxState.HELD)
    )


def _let_go(case_id: int) -> None:
    """What was due meanwhile is withdrawn: a reminder of a day that is past helps nobody."""
    held = (OutboxMessage.case_id == case_id, OutboxMessage.state == OutboxState.HELD)
    past = OutboxMessage.due_at <= clock.now()
    for late, state in ((past, OutboxState.WITHDRAWN), (~past, OutboxState.WAITING)):
        db.session.execute(update(OutboxMessage).where(*held, late).values(state=state))
