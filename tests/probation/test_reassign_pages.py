"""Giving men to another officer in the browser: whose, which of them, to whom, and why."""

import re

from flask import Flask

from mhtr.accounts import listeners as account_listeners
from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.orders.test_reassign import asked, give, officer_of, two
from tests.probation.test_people import LIST, names
from tests.suitability.browsing import as_, hidden, refused, send

PLACE = "/my-people/reassign"


def form(page: str, to: Staff, **more: object) -> dict[str, object]:
    return {"shown": hidden(page, "shown"), "to": str(to.ref), "why": "Too many", **more}


def test_all_men_of_an_officer_are_given(app: Flask) -> None:
    man, abel, cleo = two()
    client = as_(app, man.world.senior)
    assert "First choose whose men" in client.page(PLACE)
    place = f"{PLACE}?whose={man.world.officer.ref}"
    page = client.page(place)
    assert "Who the 2 men are" in page and page.count("Abel Addo") == 2 and " checked" not in page
    answer = send(client, place, page, **form(page, cleo, which="all"))
    assert answer.status_code == 303
    assert "2 men are with the new officer now." in client.page(answer.location)
    assert officer_of(man) == officer_of(abel) == cleo.id
    shown = client.page(f"/cases/{man.world.case.ref}/standing")
    assert "Too many" in shown and "Priya Nair" in shown


def test_some_are_chosen(app: Flask) -> None:
    man, abel, cleo = two()
    client = as_(app, man.world.senior)
    place = f"{PLACE}?whose={man.world.officer.ref}"
    page = client.page(place)
    chosen = form(page, cleo, which="chosen", men=[str(abel.world.case.ref)])
    assert send(client, place, page, **chosen).status_code == 303
    assert (officer_of(abel), officer_of(man)) == (cleo.id, man.world.officer.id)


def test_what_stands_in_the_way_is_named_and_the_others_stay_selected(app: Flask) -> None:
    man, abel, cleo = two()
    client = as_(app, man.world.senior)
    place = f"{PLACE}?whose={man.world.officer.ref}"
    page = client.page(place)
    give(asked(abel), man.world.senior, man.world.senior)
    again = refused(client, place, page, **form(page, cleo, which="all"))
    assert "Nothing was changed: 1 man stands in the way" in again
    assert len(re.findall(r'name="men"[^>]* checked', again)) == 1
    assert officer_of(man) == man.world.officer.id
    kept = form(again, cleo, which="chosen", men=[str(man.world.case.ref)])
    assert send(client, place, again, **kept).status_code == 303
    assert officer_of(man) == cleo.id


def test_men_without_an_officer_shout_on_today_and_are_given(app: Flask) -> None:
    man, abel, cleo = two()
    officer_id, home, by = man.world.officer.id, cleo.organisation_id, man.world.senior.id
    with writing():
        db.session.get_one(Staff, officer_id).disabled_at = clock.now()
        account_listeners.tell_staff_left(officer_id, home, by)
    client = as_(app, man.world.senior)
    assert "2 men have no officer" in client.page(LIST)
    today = client.page("/today")
    assert "Men without an officer" in today and "A man of your unit has no officer" in today
    place = f"{PLACE}?whose=nobody"
    page = client.page(place)
    assert send(client, place, page, **form(page, cleo, which="all")).status_code == 303
    assert "have no officer" not in client.page(LIST)
    assert len(names(as_(app, cleo).page(LIST))) == 2
    assert officer_of(abel) == cleo.id


def test_an_officer_gives_nobody_away(app: Flask) -> None:
    man, _, cleo = two()
    for staff in (man.world.officer, cleo, man.therapist):
        assert as_(app, staff).get(PLACE).status_code == 403
