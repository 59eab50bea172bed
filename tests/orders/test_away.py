"""He is in hospital or custody: who hears of it, what is held, and what each reader may know."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import away_service, death, listeners
from mhtr.cases.away import Stay
from mhtr.cases.facts import Away, CaseState
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import writing
from mhtr.orders import away_news
from mhtr.orders.contact_service import Named, name_contact
from mhtr.people.models import Person
from mhtr.tasks import service as tasks
from tests.orders.makers import Sentenced, order_of, sentenced
from tests.orders.recording import TODAY
from tests.orders.test_contacts import signs_in
from tests.suitability.browsing import as_, refused, send
from tests.suitability.request_forms import date_parts
from tests.suitability.requesting import told

SINCE = date(2026, 11, 17)


def supervised(said: Named | None = None, *, mailbox: bool = True) -> Sentenced:
    world = sentenced()
    if not mailbox:
        with writing():
            db.session.merge(world.officer.organisation).mailbox = ""
    case_id, by = world.case.id, world.office.id
    with writing():
        name_contact(case_id=case_id, said=said or signs_in(world.officer), seen=0, by=by)
    return world


def seen(world: Sentenced) -> int:
    found = away_service.stays_of(world.case.id)
    return found[-1].fact_id if found else 0


def goes(
    world: Sentenced,
    where: Away = Away.HOSPITAL,
    since: date = SINCE,
    *,
    by: Staff | None = None,
    saw: int | None = None,
) -> None:
    case_id, by_id = world.case.id, (by or world.office).id
    last = seen(world) if saw is None else saw
    with writing():
        away_service.record_away(case_id=case_id, where=where, since=since, seen=last, by=by_id)


def comes(world: Sentenced, on: date = TODAY) -> None:
    case_id, by, last = world.case.id, world.office.id, seen(world)
    with writing():
        away_service.record_back(case_id=case_id, on=on, seen=last, by=by)


def takes_back(world: Sentenced, last: int | None = None) -> None:
    case_id, by = world.case.id, world.office.id
    wanted = seen(world) if last is None else last
    with writing():
        away_service.take_back(case_id=case_id, seen=wanted, by=by)


def message(world: Sentenced, key: str, channel: str, *, days: int = 2) -> None:
    case_id, due_at = world.case.id, clock.now() + timedelta(days=days)
    with writing():
        db.session.add(
            OutboxMessage(
                key=key, channel=channel, template="x", payload={}, case_id=case_id, due_at=due_at
            )
        )


def states() -> dict[str, OutboxState]:
    db.session.expire_all()
    rows = db.session.execute(select(OutboxMessage.key, OutboxMessage.state))
    return {key: state for key, state in rows}


def test_both_sides_are_told_at_once_and_again(either_app: Flask) -> None:
    world = supervised()
    goes(world)
    for staff in (world.assessor, world.officer):
        assert told(staff).count(away_news.AWAY) == 1
        assert away_news.BACK not in told(staff)
    assert away_news.AWAY not in told(world.office)
    comes(world)
    for staff in (world.assessor, world.officer):
        assert told(staff).count(away_news.BACK) == 1


def test_whoever_recorded_it_is_not_told(app: Flask) -> None:
    world = supervised()
    goes(world, Away.CUSTODY, by=world.officer)
    assert away_news.AWAY in told(world.assessor)
    assert away_news.AWAY not in told(world.officer)


def test_nothing_is_sent_to_him_while_it_lasts(either_app: Flask, set_clock: SetClock) -> None:
    world = supervised()
    message(world, "soon", "text", days=1)
    message(world, "later", "letter", days=30)
    message(world, "probation", "email")
    goes(world)
    held, waits = OutboxState.HELD, OutboxState.WAITING
    assert states() == {"soon": held, "later": held, "probation": waits}
    set_clock.advance(days=5)
    comes(world)
    assert states() == {"soon": OutboxState.WITHDRAWN, "later": waits, "probation": waits}


def test_his_death_withdraws_what_is_held_too(app: Flask) -> None:
    world = supervised()
    message(world, "later", "text", days=30)
    goes(world)
    person_id, by = world.case.person_id, world.office.id
    with writing():
        db.session.get_one(Person, person_id).died_on = TODAY
        death.follow(person_id, by=by)
    assert states() == {"later": OutboxState.WITHDRAWN}
    assert away_news.CLOSED in told(world.officer), "no order is recorded whose end would say it"


def test_with_an_order_its_end_is_the_one_news_of_his_death(app: Flask) -> None:
    world = supervised()
    order_of(world)
    person_id, by = world.case.person_id, world.office.id
    with writing():
        db.session.get_one(Person, person_id).died_on = TODAY
        death.follow(person_id, by=by)
    assert away_news.CLOSED not in told(world.officer)


def test_what_is_to_be_done_stays_to_be_done(either_app: Flask) -> None:
    world = supervised()
    before = [(task.id, task.due_at) for task in tasks.open_tasks(world.case.id)]
    assert before
    goes(world)
    assert [(task.id, task.due_at) for task in tasks.open_tasks(world.case.id)] == before
    db.session.expire_all()
    assert world.case.state is CaseState.SENTENCED_WITH_MHTR
    assert not world.case.paused


def test_taken_back_it_is_as_if_it_had_not_been(either_app: Flask) -> None:
    world = supervised()
    message(world, "later", "text", days=30)
    goes(world)
    comes(world)
    takes_back(world)
    assert away_service.is_away(world.case.id)
    assert states() == {"later": OutboxState.HELD}
    takes_back(world)
    assert away_service.stays_of(world.case.id) == ()
    assert states() == {"later": OutboxState.WAITING}
    with pytest.raises(Refused, match="Nothing of it is on record"):
        takes_back(world)


def test_what_is_booked_for_him_can_follow(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    world = supervised()
    heard: list[tuple[int, bool, int | None]] = []
    monkeypatch.setattr(listeners, "away_changed", [lambda *said: heard.append(said)])
    goes(world)
    comes(world)
    by = world.office.id
    assert heard == [(world.case.id, True, by), (world.case.id, False, by)]


def test_an_older_page_records_nothing(either_app: Flask) -> None:
    world = supervised()
    goes(world)
    with pytest.raises(Refused, match="meanwhile"):
        goes(world, saw=0)
    with pytest.raises(Refused, match="recorded already"):
        goes(world)
    with pytest.raises(Refused, match="meanwhile"):
        takes_back(world, last=1)


def test_nothing_is_recorded_before_a_sentence(app: Flask) -> None:
    world = sentenced(None)
    with pytest.raises(Refused, match="No order with the requirement"):
        goes(world)


def test_days_that_do_not_fit_are_refused(app: Flask) -> None:
    world = supervised()
    with pytest.raises(Refused, match="before the sentence"):
        goes(world, since=date(2026, 11, 15))
    goes(world)
    with pytest.raises(Refused, match="It began on 17 November"):
        comes(world, on=date(2026, 11, 16))
    comes(world, on=SINCE)
    assert away_service.stays_of(world.case.id)[-1].until == SINCE


def test_the_page_from_admission_to_discharge(app: Flask) -> None:
    world = supervised()
    order_of(world)
    client, officer = as_(app, world.assessor), as_(app, world.officer)
    case, address = f"/cases/{world.case.ref}", f"/cases/{world.case.ref}/cannot-attend"
    page = client.page(address)
    form = {"seen": "0", **date_parts("since", SINCE)}
    assert "Select where he is" in refused(client, address, page, **form)
    assert send(client, address, page, **form | {"where": "hospital"}).status_code == 303
    shown = client.page(address)
    assert "In hospital since" in shown
    assert "In hospital since 17 November 2026" in client.page(case)
    assert "He cannot attend since 17 November 2026" in client.page(f"{case}/orders")
    for tail in ("", "/orders", "/cannot-attend"):
        read = officer.page(f"{case}{tail}")
        assert "hospital" not in read.lower().replace("hospital or custody", "")
        assert "annot attend since 17 November 2026" in read
    back = {"seen": str(seen(world)), **date_parts("on", TODAY)}
    assert send(client, address, client.page(address), **back).status_code == 303
    words = "He could not attend from 17 November 2026 to 18 November 2026 (2 days)"
    assert words in client.page(f"{case}/orders")
    assert words in officer.page(f"{case}/orders")
    page = client.page(address)
    answer = send(client, f"{address}/take-back", page, seen=str(seen(world)))
    assert answer.status_code == 303
    assert "Taken back: He can attend again" in client.page(address)
    assert "In hospital since 17 November 2026" in client.page(case)


def test_probation_records_custody_and_nothing_else(app: Flask) -> None:
    world = supervised()
    officer = as_(app, world.officer)
    address = f"/cases/{world.case.ref}/cannot-attend"
    page = officer.page(address)
    assert "Where is he?" not in page
    form = {"seen": "0", "where": "hospital", **date_parts("since", SINCE)}
    assert send(officer, address, page, **form).status_code == 303
    (stay,) = away_service.stays_of(world.case.id)
    assert stay == Stay(Away.CUSTODY, SINCE, None, stay.fact_id, stay.fact_id)
    assert away_news.AWAY in told(world.assessor)


def test_an_officer_who_does_not_sign_in_is_told_by_hand(app: Flask) -> None:
    world = supervised(Named(unit_id=None, name="Marcus Oyelaran", phone="020 7946 0123"))
    goes(world)
    page = as_(app, world.assessor).page(f"/cases/{world.case.ref}/cannot-attend")
    assert "Tell his probation officer yourself" in page
    assert "Marcus Oyelaran, 020 7946 0123" in page


def test_probation_undoes_only_what_it_recorded(either_app: Flask) -> None:
    world = supervised()
    goes(world)
    address = f"/cases/{world.case.ref}/cannot-attend"
    case_id, officer = world.case.id, world.officer.id
    last = seen(world)
    with pytest.raises(Refused, match="The service recorded this"), writing():
        away_service.take_back(case_id=case_id, seen=last, by=officer)
    with pytest.raises(Refused, match="The service recorded this"), writing():
        away_service.record_back(case_id=case_id, on=TODAY, seen=last, by=officer)
    page = as_(either_app, world.officer).page(address)
    assert "The service recorded this" in page
    assert "Take back what" not in page
    takes_back(world)
    goes(world, Away.CUSTODY, by=world.officer)
    assert "Take back what" in as_(either_app, world.officer).page(address)
    last = seen(world)
    with writing():
        away_service.record_back(case_id=case_id, on=TODAY, seen=last, by=officer)
    assert not away_service.is_away(case_id)
