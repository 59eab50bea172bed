"""Somebody whom an order names no longer directs: asked for, told, amended, taken back."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import listeners as account_listeners
from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import writing
from mhtr.orders import directing_service, order_tasks
from mhtr.orders.contact_service import name_contact
from mhtr.orders.directing import Practitioner
from mhtr.orders.endings import HowEnded
from mhtr.orders.models import DirectingChange
from mhtr.orders.terms import Change
from mhtr.suitability.court_result import Result
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.orders.makers import MADE, Sentenced, community, order_of, says, sentenced, treatment
from tests.orders.recording import TODAY, change, ended, read, waiting
from tests.orders.test_contacts import signs_in
from tests.suitability.browsing import as_, refused, send
from tests.suitability.journey import taken_on
from tests.suitability.request_forms import date_parts
from tests.suitability.requesting import told

AMARA = Practitioner("Dr Amara Lindqvist", "PYL000456")
IVOR = Practitioner("Dr Ivor Brandt", "PYL000777")


def leaves(world: Sentenced, order_id: int, *, now: Practitioner | None = IVOR) -> None:
    version, by = read(order_id).order.version, world.assessor.id
    with writing():
        directing_service.record_change(
            order_id=order_id, was=AMARA, now=now, since=TODAY, version=version, by=by
        )


def noticed(world: Sentenced, order_id: int, *, on: date = TODAY, number: int = 1) -> None:
    version, by = read(order_id).order.version, world.office.id
    with writing():
        directing_service.give_notice(
            order_id=order_id, number=number, on=on, to="Priya Nair", version=version, by=by
        )


def asked(world: Sentenced) -> bool:
    return bool(waiting(world, TaskKind.NAMED_PRACTITIONER))


def the_one(order_id: int) -> DirectingChange:
    (row,) = read(order_id).directing
    return row


def test_written_notice_is_asked_for_until_it_is_on_record(either_app: Flask) -> None:
    world = sentenced()
    order_id, case_id, by = order_of(world).id, world.case.id, world.office.id
    with writing():
        name_contact(case_id=case_id, said=signs_in(world.officer), seen=0, by=by)
    leaves(world, order_id)
    assert asked(world)
    assert order_tasks.DIRECTING in told(world.officer)
    assert read(order_id).terms.periods == (treatment(),)
    with writing():
        assert order_tasks.open_order_tasks(clock.now()) == 0
    noticed(world, order_id)
    assert not asked(world)
    row = the_one(order_id)
    assert (row.noticed_on, row.noticed_to, row.noticed_by) == (TODAY, "Priya Nair", by)
    with pytest.raises(Refused, match="Nothing is left"):
        noticed(world, order_id)


def test_an_amendment_that_names_somebody_else_answers_it(either_app: Flask) -> None:
    world = sentenced()
    order_id = order_of(world).id
    leaves(world, order_id)
    amended = community(periods=(replace(treatment(), named=IVOR.name, number=IVOR.registration),))
    change(world, order_id, replace(community(), sessions_expected=10), Change.TRANSFERRED)
    assert asked(world)
    change(world, order_id, replace(amended, willing_on=TODAY), Change.AMENDED)
    assert not asked(world)


def test_taken_back_it_stays_in_the_history_and_can_be_recorded_anew(either_app: Flask) -> None:
    world = sentenced()
    order_id, by = order_of(world).id, world.assessor.id
    leaves(world, order_id, now=None)
    with pytest.raises(Refused, match="recorded already"):
        leaves(world, order_id)
    with writing():
        directing_service.take_back(
            order_id=order_id, number=1, version=read(order_id).order.version, by=by
        )
    assert not asked(world)
    row = the_one(order_id)
    assert row.taken_back_by == by
    with pytest.raises(NotFound):
        noticed(world, order_id)
    leaves(world, order_id)
    assert asked(world)


def test_an_order_that_ends_asks_for_nothing_more(app: Flask) -> None:
    world = sentenced()
    order_id = order_of(world).id
    leaves(world, order_id)
    ended(world, order_id, HowEnded.REVOKED)
    assert not asked(world)
    with pytest.raises(Refused, match="The order has ended"):
        leaves(world, order_id)


def test_an_order_that_runs_out_asks_for_nothing_more(
    either_app: Flask, set_clock: SetClock
) -> None:
    world = sentenced()
    leaves(world, order_of(world).id)
    set_clock.moment = datetime(2027, 11, 16, 9, tzinfo=UTC)
    with writing():
        order_tasks.open_order_tasks(clock.now())
    assert not asked(world)
    task = db.session.scalars(select(Task).where(Task.kind == TaskKind.NAMED_PRACTITIONER)).one()
    assert task.state is TaskState.WITHDRAWN, "nobody was told, and nobody says so"


def test_a_closed_account_asks_who_directs_now(either_app: Flask) -> None:
    world = sentenced()
    order_id = order_of(world).id
    lead_id, by = world.lead.id, world.office.id
    with writing():
        lead = db.session.get_one(Staff, lead_id)
        lead.hcpc_number, lead.disabled_at = AMARA.registration, clock.now()
        db.session.flush()
        for _ in range(2):
            account_listeners.tell_staff_left(lead_id, lead.organisation_id, by)
    row = the_one(order_id)
    assert (row.was_named, row.now_named, row.since) == (AMARA.name, "", TODAY)
    assert asked(world)


def test_the_cases_of_whoever_leaves_are_locked_in_the_order_of_all(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sentenced()
    later = taken_on(world.assessor, "Kwame", "Boateng")
    later_id, by = later.id, world.office.id
    says(later_id, world.assessor.id, result=Result.CO_MHTR, sentenced_on=MADE)
    first, _ = order_of(replace(world, case=db.session.get_one(Case, later_id))), order_of(world)
    assert later_id > world.case.id and first.case_id == later_id
    lead_id, locked = world.lead.id, list[int]()
    lock = cases.lock

    def noted(case_id: int) -> Case:
        locked.append(case_id)
        return lock(case_id)

    monkeypatch.setattr(cases, "lock", noted)
    with writing():
        lead = db.session.get_one(Staff, lead_id)
        lead.hcpc_number, lead.disabled_at = AMARA.registration, clock.now()
        db.session.flush()
        directing_service._left(lead_id, lead.organisation_id, by)
    assert list(dict.fromkeys(locked)) == [world.case.id, later_id]


def test_somebody_who_only_works_elsewhere_asks_nothing(app: Flask) -> None:
    world = sentenced()
    order_id = order_of(world).id
    with writing():
        lead = db.session.get_one(Staff, world.lead.id)
        lead.hcpc_number = AMARA.registration
        db.session.flush()
        account_listeners.tell_staff_left(lead.id, lead.organisation_id, world.office.id)
    assert not read(order_id).directing


def test_an_older_page_records_nothing(app: Flask) -> None:
    world = sentenced()
    order_id, by = order_of(world).id, world.assessor.id
    leaves(world, order_id)
    with pytest.raises(Stale), writing():
        directing_service.take_back(order_id=order_id, number=1, version=1, by=by)


@pytest.mark.parametrize("on", [date(2026, 11, 15), date(2026, 11, 19)])
def test_notice_is_given_between_the_order_and_today(app: Flask, on: date) -> None:
    world = sentenced()
    order_id = order_of(world).id
    leaves(world, order_id)
    with pytest.raises(Refused, match="between the order and today"):
        noticed(world, order_id, on=on)


def test_from_the_page_to_the_notice(app: Flask) -> None:
    world = sentenced()
    order = order_of(world)
    case_id, by = world.case.id, world.office.id
    with writing():
        name_contact(case_id=case_id, said=signs_in(world.officer), seen=0, by=by)
    client = as_(app, world.assessor)
    orders = f"/cases/{world.case.ref}/orders"
    address = f"{orders}/{order.ref}/practitioner"
    assert "Somebody else directs his treatment" in client.page(orders)
    page = client.page(address)
    form = {
        "was": "1",
        "now_named": IVOR.name,
        "now_number": "",
        **date_parts("since", TODAY),
    }
    again = refused(client, address, page, **form)
    assert "Enter the registration number of who directs now" in again
    assert IVOR.name in again
    answer = send(client, address, page, **form | {"now_number": "pyl 000777"})
    assert answer.status_code == 303
    shown = client.page(answer.location)
    words = "Dr Amara Lindqvist (PYL000456) no longer directs his treatment from 18 November 2026"
    assert words in shown
    assert words in as_(app, world.officer).page(orders)
    office = as_(app, world.office)
    notice = f"{address}/notice?number=1"
    page = office.page(notice)
    assert "Priya Nair" in page
    said = {"number": "1", "to": "Priya Nair", **date_parts("on", TODAY)}
    assert "Enter to whom" in refused(office, notice, page, **said | {"to": ""})
    assert send(office, notice, page, **said).status_code == 303
    assert "Written notice given to Priya Nair on 18 November 2026" in office.page(orders)
    assert office.get(f"{address}/notice?number=2").status_code == 404
    assert office.get(address).status_code == 403
    assert as_(app, world.officer).get(address).status_code == 403
    back = send(client, f"{address}/take-back", client.page(address), number="1")
    assert back.status_code == 303
    assert "This was taken back: that Dr Amara Lindqvist" in client.page(orders)
