"""Who records what the court decided: always a named person."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time

from sqlalchemy import or_, select

from mhtr.accounts.models import Organisation, Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, EMERGENCY, Grant, Role
from mhtr.core.database import db
from mhtr.suitability.concerned import Owner, asker_of, assessing
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.models import Task
from mhtr.tasks.queries import excluded_staff
from mhtr.tasks.risk_duty import read_rota
from mhtr.tasks.rota_queries import colleagues
from mhtr.tasks.rota_rules import next_owner

_RECORDS = CLINICAL_ROLES | {Role.ADMINISTRATOR}


def answers_for(case: Case, request: ReportRequest | None) -> Owner | None:
    """Whose man it is: the author of the pre-sentence report, then the assessor; None: nobody's."""
    if request is not None:
        asker = asker_of(request)
        if asker.staff_id is not None and _signs_in(asker.staff_id):
            return asker
    owner = assessing(case)
    return None if owner.staff_id is None else owner


def _signs_in(staff_id: int) -> bool:
    return db.session.get_one(Staff, staff_id).disabled_at is None


def by_rota(case: Case, day: date) -> Owner:
    """Whoever of the trust is at work on a day: duty clinician, lead, any clinician.

    Where the rota names nobody: whoever of the trust may record a result. Whoever must not see
    the case is passed over, and of a restricted one whoever may not see it by name. The trust's
    list only where nobody of it can sign in at all.
    """
    principal_id = assessing(case).principal_id
    trust = _trust(principal_id)
    now = clock.now()
    kept_out = excluded_staff(case.id, now)
    named = named_on(case.id, now) if case.restricted else None
    rota = read_rota(trust.id, min(day, clock.today()))
    working = (rota.working or frozenset()) - kept_out
    rota = replace(rota, working=working if named is None else working & named)
    start = max(now, datetime.combine(day, time(0), clock.LONDON))
    found = next_owner(start, None, rota)
    if found is not None:
        return _owner(db.session.get_one(Staff, found.staff_id))
    others = [
        one
        for one in colleagues(trust.id)
        if one.id not in kept_out and (named is None or one.id in named)
    ]
    return next(_who_record(others), Owner(principal_id, None))


def still_holds(task: Task, case: Case) -> bool:
    """Whether somebody of the trust who has it can go on seeing to it."""
    if task.owner_staff_id is None or task.owner_staff_id in excluded_staff(case.id, clock.now()):
        return False
    staff = db.session.get_one(Staff, task.owner_staff_id)
    home = _trust(assessing(case).principal_id)
    return staff.disabled_at is None and staff.organisation_id == home.id


def trust_of(case: Case) -> Organisation:
    """The trust that answers for a case."""
    owner = assessing(case)
    if owner.staff_id is not None:
        return db.session.get_one(Staff, owner.staff_id).organisation
    return _trust(owner.principal_id)


def _trust(principal_id: int) -> Organisation:
    query = select(Organisation).where(Organisation.principal_id == principal_id)
    return db.session.scalars(query).one()


def named_on(case_id: int, now: datetime) -> frozenset[int]:
    """Staff who may see a case by name. Whoever opened it in an emergency will not for long."""
    rows = db.session.scalars(
        select(Staff.id)
        .join(Grant, Grant.principal_id == Staff.principal_id)
        .where(
            Grant.case_id == case_id,
            Grant.because != EMERGENCY,
            or_(Grant.ends_at.is_(None), Grant.ends_at > now),
        )
    )
    return frozenset(rows)


def _who_record(people: list[Staff]) -> Iterator[Owner]:
    return (_owner(one) for one in people if {row.role for row in one.roles} & _RECORDS)


def _owner(staff: Staff) -> Owner:
    return Owner(staff.principal_id, staff.id)
