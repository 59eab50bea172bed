"""Who has a case: the trusts whose clinicians work with it, and whom a sign of risk goes to."""

from sqlalchemy import or_, select

from mhtr.accounts.models import Organisation, Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.core import clock
from mhtr.core.access import Grant, Principal, PrincipalKind, Purpose
from mhtr.core.database import db


def trusts_of(case_id: int) -> list[int]:
    """The organisations whose clinicians have a case."""
    having = (
        select(Organisation.id)
        .join(Grant, Grant.principal_id == Organisation.principal_id)
        .where(
            Grant.case_id == case_id,
            Grant.purpose == Purpose.CLINICAL,
            or_(Grant.ends_at.is_(None), Grant.ends_at > clock.now()),
        )
    )
    return list(db.session.scalars(having.distinct().order_by(Organisation.id)))


def asked_first(case: Case, staff_id: int | None) -> tuple[int | None, int | None]:
    """Who is asked first about a sign of risk, and the trust where nobody is named.

    Whoever found it, unless the case is his by emergency access only: what he finds goes to those
    who have the man, and gives neither him nor his trust more than he was given.
    """
    staff = db.session.get(Staff, staff_id) if staff_id is not None else None
    trusts = trusts_of(case.id)
    if staff is None or not trusts or stands(viewer_of(staff), case.id, Purpose.CLINICAL):
        return staff_id, None
    return case.assessor_id, trusts[0]


def who_asks(case: Case) -> tuple[int | None, int] | None:
    """Whoever asks him something on this case, as staff and principal: its assessor, else the team
    that has it for clinical work; None where nobody has it."""
    if case.assessor_id is not None:
        return case.assessor_id, db.session.get_one(Staff, case.assessor_id).principal_id
    moment = clock.now()
    team = db.session.scalars(
        select(Grant.principal_id)
        .join(Principal, Principal.id == Grant.principal_id)
        .where(
            Grant.case_id == case.id,
            Grant.purpose == Purpose.CLINICAL,
            Principal.kind != PrincipalKind.STAFF,
            Grant.starts_at <= moment,
            Grant.ends_at.is_(None) | (Grant.ends_at > moment),
        )
        .order_by(Grant.id)
    ).first()
    return None if team is None else (None, team)
