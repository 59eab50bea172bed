"""When a link worker may see a case: while he follows up an onward referral, and no longer.

It begins when an onward referral is given to him and ends when the last one of the case that is
his ends or goes to somebody else, or when the man says that he wants no link worker.
"""

from sqlalchemy import or_, select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff
from mhtr.cases import access_service
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Grant, Purpose
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.intake.models import OnwardReferral
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentItem

BEGAN = "intake.routed_on"
NOT_ASKED = (
    "It is not recorded that he agrees to a link worker. Ask him, and record what he says under "
    "Consent."
)


def let_in(case: Case, principal_id: int, *, by: int | None) -> None:
    """Only where a link worker follows it up, and it is on record that he agrees to one.

    Raises:
        Refused: he was not asked, refused a link worker, or took his agreement back.
    """
    if is_link_worker(principal_id):
        last = consent.standing(case.person_id).get(ConsentItem.LINK_WORKER)
        if last is None:
            raise Refused(NOT_ASKED)
        if last.decision is not ConsentDecision.GIVEN:
            raise Refused("He has said that he does not want a link worker.")
        access.grant(case.id, Purpose.LINK_WORK, principal_id, because=BEGAN, by=by)


def let_out(case_id: int, *, because: str, by: int | None) -> None:
    """End the access of every link worker who has nothing of this case to follow up any more."""
    must_be_writing()
    needed = {row.owner_principal_id for row in open_of(case_id)}
    moment = clock.now()
    for live in db.session.scalars(
        select(Grant).where(
            Grant.case_id == case_id,
            Grant.purpose == Purpose.LINK_WORK,
            or_(Grant.ends_at.is_(None), Grant.ends_at > moment),
        )
    ).all():
        held = {live.principal_id}
        if live.because == access_service.BECAUSE:
            held.add(_organisation_of(live.principal_id))  # named for the sake of his team's work
        if not held & needed:
            access.end_grants(
                case_id,
                Purpose.LINK_WORK,
                because=because,
                by=by,
                principal_id=live.principal_id,
            )


def is_link_worker(principal_id: int) -> bool:
    """Whether a principal is a link worker, or an organisation of theirs."""
    organisation = db.session.scalars(
        select(Organisation).where(Organisation.principal_id == principal_id)
    ).first()
    if organisation is None:
        staff = access_service.staff_of_principal(principal_id)
        organisation = None if staff is None else staff.organisation
    return organisation is not None and organisation.kind is OrganisationKind.LINK_WORKERS


def open_of(case_id: int) -> list[OnwardReferral]:
    """What is still followed up of a case."""
    db.session.flush()
    return list(
        db.session.scalars(
            select(OnwardReferral)
            .where(OnwardReferral.case_id == case_id, OnwardReferral.closed_at.is_(None))
            .order_by(OnwardReferral.id)
        )
    )


def _organisation_of(principal_id: int) -> int:
    staff = db.session.scalars(select(Staff).where(Staff.principal_id == principal_id)).one()
    return staff.organisation.principal_id
