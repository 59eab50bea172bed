"""A compliance report for the console: what the officer himself would see, and no more."""

import uuid

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.access import SUPERVISES
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders.queries import contact_of
from mhtr.probation.people_queries import men_of
from mhtr.probation.reports.content import Report
from mhtr.probation.reports.reading import men_told

TITLE = "Compliance report"
NOBODY = "No such officer of probation signs in here."
NO_OFFICER = "Nobody who signs in here supervises this man, so nobody can be told of him."
NOT_HIS = "His officer may not see this man, or he is not under an order."


def officer(email: str) -> Staff:
    """Whoever of probation signs in with this name.

    Raises:
        Refused: nobody does, or he may not any more, or he supervises nobody.
    """
    query = select(Staff).where(Staff.username == email.strip().lower())
    return _checked(db.session.scalars(query).one_or_none())


def officer_of(case_ref: uuid.UUID) -> Staff:
    """Whoever is named for a man and signs in here.

    Raises:
        Refused: there is no such case, or nobody is named who signs in.
    """
    case = db.session.scalars(select(Case).where(Case.ref == case_ref)).one_or_none()
    contact = contact_of(case.id) if case is not None else None
    if contact is None or contact.staff_id is None:
        raise Refused(NO_OFFICER)
    return _checked(db.session.get_one(Staff, contact.staff_id))


def _checked(staff: Staff | None) -> Staff:
    if staff is None or staff.disabled_at is not None:
        raise Refused(NOBODY)
    if not {row.role for row in staff.roles}.intersection(SUPERVISES):
        raise Refused(NOBODY)
    return staff


def report(officer: Staff, case_ref: uuid.UUID | None) -> Report:
    """The report on an officer's own caseload, or on one man of it.

    Raises:
        Refused: the man is none of those whom he supervises.
    """
    viewer = viewer_of(officer)
    men = [man for man in men_of(viewer) if man.officer and man.officer.staff_id == officer.id]
    if case_ref is not None:
        men = [man for man in men if man.ref == case_ref]
        if not men:
            raise Refused(NOT_HIS)
    title = f"{TITLE}: {men[0].name}" if case_ref else f"{TITLE} on a caseload: {officer.name}"
    return Report(title, officer.organisation.name, clock.today(), men_told(men))


def note(officer: Staff, case_ref: uuid.UUID | None) -> None:
    """Put in the audit that a report left through the console, and whose it is."""
    must_be_writing()
    case_id = None
    if case_ref is not None:
        case_id = db.session.scalars(select(Case.id).where(Case.ref == case_ref)).one()
    audit.record("reports.from_console", by=None, case_id=case_id, staff=officer.id)
