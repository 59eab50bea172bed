"""Recording an induction: its task, its page, who reads what, and when it is over."""

from datetime import date

import pytest
from flask import Flask

from mhtr.cases import consent_service
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState, FactKind
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.orders import induction_queries, induction_service, order_tasks
from mhtr.orders.induction import BY_HAND, Item, Outcome
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from outcome_measures.contact_rules import Planned
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.instruments.registry import find_instrument
from outcome_measures.models import MeasureMode
from outcome_measures.recording import contact_queries, contacts
from outcome_measures.recording import service as measures
from outcome_measures.time_points import TimePoint
from tests.makers import make_staff
from tests.orders.makers import Sentenced, sentenced
from tests.suitability.browsing import as_, refused, send
from tests.suitability.request_forms import date_parts

TODAY = date(2026, 11, 18)


def record(world: Sentenced, item: Item, outcome: Outcome = Outcome.CONFIRMED) -> None:
    case_id, by = world.case.id, world.assessor.id
    with writing():
        induction_service.record_step(
            case_id=case_id, item=item, outcome=outcome, on=TODAY, note="", by=by
        )


def agrees(world: Sentenced) -> None:
    case_id, by = world.case.id, world.assessor.id
    with writing():
        consent_service.record_consent(
            case_id=case_id,
            item=ConsentItem.TREATMENT,
            decision=ConsentDecision.GIVEN,
            how="telephone",
            at=clock.now(),
            by=by,
        )


def measured(world: Sentenced) -> None:
    case_id, by = world.case.id, world.assessor.id
    with writing():
        contact = contacts.record_contact(
            case_id=case_id,
            planned=Planned(TODAY, TimePoint.BETWEEN, None),
            mode=MeasureMode.TELEPHONE,
            instruments=["phq9", "gad7"],
            by=by,
        )
        for form in contact_queries.forms_of(contact.id):
            zero = Answer(AnswerState.ANSWERED, 0)
            items = find_instrument(form.instrument).scored_items
            answers = {item.number: zero for item in items}
            measures.submit(form, answers, version=form.version, by=by)


def waits(world: Sentenced) -> bool:
    return bool(tasks.open_tasks(world.case.id, TaskKind.INDUCTION))


def state(world: Sentenced) -> CaseState:
    return db.session.get_one(Case, world.case.id).state


def test_the_sentence_asks_for_an_induction_by_the_day_probation_sees_him(
    either_app: Flask,
) -> None:
    world = sentenced()
    (task,) = tasks.open_tasks(world.case.id, TaskKind.INDUCTION)
    assert task.owner_staff_id == world.assessor.id
    assert task.due_at.astimezone(clock.LONDON).date() == date(2026, 11, 23)
    record(world, Item.SPOKEN, Outcome.COULD_NOT)
    assert state(world) is CaseState.INDUCTION
    assert waits(world)


def test_it_is_done_when_everything_is_seen_to(either_app: Flask) -> None:
    world = sentenced()
    agrees(world)
    measured(world)
    for item in BY_HAND:
        assert waits(world)
        record(world, item)
    assert not waits(world)
    found = induction_queries.standing(db.session.get_one(Case, world.case.id))
    assert found is not None
    assert found.done


def test_what_the_record_shows_last_is_noticed_by_the_job(app: Flask) -> None:
    world = sentenced()
    for item in BY_HAND:
        record(world, item)
    agrees(world)
    measured(world)
    with writing():
        order_tasks.open_order_tasks(clock.now())
    assert not waits(world)


def test_consent_of_before_the_sentence_does_not_count(app: Flask, set_clock: SetClock) -> None:
    set_clock.advance(days=-3)
    world = sentenced(None)
    agrees(world)
    set_clock.advance(days=3)
    assert induction_queries.standing(world.case) is None


def test_treatment_that_begins_ends_it(app: Flask) -> None:
    world = sentenced()
    by = world.assessor.id
    with writing():
        cases.add_fact(cases.lock(world.case.id), FactKind.TREATMENT_STARTED, by=by)
    assert not waits(world)
    with pytest.raises(Refused, match="between the sentence"):
        record(world, Item.NEEDS)


def test_nothing_is_recorded_before_the_sentence(app: Flask) -> None:
    with pytest.raises(Refused, match="between the sentence"):
        record(sentenced(None), Item.NEEDS)


def test_the_page_from_to_do_to_done(app: Flask) -> None:
    world = sentenced()
    client = as_(app, world.assessor)
    address = f"/cases/{world.case.ref}/induction"
    page = client.page(address)
    assert "Probation sees him by" in page
    assert "23 November 2026" in page
    item = client.page(f"{address}/needs")
    assert "Select what came of it" in refused(client, f"{address}/needs", item)
    early = {"outcome": "confirmed", **date_parts("on", date(2026, 11, 15))}
    assert "before the sentence" in refused(client, f"{address}/needs", item, **early)
    form = {"outcome": "changed", "note": "Large print", **date_parts("on", TODAY)}
    answer = send(client, f"{address}/needs", item, **form)
    assert answer.status_code == 303
    shown = client.page(answer.location)
    assert "Done 18 November 2026, changed" in shown
    assert "Large print" in shown


def test_what_came_of_the_risk_is_for_clinicians(app: Flask) -> None:
    world = sentenced()
    case_id, by = world.case.id, world.assessor.id
    with writing():
        induction_service.record_step(
            case_id=case_id,
            item=Item.RISK,
            outcome=Outcome.CONFIRMED,
            on=TODAY,
            note="canaryrisk",
            by=by,
        )
    address = f"/cases/{world.case.ref}/induction"
    assert "canaryrisk" in as_(app, world.assessor).page(address)
    office = as_(app, world.office)
    assert "canaryrisk" not in office.page(address)
    assert office.get(f"{address}/risk").status_code == 403
    assert office.get(f"{address}/needs").status_code == 200


def test_before_the_sentence_the_page_says_so(app: Flask) -> None:
    world = sentenced(None)
    address = f"/cases/{world.case.ref}/induction"
    assert "No induction yet." in as_(app, world.office).page(address)
    assert as_(app, make_staff(Role.ADMINISTRATOR)).get(address).status_code == 404
    assert as_(app, world.officer).get(address).status_code == 403
