"""Whoever treats and whoever supervises him hear at once that he cannot attend, or has died.

The words are the same for both, and say neither where he is nor why.
"""

from mhtr.accounts.models import Staff
from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.away_elsewhere import facts_of_him
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.intake import court_case  # noqa: F401 (a death closes the case, then it is told of here)
from mhtr.orders.cover_queries import concerned
from mhtr.orders.news_kinds import News
from mhtr.orders.queries import orders_of
from mhtr.orders.treating import treating
from mhtr.orders.unit_news import tell_that_it_goes_on, tell_unit
from mhtr.tasks import service as tasks

AWAY = "A man of yours cannot attend for now. His page says since when."
BACK = "A man of yours can attend again."
CLOSED = "A case of a man whom you supervise is closed. Its page says why."


def _tell(case_id: int, away: bool, by: int | None) -> None:
    case = cases.lock(case_id)
    last = max((fact.id for fact in facts_of_him(case_id)), default=0)
    told = {*treating(case), *_officers(case_id)} - {_own(by)}
    for principal_id in told:
        _notice(case, principal_id, f"away:{case_id}:{last}", AWAY if away else BACK)
    tell_unit(case, News.ATTENDS, by=by)


def _died(case_id: int, by: int) -> None:
    """With an order on record its end is the news; without one nobody told the officer."""
    case = cases.lock(case_id)
    tell_unit(case, News.CLOSED, by=by)
    if not orders_of(case_id):
        for principal_id in _officers(case_id) - {_own(by)}:
            _notice(case, principal_id, f"died:{case_id}", CLOSED)


def _lives(case_id: int, by: int) -> None:
    tell_that_it_goes_on(cases.lock(case_id), by=by)


def _notice(case: Case, principal_id: int, key: str, text: str) -> None:
    tasks.tell(
        principal_id,
        key=key,
        text=text,
        case_id=case.id,
        endpoint="overview.case_page",
        subject_ref=case.ref,
    )


def _officers(case_id: int) -> set[int]:
    return {staff.principal_id for staff in concerned(case_id)}


def _own(staff_id: int | None) -> int | None:
    return db.session.get_one(Staff, staff_id).principal_id if staff_id is not None else None


listeners.away_changed.append(_tell)
listeners.death_recorded.append(_died)
listeners.death_taken_back.append(_lives)
