"""A plea or finding is taken back: the work on his report rests as in a pause, until there is one.

However the stage changes, by whom and on which page, it is a fact of the case: this follows it.
"""

from mhtr.cases import listeners, rules
from mhtr.cases import service as cases
from mhtr.cases.facts import Fact, FactKind
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.intake import closing, queries
from mhtr.intake.concerned import leads_holding, referrer_told, those_concerned
from mhtr.tasks import service as tasks

RESTS = (
    "No guilty plea or finding is recorded any more for a man of yours. His assessment rests until"
    " one is. Write no account of the offence anywhere."
)
GOES_ON = "A plea or finding is recorded again for a man of yours. His assessment goes on."
TOLD_WITH_IT = "told_with_it"
"""In the detail of a stage that came with a sentence or a request, of which everybody hears."""


def changed(case_id: int) -> bool | None:
    """Whether work on a report rests since the last fact, or goes on since; None: neither."""
    facts, today = cases.facts_of(case_id), clock.today()
    before, now = (rules.fold(read, today).rests for read in (facts[:-1], facts))
    return None if before == now else now


def is_told(facts: list[Fact]) -> bool:
    """Whether somebody is to hear of what the last fact changed."""
    return facts[-1].detail.get(TOLD_WITH_IT) is not True


def not_told(case: Case) -> set[int]:
    """Who is concerned by a change of stage, but those who have heard what follows from it."""
    if changed(case.id) is None:
        return those_concerned(case)
    referrer = referrer_told(case.id)
    return set() if referrer is None else {referrer}


def follow(case_id: int, kind: FactKind, by: int | None) -> None:
    """After a milestone that may change the stage of the criminal case."""
    if kind not in (FactKind.STAGE_RECORDED, FactKind.CORRECTED):
        return
    case, rests = cases.lock(case_id), changed(case_id)
    if rests is None:
        return
    if is_told(cases.facts_of(case_id)):
        _tell(case, RESTS if rests else GOES_ON, by)
    # What a pause took away comes back when it ends, as far as it may by then.
    if rests and not case.paused:
        closing.rest(case, by=by)
    elif not case.paused:
        closing.put_back(case, by=by)
    for listener in listeners.report_rests:
        listener(case_id, rests, by)


def _tell(case: Case, text: str, by: int | None) -> None:
    """The assessor, and the lead who has the report to sign."""
    told = leads_holding(case.id)
    if case.assessor_id is not None and case.assessor_id != by:
        told.add(queries.staff_principal(case.assessor_id))
    for principal_id in told:
        tasks.tell(
            principal_id,
            key=f"rests:{case.id}:{case.version}",
            text=text,
            case_id=case.id,
            endpoint="suitability.assessment",
            subject_ref=case.ref,
        )


listeners.fact_added.append(follow)
