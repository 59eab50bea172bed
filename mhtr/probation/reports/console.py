"""A compliance report for the console: what the officer himself would see, and no more."""

import uuid
from dataclasses import replace

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.core.access import SUPERVISES
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.orders.queries import contact_of
from mhtr.probation.people_queries import men_of
from mhtr.probation.reports import service
from mhtr.probation.reports.files import FORMATS
from mhtr.probation.reports.making import MANY, ONE, report_of
from mhtr.probation.reports.release_kinds import To, Way
from mhtr.probation.reports.service import Compiled, Recipient

WHOM = "Whoever runs the program, as a file"
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


def compiled(officer: Staff, case_ref: uuid.UUID | None, ending: str) -> Compiled:
    """The report on an officer's own caseload, or on one man of it, as a file.

    Raises:
        Refused: the man is none of those whom he supervises.
    """
    viewer = viewer_of(officer)
    men = [man for man in men_of(viewer) if man.officer and man.officer.staff_id == officer.id]
    if case_ref is not None:
        men = [man for man in men if man.ref == case_ref]
        if not men:
            raise Refused(NOT_HIS)
    title = f"{ONE}: {men[0].name}" if case_ref else f"{MANY}: {officer.name}"
    case_ids = [man.case_id for man in men]
    report = replace(report_of(viewer, case_ids, one=case_ref is not None), title=title)
    return Compiled(report, case_ids, case_ref is not None, ending, FORMATS[ending][1](report))


def release(officer: Staff, made: Compiled) -> None:
    """Put in the log that a report left through the console, and for whom.

    Raises:
        NotFound, Refused: as `service.release`.
    """
    to = Recipient(To.PASSED, WHOM)
    service.release(compiled=made, to=to, by=officer.id, way=Way.CONSOLE)
