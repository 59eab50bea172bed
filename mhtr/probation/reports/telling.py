"""Telling whoever gets a compliance report: a notice or a mail with a link, and no name."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from mhtr.accounts.models import Organisation, Staff
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import must_be_writing
from mhtr.messages import service as messages
from mhtr.messages.kinds import STAFF_EMAIL, MessageKind, register
from mhtr.messages.links import link, reference
from mhtr.messages.mail import Mail, NeverTaken
from mhtr.orders.unit_mail import NO_MAILBOX
from mhtr.probation.reports.models import ComplianceRelease, ComplianceReleaseMan
from mhtr.probation.reports.release_kinds import To, Way
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState

KIND = "reports.released"
PAGE = "probation.released"
NEW = "A compliance report was released to you. It opens from here."
AGAIN = "A compliance report that you have was issued again. What you have is out of date."
BY_HAND = "Tell your unit another way that a compliance report is there: the mail did not go"
_BODY = """{said}

Reference: {reference}
Read it here after signing in: {link}

No name and nothing of what it says stands in this mail on purpose.
"""


def tell(row: ComplianceRelease) -> None:
    """Tell whoever gets a report that is new. Whoever downloads it or passes it on knows."""
    must_be_writing()
    by_time = row.way is Way.SCHEDULE
    if row.to_staff_id is not None and (by_time or row.to_staff_id != row.by_id):
        _notice(row, row.to_staff_id, NEW)
    elif row.to_kind is To.UNIT:
        _mail(row)


def tell_again(row: ComplianceRelease, before: Sequence[ComplianceRelease]) -> None:
    """Tell everybody who has an earlier version that there is another, each once."""
    must_be_writing()
    for one in (row, *before):
        # Who passed one on tells those to whom he did.
        holder = one.by_id if one.to_kind is To.PASSED else one.to_staff_id
        if holder != row.by_id:
            _notice(row, holder, AGAIN)
    if any(one.to_kind is To.UNIT for one in (row, *before)):
        _mail(row)


def _notice(row: ComplianceRelease, staff_id: int | None, text: str) -> None:
    staff = db.session.get(Staff, staff_id) if staff_id is not None else None
    if staff is None or staff.disabled_at is not None:
        return
    tasks.tell(
        staff.principal_id,
        key=f"report:{row.ref}",
        text=text,
        case_id=row.case_id,
        endpoint=PAGE,
        subject_ref=row.ref,
    )


def _mail(row: ComplianceRelease) -> None:
    messages.put(
        key=f"report:{row.ref}",
        channel=STAFF_EMAIL,
        template=KIND,
        payload={"release": str(row.ref)},
        case_id=row.case_id,
        by=row.by_id,
    )


def asked_of(row: ComplianceRelease) -> list[Task]:
    """What somebody is asked to see to of a release."""
    query = select(Task).where(
        Task.kind == TaskKind.RELEASED_REPORT,
        Task.subject_ref == str(row.ref),
        Task.state == TaskState.OPEN,
    )
    return list(db.session.scalars(query.order_by(Task.id)))


def settled(row: ComplianceRelease, *, by: int | None) -> None:
    """Whoever was asked to see to a release need not any more."""
    for task in asked_of(row):
        tasks.finish(task, by=by)


def changed_key(row: ComplianceRelease) -> str:
    """How the keys of tasks begin to see to a release that does not say what is so."""
    return f"report:{row.ref}:changed"


def mail_key(row: ComplianceRelease) -> str:
    """The key of the task to tell of a release in another way."""
    return f"report:{row.ref}:mail"


def _row_of(message: OutboxMessage) -> ComplianceRelease:
    ref = UUID(str(message.payload["release"]))
    return db.session.scalars(select(ComplianceRelease).where(ComplianceRelease.ref == ref)).one()


def _composed(message: OutboxMessage) -> Mail:
    row = _row_of(message)
    unit = db.session.get(Organisation, row.to_unit_id) if row.to_unit_id else None
    if unit is None or unit.closed_on or not unit.mailbox:
        raise NeverTaken(NO_MAILBOX)
    said = (
        "A compliance report was released to your unit."
        if row.number == 1
        else "A compliance report that your unit has was issued again: that one is out of date."
    )
    called = reference(row.ref)
    return Mail(
        to=unit.mailbox,
        subject=f"Compliance report: reference {called}",
        body=_BODY.format(said=said, reference=called, link=link(PAGE, compliance_ref=row.ref)),
        key=message.key,
    )


def _failed(message: OutboxMessage) -> None:
    row = _row_of(message)
    staff = db.session.get_one(Staff, row.by_id)
    tasks.open_task(
        TaskKind.RELEASED_REPORT,
        key=mail_key(row),
        title=BY_HAND,
        owner_principal_id=staff.principal_id,
        owner_staff_id=staff.id,
        due_at=end_of_day(working_calendar().add(clock.today(), 1)),
        by=None,
        case_id=row.case_id or _first(row),
        endpoint=PAGE,
        subject_ref=row.ref,
    )


def _first(row: ComplianceRelease) -> int:
    """Somebody in it: a task is about a case."""
    query = select(ComplianceReleaseMan.case_id).where(ComplianceReleaseMan.release_id == row.id)
    return db.session.scalars(query.order_by(ComplianceReleaseMan.id).limit(1)).one()


register(MessageKind(KIND, _composed, _failed))
