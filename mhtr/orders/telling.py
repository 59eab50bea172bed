"""How probation hears of a man under an order, whatever it is about.

Whoever of it signs in and has him gets a notice. Where nobody does, a mail goes to the mailbox of
his unit; where there is none, somebody of the service is asked to tell it in another way.
"""

from collections.abc import Mapping
from datetime import datetime

from mhtr.cases.models import Case
from mhtr.core.transaction import must_be_writing
from mhtr.messages import service as messages
from mhtr.messages.kinds import STAFF_EMAIL
from mhtr.orders.cover_queries import concerned
from mhtr.orders.unit_mail import has_mailbox
from mhtr.suitability.concerned import Owner
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind


def tell_officers(case: Case, *, key: str, text: str, endpoint: str) -> bool:
    """Give his officer, and whoever covers for him, a notice. Returns whether there is anybody."""
    must_be_writing()
    hear = concerned(case.id)
    for staff in hear:
        tasks.tell(
            staff.principal_id,
            key=key,
            text=text,
            case_id=case.id,
            endpoint=endpoint,
            subject_ref=case.ref,
        )
    return bool(hear)


def write_to_unit(
    case: Case, *, key: str, template: str, payload: Mapping[str, object], by: int | None
) -> bool | None:
    """Write to the mailbox of his unit, once per key.

    Returns whether that is new; None where there is nowhere to write to.
    """
    must_be_writing()
    if not has_mailbox(case.id):
        return None
    return messages.put(
        key=key, channel=STAFF_EMAIL, template=template, payload=payload, case_id=case.id, by=by
    )


def ask_to_tell(
    case: Case,
    owner: Owner,
    *,
    key: str,
    title: str,
    due_at: datetime,
    endpoint: str,
    subject_ref: object,
    by: int | None,
) -> None:
    """Ask somebody of the service to tell probation in another way."""
    tasks.open_task(
        TaskKind.TELL_PROBATION,
        key=key,
        title=title,
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=due_at,
        by=by,
        case_id=case.id,
        endpoint=endpoint,
        subject_ref=subject_ref,
    )
