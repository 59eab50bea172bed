"""A released report may no longer stand, or stands again: every reader hears, and work on addenda
rests meanwhile."""

from collections.abc import Collection

from mhtr.accounts.models import Staff
from mhtr.cases import listeners, rules
from mhtr.cases import service as cases
from mhtr.cases.facts import Fact, FactKind, ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.reliance import Doubt, doubts, mark
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.suitability import release_readers, report_work
from mhtr.suitability.concerned import current_request, those_asking
from mhtr.tasks import service as tasks

REPORT = "suitability.report"
MAY_NOT_STAND = (
    "A suitability report you have may no longer stand. Ask the service before you rely on it."
)
STANDS_AGAIN = "A suitability report you have stands as it was released."
_MAY_CHANGE_IT = frozenset(
    {
        FactKind.CONSENT_WITHDRAWN,
        FactKind.CONSENT_GIVEN,
        FactKind.STAGE_RECORDED,
        FactKind.CORRECTED,
        FactKind.REOPENED,
    }
)


def doubts_now(case_id: int) -> tuple[Doubt, ...]:
    """Why the released report of a case may not be relied on now."""
    return doubts(rules.fold(cases.facts_of(case_id), clock.today()))


def mark_now(case_id: int) -> str:
    """The mark of the released report as it stands now; empty where there is none."""
    return mark(doubts_now(case_id))


def marks_of(case_ids: Collection[int]) -> dict[int, str]:
    """The mark of each released report that has one, in one statement for a whole list."""
    today = clock.today()
    facts = cases.facts_of_many(case_ids) if case_ids else {}
    found = {one: mark(doubts(rules.fold(said, today))) for one, said in facts.items()}
    return {one: words for one, words in found.items() if words}


def follow(case_id: int, kind: FactKind, by: int | None) -> None:
    """After a milestone: whether the report that went out may be relied on has changed by it."""
    if kind not in _MAY_CHANGE_IT:
        return
    case, facts = cases.lock(case_id), cases.facts_of(case_id)
    if facts[-1].kind is not kind:
        return  # What another listener added to it was followed when it was added.
    if case.progress is not ReportProgress.RELEASED or case.state not in BEFORE_SENTENCE:
        return
    before, now = _stood(facts[:-1]), not doubts_now(case_id)
    if before and not now:
        report_work.rest(case, by=by)
        _tell(case, MAY_NOT_STAND, by)
    elif now and not before:
        _tell(case, STANDS_AGAIN, by)
        if by is not None:
            report_work.go_on(case, by=by)


def _stood(facts: list[Fact]) -> bool:
    return not doubts(rules.fold(facts, clock.today()))


def _tell(case: Case, text: str, by: int | None) -> None:
    """Whoever it was released or opened to, and whoever asks for it now."""
    told = release_readers.readers_of(case.id)
    request = current_request(case.id)
    if request is not None:
        told |= those_asking(request)
    if by is not None:
        told.discard(db.session.get_one(Staff, by).principal_id)
    for principal_id in sorted(told):
        tasks.tell(
            principal_id,
            key=f"reliance:{case.id}:{case.version}",
            text=text,
            case_id=case.id,
            endpoint=REPORT,
            subject_ref=case.ref,
        )


listeners.fact_added.append(follow)
