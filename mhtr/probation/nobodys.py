"""Men of a unit whom nobody supervises: nobody is named, or nobody who is still there."""

from sqlalchemy import and_, exists, or_, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.access import Role, Viewer
from mhtr.core.prepared import Prepared
from mhtr.orders.models import ProbationContact
from mhtr.probation.people_queries import MEN, Man, read_men

_THERE = exists(
    select(ProbationContact.id)
    .outerjoin(Staff, Staff.id == ProbationContact.staff_id)
    .where(
        ProbationContact.case_id == Case.id,
        ProbationContact.ended_at.is_(None),
        or_(
            ProbationContact.staff_id.is_(None),
            and_(
                Staff.disabled_at.is_(None),
                or_(
                    ProbationContact.unit_id.is_(None),
                    ProbationContact.unit_id == Staff.organisation_id,
                ),
            ),
        ),
    )
)
_NOBODYS = Prepared(MEN.where(~_THERE))


def nobodys(viewer: Viewer) -> list[Man]:
    """Men under an order in a senior's unit without an officer, by name. Of nobody else's list."""
    return read_men(_NOBODYS, viewer) if viewer.has(Role.SENIOR_PROBATION) else []
