"""The day on which an episode ended: of the treatment itself, not of what is recorded after it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, case, func, select

from mhtr.cases.facts import Fact, FactKind, effective_facts
from mhtr.cases.models import CaseFact
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.prepared import Prepared

_ENDS = frozenset({FactKind.TREATMENT_ENDED, FactKind.ORDER_REVOKED, FactKind.DISCHARGED})
_UNDONE = frozenset({FactKind.REOPENED, FactKind.CORRECTED})
"""What may make an end count no more: then the facts are read one by one."""
_READ = _ENDS | _UNDONE | {FactKind.CLOSED}
_AT_ONCE = 500
"""Cases asked for in one statement: a database takes only so many values."""
_CASES: Any = bindparam("cases", expanding=True)
_FIRST_ENDS = Prepared(
    select(
        CaseFact.case_id,
        func.min(
            case((CaseFact.happened_at < bindparam("tomorrow"), CaseFact.happened_at)),
            type_=CaseFact.happened_at.type,
        ),
        func.max(case((CaseFact.kind.in_(sorted(_UNDONE)), 1), else_=0)),
    )
    .where(CaseFact.case_id.in_(_CASES), CaseFact.kind.in_(sorted(_READ)))
    .group_by(CaseFact.case_id)
)
"""The first end of each case that is not to come, and whether something may have undone one."""
_FACTS = (
    select(CaseFact)
    .where(CaseFact.case_id.in_(_CASES), CaseFact.kind.in_(sorted(_READ)))
    .order_by(CaseFact.id)
)


def ended_days(over_since: Mapping[int, date]) -> Mapping[int, date]:
    """By case that is over: when its treatment, its order or the case itself ended first.

    Args:
        over_since: by case, since when it stands as it does: where no fact says more.
    """
    ordered, found = sorted(over_since), dict(over_since)
    tomorrow = clock.from_london(datetime.combine(clock.today() + timedelta(days=1), time(0)))
    for start in range(0, len(ordered), _AT_ONCE):
        given = {"cases": ordered[start : start + _AT_ONCE], "tomorrow": tomorrow}
        undone = []
        for case_id, first, may_be_undone in _FIRST_ENDS.all(given):
            if may_be_undone:
                undone.append(case_id)
            elif first is not None:
                found[case_id] = first.astimezone(clock.LONDON).date()
        found |= _one_by_one(undone)
    return found


def _one_by_one(case_ids: Sequence[int]) -> dict[int, date]:
    """The same of cases with an end that may count no more; those without one are left out."""
    facts: dict[int, list[Fact]] = {case_id: [] for case_id in case_ids}
    for row in db.session.scalars(_FACTS, {"cases": case_ids}) if case_ids else ():
        facts[row.case_id].append(
            Fact(row.id, row.kind, row.happened_at, row.recorded_at, "", row.by_id, row.detail)
        )
    today = clock.today()
    days = {case_id: ended_on(found, today) for case_id, found in facts.items()}
    return {case_id: day for case_id, day in days.items() if day is not None}


def ended_on(facts: Sequence[Fact], today: date) -> date | None:
    """The earliest end that counts; a closing that was opened again does not. None: no fact."""
    found: list[date] = []
    closed: date | None = None
    for fact in effective_facts(list(facts), today):
        if fact.kind in _ENDS:
            found.append(fact.day)
        elif fact.kind is FactKind.CLOSED:
            closed = closed or fact.day
        elif fact.kind is FactKind.REOPENED:
            closed = None
    return min([*found, *([closed] if closed else [])], default=None)
