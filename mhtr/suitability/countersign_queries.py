"""Reports that wait for a clinical lead, and who could sign one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.cases.report_due import Countdowns
from mhtr.core import clock
from mhtr.core.access import Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.due import Left
from mhtr.core.prepared import Prepared
from mhtr.people.models import Person
from mhtr.suitability.assessment_queries import author_ids, authors_of
from mhtr.suitability.countersign_rules import Change, changes
from mhtr.suitability.countersigning import Lead, may_countersign
from mhtr.suitability.models import (
    Assessment,
    CountersignDecision,
    CountersignRequest,
    Verdict,
)
from mhtr.suitability.policy import countersign_policy
from mhtr.suitability.report_content import from_json
from mhtr.tasks.models import Leave, Task, TaskKind, TaskState
from mhtr.tasks.queries import leave_on
from mhtr.web.paging import order_of

SORTS = {
    "due": (Case.report_due_on,),
    "since": (CountersignRequest.created_at,),
    "hearing": (Case.hearing_on,),
    "name": (Person.sort_name,),
}

# Made once: Today of every clinical lead asks them.
_WAITING = Prepared(
    select(Assessment.id, Assessment.case_id)
    .join(CountersignRequest, CountersignRequest.assessment_id == Assessment.id)
    .outerjoin(CountersignDecision, CountersignDecision.request_id == CountersignRequest.id)
    .where(
        Assessment.case_id.in_(bindparam("cases", expanding=True)),
        CountersignRequest.withdrawn_at.is_(None),
        CountersignDecision.id.is_(None),
    )
)
_LEAD = Prepared(
    select(Staff.id, Staff.hcpc_number, Staff.hcpc_checked_on)
    .join(StaffRole, StaffRole.staff_id == Staff.id)
    .where(Staff.id == bindparam("staff"), StaffRole.role == Role.CLINICAL_LEAD)
)


@dataclass(frozen=True)
class Waiting:
    """One line of the list of reports to countersign."""

    request: CountersignRequest
    case: Case
    name: str
    author: str
    since: datetime
    left: Left | None
    lead: str
    not_yours: str
    """Why the viewer may not sign it, and who can; empty where he may."""


def waiting_for(viewer: Viewer, *, sort: str, limit: int, offset: int = 0) -> list[Waiting]:
    """Reports in the viewer's scope that wait for him or for any lead.

    Args:
        sort: a key of `SORTS`, after a minus sign from the other end.
    """
    rows = db.session.execute(
        _undecided()
        .where(
            or_(
                CountersignRequest.lead_id.is_(None),
                CountersignRequest.lead_id == viewer.staff_id,
                CountersignRequest.lead_id.in_(_not_there()),
            ),
            in_scope(viewer, Purpose.CLINICAL),
        )
        .order_by(*order_of(SORTS, sort, CountersignRequest.id))
        .limit(limit)
        .offset(offset)
    ).all()
    countdowns = Countdowns()
    others = whose_instead(viewer.staff_id, [case.id for _, case, _, _ in rows])
    return [
        Waiting(
            request,
            case,
            case.person.name,
            by,
            request.created_at,
            countdowns.of(case),
            named or "",
            others.get(case.id, ""),
        )
        for request, case, by, named in rows
    ]


def _undecided() -> Select[CountersignRequest, Case, str, str | None]:
    """Requests without a decision, with the names of who asked and of the lead who was asked."""
    lead = Staff.__table__.alias("lead")
    author = Staff.__table__.alias("author")
    # Its task says that a request waits: requests that were decided need not be gone through.
    asked = select(Task.case_id).where(
        Task.kind == TaskKind.COUNTERSIGN, Task.state == TaskState.OPEN
    )
    return (
        select(CountersignRequest, Case, author.c.name, lead.c.name)
        .join(Assessment, Assessment.id == CountersignRequest.assessment_id)
        .join(Case, Case.id == Assessment.case_id)
        .join(Person, Person.id == Case.person_id)
        .join(author, author.c.id == CountersignRequest.requested_by)
        .outerjoin(lead, lead.c.id == CountersignRequest.lead_id)
        .outerjoin(CountersignDecision, CountersignDecision.request_id == CountersignRequest.id)
        .where(
            Assessment.case_id.in_(asked),
            CountersignRequest.withdrawn_at.is_(None),
            CountersignDecision.id.is_(None),
        )
    )


def is_there(lead_id: int) -> bool:
    """Whether a named lead can see to a report today: neither on leave nor unable to sign in."""
    return db.session.scalars(_not_there().where(Staff.id == lead_id)).first() is None


def _not_there() -> Select[int]:
    """Staff who cannot sign today. A report put before one of them waits for any lead."""
    on_leave = select(Leave.id).where(Leave.staff_id == Staff.id, leave_on(clock.today()))
    is_lead = Staff.roles.any(StaffRole.role == Role.CLINICAL_LEAD)
    return select(Staff.id).where(or_(Staff.disabled_at.is_not(None), ~is_lead, on_leave.exists()))


def leads_for(assessment: Assessment) -> list[Staff]:
    """Clinical leads of the trust who may sign it today, by name."""
    author = db.session.get_one(Staff, assessment.author_id)
    authors = author_ids(assessment.id)
    found = db.session.scalars(
        select(Staff)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(
            StaffRole.role == Role.CLINICAL_LEAD,
            Staff.organisation_id == author.organisation_id,
            Staff.disabled_at.is_(None),
            Staff.id.not_in(authors),
        )
        .order_by(Staff.sort_name, Staff.id)
    )
    return [staff for staff in found if _may_sign(staff, authors)]


def only_one(leads: Sequence[Staff]) -> str:
    """That a report can be signed by one person only, in words; empty where there is a choice."""
    if len(leads) != 1:
        return ""
    return (
        f"Only {leads[0].name} can sign it: no other clinical lead of the trust wrote none of it "
        "and has an HCPC registration checked in time."
    )


def whose_instead(staff_id: int, case_ids: Collection[int]) -> dict[int, str]:
    """Of the reports that wait on these cases, those that this person may not sign.

    By case, in words: why not, and who can.
    """
    if not case_ids:
        return {}
    waiting = _WAITING.all({"cases": case_ids})
    authors = authors_of([row.id for row in waiting])
    able = _is_able(staff_id)
    found: dict[int, str] = {}
    for row in waiting:
        wrote = staff_id in authors[row.id]
        if wrote or not able:
            why = "You wrote part of it." if wrote else "You cannot sign it."
            found[row.case_id] = f"{why} {_who_can(db.session.get_one(Assessment, row.id))}"
    return found


def _is_able(staff_id: int) -> bool:
    """Whether he could sign what others wrote: a lead whose registration was checked in time."""
    staff = _LEAD.first({"staff": staff_id})
    somebody_else = frozenset({-staff_id})
    return staff is not None and _may_sign(staff, somebody_else)


def _who_can(assessment: Assessment) -> str:
    names = [lead.name for lead in leads_for(assessment)]
    if not names:
        return "Nobody at the trust can sign it today."
    return f"{' or '.join(names)} can sign it."


def _may_sign(staff: Any, authors: frozenset[int]) -> bool:
    """`staff`: an account of a clinical lead, or the columns of one."""
    lead = Lead(staff.id, True, staff.hcpc_number, staff.hcpc_checked_on)
    return may_countersign(lead, authors, clock.today(), countersign_policy()).allowed


def since_returned(
    request: CountersignRequest,
) -> tuple[CountersignDecision, tuple[Change, ...]] | None:
    """The last return of this report and what reads otherwise since; None if never returned."""
    row = db.session.execute(
        select(CountersignRequest, CountersignDecision)
        .join(CountersignDecision, CountersignDecision.request_id == CountersignRequest.id)
        .where(
            CountersignRequest.assessment_id == request.assessment_id,
            CountersignRequest.is_addendum == request.is_addendum,
            CountersignRequest.id < request.id,
        )
        .order_by(CountersignDecision.id.desc())
    ).first()
    if row is None or row[1].verdict is not Verdict.RETURNED:
        return None
    return row[1], changes(from_json(row[0].content), from_json(request.content))
