"""Who writes a report, as far as its date is concerned: since when, and when he is there."""

from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, ReportProgress
from mhtr.cases.models import Case, CaseFact
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.suitability import ready_from
from mhtr.suitability.assessment_queries import latest_assessment
from mhtr.suitability.capacity import Writer
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.taking_over_rules import given_away
from mhtr.tasks.models import Leave

UNWRITTEN = frozenset(
    {ReportProgress.NOT_STARTED, ReportProgress.BEING_WRITTEN, ReportProgress.RETURNED}
)
"""While a report stands so, the days its assessor is away count."""


def writer(case: Case, request: ReportRequest, named: date | None) -> Writer | None:
    """Who is writing the report; None once it is released.

    `named`: the day the service had named when its time began to count anew.
    """
    if case.progress is ReportProgress.RELEASED:
        return None
    return replace(_writer(case, request), named=named)


def _writer(case: Case, request: ReportRequest) -> Writer:
    today, told = clock.today(), request.earliest_on
    said = ready_from.stands(case.id)
    not_before = said.earliest_on if said else None
    if case.progress not in UNWRITTEN:
        return Writer(None, today, written=True, told=told, not_before=not_before)
    staff_id = writes(case)
    if staff_id is None:
        return Writer(None, today, told=told, not_before=not_before)
    hold(staff_id)
    given = db.session.scalar(
        select(func.max(CaseFact.happened_at)).where(
            CaseFact.case_id == case.id, CaseFact.kind == FactKind.ALLOCATED
        )
    )
    since = (given or case.opened_at).astimezone(clock.LONDON).date()
    away = db.session.execute(
        select(Leave.first_day, Leave.last_day).where(
            Leave.staff_id == staff_id, Leave.last_day >= since
        )
    )
    days = tuple((first, last) for first, last in away)
    return Writer(since, today, days, told=told, not_before=not_before)


def writes(case: Case) -> int | None:
    """Whose days count: the author of what is begun, unless it was given to somebody else since;
    otherwise whoever has the case."""
    begun = latest_assessment(case.id)
    if begun is None or given_away(begun.author_id, case.assessor_id, cases.facts_of(case.id)):
        return case.assessor_id
    return begun.author_id


def hold(staff_id: int) -> None:
    """Leave of his and cases of his wait for each other: neither misses the other's change."""
    # Rows that only refer to him (audit, facts) are not kept waiting.
    db.session.execute(select(Staff.id).where(Staff.id == staff_id).with_for_update(key_share=True))
