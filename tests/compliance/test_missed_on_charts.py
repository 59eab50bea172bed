"""Sessions he missed stand on the charts of his scores as gaps; what was not his doing never."""

import html
from datetime import timedelta

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import MISSED, Happened
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from outcome_measures.listeners import days_missed
from tests.makers import make_staff
from tests.outcome_measures.occasions import asked
from tests.pages import PageClient
from tests.sessions.seen import TODAY, Treated, booked, tell, treated

H = Happened
WEEK = timedelta(days=7)


def scored(man: Treated) -> None:
    """Two scores in the weeks before today's session."""
    asked(man.case, man.therapist, "phq9", TODAY - 2 * WEEK, 21, session=1)
    asked(man.case, man.therapist, "phq9", TODAY - WEEK, 18, session=2)


def measures(client: PageClient, man: Treated, staff: Staff) -> str:
    return client.sign_in(staff).page(f"/cases/{man.case.ref}/measures")


def chart_of(client: PageClient, page: str) -> str:
    address = page[page.index('srcset="') + len('srcset="') :].split('"')[0]
    return client.get(html.unescape(address)).get_data(as_text=True)


@pytest.mark.parametrize("happened", Happened)
def test_only_what_he_missed_is_marked(happened: Happened, app: Flask) -> None:
    man = treated()
    tell(man.place, man.therapist, happened, late=5 if happened is H.SEEN_LATE else None)
    assert days_missed(man.case.id) == (frozenset({TODAY}) if happened in MISSED else frozenset())


def test_what_counts_is_what_is_recorded_last(either_app: Flask) -> None:
    man = treated()
    tell(man.place, man.therapist, H.DID_NOT_COME)
    assert days_missed(man.case.id) == {TODAY}
    tell(man.place, man.therapist, H.WE_CANCELLED, seen=1, why="The clinic was shut")
    assert not days_missed(man.case.id)


def test_what_he_cancels_beforehand_is_marked_from_its_day_on(
    app: Flask, set_clock: SetClock
) -> None:
    man = treated()
    later = booked(man.case, man.therapist, clock.now() + timedelta(days=3))
    tell(later, man.therapist, H.HE_CANCELLED)
    assert not days_missed(man.case.id)
    set_clock.advance(days=3)
    assert days_missed(man.case.id) == {TODAY + timedelta(days=3)}


def test_a_missed_session_is_on_the_chart_in_its_words_and_in_the_table(
    client: PageClient,
) -> None:
    man = treated()
    scored(man)
    before = measures(client, man, man.therapist)
    assert "missed" not in before and "missed" not in chart_of(client, before)
    tell(man.place, man.therapist, H.DID_NOT_COME)
    page = measures(client, man, man.therapist)
    assert "Gaps: 1 session missed." in page
    assert "No score: session missed" in page
    assert page.index("No score: session missed") < page.index("<strong>18</strong>")
    drawn = chart_of(client, page)
    assert 'id="course-missed"' in drawn and "session missed: no score" in drawn
    case_page = client.page(f"/cases/{man.case.ref}")
    assert "Gaps: 1 session missed." in case_page


def test_a_missed_session_is_on_the_small_line_of_the_caseload(client: PageClient) -> None:
    man = treated()
    scored(man)
    client.sign_in(man.therapist)
    assert 'd="M90.5' not in client.page("/measures/caseload")
    tell(man.place, man.therapist, H.DID_NOT_COME)
    assert '<path d="M90.5 28h5l-2.5 -4z"' in client.page("/measures/caseload")


def test_the_chart_follows_what_is_put_right(client: PageClient) -> None:
    man = treated()
    scored(man)
    tell(man.place, man.therapist, H.DID_NOT_COME)
    measures(client, man, man.therapist)
    tell(man.place, man.therapist, H.NOT_SEEN_BY_US, seen=1, why="Nobody was at the desk")
    page = measures(client, man, man.therapist)
    assert "missed" not in page
    assert "missed" not in chart_of(client, page), "the drawing of before is not shown"


def test_a_day_with_a_score_is_not_marked_as_missed(client: PageClient) -> None:
    """He missed the morning and came in the afternoon: the score stands, and no gap."""
    man = treated()
    scored(man)
    asked(man.case, man.therapist, "phq9", TODAY, 12, session=3)
    tell(man.place, man.therapist, H.DID_NOT_COME)
    later = booked(man.case, man.therapist, clock.now() - timedelta(minutes=5))
    tell(later, man.therapist, H.SEEN)
    page = measures(client, man, man.therapist)
    assert "session missed" not in page and "missed" not in chart_of(client, page)


def test_who_sees_charts_is_unchanged(client: PageClient) -> None:
    man = treated()
    scored(man)
    tell(man.place, man.therapist, H.DID_NOT_COME)
    chart = f"/cases/{man.case.ref}/measures/phq9/chart.svg"
    elsewhere = make_staff(Role.ASSESSOR)
    for staff, status in ((man.world.officer, 403), (man.world.office, 403), (elsewhere, 404)):
        client.sign_in(staff)
        assert client.get(chart).status_code == status
        assert client.get(f"/cases/{man.case.ref}/measures").status_code == status
    for staff in (man.world.officer, man.world.office):
        client.sign_in(staff)
        assert "Gaps:" not in client.page(f"/cases/{man.case.ref}")
