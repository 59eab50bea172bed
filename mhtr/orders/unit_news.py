"""The delivery unit hears at once what an officer would, where none of it signs in.

That he cannot attend, or has died; that his order changed or ended; that his sessions are off.

It is written to as of a session (`compliance.telling`): a reference and a link. What cannot be
written to anybody becomes a task to tell them another way.
"""

from sqlalchemy import Select, or_, select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.away_elsewhere import facts_of_him
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import must_be_writing
from mhtr.messages import service as messages
from mhtr.messages.kinds import MessageKind, NotWanted, register
from mhtr.messages.mail import Mail
from mhtr.orders import telling
from mhtr.orders.news_kinds import (
    BODIES,
    GROUPS,
    OF_A_REPORT,
    OF_A_REVIEW,
    OF_AN_EARLY_END,
    OF_HIM,
    OF_HIS_ORDER,
    OF_HIS_SESSIONS,
    OF_RUNNING_OUT,
    TITLES,
    News,
)
from mhtr.orders.queries import contacts_of
from mhtr.orders.unit_mail import unit_mail, unit_of
from mhtr.suitability.concerned import assessing
from mhtr.suitability.result_owner import answers_for, by_rota
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState

KIND = "orders.unit_news"
TASK_PAGE = "orders.case_orders"
THE_END = "probation.treatment_end"
REVIEWS = "reviews.told"
_OF_THE_END = (*OF_HIS_SESSIONS, *OF_A_REPORT, *OF_AN_EARLY_END, *OF_RUNNING_OUT)
NOBODY_WAITS = "Nobody of probation has to be told of this by hand any more."


_ABOUT = {
    News.ATTENDS: frozenset({FactKind.AWAY, FactKind.BACK, FactKind.CORRECTED}),
    News.CLOSED: frozenset({FactKind.CLOSED}),
    News.GOES_ON: frozenset({FactKind.CORRECTED}),
}
"""What of the case each is about: the last of it tells one from the same told before."""


def tell_unit(case: Case, news: News, *, by: int | None, about: str = "") -> None:
    """Write to the unit of a locked case, where a contact is on record and none signs in here.

    The same again does nothing. What was to be told and has not left is taken back: the page that
    it leads to says what counts.

    Args:
        about: which change of his order it is; of him, that is the last fact of it.
    """
    must_be_writing()
    contacts = contacts_of(case.id)
    if not contacts or any(_signs_in(one.staff_id) for one in contacts if one.ended_at is None):
        return
    if news in OF_HIS_ORDER and not _is_news(case, by):
        return
    key = f"unit:{case.id}:{news.value}:{about or _last_fact(case, news)}"
    mail, task = _last(case.id, news)
    if key in (mail and mail.key, task and task.key):
        return
    if news is News.ORDER and _waits(case.id, News.CALLED_OFF):
        return  # that leads to the same page, and says more
    _untold(mail, task, by=by)
    if news is News.CLOSED:
        _untold(*_last(case.id, News.ORDER), by=by)
    payload = {"news": news.value}
    if telling.write_to_unit(case, key=key, template=KIND, payload=payload, by=by) is None:
        _by_hand(case, news, key, by)


def _is_news(case: Case, by: int | None) -> bool:
    """His death is told by itself; what the unit recorded it knows."""
    if case.person.died_on is not None:
        return False
    unit, staff = unit_of(case.id), db.session.get(Staff, by) if by is not None else None
    return unit is None or staff is None or staff.organisation_id != unit.id


def _last_fact(case: Case, news: News) -> int:
    facts = facts_of_him(case.id)
    return max((fact.id for fact in facts if fact.kind in _ABOUT[news]), default=0)


def _waits(case_id: int, news: News) -> bool:
    mail, task = _last(case_id, news)
    said = f"unit:{case_id}:{news.value}:"
    of_mail = mail is not None and mail.state is OutboxState.WAITING and mail.key.startswith(said)
    return of_mail or (
        task is not None and task.state is TaskState.OPEN and task.key.startswith(said)
    )


def tell_that_it_goes_on(case: Case, *, by: int | None) -> None:
    """A unit that was told of the end of a locked case hears that it goes on."""
    must_be_writing()
    mail, task = _last(case.id, News.CLOSED)
    last = max((one.key for one in (mail, task) if one), key=_number, default="")
    if last.startswith(f"unit:{case.id}:{News.CLOSED.value}:") and not _untold(mail, task, by=by):
        tell_unit(case, News.GOES_ON, by=by)


