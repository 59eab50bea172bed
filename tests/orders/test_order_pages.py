"""The pages of orders: what each role sees and sends, and what no other man's page gives away."""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask

from mhtr.accounts.models import OrganisationKind
from mhtr.core.access import Role
from mhtr.core.transaction import writing
from mhtr.orders import prefilled
from mhtr.orders.contact_service import name_contact
from mhtr.orders.queries import contact_of, on_record, orders_of
from mhtr.orders.terms import Change
from mhtr.suitability.court_result import Correction, Result
from tests.makers import make_organisation, make_staff
from tests.orders.makers import MADE, Sentenced, order_of, says, sentenced, suspended
from tests.orders.test_contacts import signs_in
from tests.pages import PageClient
from tests.suitability.browsing import as_, refused, send
from tests.suitability.journey import allocated, released, signed
from tests.suitability.request_forms import date_parts


def path(world: Sentenced, tail: str = "orders") -> str:
    return f"/cases/{world.case.ref}/{tail}"


def community_form(**more: Any) -> dict[str, Any]:
    return {
        "kind": "community",
        **date_parts("ends_on", date(2027, 11, 15)),
        **terms(),
        **more,
    }


def terms() -> dict[str, Any]:
    return {
        **date_parts("made_on", date(2026, 11, 16)),
        **date_parts("convicted_on", date(2026, 11, 16)),
        "court": "B01KR",
        **date_parts("starts_1", date(2026, 11, 16)),
        **date_parts("ends_1", date(2027, 5, 15)),
        "treatment_1": "practitioner",
        "named_1": "Dr Amara Lindqvist",
        "number_1": "pyl 000456",
        "sessions_expected": "12",
    }


def test_from_the_sentence_to_the_clock(app: Flask) -> None:
    world = sentenced()
    client = as_(app, world.office)
    empty = client.page(path(world))
    assert "No order is recorded yet." in empty
    assert "Nobody is named who supervises him" in empty
    page = client.page(path(world, "orders/new"))
    assert 'value="community" checked' in page
    answer = send(client, path(world, "orders/new"), page, **community_form())
    assert answer.status_code == 303
    shown = client.page(answer.location)
    assert "Community order of 16 November 2026" in shown
    assert "12 sessions can be held in time, with 14 weeks to spare" in shown
    assert "By Fri 26 Feb 2027 at the latest" in shown or "at the latest" in shown
    assert "Dr Amara Lindqvist (PYL000456)" in shown
    assert "The court made the order" in shown


def test_a_suspended_sentence_by_its_periods(app: Flask) -> None:
    world = sentenced(Result.SSO_MHTR)
    client = as_(app, world.assessor)
    page = client.page(path(world, "orders/new"))
    form = {
        "kind": "suspended",
        "term_months": "8",
        "operational_months": "18",
        "supervision_months": "12",
        **terms(),
    }
    answer = send(client, path(world, "orders/new"), page, **form)
    assert answer.status_code == 303
    shown = client.page(answer.location)
    assert "8 months" in shown
    assert "12 months, until 15 November 2027" in shown
    assert "18 months, until 15 May 2028" in shown


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"kind": ""}, "Select which order"),
        ({"kind": "suspended"}, "Enter the custodial term"),
        ({"named_1": ""}, "Enter whom the order names for this period"),
        ({"number_1": "12"}, "HCPC number like PYL12345"),
        ({"named_2": "Northside Clinic"}, "Enter the first day of the period"),
        ({"sessions_expected": "90"}, "must be between 1 and 60"),
        ({"court": ""}, "Select"),
        (date_parts("ends_on", date(2026, 11, 15)), "ends before it is made"),
    ],
)
def test_a_wrong_form_keeps_what_was_typed(app: Flask, more: dict[str, Any], words: str) -> None:
    world = sentenced()
    client = as_(app, world.office)
    page = client.page(path(world, "orders/new"))
    form = community_form(number_1="PYL000456") | more
    again = refused(client, path(world, "orders/new"), page, **form)
    assert words in again
    if "named_1" not in more:
        assert "Dr Amara Lindqvist" in again
    assert not orders_of(world.case.id)


def test_a_limit_is_explained_and_asks_why(app: Flask) -> None:
    world = sentenced()
    client = as_(app, world.lead)
    page = client.page(path(world, "orders/new"))
    assert "Why is it recorded all the same?" not in page
    form = community_form(**date_parts("ends_on", date(2029, 11, 17)))
    asked = refused(client, path(world, "orders/new"), page, **form)
    assert "Sentencing Act 2020 s.209(2)" in asked
    assert "Why is it recorded all the same?" in asked
    form["override"] = "The court confirmed the date in writing"
    answer = send(client, path(world, "orders/new"), asked, **form)
    assert answer.status_code == 303
    shown = client.page(answer.location)
    assert "This order exceeds a legal limit" in shown
    assert "The court confirmed the date in writing" in shown


