"""The only writer of urgent handovers recorded outside an assessment; nothing else follows."""

from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.name_text import is_seen
from mhtr.core.transaction import must_be_writing
from mhtr.suitability.concerned import assessing
from mhtr.suitability.models import UrgentHandover
from mhtr.tasks import service as tasks

PAGE = "suitability.urgent_handovers"
TOLD = "An urgent handover was recorded"
TO_COME = "The handover was received now or earlier."


def record(
    *, case_id: int, received_by: str, received_at: datetime, said: str, emergency: bool, by: int
) -> UrgentHandover:
    """Record who received him urgently. Whoever has the case is told; no access comes of it.

    Args:
        emergency: recorded with emergency access only.

    Raises:
        Refused: nobody or nothing is named, or the moment is still to come.
    """
    must_be_writing()
    case = cases.lock(case_id)
    if not is_seen(received_by) or not is_seen(said):
        raise Refused("Say who received it and what was said.")
    if received_at > clock.now():
        raise Refused(TO_COME)
    made = UrgentHandover(
        case_id=case.id,
        received_by=received_by.strip(),
        received_at=received_at,
        said=said.strip(),
        by_id=by,
        in_emergency=emergency,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("suitability.urgent_handover", by=by, case_id=case.id, handover=made.id)
    own = db.session.get_one(Staff, by).principal_id
    told = assessing(case).principal_id
    if told != own:
        tasks.tell(
            told,
            key=f"urgent_handover:{made.id}",
            text=TOLD,
            case_id=case.id,
            endpoint=PAGE,
            subject_ref=case.ref,
        )
    return made


def of_case(case_id: int) -> list[tuple[UrgentHandover, str]]:
    """Those of a case, the latest first, each with who recorded it."""
    query = (
        select(UrgentHandover, Staff.name)
        .join(Staff, Staff.id == UrgentHandover.by_id)
        .where(UrgentHandover.case_id == case_id)
        .order_by(UrgentHandover.id.desc())
    )
    return [(row, name) for row, name in db.session.execute(query)]
