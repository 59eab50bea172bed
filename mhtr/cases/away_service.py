"""A man under an order is in hospital or custody: recorded, ended, taken back.

While it lasts nothing is sent to him, and whoever has to know is told (`listeners.away_changed`),
on every case of his and on every record that is his. Nothing that is to be done rests: the
requirement runs on.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time

from sqlalchemy import update

from mhtr.accounts.models import Staff
from mhtr.cases import away, listeners, rules
from mhtr.cases import service as cases
from mhtr.cases.away import Stay
from mhtr.cases.away_elsewhere import facts_of_him, his_cases
from mhtr.cases.facts import Away, FactKind
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import must_be_writing, once_a_page
from mhtr.people.contact_rules import Channel

MEANWHILE = "Somebody recorded something of it meanwhile. Nothing was saved: look again."
NOT_YOURS = "The service recorded this. Ask whoever treats him."
NOTHING = "Nothing of it is on record."
ELSEWHERE = (
    "What was recorded last is on another record of his, and is taken back there. If he can "
    "attend, record that here."
)
TO_HIM = tuple(channel.value for channel in Channel)
"""Messages by these go to him; what goes to those who work with him is not held."""
_MIDDAY = time(12)


def stays_of(case_id: int) -> tuple[Stay, ...]:
    """Every time in hospital or custody that counts, whichever case says so, the earliest first."""
    return once_a_page(("stays", case_id), lambda: _stays(case_id))


def _stays(case_id: int) -> tuple[Stay, ...]:
    return away.stays(facts_of_him(case_id), clock.today())


def is_away(case_id: int) -> bool:
    """Whether he is in hospital or custody now: nothing is sent to him, and nothing booked."""
    return _lasts(stays_of(case_id))


def _lasts(found: tuple[Stay, ...]) -> bool:
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
    _require(case, FactKind.AWAY, by, detail)
    today = clock.today()
    sentenced_on = rules.fold(cases.facts_of(case_id), today).sentenced_on
    if wrong := away.objections_to_start(since, stays_of(case_id), sentenced_on, today):
        raise Refused(*wrong)
    with followed(his_cases(case_id), by=by):
        cases.add_fact(case, FactKind.AWAY, by=by, at=_at(since), detail=detail)


def record_back(*, case_id: int, on: date, seen: int, by: int) -> None:
    """Record that he can attend again: `on` is the last day of it.

    Raises:
        Refused: somebody recorded something meanwhile, he is not away, the day does not fit, or
            it is the service's to say.
    """
    case = _case(case_id, seen)
    _require(case, FactKind.BACK, by, {})
    _check_whose(case_id, by)
    if wrong := away.objections_to_end(on, stays_of(case_id)[-1], clock.today()):
        raise Refused(*wrong)
    with followed(his_cases(case_id), by=by):
        cases.add_fact(case, FactKind.BACK, by=by, at=_at(on))


def take_back(*, case_id: int, seen: int, by: int) -> None:
    """Take back what was recorded of it last; it stays in the history.

    Raises:
        Refused: nothing is on record, it is on another case, somebody recorded something
            meanwhile, or it is the service's to say.
    """
    case = _case(case_id, seen)
    if not seen:
        raise Refused(NOTHING)
    _check_whose(case_id, by)
    if is_elsewhere(case_id):
        raise Refused(ELSEWHERE)
    detail = {"fact_id": seen}
    _require(case, FactKind.CORRECTED, by, detail)
    with followed(his_cases(case_id), by=by):
        cases.add_fact(case, FactKind.CORRECTED, by=by, detail=detail)


def _case(case_id: int, seen: int) -> Case:
    """The case, locked with every other of the man: what is booked for them follows."""
    must_be_writing()
    for one in his_cases(case_id):
        cases.lock(one)
    found = stays_of(case_id)
    if (found[-1].fact_id if found else 0) != seen:
        raise Refused(MEANWHILE)
    return cases.lock(case_id)


def _require(case: Case, kind: FactKind, by: int, detail: Mapping[str, object]) -> None:
    known = facts_of_him(case.id)
    decision = rules.can(kind, known, clock.today(), by_id=by, detail=detail)
    if not decision.allowed:
        raise Refused(*decision.reasons)


def is_elsewhere(case_id: int) -> bool:
    """Whether what was recorded last of it stands on another case of his."""
    found = stays_of(case_id)
    return bool(found) and found[-1].fact_id not in {fact.id for fact in cases.facts_of(case_id)}


def may_undo(case_id: int, staff_id: int) -> bool:
    """Whether he may end or take back what was recorded last.

    The service may; others only what was recorded outside it. An officer is not told where he
    is, so he cannot know that a stay the service recorded is over.
    """
    found = stays_of(case_id)
    if not found or _is_inside(staff_id):
        return True
    of_it = {found[-1].began_id, found[-1].fact_id}
    recorders = [fact.by_id for fact in facts_of_him(case_id) if fact.id in of_it]
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


@contextmanager
def followed(case_ids: Collection[int], *, by: int | None) -> Iterator[None]:
    """Let follow, on these locked cases of a man, what changes of whether he can attend."""
    before = {case_id: stays_of(case_id) for case_id in case_ids}
    yield
    after = {case_id: stays_of(case_id) for case_id in case_ids}
    if before == after:
        return
    gone = any(_lasts(found) for found in after.values())
    for case_id in case_ids:
        if gone:
            _hold(case_id)
        else:
            _let_go(case_id)
        if after[case_id] != before[case_id]:
            for listener in listeners.away_changed:
                listener(case_id, _lasts(after[case_id]), by)


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