def test_a_change_shows_before_and_after_in_the_history(app: Flask) -> None:
    world = sentenced()
    order = order_of(world)
    client = as_(app, world.office)
    address = path(world, f"orders/{order.ref}/change")
    page = client.page(address)
    assert "Dr Amara Lindqvist" in page
    form = community_form(
        change=Change.EXTENDED.value,
        **date_parts("effective_on", date(2026, 11, 18)),
    ) | date_parts("ends_on", date(2028, 5, 15))
    answer = send(client, address, page, **form)
    assert answer.status_code == 303
    shown = client.page(answer.location)
    assert "last day of the order 15 November 2027 became 15 May 2028" in shown
    stale = refused(client, address, client.page(address), version="1", **form)
    assert "Somebody changed the order meanwhile" in stale


def test_an_order_ends_and_the_end_is_taken_back(app: Flask) -> None:
    world = sentenced()
    order = order_of(world)
    client = as_(app, world.office)
    address = path(world, f"orders/{order.ref}/end")
    page = client.page(address)
    form = {"how": "revoked", **date_parts("on", date(2026, 11, 18))}
    answer = send(client, address, page, **form)
    assert "The court revoked the order on 18 November 2026" in client.page(answer.location)
    page = client.page(address)
    answer = send(client, f"{address}/take-back", page)
    assert "In force" in client.page(answer.location)


def test_requirements_and_reviews_come_and_go(app: Flask) -> None:
    world = sentenced()
    order = order_of(world)
    client = as_(app, world.office)
    address = path(world, f"orders/{order.ref}/requirements")
    page = client.page(address)
    late = {"kind": "unpaid_work", "amount": "100 hours"} | date_parts("until", date(2028, 1, 1))
    assert "Another requirement ends after" in refused(client, address, page, **late)
    assert not on_record(orders_of(world.case.id)[0]).others
    fits = late | date_parts("until", date(2027, 11, 15))
    assert send(client, address, page, **fits).status_code == 303
    page = client.page(address)
    assert "100 hours" in page
    assert "100 hours" in client.page(path(world))
    assert send(client, f"{address}/take-out", page, number="1").status_code == 303
    shown = client.page(path(world))
    assert "100 hours, until 15 November 2027: taken out" in shown
    assert 'data-label="How much">100 hours' not in shown
    address = path(world, f"orders/{order.ref}/reviews")
    page = client.page(address)
    form = {"court": "B01KR", **date_parts("on", date(2027, 2, 1))}
    assert send(client, address, page, **form).status_code == 303
    page = client.page(address)
    assert "1 February 2027" in page
    assert "recorded already" in refused(client, address, page, **form)
    assert send(client, f"{address}/take-out", page, number="1").status_code == 303
    assert send(client, f"{address}/take-out", client.page(address), number="1").status_code == 404


def test_the_contact_from_the_form(app: Flask) -> None:
    world = sentenced()
    client = as_(app, world.office)
    address = path(world, "probation-contact")
    page = client.page(address)
    assert "Enter the name of the officer" in refused(client, address, page)
    answer = send(client, address, page, seen="0", officer=str(world.officer.ref))
    assert answer.status_code == 303
    shown = client.page(answer.location)
    assert "Priya Nair" in shown
    assert "duty@camden.example" in shown
    both = {"officer": str(world.senior.ref), "name": "Bo Field"}
    assert "Take the name out" in refused(client, address, client.page(address), **both)


def test_an_officer_of_another_unit_than_the_one_selected_is_asked_about(app: Flask) -> None:
    world = sentenced()
    client, address = as_(app, world.office), path(world, "probation-contact")
    elsewhere = make_organisation(OrganisationKind.PROBATION_UNIT, "Another unit")
    unlike = {"officer": str(world.officer.ref), "unit": str(elsewhere.ref)}
    page = refused(client, address, client.page(address), **unlike)
    assert f"{world.officer.name} works at {world.officer.organisation.name}" in page
    assert contact_of(world.case.id) is None
    alike = unlike | {"unit": str(world.officer.organisation.ref)}
    assert send(client, address, client.page(address), seen="0", **alike).status_code == 303
    row = contact_of(world.case.id)
    assert row is not None
    assert row.staff_id == world.officer.id


def test_the_officer_sees_the_order_and_no_clinical_page(app: Flask) -> None:
    world = sentenced()
    order_of(world)
    case_id, by = world.case.id, world.office.id
    with writing():
        name_contact(case_id=case_id, said=signs_in(world.officer), seen=0, by=by)
    client = as_(app, world.officer)
    assert "Community order of 16 November 2026" in client.page(path(world))
    for tail in ("measures", "assessment"):
        assert client.get(path(world, tail)).status_code in (403, 404)
    colleague = make_staff(Role.PROBATION, organisation=world.officer.organisation)
    assert as_(app, colleague).get(path(world)).status_code == 404
    senior = as_(app, world.senior)
    assert "Community order of 16 November 2026" in senior.page(path(world)), "of his unit"
    for tail in ("measures", "assessment"):
        assert senior.get(path(world, tail)).status_code in (403, 404)


