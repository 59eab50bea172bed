"""Compliance reports of one man and of a caseload: what they say, and who opens them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from sessions.booking.models import BookingState
from sessions.therapies import Side
from tests.compliance.test_decisions import AGAINST, decide, under_order
from tests.makers import make_staff
from tests.orders.makers import community, order_of
from tests.probation.reports.makers import said, taken
from tests.probation.test_keyed import close
from tests.sessions.seen import Treated, booked, tell, treated
from tests.suitability.browsing import as_

MANY = "/my-people/compliance-report"


def one(man: Treated) -> str:
    return f"/cases/{man.case.ref}/compliance-report"


def test_one_man_with_the_sessions_behind_the_figures(app: Flask) -> None:
    man = under_order()
    decide(man, AGAINST)
    client = as_(app, man.world.officer)
    page = client.page(one(man))
    for words in ("Compliance report", "Sessions required", "Not accepted", "Did not come"):
        assert words in page
    (found,) = said(client, one(man))["men"]
    assert found["sessions"] == [
        {"Offered": "1", "Attended": "0", "Missed": "1", "Not his doing": "0"}
    ]
    assert found["decisions"] == [{"Accepted": "0", "Not accepted": "1", "Not decided": "0"}]
    assert [row["Decision"] for row in found["each_session"]] == ["Not accepted"]


def test_what_is_put_right_is_right_in_the_next_report(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    assert '"Missed": "1"' in taken(client, one(man)).text
    tell(man.place, man.therapist, Happened.NOT_SEEN_BY_US, seen=1, why="The line was down")
    found = taken(client, one(man)).text
    assert '"Missed": "0"' in found and '"Not his doing": "1"' in found
    assert "The line was down" not in found


def test_a_caseload_with_all_of_them_together(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    page = client.page(MANY)
    assert "1 man. Offered: <strong>1</strong>" in page
    for ending, kind in (("pdf", "application/pdf"), ("csv", "text/csv"), ("json", "json")):
        answer = taken(client, MANY, ending)
        assert answer.status_code == 200 and kind in answer.headers["Content-Type"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert f"{ending}" in answer.headers["Content-Disposition"]
    other = make_staff(Role.PROBATION, organisation=man.world.officer.organisation)
    assert "Nobody is in this report" in as_(app, other).page(MANY)
    assert "There is nothing to release" in as_(app, other).page(f"{MANY}/release")


def test_a_senior_reports_on_one_officer(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.senior)
    ref = man.world.officer.ref
    assert len(said(client, MANY, f"?whose={ref}")["men"]) == 1
    assert "Nobody is in this report" in client.page(f"{MANY}/release?whose=nobody")
    assert f"release?whose={ref}" in client.page(f"{MANY}?whose={ref}")


def test_voluntary_sessions_are_in_no_figure(app: Flask, set_clock: SetClock) -> None:
    man = under_order()
    extra = booked(man.case, man.therapist, set_clock.moment - timedelta(hours=1), required=False)
    tell(extra, man.therapist, Happened.DID_NOT_COME)
    assert '"Offered": "1"' in taken(as_(app, man.world.officer), one(man)).text


def test_nothing_clinical_is_in_any_of_it(app: Flask) -> None:
    man = under_order()
    tell(
        man.place, man.therapist, Happened.DID_NOT_COME, seen=1, why="Zq put right",
        concern="Zq low in mood",
    )  # fmt: skip
    client = as_(app, man.world.officer)
    for where in (one(man), MANY):
        for path in (where, f"{where}/release"):
            assert "Zq" not in client.page(path)
        for ending in ("json", "csv"):
            assert b"Zq" not in taken(client, where, ending).data


@pytest.mark.parametrize("ending", ["", "/release"])
def test_nobody_else_opens_it(app: Flask, ending: str) -> None:
    man = under_order()
    other = make_staff(Role.PROBATION, organisation=man.world.officer.organisation)
    assert as_(app, other).get(one(man) + ending).status_code == 404
    court = make_staff(Role.COURT_PROBATION, organisation=man.world.officer.organisation)
    for staff in (man.therapist, man.world.lead, man.world.office, court):
        client = as_(app, staff)
        assert [client.get(path + ending).status_code for path in (one(man), MANY)] == [403] * 2


@pytest.mark.parametrize(
    ("side", "offered", "happened"),
    [
        (Side.SERVICE, "2", ["Did not come", "We cancelled or could not hold it"]),
        (Side.PROBATION, "2", ["Did not come", "Probation or a court needed him elsewhere"]),
        (Side.HIM, "1", ["Did not come"]),
    ],
)
def test_what_was_called_off_and_not_by_him_is_counted(
    either_app: Flask, set_clock: SetClock, side: Side, offered: str, happened: list[str]
) -> None:
    man = under_order()
    tomorrow, outside, again = (
        booked(man.case, man.therapist, clock.now() + timedelta(days=days)) for days in (1, 1000, 2)
    )
    for place in (tomorrow, outside):
        close(place, BookingState.CANCELLED, side)
    set_clock.advance(days=2, hours=2)
    client = as_(either_app, man.world.officer)
    (found,) = said(client, one(man))["men"]
    assert (found["sessions"][0]["Offered"], found["sessions"][0]["Missed"]) == (offered, "1")
    assert [row["What happened"] for row in found["each_session"]] == happened
    tell(again, man.therapist, Happened.WE_CANCELLED)
    close(again, BookingState.CANCELLED, side)
    set_clock.advance(days=1000)
    client = as_(either_app, man.world.officer)
    (found,) = said(client, one(man))["men"]
    assert len(found["each_session"]) == int(offered) + 1


def test_more_sessions_held_than_the_order_asks_for_ask_for_no_more(
    app: Flask, set_clock: SetClock
) -> None:
    man = treated()
    order_of(man.world, replace(community(), sessions_expected=1))
    tell(man.place, man.therapist, Happened.SEEN)
    set_clock.advance(days=1)
    more = booked(man.case, man.therapist, clock.now() - timedelta(hours=2))
    tell(more, man.therapist, Happened.SEEN)
    (found,) = said(as_(app, man.world.officer), one(man))["men"]
    assert found["order"][0]["Sessions required"] == "1"
    assert found["sessions"][0]["Attended"] == "2"


@pytest.mark.parametrize("odd", ["ending=pdf", "_external=1", "_anchor=x", "page=3"])
def test_what_the_form_does_not_ask_is_not_passed_on(app: Flask, odd: str) -> None:
    man = under_order()
    page = as_(app, man.world.officer).page(f"{MANY}?show=missed&{odd}")
    assert f'href="{MANY}/release?show=missed"' in page
