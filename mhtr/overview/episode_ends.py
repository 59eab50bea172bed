"""The day on which an episode ended: of the treatment itself, not of what is recorded after it."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from mhtr.cases.facts import Fact, FactKind, effective_facts
from mhtr.cases.models import CaseFact
from mhtr.core import clock
from mhtr.core.database import db

_ENDS = frozenset({FactKind.TREATMENT_ENDED, FactKind.ORDER_REVOKED, FactKind.DISCHARGED})
_READ = _ENDS | {FactKind.CLOSED, FactKind.REOPENED, FactKind.CORRECTED}
_AT_ONCE = 500
"""Cases asked for in one statement: a database takes only so many values."""


def ended_days(over_since: Mapping[int, date]) -> Mapping[int, date]:
    """By case that is over: when its treatment, its order or the case itself ended first.

    Args:
        over_since: by case, since when it stands as it does: where no fact says more.
    """
    today = clock.today()
    ordered = sorted(over_since)
    facts: dict[int, list[Fact]] = {case_id: [] for case_id in ordered}
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        query = select(CaseFact).where(CaseFact.case_id.in_(some), CaseFact.kind.in_(sorted(_READ)))
        for row in db.session.scalars(query.order_by(CaseFact.id)):
            facts[row.case_id].append(
                Fact(row.id, row.kind, row.happened_at, row.recorded_at, "", row.by_id, row.detail)
            )
    return {
        case_id: ended_on(found, today) or over_since[case_id] for case_id, found in facts.items()
    }


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
