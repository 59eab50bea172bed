"""Mail to the duty mailbox of a delivery unit: a reference and a link, no name."""

from mhtr.accounts.models import Organisation
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage
from mhtr.messages.links import link, reference
from mhtr.messages.mail import Mail, NeverTaken
from mhtr.orders.queries import contacts_of
from mhtr.suitability.result_owner import trust_of

NO_MAILBOX = "No delivery unit with a mailbox is on record."
_BODY = """{said}

Reference: {reference}
Read it here after signing in: {link}

No name and nothing of what happened stands in this mail on purpose. If nobody of your unit signs
in there, ask the service that treats him{how}, and give the reference: it finds him by that. It
can also make a sign-in for your unit.
"""


def unit_of(case_id: int) -> Organisation | None:
    """The delivery unit of his contact, or of the last one while nobody is named."""
    known = (one.unit_id for one in contacts_of(case_id) if one.unit_id is not None)
    unit_id = next(known, None)
    unit = db.session.get(Organisation, unit_id) if unit_id is not None else None
    return None if unit is None or unit.closed_on else unit


def has_mailbox(case_id: int) -> bool:
    """Whether there is anywhere to write to."""
    unit = unit_of(case_id)
    return unit is not None and bool(unit.mailbox)


def unit_mail(row: OutboxMessage, case: Case, *, title: str, said: str, endpoint: str) -> Mail:
    """The mail to the unit of a case, as it is on record when it is sent.

    Raises:
        NeverTaken: no unit with a mailbox is on record.
    """
    unit = unit_of(case.id)
    if unit is None or not unit.mailbox:
        raise NeverTaken(NO_MAILBOX)
    mailbox, called = trust_of(case).mailbox, reference(case.ref)
    return Mail(
        to=unit.mailbox,
        subject=f"{title}: reference {called}",
        body=_BODY.format(
            said=said,
            reference=called,
            link=link(endpoint, case_ref=case.ref),
            how=" by answering this mail" if mailbox else " at the number that you have for it",
        ),
        key=row.key,
        reply_to=mailbox,
    )
