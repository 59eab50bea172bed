"""Probation hears the same day: in the program, or by a mail that holds no name; once."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import service as accounts
from mhtr.compliance import telling
from mhtr.compliance.attendance import Happened, ReasonGiven
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import writing
from mhtr.jobs.table import JOBS, run
from mhtr.messages.links import reference
from mhtr.orders.contact_service import Named, name_contact
from mhtr.orders.queries import contact_of
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.messages.servers import Box, mail_server
from tests.pages import PageClient
from tests.sessions.seen import Treated, booked, tell, treated
from tests.suitability.browsing import refused, send
from tests.suitability.requesting import told

H = Happened
DELIVER = next(job for job in JOBS if job.name == "deliver")


@pytest.fixture
def box(either_app: Flask) -> Iterator[Box]:
    with mail_server() as (made, url):
        either_app.config["MAIL"] = url
        yield made


def by_name(man: Treated, *, unit: bool = True) -> Treated:
    """His officer has no account."""
    case_id, by = man.case.id, man.world.office.id
    kept = contact_of(case_id)
    said = Named(unit_id=man.world.officer.organisation_id, name="Dana Whitlock")
    with writing():
        name_contact(case_id=case_id, said=said, seen=kept.id if kept else 0, by=by)
    if not unit:
        with writing():
            db.session.merge(man.world.officer.organisation).mailbox = ""
    return man


def messages() -> list[tuple[str, OutboxState]]:
    rows = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.template, row.state) for row in rows]


def by_hand(man: Treated) -> list[tuple[TaskState, str]]:
    query = select(Task).where(Task.kind == TaskKind.TELL_PROBATION).order_by(Task.id)
    return [(task.state, task.title) for task in db.session.scalars(query)]


def text(mail: EmailMessage) -> str:
    return f"{mail['Subject']} {mail.get_content()}"


def test_an_officer_without_an_account_is_told_through_the_mailbox_of_his_unit(box: Box) -> None:
    man = by_name(treated())
    tell(
        man.place, man.therapist, H.DID_NOT_COME,
        reason=ReasonGiven.ILLNESS, reason_detail="A relapse", concern="Low", described="Shouted",
    )  # fmt: skip
    assert messages() == [(telling.FIRST, OutboxState.WAITING)] and not box.taken
    assert run(DELIVER) == 1 and run(DELIVER) == 0
    [mail] = box.taken
    assert box.to == ["duty@camden.example"]
    said = text(mail)
    assert reference(man.case.ref) in said
    assert "ask the service that treats him at the number that you have for it" in said
    assert f"http://127.0.0.1:8000/cases/{man.case.ref}/attendance/told" in said
    never = [
        *man.case.person.name.split(), *man.therapist.name.split(), "Whitlock", "relapse", "Low",
        "Shouted", "missed", "miss", "come", "ill", "illness", "treatment", "mental", "health",
        "therapy", "November",
    ]  # fmt: skip
    words = said.replace(",", " ").replace(".", " ").split()
    assert not [word for word in never if word in words]
    assert not by_hand(man)


def test_an_officer_who_signs_in_is_told_in_the_program_alone(box: Box) -> None:
    man = treated()
    tell(man.place, man.therapist, H.DID_NOT_COME)
    assert told(man.world.officer).count(telling.TOLD) == 1
    assert not messages() and not by_hand(man)


def test_while_nobody_is_named_his_last_unit_is_told(box: Box) -> None:
    man = treated()
    officer_id = man.world.officer.id
    with writing():
        accounts.disable(officer_id, by=None)
    assert contact_of(man.case.id) is None
    tell(man.place, man.therapist, H.DID_NOT_COME)
    run(DELIVER)
    assert box.to == ["duty@camden.example"]


@pytest.mark.parametrize("happened", [H.SEEN, H.WE_CANCELLED, H.NOT_SEEN_BY_US, H.OTHERS_CANCELLED])
def test_what_is_no_miss_is_not_written_of(app: Flask, happened: Happened) -> None:
    man = by_name(treated())
    tell(man.place, man.therapist, happened)
    assert not messages() and not by_hand(man)


def test_a_voluntary_session_is_not_written_of(app: Flask) -> None:
    man = by_name(treated())
    place = booked(man.case, man.therapist, clock.now(), required=False)
    tell(place, man.therapist, H.DID_NOT_COME)
    assert not messages() and not by_hand(man)


def test_a_miss_that_we_had_cancelled_is_taken_back_before_it_leaves(box: Box) -> None:
    man = by_name(treated())
    tell(man.place, man.therapist, H.DID_NOT_COME)
    tell(man.place, man.therapist, H.WE_CANCELLED, seen=1, why="The clinic was shut")
    assert messages() == [(telling.FIRST, OutboxState.WITHDRAWN)]
    assert run(DELIVER) == 0 and not box.taken


def test_once_it_has_left_word_follows_that_it_was_put_right(box: Box) -> None:
    man = by_name(treated())
    tell(man.place, man.therapist, H.DID_NOT_COME)
    run(DELIVER)
    tell(man.place, man.therapist, H.WE_CANCELLED, seen=1, why="The clinic was shut")
    assert run(DELIVER) == 1
    assert messages() == [(telling.FIRST, OutboxState.SENT), (telling.LATER, OutboxState.SENT)]
    assert "put right" in text(box.taken[1]) and "cancelled" not in text(box.taken[1])


def test_a_unit_that_was_told_hears_of_it_though_an_officer_signs_in_now(box: Box) -> None:
    man = by_name(treated())
    tell(man.place, man.therapist, H.DID_NOT_COME)
    run(DELIVER)
    officer, by = man.world.officer, man.world.office.id
    case_id, kept = man.case.id, contact_of(man.case.id)
    assert kept is not None
    said, seen = Named(unit_id=officer.organisation_id, staff_id=officer.id), kept.id
    with writing():
        name_contact(case_id=case_id, said=said, seen=seen, by=by)
    tell(man.place, man.therapist, H.WE_CANCELLED, seen=1, why="The clinic was shut")
    run(DELIVER)
    assert len(box.taken) == 2 and telling.PUT_RIGHT in told(man.world.officer)


def test_a_reason_that_comes_before_it_left_is_one_mail(box: Box) -> None:
    man = by_name(treated())
    tell(man.place, man.therapist, H.DID_NOT_COME)
    tell(man.place, man.therapist, H.DID_NOT_COME, reason=ReasonGiven.WORK, seen=1, why="He rang")
    run(DELIVER)
    assert len(box.taken) == 1 and "put right" not in text(box.taken[0])


def test_without_a_mailbox_somebody_tells_them(either_app: Flask) -> None:
    man = by_name(treated(), unit=False)
    tell(man.place, man.therapist, H.DID_NOT_COME)
    query = select(Task).where(Task.kind == TaskKind.TELL_PROBATION)
    task = db.session.scalars(query).one()
    assert task.owner_staff_id == man.therapist.id
    assert task.due_at.date() == clock.today(), "the same day"
    assert not messages()


def test_a_mail_that_cannot_be_sent_is_somebodys_to_see_to(box: Box, set_clock: SetClock) -> None:
    man = by_name(treated())
    box.to_rcpt = "550 no such mailbox"
    tell(man.place, man.therapist, H.DID_NOT_COME)
    run(DELIVER)
    assert by_hand(man) == [(TaskState.OPEN, telling.TITLES[telling.FIRST])]
    tell(man.place, man.therapist, H.WE_CANCELLED, seen=1, why="The clinic was shut")
    assert by_hand(man) == [(TaskState.WITHDRAWN, telling.TITLES[telling.FIRST])]
    assert len(messages()) == 1, "nobody was told of it, so nothing is put right"


def test_who_was_told_by_hand_is_told_by_hand_that_it_was_put_right(either_app: Flask) -> None:
    man = by_name(treated(), unit=False)
    tell(man.place, man.therapist, H.DID_NOT_COME)
    case_id, subject, by = man.case.id, man.place.ref, man.therapist.id
    for words in (" ", "The duty officer, by telephone"):
        if not words.strip():
            with pytest.raises(Refused, match=telling.WHO), writing():
                telling.told_by_hand(case_id=case_id, subject=subject, words=words, by=by)
            continue
        with writing():
            telling.told_by_hand(case_id=case_id, subject=subject, words=words, by=by)
    with pytest.raises(Refused, match=telling.NOBODY_WAITS), writing():
        telling.told_by_hand(case_id=case_id, subject=subject, words="Again", by=by)
    tell(man.place, man.therapist, H.WE_CANCELLED, seen=1, why="The clinic was shut")
    assert by_hand(man) == [
        (TaskState.DONE, telling.TITLES[telling.FIRST]),
        (TaskState.OPEN, telling.TITLES[telling.LATER]),
    ]


def test_the_record_says_who_was_told_and_the_page_lets_somebody_say_so(
    client: PageClient,
) -> None:
    man = by_name(treated(), unit=False)
    tell(man.place, man.therapist, H.DID_NOT_COME)
    path = f"/places/{man.place.ref}/attendance/probation"
    client.sign_in(man.world.office)
    assert "Tell probation another way" in client.page(f"/places/{man.place.ref}/attendance")
    page = client.page(path)
    assert "could not write to probation" in page and reference(man.case.ref) in page
    assert telling.WHO in refused(client, path, page, words="")
    send(client, path, page, words="The duty officer, by telephone")
    page = client.page(f"/places/{man.place.ref}/attendance")
    assert "Tell probation another way" not in page
    assert "By hand, by" in page and "The duty officer, by telephone" in page
    client.sign_in(man.world.officer)
    assert client.get(path).status_code == 403
