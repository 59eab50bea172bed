"""A trust with its staff, a practitioner who refers, and what tests ask about a case."""

from datetime import date

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import access_service
from mhtr.cases.models import Case
from mhtr.core.access import Grant, Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import amending, service, triage
from mhtr.intake.models import CourtCoverage
from mhtr.intake.queries import referral_of
from mhtr.intake.steps import AMENDED, FormStep
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.intake import journey
from tests.intake.samples import submission
from tests.makers import make_staff
from tests.worlds import world

CANARY = "canaryhealth"


class House:
    """A trust that covers Croydon, its staff, and a referral from there."""

    @world
    def __init__(self) -> None:
        self.trust = journey.make_trust()
        with writing():
            db.session.add(
                CourtCoverage(
                    court_code="B01EF", live_from=date(2026, 1, 1), trust_id=self.trust.id
                )
            )
        self.lead = make_staff(Role.CLINICAL_LEAD, organisation=self.trust)
        self.assessor = make_staff(Role.ASSESSOR, organisation=self.trust, name="Ada Assessor")
        self.administrator = make_staff(Role.ADMINISTRATOR, organisation=self.trust)
        self.practitioner = make_staff(Role.LD_PRACTITIONER)

    @world
    def refer(self, by: Staff | None = None, **changes: str) -> Case:
        by = by or self.practitioner
        said = {"court": "B01EF", "hearing_on": "2026-12-02", "notes": CANARY, **changes}
        with writing():
            case = service.submit_referral(
                submission=submission(**said),
                channel="form",
                referrer_id=by.id,
                organisation_id=by.organisation_id,
                by=by.id,
            )
        return case


@world
def accept(house: House, case: Case, assessor: Staff | None = None) -> None:
    case_id, version = case.id, case.version
    with writing():
        triage.accept(
            case_id=case_id,
            version=version,
            assessor_id=assessor.id if assessor else None,
            to_trust=assessor.organisation_id if assessor else None,
            by=house.lead.id,
        )


def open_kinds(case: Case) -> set[TaskKind]:
    rows = db.session.scalars(
        select(Task).where(Task.case_id == case.id, Task.state == TaskState.OPEN)
    )
    return {task.kind for task in rows}


def notices(staff: Staff) -> list[str]:
    return list(
        db.session.scalars(select(Notice.text).where(Notice.principal_id == staff.principal_id))
    )


def live(case: Case, principal_id: int) -> set[Purpose]:
    return set(
        db.session.scalars(
            select(Grant.purpose).where(
                Grant.case_id == case.id,
                Grant.principal_id == principal_id,
                Grant.ends_at.is_(None),
            )
        )
    )


def amend(house: House, case: Case, step: FormStep, **changes: str) -> None:
    """The practitioner puts answers of one step of his referral right."""
    referral = referral_of(case.id)
    assert referral
    held = {name: str(referral.answers.get(name, "")) for name in AMENDED[step]}
    version, case_id = referral.version, case.id
    with writing():
        amending.amend(
            case_id=case_id,
            step=step,
            answers={**held, **changes},
            version=version,
            reason="He told me",
            by=house.practitioner.id,
        )


def named_only(case: Case, by: Staff, *staff: Staff) -> None:
    """The case is restricted: only these people see it."""
    case_id, version = case.id, case.version
    with writing():
        access_service.restrict(
            case_id,
            staff_ids={one.id for one in staff},
            reason="He works for the trust",
            version=version,
            by=by.id,
        )
