"""Whom news of a case concerns: who assesses, signs, writes for the court, and who referred him."""

from sqlalchemy import bindparam, or_, select

from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import READS_ON, Grant, Principal, PrincipalKind, Purpose
from mhtr.core.prepared import Prepared
from mhtr.intake import queries
from mhtr.intake.service import SOURCES
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

_AUTHORS = Prepared(
    select(Grant.principal_id)
    .join(Principal, Principal.id == Grant.principal_id)
    .where(
        Grant.case_id == bindparam("case"),
        Grant.purpose == Purpose.PRE_SENTENCE,
        Grant.because != READS_ON,
        Principal.kind == PrincipalKind.STAFF,
        or_(Grant.ends_at.is_(None), Grant.ends_at > bindparam("moment")),
    )
)


def those_concerned(case: Case) -> set[int]:
    """Principals who are told when a case moves.

    The assessor; the clinical lead who has the report (any lead of the trust: its list); the
    authors of the pre-sentence report; and the referrer, where he may see what became of it.
    """
    found = leads_holding(case.id) | report_authors(case.id)
    if case.assessor_id is not None:
        found.add(queries.staff_principal(case.assessor_id))
    referrer = referrer_told(case.id)
    if referrer is not None:
        found.add(referrer)
    return found


def referrer_told(case_id: int) -> int | None:
    """Who referred him, or his organisation where no name is known; None where only a receipt
    was promised: the others learn nothing more (see `ReferralSource.sees_outcome`)."""
    referral = queries.referral_of(case_id)
    if referral is None or not SOURCES[referral.source].sees_outcome:
        return None
    if referral.referrer_id is not None:
        return queries.staff_principal(referral.referrer_id)
    return queries.organisation_principal(referral.organisation_id)


def leads_holding(case_id: int) -> set[int]:
    """Who has a report or an addendum of the case before him to sign."""
    return {task.owner_principal_id for task in tasks.open_tasks(case_id, TaskKind.COUNTERSIGN)}


def report_authors(case_id: int) -> frozenset[int]:
    """Who writes a pre-sentence report of the case, by name."""
    given = {"case": case_id, "moment": clock.now()}
    return frozenset(_AUTHORS.values(given))
