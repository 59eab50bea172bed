"""Who of the service has to hear of what is recorded of a man under an order."""

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.orders import listeners
from mhtr.suitability.concerned import assessing


def treating(case: Case) -> set[int]:
    """Principals of whoever has the case, and of each therapist of his who can sign in."""
    ids = {one for known in listeners.therapists for one in known(case.id)}
    at_work = select(Staff.principal_id).where(Staff.id.in_(ids), Staff.disabled_at.is_(None))
    return {assessing(case).principal_id, *(db.session.scalars(at_work) if ids else ())}
