"""Reads of onward referrals, always through the viewer's scope."""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff, StaffRole
from mhtr.cases import rules
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.cases.report_due import Countdowns
from mhtr.cases.service import facts_of
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.cases.standing_words import outside_state, state_text
from mhtr.cases.wording import PAUSE_WORDS
from mhtr.core import clock
from mhtr.core.access import Purpose, Role, Viewer
from mhtr.core.codes import lists
from mhtr.core.database import db
from mhtr.core.due import Left
from mhtr.core.errors import NotFound
from mhtr.intake.models import OnwardEvent, OnwardReferral
from mhtr.intake.onward_rules import OnwardState
from mhtr.people.models import Person
from mhtr.tasks.queries import excluded_staff
from mhtr.web.paging import order_of
from mhtr.web.reads import shows

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION, Purpose.LINK_WORK)
ROWS = 25

SORTS = {
    "age": (OnwardReferral.created_at,),
    "appointment": (OnwardReferral.appointment_at,),
    "name": (Person.sort_name,),
}


@dataclass(frozen=True)
class OnwardLine:
    """A row of the list."""

    onward: OnwardReferral
    case: Case
    service: str
    worker: str
    report: Left | None
    """The countdown to the report on him."""
    stands: str
    """How his case stands, where whoever follows up must know it."""


def service_label(row: OnwardReferral) -> str:
    """What the service is called: as written down, else by its code."""
    entry = lists.load("onward_services").get(row.service_code)
    return row.service_name or (entry.label if entry else row.service_code)


def owner_name(row: OnwardReferral) -> str:
    """Who follows it up: a member of staff, or an organisation."""
    staff = select(Staff.name).where(Staff.principal_id == row.owner_principal_id)
    whole = select(Organisation.name).where(Organisation.principal_id == row.owner_principal_id)
    return db.session.scalars(staff.union_all(whole)).first() or "The team"


def follows(viewer: Viewer, row: OnwardReferral) -> bool:
    """Whether it is his, or his team's, to follow up."""
    return row.owner_principal_id in (viewer.principal_id, *viewer.group_principal_ids)


def _his(viewer: Viewer) -> ColumnElement[bool]:
    """What he may open: those inside the service all of a case's, a link worker what he follows.

    What clinicians write beside a referral that they follow up themselves is not for him.
    """
    owners = (viewer.principal_id, *viewer.group_principal_ids)
    return or_(
        in_scope(viewer, Purpose.CLINICAL, Purpose.ADMINISTRATION),
        and_(in_scope(viewer, Purpose.LINK_WORK), OnwardReferral.owner_principal_id.in_(owners)),
    )


def list_onward(
    viewer: Viewer, *, mine: bool, state: OnwardState | None, closed: bool, sort: str, page: int
) -> tuple[list[OnwardLine], bool]:
    """Onward referrals of the viewer (or of his team too), and whether there are more."""
    query = (
        select(OnwardReferral, Case, Staff.name)
        .join(Case, Case.id == OnwardReferral.case_id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Staff, Staff.id == OnwardReferral.worker_id)
        .where(_his(viewer))
    )
    if mine:
        query = query.where(OnwardReferral.owner_principal_id == viewer.principal_id)
    if state is not None:
        query = query.where(OnwardReferral.state == state)
    ended = OnwardReferral.closed_at.is_not(None)
    query = query.where(ended if closed else ~ended)
    found = db.session.execute(
        query.order_by(*order_of(SORTS, sort, OnwardReferral.id))
        .offset((page - 1) * ROWS)
        .limit(ROWS + 1)
    ).all()
    countdowns = Countdowns()
    lines = [
        OnwardLine(
            row,
            case,
            service_label(row),
            name or "The team",
            countdowns.of(case),
            how_he_stands(case),
        )
        for row, case, name in found[:ROWS]
    ]
    shows("case", *(line.case.id for line in lines))
    return lines, len(found) > ROWS


def find_onward(viewer: Viewer, ref: uuid.UUID) -> tuple[OnwardReferral, Case]:
    """One onward referral in the viewer's scope.

    Raises:
        NotFound: no such one, or not his to see.
    """
    found = db.session.execute(
        select(OnwardReferral, Case)
        .join(Case, Case.id == OnwardReferral.case_id)
        .where(OnwardReferral.ref == ref, _his(viewer))
    ).one_or_none()
    if found is None:
        raise NotFound
    shows("case", found[1].id, case_id=found[1].id)
    return found[0], found[1]


def of_case(case_id: int) -> list[OnwardReferral]:
    """A case's onward referrals, newest first. The caller has found the case in scope."""
    return list(
        db.session.scalars(
            select(OnwardReferral)
            .where(OnwardReferral.case_id == case_id)
            .order_by(OnwardReferral.id.desc())
        )
    )


def events_of(onward_id: int) -> list[tuple[OnwardEvent, str | None]]:
    """What was recorded of it, newest first, with who did; None: it followed by itself."""
    rows = db.session.execute(
        select(OnwardEvent, Staff.name)
        .outerjoin(Staff, Staff.id == OnwardEvent.by_id)
        .where(OnwardEvent.onward_id == onward_id)
        .order_by(OnwardEvent.id.desc())
    )
    return [(event, name) for event, name in rows]


def how_he_stands(case: Case) -> str:
    """What whoever follows something up must know of his case; empty while it goes its way.

    That he is in custody, or that the court has decided, is no part of the clinical record.
    """
    if case.person.died_on is not None:
        return "He has died"
    if case.state not in BEFORE_SENTENCE:
        return f"Case: {state_text(outside_state(case.state)).lower()}"
    if not case.paused:
        return ""
    reason = rules.fold(facts_of(case.id), clock.today()).paused
    return f"Case paused: {PAUSE_WORDS[reason]}" if reason else "Case paused"


def owners_offered(viewer: Viewer, case: Case) -> list[tuple[int, str]]:
    """Who can follow one up: the viewer, link workers by name, and their organisations.

    On a restricted record only people by name: an organisation could not open it. Nobody who is
    shut out of it.
    """
    offered = [(viewer.principal_id, f"{viewer.name} (me)")]
    organisations = db.session.scalars(
        select(Organisation)
        .where(Organisation.kind == OrganisationKind.LINK_WORKERS, Organisation.closed_on.is_(None))
        .order_by(Organisation.sort_name, Organisation.id)
    ).all()
    if not case.restricted:
        offered += [(o.principal_id, f"{o.name}: whoever is free") for o in organisations]
    workers = db.session.scalars(
        select(Staff)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(
            StaffRole.role == Role.LINK_WORKER,
            Staff.disabled_at.is_(None),
            Staff.id.not_in({viewer.staff_id, *excluded_staff(case.id, clock.now())}),
        )
        .order_by(Staff.sort_name, Staff.id)
    ).all()
    offered += [(worker.principal_id, worker.name) for worker in workers]
    return offered
