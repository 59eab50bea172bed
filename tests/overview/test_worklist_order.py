"""The full lists: sorted, filtered, and what their order and filters must not tell."""

import re
from datetime import date, timedelta

import pytest

from mhtr.cases import service as cases
from mhtr.cases.standing_words import NOT_YET_RELEASED
from mhtr.core.access import Purpose, Role
from mhtr.core.transaction import writing
from mhtr.overview.worklists import WORKLISTS
from mhtr.tasks.models import TaskKind
from tests.makers import make_staff
from tests.overview.listed import names, told_unsuitable
from tests.overview.things import (
    a_case,
    a_task,
    hearing,
)
from tests.pages import PageClient


def test_sorted_both_ways_and_nothing_else(client: PageClient) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    for given, days in (("Second", 2), ("First", 1), ("Third", 3)):
        a_task(TaskKind.REPORT_DUE, lead, a_case(lead, name=given), due_in=timedelta(days=days))
    client.sign_in(lead)
    page = client.page("/worklists/reports")
    assert names(page) == ["First", "Second", "Third"]
    assert 'aria-sort="ascending"' in page
    assert names(client.page("/worklists/reports?sort=-due")) == ["Third", "Second", "First"]
    odd = client.page("/worklists/reports?sort=family_name;DROP")
    assert names(odd) == ["First", "Second", "Third"]


def test_filters_narrow_by_owner_due_court_and_state(client: PageClient) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    team = lead.organisation.principal_id
    mine, ours = a_case(lead, name="Mine"), a_case(lead, name="Ours")
    a_task(TaskKind.REPORT_DUE, lead, mine, due_in=-timedelta(hours=2))
    a_task(TaskKind.REPORT_DUE, lead, ours, principal_id=team, due_in=timedelta(days=20))
    client.sign_in(lead)

    def asked(query: str) -> list[str]:
        return names(client.page(f"/worklists/reports?{query}"))

    assert asked("") == ["Mine", "Ours"]
    assert asked("owner=me") == ["Mine"]
    assert asked("owner=team") == ["Ours"]
    assert asked("due=overdue") == ["Mine"]
    assert asked("due=week") == ["Mine"]
    assert asked("court=B01KR") == []
    assert asked("state=screened") == []
    assert asked("state=referred") == ["Mine", "Ours"]
    assert "There is a problem" in client.page("/worklists/reports?owner=nobody")


@pytest.mark.parametrize("name", ["hearings", "tasks"])
def test_no_filter_tells_a_recommendation_before_release(client: PageClient, name: str) -> None:
    office = make_staff(Role.ADMINISTRATOR)
    case = a_case(office, Purpose.ADMINISTRATION, name="Told")
    hearing(case, date(2026, 11, 20))
    a_task(TaskKind.RESULT_AWAITED, office, case, due_in=-timedelta(hours=1))
    told_unsuitable(case)
    client.sign_in(office)
    page = client.page(f"/worklists/{name}")
    assert "unsuitable" not in page
    for state in NOT_YET_RELEASED:
        asked = client.page(f"/worklists/{name}?state={state.value}")
        assert names(asked) == []
    assert names(client.page(f"/worklists/{name}?state=assessing")) == ["Told"]


def test_a_clinician_filters_by_the_recommendation(client: PageClient) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    case = a_case(lead, name="Told")
    hearing(case, date(2026, 11, 20))
    told_unsuitable(case)
    client.sign_in(lead)
    assert names(client.page("/worklists/hearings?state=unsuitable")) == ["Told"]
    assert names(client.page("/worklists/hearings?state=assessing")) == []


def test_each_list_is_sorted_by_what_it_shows_either_way_round(client: PageClient) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    for given, days in (("Abel", 21), ("Cain", 19), ("Bram", 20)):
        case = a_case(lead, name=given)
        hearing(case, date(2026, 11, days))
        a_task(TaskKind.REPORT_DUE, lead, case, due_in=timedelta(days=1))
    a_task(TaskKind.REPORT_DUE, lead, a_case(lead, name="None"), due_in=timedelta(days=2))
    client.sign_in(lead)

    def asked(name: str, sort: str) -> list[str]:
        return names(client.page(f"/worklists/{name}?sort={sort}"))

    assert asked("reports", "name") == ["Abel", "Bram", "Cain", "None"]
    assert asked("reports", "-name") == ["None", "Cain", "Bram", "Abel"]
    assert asked("reports", "hearing") == ["Cain", "Bram", "Abel", "None"]
    assert asked("reports", "-hearing") == ["Abel", "Bram", "Cain", "None"], "no date comes last"
    assert asked("hearings", "name") == ["Abel", "Bram", "Cain"]
    assert asked("unallocated", "age") == ["Abel", "Cain", "Bram", "None"]
    assert asked("unallocated", "-name") == ["None", "Cain", "Bram", "Abel"]
    assert asked("risk", "court") == [], "a key the list does not have changes nothing"
    for name, listed in WORKLISTS.items():
        if not lead_may(listed.roles):
            continue
        for sort in listed.sorts:
            page = client.page(f"/worklists/{name}?sort={sort}")
            assert "aria-sort" in page or listed.empty in page, (name, sort)


def lead_may(roles: frozenset[Role]) -> bool:
    return Role.CLINICAL_LEAD in roles


def test_an_urgent_referral_waits_behind_nobody(client: PageClient) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    for given in ("Abel", "Bram"):
        a_case(lead, name=given)
    urgent = a_case(lead, name="Cain")
    with writing():
        cases.lock(urgent.id).urgent = True
    client.sign_in(lead)
    assert names(client.page("/worklists/unallocated")) == ["Cain", "Abel", "Bram"]
    assert client.page("/today").index("Cain") < client.page("/today").index("Abel")


def test_the_age_sorts_as_it_is_read(client: PageClient) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    a_case(lead)
    client.sign_in(lead)
    longest_first = client.page("/worklists/unallocated?sort=age")
    assert re.search(r'aria-sort="descending"><a[^>]*>Waiting', longest_first)


def test_no_name_is_told_by_the_order_of_what_is_nameless(client: PageClient) -> None:
    officer = make_staff(Role.PRIVACY_OFFICER)
    for given in ("Zeno", "Abel"):
        a_task(TaskKind.BREAK_GLASS_REVIEW, officer, a_case(name=given))
    client.sign_in(officer)
    refs = [
        re.findall(r'href="(/[^"]*)">Review', client.page(f"/worklists/tasks?sort={sort}"))
        for sort in ("name", "age")
    ]
    assert refs[0] == refs[1]
