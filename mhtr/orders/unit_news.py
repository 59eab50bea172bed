"""The delivery unit hears at once that he cannot attend, or has died, where no officer signs in.

It is written to as of a session (`compliance.telling`): a reference and a link. What cannot be
written to anybody becomes a task to tell them another way.
"""

from enum import StrEnum

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.away_elsewhere import facts_of_him
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import must_be_writing
from mhtr.messages import service as messages
from mhtr.messages.kinds import STAFF_EMAIL, MessageKind, NotWanted, register
from mhtr.messages.mail import Mail
from mhtr.orders.queries import contacts_of
from mhtr.orders.unit_mail import has_mailbox, unit_mail
from mhtr.suitability.concerned import assessing
from mhtr.suitability.result_owner import answers_for, by_rota
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState

KIND = "orders.unit_news"
PAGE = "overview.case_page"
TASK_PAGE = "orders.case_orders"
NOBODY_WAITS = "Nobody of probation has to be told of this by hand any more."


class News(StrEnum):
    """What a unit hears of."""

    ATTENDS = "attends"
    CLOSED = "closed"
    GOES_ON = "goes_on"


_BODIES = {
    News.ATTENDS: "Something is recorded of whether a man whose requirement your unit supervises "
    "can attend. His page says from when to when.",
    News.CLOSED: "A case with a requirement that your unit supervises is closed. Its page says "
    "why.",
    News.GOES_ON: "A case with a requirement that your unit supervises, which was closed, goes on.",
}
_TITLES = {
    News.ATTENDS: "Tell probation whether he can attend",
    News.CLOSED: "Tell probation that his case is closed",
    News.GOES_ON: "Tell probation that his case goes on",
}
_ABOUT = {
    News.ATTENDS: frozenset({FactKind.AWAY, FactKind.BACK, FactKind.CORRECTED}),
    News.CLOSED: frozenset({FactKind.CLOSED}),
    News.GOES_ON: frozenset({FactKind.CORRECTED}),
}
"""What of the case each is about: the last of it tells one from the same told before."""


def tell_unit(case: Case, news: News, *, by: int | None) -> None:
    """Write to the unit of a locked case, where a contact is on record and none signs in here.

    The same again does nothing. What was to be told and has not left is taken back: the page that
    it leads to says what counts.
    """
    must_be_writing()
    contacts = contacts_of(case.id)
    if not contacts or any(_signs_in(one.staff_id) for one in contacts if one.ended_at is None):
        return
    about = (fact.id for fact in facts_of_him(case.id) if fact.kind in _ABOUT[news])
    key = f"unit:{case.id}:{news.value}:{max(about, default=0)}"
    mail, task = _last_mail(case.id), _last_task(case.id)
    if key in (mail and mail.key, task and task.key):
        return
    _untold(mail, task, by=by)
    if not has_mailbox(case.id):
        _by_hand(case, news, key, by)
        return
    payload = {"news": news.value}
    messages.put(
        key=key, channel=STAFF_EMAIL, template=KIND, payload=payload, case_id=case.id, by=by
    )


def tell_that_it_goes_on(case: Case, *, by: int | None) -> None:
    """A unit that was told of the end of a locked case hears that it goes on."""
    must_be_writing()
    mail, task = _last_mail(case.id), _last_task(case.id)
    last = max((one.key for one in (mail, task) if one), key=_number, default="")
    if last.startswith(f"unit:{case.id}:{News.CLOSED.value}:") and not _untold(mail, task, by=by):
        tell_unit(case, News.GOES_ON, by=by)


def _number(key: str) -> int:
    return int(key.rsplit(":", 1)[1])


def _last_mail(case_id: int) -> OutboxMessage | None:
    query = select(OutboxMessage).where(
        OutboxMessage.case_id == case_id, OutboxMessage.template == KIND
    )
    return db.session.scalars(query.order_by(OutboxMessage.id.desc()).limit(1)).first()


def _last_task(case_id: int) -> Task | None:
    query = select(Task).where(
        Task.case_id == case_id,
        Task.kind == TaskKind.TELL_PROBATION,
        Task.key.startswith(f"unit:{case_id}:"),
    )
    return db.session.scalars(query.order_by(Task.id.desc()).limit(1)).first()


def _untold(mail: OutboxMessage | None, task: Task | None, *, by: int | None) -> bool:
    """Take back what has not been told. Returns whether that is sure of all of it."""
    if task is not None and task.state is TaskState.OPEN:
        tasks.withdraw(task, by=by, because="orders.told_anew")
    mail_gone = mail is None or messages.withdraw(mail.key, by=by)
    return mail_gone and (task is None or task.state is not TaskState.DONE)


def _signs_in(staff_id: int | None) -> bool:
    return staff_id is not None and db.session.get_one(Staff, staff_id).disabled_at is None


def waiting(case: Case) -> Task | None:
    """The open task to tell probation of it by hand."""
    task = _last_task(case.id)
    return task if task is not None and task.state is TaskState.OPEN else None


def told_by_hand(*, case_id: int, seen: str, by: int) -> None:
    """Record that probation was told in another way.

    Args:
        seen: the reference of the task that the page showed.

    Raises:
        Refused: nobody waits to be told of that.
    """
    must_be_writing()
    case = cases.lock(case_id)
    task = waiting(case)
    if task is None or str(task.ref) != seen:
        raise Refused(NOBODY_WAITS)
    tasks.finish(task, by=by)
    audit.record("orders.unit_told_by_hand", by=by, case_id=case.id, task=task.id)


def _by_hand(case: Case, news: News, key: str, by: int | None) -> None:
    owner = assessing(case)
    if owner.staff_id is None:
        owner = answers_for(case, None) or by_rota(case, clock.today())
    tasks.open_task(
        TaskKind.TELL_PROBATION,
        key=key,
        title=_TITLES[news],
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=end_of_day(working_calendar().add(clock.today(), 0)),
        by=by,
        case_id=case.id,
        endpoint=TASK_PAGE,
        subject_ref=case.ref,
    )


def _composed(row: OutboxMessage) -> Mail:
    """The mail, unless something newer of it is on record, which has a mail of its own."""
    if row.case_id is None:
        raise NotWanted
    case, news = db.session.get_one(Case, row.case_id), News(row.payload["news"])
    if (news is News.CLOSED) != (case.person.died_on is not None):
        raise NotWanted
    return unit_mail(row, case, title="Something is recorded", said=_BODIES[news], endpoint=PAGE)


def _failed(row: OutboxMessage) -> None:
    if row.case_id is not None:
        case = cases.lock(row.case_id)
        _by_hand(case, News(row.payload["news"]), row.key, None)


register(MessageKind(KIND, _composed, _failed))
