"""Chasing what a referral may leave open: the hearing, the plea, the kind of report."""

from mhtr.cases import hearings
from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, CaseState, StageOfCase
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.intake import policy, queries
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

CHASED = frozenset(
    {
        CaseState.REFERRED,
        CaseState.SCREENED,
        CaseState.ASSESSING,
        CaseState.SUITABLE,
        CaseState.SUITABLE_NOT_READY,
        CaseState.COUNTERSIGNED,
        CaseState.RELEASED,
    }
)
"""States in which a hearing still lies ahead. (A closed or sentenced case is not chased.)"""
AFTER_REPORT = frozenset({CaseState.PROPOSED, CaseState.NOT_PROPOSED, CaseState.AWAITING_RESULT})
"""Once the pre-sentence report is in, only the date of the hearing is still looked for."""


def missing(case: Case) -> tuple[str, ...]:
    """What is not known yet, in words: hearing date, plea, kind of pre-sentence report.

    Under investigation there is no hearing, no plea and no report to ask for yet.
    """
    if case.stage is StageOfCase.UNDER_INVESTIGATION:
        return ()
    hearing = hearings.current(case.id)
    dated = hearing is not None and hearing.on is not None
    if case.state in AFTER_REPORT:
        return () if dated else ("the date of the next hearing",)
    found = []
    if case.stage is None or case.stage is StageOfCase.CHARGED:
        found.append("the plea")
    if not dated:
        found.append("the date of the next hearing")
    if case.stage in AFTER_PLEA_OR_FINDING and (hearing is None or not hearing.psr_kind):
        found.append("the kind of pre-sentence report")
    return tuple(found)


def chase(case_id: int, *, by: int | None) -> None:
    """Open the task to find out what is missing, or settle it once nothing is."""
    must_be_writing()
    case = db.session.get_one(Case, case_id)
    if case.paused or case.state not in CHASED | AFTER_REPORT or not missing(case):
        tasks.settle(case_id, TaskKind.CHASE_HEARING, by=by)
        return
    referral = queries.referral_of(case_id)
    if referral is None or tasks.open_tasks(case_id, TaskKind.CHASE_HEARING):
        return
    tasks.open_task(
        TaskKind.CHASE_HEARING,
        # The version tells a later round of chasing from one that was settled.
        key=f"chase-hearing:{case_id}:{case.version}",
        title="Find out the plea, the next hearing or the kind of report",
        owner_principal_id=queries.organisation_principal(referral.trust_id),
        due_at=queries.due_in(int(values(policy.CHASE_DAYS)["chase_days"])),
        by=by,
        case_id=case_id,
        endpoint="intake.hearing",
        subject_ref=case.ref,
    )
