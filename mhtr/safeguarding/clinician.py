"""Who may write of safeguarding and incidents: a clinician who may see the man."""

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases.queries import stands
from mhtr.core.access import CLINICAL_ROLES, Purpose
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing


def clinician_with(case_id: int, by: int, *, refusal: str) -> Staff:
    """Lock the case, and say who writes of it.

    Args:
        refusal: what somebody is told who is no clinician.

    Raises:
        NotFound: `by` may not see the case.
        Refused: `by` is no clinician.
    """
    must_be_writing()
    case = cases.lock(case_id)
    who = db.session.get_one(Staff, by)
    if not CLINICAL_ROLES & {row.role for row in who.roles}:
        raise Refused(refusal)
    if not stands(viewer_of(who), case.id, Purpose.CLINICAL):
        raise NotFound
    return who
