"""The pages of the duty rota, of hours, closures and leave."""

from uuid import uuid4

import pytest

from mhtr.accounts.models import Organisation, Staff
from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.tasks import leave_service, rota_queries, rota_service
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient
from tests.tasks.rotas import FRIDAY, THURSDAY, WEDNESDAY, House
from tests.tasks.rotas import house as house

SEES = CLINICAL_ROLES | {Role.SERVICE_MANAGER, Role.ADMINISTRATOR}
KEEPS = {Role.CLINICAL_LEAD, Role.SERVICE_MANAGER}


@pytest.mark.parametrize("role", list(Role))
def test_who_reaches_the_rota(client: PageClient, role: Role) -> None:
    trust = make_organisation()
    client.sign_in(make_staff(role, organisation=trust))
    sees = role in SEES
    assert client.get("/rota").status_code == (200 if sees else 403)
    for page in ("/rota/fill", "/rota/hours", "/rota/closures", "/rota/days/2026-11-19"):
        assert client.get(page).status_code == (200 if role in KEEPS else 403)
    away = sees or role is Role.LINK_WORKER
    assert client.get("/rota/leave").status_code == (200 if away else 403)


def test_an_administrator_runs_leave_and_decides_about_no_duty(client: PageClient) -> None:
    house = House()
    trust = db.session.get_one(Organisation, house.id)
    clerk = make_staff(Role.ADMINISTRATOR, organisation=trust, name="Cleo Clerk")
    elsewhere = make_staff(Role.ADMINISTRATOR)
    house.on_duty(THURSDAY, house.one)
    clerk_id, elsewhere_id = clerk.id, elsewhere.id
    client.sign_in(clerk)
    page = client.page("/rota?month=2026-11")
    assert "Ann One" in page
    assert "Fill several days" not in page and "/rota/days/" not in page
    assert 'href="/rota/leave"' in page and 'href="/rota"' in client.page("/calendar")
    assert "Ann One" in client.page("/rota/leave")
    leave = house.leave(house.two, FRIDAY, FRIDAY, by=clerk_id)
    assert "Bob Two" in client.page("/rota/leave")
    with pytest.raises(Refused, match="enters the leave of others"):
        house.leave(house.one, FRIDAY, FRIDAY, by=elsewhere_id)
    with writing():
        leave_service.cancel_leave(leave, by=clerk_id)
    with pytest.raises(Refused, match="keeps this rota"), writing():
        rota_service.set_day(
            organisation_id=house.id,
            day=THURSDAY,
            staff_ids=[house.two],
            seen=[house.one],
            by=clerk_id,
        )
    assert client.post("/rota/days/2026-11-19", data={}).status_code == 403


def test_an_organisation_that_treats_nobody_has_no_rota(client: PageClient) -> None:
    from mhtr.accounts.models import OrganisationKind

    unit = make_organisation(OrganisationKind.PROBATION_UNIT)
    client.sign_in(make_staff(Role.SERVICE_MANAGER, organisation=unit))
    assert client.get("/rota").status_code == 404


def test_the_pages_do_what_they_say(client: PageClient) -> None:
    house = House()
    client.sign_in(db.session.get_one(Staff, house.lead))
    data = {"people": [str(house.one)], "seen": "", "submission_key": str(uuid4())}
    assert client.post("/rota/days/2026-11-19", data=data).status_code == 303
    assert "Ann One" in client.page("/rota?month=2026-11")
    data = {"people": [], "seen": str(house.one), "submission_key": str(uuid4())}
    asked = client.post("/rota/days/2026-11-19", data=data)
    assert asked.status_code == 422 and "Save it all the same" in asked.get_data(as_text=True)
    assert client.post("/rota/days/2026-11-19", data={**data, "accept": "yes"}).status_code == 303
    stale = {"people": [str(house.two)], "seen": str(house.one), "submission_key": str(uuid4())}
    answer = client.post("/rota/days/2026-11-19", data=stale)
    assert answer.status_code == 422 and "Somebody else changed" in answer.get_data(as_text=True)
    assert client.get("/rota/days/yesterday").status_code == 404


def test_hours_closures_and_leave_are_entered(client: PageClient) -> None:
    house = House()
    client.sign_in(db.session.get_one(Staff, house.lead))
    day = {"valid_from-day": "20", "valid_from-month": "11", "valid_from-year": "2026"}
    half = {**day, "opens_0": "9:00", "submission_key": str(uuid4())}
    answer = client.post("/rota/hours", data=half)
    assert answer.status_code == 422 and "Enter both times" in answer.get_data(as_text=True)
    whole = {**half, "closes_0": "17:00"}
    assert client.post("/rota/hours", data=whole).status_code == 303
    closure = {
        "day-day": "23",
        "day-month": "11",
        "day-year": "2026",
        "kind": "closed",
        "label": "Training day",
        "submission_key": str(uuid4()),
    }
    assert client.post("/rota/closures", data=closure).status_code == 303
    assert "Training day" in client.page("/rota/closures")
    assert client.post("/rota/closures/2026-11-23/remove").status_code == 303
    leave = {
        "person": str(house.one),
        **{f"first-{k}": v for k, v in (("day", "1"), ("month", "12"), ("year", "2026"))},
        **{f"last-{k}": v for k, v in (("day", "4"), ("month", "12"), ("year", "2026"))},
        "cover": str(house.two),
        "submission_key": str(uuid4()),
    }
    assert client.post("/rota/leave", data=leave).status_code == 303
    page = client.page("/rota/leave")
    assert "Ann One" in page and "Bob Two" in page
    ref = rota_queries.leaves(house.id, WEDNESDAY)[0].ref
    client.sign_in(db.session.get_one(Staff, house.two))
    assert client.post(f"/rota/leave/{ref}/cancel").status_code == 404


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "1999-12", "2101-01", "0000-00", "x"])
def test_a_month_at_the_end_of_the_calendar_shows_this_one(client: PageClient, month: str) -> None:
    client.sign_in(db.session.get_one(Staff, House().lead))
    assert "November 2026" in client.page(f"/rota?month={month}")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_no_page(client: PageClient, day: str) -> None:
    client.sign_in(db.session.get_one(Staff, House().lead))
    assert client.get(f"/rota/days/{day}").status_code == 404


def test_the_month_opens_at_today_with_what_was_before_folded(client: PageClient) -> None:
    """NOON is a Wednesday, the 18th: three weeks have days before it."""
    trust = make_organisation()
    client.sign_in(make_staff(Role.CLINICAL_LEAD, organisation=trust))
    first, _, folded = client.page("/rota").partition("Earlier days of this month")
    assert "18 Nov" in first and "30 Nov" in first
    assert ">9 Nov" not in first and "9 Nov" in folded
    assert first.count("app-narrow-gone") == 2
    past = client.page("/rota?month=2026-09")
    assert "Earlier days" not in past and "15 Sep" in past