def tell_that_it_is_not_so(case: Case, *, by: int | None, about: str) -> None:
    """A unit that was told that planned sessions are finished hears that they are not."""
    must_be_writing()
    mail, task = _last(case.id, News.FINISHED)
    if (mail or task) and not _untold(mail, task, by=by):
        tell_unit(case, News.NOT_FINISHED, by=by, about=about)


def _number(key: str) -> int:
    return int(key.rsplit(":", 1)[1])


def _last(case_id: int, news: News) -> tuple[OutboxMessage | None, Task | None]:
    """What was written last of the same, and what somebody was last asked to tell of it."""
    of_same = next(group for group in GROUPS if news in group)
    said = [f"unit:{case_id}:{one.value}:" for one in of_same]
    mails = select(OutboxMessage).where(
        OutboxMessage.case_id == case_id,
        OutboxMessage.template == KIND,
        or_(*(OutboxMessage.key.startswith(one, autoescape=True) for one in said)),
    )
    asked = _asked(case_id).where(or_(*(Task.key.startswith(one, autoescape=True) for one in said)))
    return (
        db.session.scalars(mails.order_by(OutboxMessage.id.desc()).limit(1)).first(),
        db.session.scalars(asked.order_by(Task.id.desc()).limit(1)).first(),
    )


def _asked(case_id: int) -> Select[Task]:
    return select(Task).where(
        Task.case_id == case_id,
        Task.kind == TaskKind.TELL_PROBATION,
        Task.key.startswith(f"unit:{case_id}:"),
    )


def _untold(mail: OutboxMessage | None, task: Task | None, *, by: int | None) -> bool:
    """Take back what has not been told. Returns whether that is sure of all of it."""
    if task is not None and task.state is TaskState.OPEN:
        tasks.withdraw(task, by=by, because="orders.told_anew")
    mail_gone = mail is None or messages.withdraw(mail.key, by=by)
    return mail_gone and (task is None or task.state is not TaskState.DONE)


def _signs_in(staff_id: int | None) -> bool:
    return staff_id is not None and db.session.get_one(Staff, staff_id).disabled_at is None


def waiting(case: Case) -> list[Task]:
    """The open tasks to tell probation of it by hand."""
    query = _asked(case.id).where(Task.state == TaskState.OPEN)
    return list(db.session.scalars(query.order_by(Task.id)))


def told_by_hand(*, case_id: int, seen: str, by: int) -> None:
    """Record that probation was told in another way.

    Args:
        seen: the reference of the task that the page showed.

    Raises:
        Refused: nobody waits to be told of that.
    """
    must_be_writing()
    case = cases.lock(case_id)
    task = next((one for one in waiting(case) if str(one.ref) == seen), None)
    if task is None:
        raise Refused(NOBODY_WAITS)
    tasks.finish(task, by=by)
    audit.record("orders.unit_told_by_hand", by=by, case_id=case.id, task=task.id)


def _by_hand(case: Case, news: News, key: str, by: int | None) -> None:
    owner = assessing(case)
    if owner.staff_id is None:
        owner = answers_for(case, None) or by_rota(case, clock.today())
    telling.ask_to_tell(
        case,
        owner,
        key=key,
        title=TITLES[news],
        due_at=end_of_day(working_calendar().add(clock.today(), 0)),
        endpoint=TASK_PAGE,
        subject_ref=case.ref,
        by=by,
    )


def _composed(row: OutboxMessage) -> Mail:
    """The mail, unless something newer of it is on record, which has a mail of its own."""
    if row.case_id is None:
        raise NotWanted
    case, news = db.session.get_one(Case, row.case_id), News(row.payload["news"])
    if (news is News.CLOSED) != (case.person.died_on is not None):
        raise NotWanted
    page = "overview.case_page" if news in OF_HIM else TASK_PAGE
    page = THE_END if news in _OF_THE_END else page
    page = REVIEWS if news in OF_A_REVIEW else page
    return unit_mail(row, case, title="Something is recorded", said=BODIES[news], endpoint=page)


def _failed(row: OutboxMessage) -> None:
    if row.case_id is not None:
        case = cases.lock(row.case_id)
        _by_hand(case, News(row.payload["news"]), row.key, None)


register(MessageKind(KIND, _composed, _failed))