@pytest.mark.parametrize(
    "tail", ["orders", "orders/new", "probation-contact", "orders/{order}/change"]
)
def test_nobody_else_learns_that_there_is_an_order(app: Flask, tail: str) -> None:
    world = sentenced()
    address = path(world, tail.format(order=order_of(world).ref))
    stranger = as_(app, make_staff(Role.ADMINISTRATOR))
    assert stranger.get(address).status_code == 404
    assert as_(app, make_staff(Role.LINK_WORKER)).get(address).status_code == 403


def test_an_order_of_another_case_is_not_found_under_this_one(app: Flask) -> None:
    world = sentenced()
    order_of(world)
    other = as_(app, world.office).get(path(world, f"orders/{world.case.ref}/end"))
    assert other.status_code == 404


def test_before_the_sentence_the_pages_say_what_to_do(app: Flask) -> None:
    world = sentenced(None)
    client = as_(app, world.office)
    for tail in ("orders", "orders/new", "probation-contact"):
        assert "Record the court’s result first" in client.page(path(world, tail))
    assert contact_of(world.case.id) is None


def test_another_kind_than_the_result_is_said(client: PageClient) -> None:
    world = sentenced()
    order_of(world, suspended())
    client.sign_in(world.office)
    assert "The court’s result on record is a community order" in client.page(path(world))


def test_a_requirement_beyond_the_order_is_recorded_with_a_reason_by_who_may(app: Flask) -> None:
    world = sentenced()
    order = order_of(world)
    client = as_(app, world.lead)
    address = path(world, f"orders/{order.ref}/requirements")
    page = client.page(address)
    late = {"kind": "unpaid_work", "amount": "100 hours"} | date_parts("until", date(2028, 1, 1))
    asked = refused(client, address, page, **late)
    assert "Why is it recorded all the same?" in asked
    late["override"] = "The court confirmed it"
    assert "Only a clinical lead" in refused(as_(app, world.office), address, page, **late)
    assert send(client, address, asked, **late).status_code == 303
    assert "exceeds a legal limit: The court confirmed it" in client.page(path(world))


def test_a_double_is_asked_about(app: Flask) -> None:
    world = sentenced()
    order_of(world)
    client = as_(app, world.office)
    address = path(world, "orders/new")
    asked = refused(client, address, client.page(address), **community_form())
    assert "recorded already" in asked
    form = community_form(another="yes")
    assert send(client, address, asked, **form).status_code == 303
    assert len(orders_of(world.case.id)) == 2


def test_every_link_of_the_officers_case_page_is_his_to_open(app: Flask) -> None:
    world = sentenced()
    order_of(world)
    case_id, by = world.case.id, world.office.id
    with writing():
        name_contact(case_id=case_id, said=signs_in(world.officer), seen=0, by=by)
    client = as_(app, world.officer)
    page = client.page(f"/cases/{world.case.ref}")
    assert "12 sessions can be held in time" in page
    assert "assessment" not in page.lower()
    assert "pre-sentence" not in page.lower()
    links = set(re.findall(rf'href="(/cases/{world.case.ref}[^"]*)"', page))
    assert f"/cases/{world.case.ref}/orders" in links
    for link in links:
        assert client.get(link).status_code == 200, link


def test_a_result_of_another_day_than_the_order_is_said(app: Flask) -> None:
    world = sentenced()
    order_of(world)
    says(
        world.case.id,
        world.assessor.id,
        result=Result.CO_MHTR,
        sentenced_on=date(2026, 11, 17),
        correction=Correction.WRONG_DATE,
    )
    page = as_(app, world.office).page(path(world))
    assert "result on record is of 17 November 2026" in page


def test_the_name_in_the_report_is_suggested_and_must_be_compared(app: Flask) -> None:
    people = allocated()
    released(signed(people), people)
    case_id, by = people.case.id, people.assessor.id
    says(case_id, by, result=Result.CO_MHTR, sentenced_on=MADE, proposed=True)
    client = as_(app, people.assessor)
    address = f"/cases/{people.case.ref}/orders/new"
    page = client.page(address)
    whom = prefilled.suggested(people.case)
    assert whom is not None
    assert f"suggested from the released report: {whom.words}" in page
    form = community_form(named_1=whom.name, number_1=whom.registration)
    assert "Compare the name with the order" in refused(client, address, page, **form)
    assert not orders_of(case_id)
    another = community_form()
    assert send(client, address, page, **another).status_code == 303
    form["another"] = form["compared"] = "yes"
    assert send(client, address, client.page(address), **form).status_code == 303
    assert len(orders_of(case_id)) == 2
