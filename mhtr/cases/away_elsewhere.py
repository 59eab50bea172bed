"""What other cases of the same man say of whether he can attend.

He is in one place, however many cases he has: two orders, or a record at another trust that two
people confirmed to be his. Elsewhere is said that he cannot attend and since when, never where he
is: whoever reads one case may not be let into the other.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from mhtr.cases import rules, service
from mhtr.cases.facts import Fact, FactKind
from mhtr.cases.link_queries import linked_ids
from mhtr.cases.link_records import records_of_each
from mhtr.cases.models import Case
from mhtr.cases.service import OfCase
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock
from mhtr.core.database import db

_SAY_SO = (FactKind.AWAY, FactKind.BACK, FactKind.CORRECTED)


def his_cases(case_id: int) -> list[int]:
    """Every case of the man, of each record of his, in the order in which they are locked."""
    person_id = db.session.get_one(Case, case_id).person_id
    query = select(Case.id).where(Case.person_id.in_([person_id, *linked_ids(person_id)]))
    return list(db.session.scalars(query.order_by(Case.id)))


def facts_of_him(case_id: int, own: Sequence[Fact] | None = None) -> list[Fact]:
    """The facts of a case; under an order, those of his other cases on whether he can attend too.

    Args:
        own: the facts of the case, where the caller has read them.
    """
    facts = service.facts_of(case_id) if own is None else own
    case = db.session.get_one(Case, case_id)
    return _with(case, facts, _said({case.person_id, *linked_ids(case.person_id)}))


def facts_of_each(cases: Sequence[Case]) -> dict[int, list[Fact]]:
    """The same of several men, with as many questions as for one."""
    own = service.facts_of_many([case.id for case in cases])
    records = records_of_each({case.person_id for case in cases})
    of_record: dict[int, list[OfCase]] = defaultdict(list)
    for one in _said({key for case in cases for key in records.all_of(case.person_id)}):
        of_record[one.person_id].append(one)
    found = {}
    for case in cases:
        keys = sorted(records.all_of(case.person_id))
        found[case.id] = _with(case, own[case.id], [one for key in keys for one in of_record[key]])
    return found


def _said(person_ids: set[int]) -> list[OfCase]:
    return service.facts_of_people(person_ids, _SAY_SO) if person_ids else []


def _with(case: Case, own: Sequence[Fact], said: Sequence[OfCase]) -> list[Fact]:
    """Where another case is over, only what began under the order of this one counts here."""
    others = [one for one in said if one.case_id != case.id]
    said_so = any(one.fact.kind is not FactKind.CORRECTED for one in others)
    if case.state not in UNDER_ORDER or not said_so:
        return list(own)
    sentenced_on = rules.fold(list(own), clock.today()).sentenced_on
    return [*own, *(_told(one) for one in others if _counts(one, sentenced_on))]


def _counts(one: OfCase, sentenced_on: date | None) -> bool:
    if one.fact.kind is not FactKind.AWAY or one.state in UNDER_ORDER:
        return True
    return sentenced_on is not None and one.fact.day >= sentenced_on


def _told(one: OfCase) -> Fact:
    return replace(one.fact, detail={}) if one.fact.kind is FactKind.AWAY else one.fact
