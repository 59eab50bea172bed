"""A delivery unit without a sign-in hears by mail, or by somebody's hand, and never a name."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import death
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import writing
from mhtr.jobs.table import JOBS, run
from mhtr.messages.links import reference
from mhtr.orders import ending_service, news_kinds, parts_service, unit_news
from mhtr.orders.contact_service import Named, name_contact
from mhtr.orders.endings import HowEnded
from mhtr.orders.news_kinds import News
from mhtr.orders.queries import contact_of
from mhtr.orders.terms import OtherKind
from mhtr.people.models import Person
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.messages.servers import Box, mail_server
from tests.orders.makers import Sentenced, order_of
from tests.orders.recording import TODAY, ended, read
from tests.orders.test_away import goes, supervised, takes_back
from tests.orders.test_contacts import signs_in
from tests.suitability.browsing import as_, send

DELIVER = next(job for job in JOBS if job.name == "deliver")


@pytest.fixture
def box(either_app: Flask) -> Iterator[Box]:
    with mail_server() as (made, url):
        either_app.config["MAIL"] = url
        yield made


def by_name(*, mailbox: bool = True) -> Sentenced:
    """His officer has no account; the unit is the one that the makers make."""
    world = supervised(mailbox=mailbox)
    case_id, by, unit_id = world.case.id, world.office.id, world.officer.organisation_id
    seen, said = contact_of(case_id), Named(unit_id=unit_id, name="Dana Whitlock")
    assert seen is not None
    seen_id = seen.id
    with writing():
        name_contact(case_id=case_id, said=said, seen=seen_id, by=by)
    return world


def dies(world: Sentenced, on: date | None = TODAY) -> None:
    person_id, by = world.case.person_id, world.assessor.id
    with writing():
        db.session.get_one(Person, person_id).died_on = on
        db.session.flush()
        death.follow(person_id, by=by)


def mails() -> list[OutboxState]:
    query = select(OutboxMessage).where(OutboxMessage.template == unit_news.KIND)
    return [row.state for row in db.session.scalars(query.order_by(OutboxMessage.id))]


def by_hand() -> list[tuple[TaskState, str]]:
    query = select(Task).where(Task.kind == TaskKind.TELL_PROBATION).order_by(Task.id)
    return [(task.state, task.title) for task in db.session.scalars(query)]


def said(box: Box) -> list[str]:
    run(DELIVER)
    return [f"{mail['Subject']} {mail.get_content()}" for mail in box.taken]


def test_a_stay_in_hospital_is_written_to_the_unit_without_a_name(box: Box) -> None:
    world = by_name()
    goes(world)
    assert mails() == [OutboxState.WAITING]
    [mail] = said(box)
    assert box.to == ["duty@camden.example"]
    assert reference(world.case.ref) in mail and f"/cases/{world.case.ref}" in mail
    assert "can attend" in mail
    never = [*world.case.person.name.split(), "Whitlock", "hospital", "custody", "mental", "health"]
    words = mail.replace(",", " ").replace(".", " ").split()
    assert not [word for word in never if word in words]
    assert not by_hand()


def test_an_officer_who_signs_in_is_not_written_to(either_app: Flask) -> None:
    world = supervised()
    goes(world)
    dies(world)
    assert not mails() and not by_hand()


def test_what_was_put_right_before_it_left_is_one_mail(box: Box) -> None:
    world = by_name()
    goes(world)
    takes_back(world)
    goes(world)
    assert len(said(box)) == 1
    assert mails() == [OutboxState.WITHDRAWN, OutboxState.WITHDRAWN, OutboxState.SENT]


def test_his_death_is_written_once_although_what_waits_is_withdrawn(box: Box) -> None:
    world = by_name()
    order_of(world)
    goes(world)
    dies(world)
    dies(world)
    [mail] = said(box)
    assert "is closed" in mail and "died" not in mail and "death" not in mail
    assert mails() == [OutboxState.WITHDRAWN, OutboxState.SENT]


def test_who_was_told_that_it_is_closed_is_told_that_it_goes_on(box: Box) -> None:
    world = by_name()
    dies(world)
    said(box)
    dies(world, None)
    dies(world, None)
    closed, goes_on = said(box)
    assert "is closed" in closed and "goes on" in goes_on
    assert mails() == [OutboxState.SENT, OutboxState.SENT]


def test_a_death_taken_back_before_anybody_was_told_is_no_news(box: Box) -> None:
    world = by_name()
    dies(world)
    dies(world, None)
    assert not said(box) and mails() == [OutboxState.WITHDRAWN]


def test_without_a_mailbox_somebody_tells_them(either_app: Flask) -> None:
    world = by_name(mailbox=False)
    address, sends_to = f"/cases/{world.case.ref}/orders", "/orders/probation-told"
    goes(world)
    titles = news_kinds.TITLES
    assert by_hand() == [(TaskState.OPEN, titles[News.ATTENDS])] and not mails()
    assessor = as_(either_app, world.assessor)
    older = assessor.page(address)
    assert titles[News.ATTENDS] in older
    dies(world)
    assert by_hand() == [
        (TaskState.WITHDRAWN, titles[News.ATTENDS]),
        (TaskState.OPEN, titles[News.CLOSED]),
    ]
    path = f"/cases/{world.case.ref}{sends_to}"
    answer = send(assessor, path, older, seen=seen_on(older))
    assert unit_news.NOBODY_WAITS in answer.get_data(as_text=True)
    assert by_hand()[1][0] is TaskState.OPEN
    page = assessor.page(address)
    assert send(assessor, path, page, seen=seen_on(page)).status_code == 303
    assert by_hand()[1] == (TaskState.DONE, titles[News.CLOSED])
    assert titles[News.CLOSED] not in assessor.page(address)
    dies(world, None)
    assert by_hand()[2] == (TaskState.OPEN, titles[News.GOES_ON])


def seen_on(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_mail_that_cannot_be_sent_is_somebodys_to_tell(box: Box) -> None:
    world = by_name()
    goes(world)
    with writing():
        db.session.merge(world.officer.organisation).mailbox = ""
    assert not said(box)
    assert by_hand() == [(TaskState.OPEN, news_kinds.TITLES[News.ATTENDS])]


def test_nobody_of_the_service_reads_it_on_an_officers_page(app: Flask) -> None:
    world = by_name(mailbox=False)
    goes(world)
    case_id, by = world.case.id, world.office.id
    seen = contact_of(case_id)
    assert seen is not None
    seen_id, said_now = seen.id, signs_in(world.officer)
    with writing():
        name_contact(case_id=case_id, said=said_now, seen=seen_id, by=by)
    page = as_(app, world.officer).page(f"/cases/{world.case.ref}/orders")
    assert "Probation was told" not in page
    task = db.session.scalars(select(Task).where(Task.kind == TaskKind.TELL_PROBATION)).one()
    ref = str(task.ref)
    with pytest.raises(Refused, match="by hand any more"), writing():
        unit_news.told_by_hand(case_id=case_id, seen="another", by=by)
    with writing():
        unit_news.told_by_hand(case_id=case_id, seen=ref, by=by)


def curfew(world: Sentenced, order_id: int, *, by: Staff | None = None, amount: str) -> None:
    by_id, version = (by or world.office).id, read(order_id).order.version
    with writing():
        parts_service.add_requirement(
            order_id=order_id,
            kind=OtherKind.CURFEW,
            amount=amount,
            until=None,
            version=version,
            by=by_id,
        )


def test_what_changes_of_his_order_is_written_once_without_a_name(box: Box) -> None:
    world = by_name()
    order_id = order_of(world).id
    assert not mails(), "probation knows of an order that it sent"
    curfew(world, order_id, amount="7pm to 7am")
    curfew(world, order_id, amount="8pm to 6am")
    [mail] = said(box)
    assert mails() == [OutboxState.WITHDRAWN, OutboxState.SENT]
    assert box.to == ["duty@camden.example"]
    assert reference(world.case.ref) in mail and f"/cases/{world.case.ref}/orders" in mail
    words = mail.lower().replace(",", " ").replace(".", " ").split()
    never = [*world.case.person.name.lower().split(), "whitlock", "curfew", "7pm"]
    assert not [word for word in never if word in words]
    ended(world, order_id, HowEnded.EARLY_END)
    assert len(said(box)) == 2
    version, by = read(order_id).order.version, world.office.id
    with writing():
        ending_service.take_back(order_id=order_id, version=version, by=by)
    assert len(said(box)) == 3


def test_a_change_that_somebody_of_the_unit_recorded_is_no_news_to_it(either_app: Flask) -> None:
    world = by_name()
    order_id = order_of(world).id
    curfew(world, order_id, by=world.senior, amount="7pm to 7am")
    assert not mails() and not by_hand()


def test_a_change_that_nobody_can_be_written_of_is_told_beside_what_else_is(
    either_app: Flask,
) -> None:
    world = by_name(mailbox=False)
    order_id, titles = order_of(world).id, news_kinds.TITLES
    goes(world)
    curfew(world, order_id, amount="7pm to 7am")
    curfew(world, order_id, amount="8pm to 6am")
    waits = [title for state, title in by_hand() if state is TaskState.OPEN]
    assert waits == [titles[News.ATTENDS], titles[News.ORDER]]
    assessor, address = as_(either_app, world.assessor), f"/cases/{world.case.ref}/orders"
    page = assessor.page(address)
    assert all(title in page for title in waits)
    path = f"{address}/probation-told"
    assert send(assessor, path, page, seen=seen_on(page)).status_code == 303
    page = assessor.page(address)
    assert titles[News.ATTENDS] not in page and titles[News.ORDER] in page
    dies(world)
    waits = [title for state, title in by_hand() if state is TaskState.OPEN]
    assert waits == [titles[News.CLOSED]], "his orders end with it: told once"
