"""The pages of cover: what an officer and a senior record, what the list then says."""

from datetime import date, timedelta

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.access import Role
from tests.makers import make_staff
from tests.orders.makers import order_of
from tests.orders.test_cover import colleague, plan
from tests.pages import PageClient
from tests.probation.test_people import LIST, names
from tests.sessions.seen import Treated, tell, treated
from tests.suitability.browsing import refused, send

COVER = "/my-people/cover"


def days(name: str, day: date) -> dict[str, str]:
    return {
        f"{name}-day": str(day.day),
        f"{name}-month": str(day.month),
        f"{name}-year": str(day.year),
    }


def form(cover: Staff, starts: int = 0, ends: int = 5, **more: str) -> dict[str, str]:
    today = clock.today()
    return {
        "cover": str(cover.ref),
        **days("first", today + timedelta(days=starts)),
        **days("last", today + timedelta(days=ends)),
        **more,
    }


def missed() -> tuple[Treated, Staff]:
    man = treated()
    order_of(man.world)
    tell(man.place, man.therapist, Happened.DID_NOT_COME)
    return man, colleague(man)


def record(client: PageClient, path: str, **data: str) -> None:
    answer = send(client, path, client.page(path), **data)
    assert answer.status_code == 303, answer.status_code


def test_an_officer_records_his_own_cover_and_takes_it_back(client: PageClient) -> None:
    man, cover = missed()
    client.sign_in(man.world.officer)
    assert "Who is away?" not in client.page(COVER)
    record(client, COVER, **form(cover))
    assert "Cleo Ash" in client.page(COVER)
    assert "Cleo Ash covers for you" in client.page(LIST)
    page = client.sign_in(cover).page(LIST)
    assert len(names(page)) == 1 and "For Priya Nair" in page and "You cover for Priya Nair" in page
    assert "Take back" not in client.page(COVER)


def test_a_senior_records_it_for_anybody_of_his_unit(client: PageClient) -> None:
    man, cover = missed()
    client.sign_in(man.world.senior)
    record(client, COVER, **form(cover, officer=str(man.world.officer.ref)))
    assert len(names(client.sign_in(cover).page(LIST))) == 1
    elsewhere = make_staff(Role.SENIOR_PROBATION)
    page = client.sign_in(elsewhere).page(COVER)
    assert "Cleo Ash" not in page and "Priya Nair" not in page


def test_what_does_not_fit_stands_beside_its_field(client: PageClient) -> None:
    man, cover = missed()
    client.sign_in(man.world.officer)
    page = refused(client, COVER, client.page(COVER), **form(cover, starts=-1))
    assert "Cover begins today or later" in page


def test_the_page_of_a_decision_names_both(client: PageClient) -> None:
    man, cover = missed()
    plan(man, cover)
    place = f"/cases/{man.world.case.ref}/absences/{man.place.ref}"
    page = client.sign_in(cover).page(place)
    assert "You decide for Priya Nair" in page
    record(client, place, opinion="excused", record="1")
    assert "Cleo Ash, for Priya Nair" in client.page(place)
    assert "You decide for" not in client.sign_in(man.world.officer).page(place)


def test_nobody_takes_back_what_is_not_his(client: PageClient) -> None:
    man, cover = missed()
    ref = plan(man, cover).ref
    for staff in (cover, make_staff(Role.SENIOR_PROBATION)):
        client.sign_in(staff)
        answer = send(client, f"{COVER}/{ref}/take-back", client.page(COVER))
        assert answer.status_code == 404
    client.sign_in(man.world.officer)
    assert send(client, f"{COVER}/{ref}/take-back", client.page(COVER)).status_code == 303
    assert "Taken back on" in client.page(COVER)
    assert names(client.sign_in(cover).page(LIST)) == []


def test_one_man_is_covered_from_his_page(client: PageClient) -> None:
    man, cover = missed()
    client.sign_in(man.world.senior)
    place = f"/cases/{man.world.case.ref}"
    assert "Cover for this man" in client.page(f"{place}/standing")
    record(client, f"{place}/cover", **form(cover))
    assert "Cleo Ash covers this man" in client.page(f"{place}/standing")
    page = client.sign_in(cover).page(f"{place}/cover")
    assert "Cover is recorded by the officer himself or a senior" in page
    assert "Who covers?" not in page
    assert len(names(client.page(LIST))) == 1
