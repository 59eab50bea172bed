"""The caseload: whose people, in which order, with what beside each."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures.caseload import queries as caseload
from outcome_measures.caseload import scores as caseload_scores
from outcome_measures.models import MeasureOccasion, OccasionState
from outcome_measures.reading.lines import lines_of
from outcome_measures.reading.queries import points_of
from outcome_measures.time_points import TimePoint
from tests.makers import make_staff
from tests.outcome_measures.occasions import asked, corrected, held
from tests.overview.things import a_case, assign, give
from tests.pages import PageClient

FIRST = date(2026, 9, 7)


def a_man(staff: Staff, name: str, *phq: int, gad: tuple[int, ...] = (), mine: bool = True) -> Case:
    made = a_case(staff, name=name)
    if mine:
        assign(made, staff)
    for instrument, totals in (("phq9", phq), ("gad7", gad)):
        for number, total in enumerate(totals, start=1):
            day = FIRST + timedelta(days=7 * (number - 1))
            asked(made, staff, instrument, day, total, session=number)
    return made


def into(case: Case, state: CaseState) -> None:
    case_id = case.id
    with writing():
        cases.lock(case_id).state = state


def names(page: str) -> list[str]:
    return re.findall(r'<th role="rowheader" scope="row"><a [^>]*>(\w+) Okafor</a>', page)


def test_each_man_has_his_last_scores_their_change_and_their_course(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = a_man(staff, "Anton", 21, 15, 12, gad=(15, 14))
    page = client.sign_in(staff).page("/measures/caseload")
    assert "Down 9 points: reliable improvement, above the cut-off" in page
    assert "Down 1 point: no reliable change, above the cut-off" in page
    assert page.count('class="app-spark__line"') == 2
    assert "Mon 21 Sep 2026" in page
    assert f"/cases/{case.ref}/measures" in page


def test_the_text_of_a_man_holds_the_scores_that_are_compared_on_either_engine(
    either_app: Flask,
) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = a_man(staff, "Anton", 21, 12, gad=(15, 14))
    asked(case, staff, "phq9", date(2026, 6, 1), 22, point=TimePoint.PRE_SENTENCE)
    asked(case, staff, "phq9", date(2026, 10, 5), None, session=5)
    asked(case, staff, "gad7", date(2026, 10, 5), 9, session=5, typed=True)
    asked(case, staff, "gad7", date(2026, 10, 6), 9, session=6, state=OccasionState.OPEN)
    asked(case, staff, "wsas", date(2026, 10, 5), 30, session=5, typed=True)
    text = caseload_scores.texts_of([case.id], caseload_scores.COLUMNS)[case.id]
    wanted = [point for point in points_of([case.id])[case.id] if point.instrument != "wsas"]
    found = {point.order: point for point in caseload_scores.points_in(text)}
    assert len(found) == len(wanted) == 7
    for point in wanted:
        assert replace(found[point.order], occasion_ref=point.occasion_ref) == point


def test_a_score_put_right_is_another_finding(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = a_man(staff, "Anton", 21, 14)
    last = lines_of(case.id)[-1]
    client.sign_in(staff)
    assert "Down 7 points" in client.page("/measures/caseload")
    corrected(db.session.get_one(MeasureOccasion, last.point.order), staff, 1, before=3, now=0)
    assert "Down 10 points" in client.page("/measures/caseload")


def test_his_own_people_stand_there_first_and_everybody_when_asked(client: PageClient) -> None:
    staff, other = make_staff(Role.ASSESSOR), make_staff(Role.ASSESSOR)
    a_man(staff, "Anton", 20)
    a_man(staff, "Bela", 20, mine=False)
    met = a_man(other, "Cyril", 20)
    give(met.id, Purpose.CLINICAL, staff)
    held(met, staff, FIRST, 1)
    a_man(other, "Zebedee", 20)
    client.sign_in(staff)
    assert names(client.page("/measures/caseload")) == ["Anton", "Cyril"]
    assert names(client.page("/measures/caseload?whose=all")) == ["Anton", "Bela", "Cyril"]
    lead = make_staff(Role.CLINICAL_LEAD)
    for case in (met,):
        give(case.id, Purpose.CLINICAL, lead)
    assert names(client.sign_in(lead).page("/measures/caseload")) == ["Cyril"]
    assert names(client.page("/measures/caseload?whose=me")) == []


def test_who_was_never_measured_or_is_closed_is_not_there(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    a_man(staff, "Anton")
    into(a_man(staff, "Bela", 20), CaseState.CLOSED)
    into(a_man(staff, "Cyril", 20), CaseState.ENDED)
    into(a_man(staff, "Denis", 20), CaseState.IN_TREATMENT)
    client.sign_in(staff)
    assert names(client.page("/measures/caseload")) == ["Denis"]
    assert names(client.page("/measures/caseload?state=treatment")) == ["Denis"]
    assert names(client.page("/measures/caseload?state=over")) == ["Cyril"]
    assert "Nobody here matches." in client.page("/measures/caseload?state=before")


def test_sorted_by_score_by_change_and_by_day(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    a_man(staff, "Anton", 21, 12, 11)
    a_man(staff, "Bela", 8, 16)
    a_man(staff, "Cyril", gad=(9,))
    client.sign_in(staff)
    page = "/measures/caseload?sort="
    assert names(client.page(f"{page}phq9")) == ["Anton", "Bela", "Cyril"]
    assert names(client.page(f"{page}-phq9")) == ["Bela", "Anton", "Cyril"]
    assert names(client.page(f"{page}-phq9_change")) == ["Bela", "Anton", "Cyril"]
    assert names(client.page(f"{page}gad7")) == ["Cyril", "Anton", "Bela"]
    assert names(client.page(f"{page}-measured")) == ["Anton", "Bela", "Cyril"]
    assert names(client.page(f"{page}-name")) == ["Cyril", "Bela", "Anton"]
    assert names(client.page(f"{page}nonsense")) == ["Anton", "Bela", "Cyril"]


def test_only_those_not_measured_lately(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    a_man(staff, "Anton", 20)
    recent = a_man(staff, "Bela")
    asked(recent, staff, "phq9", date(2026, 11, 16), 10)
    client.sign_in(staff)
    assert names(client.page("/measures/caseload?last=14")) == ["Anton"]
    assert client.get("/measures/caseload?last=nonsense").status_code == 200


def test_in_pages_and_not_sorted_by_score_beyond_what_can_be_read(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = make_staff(Role.ASSESSOR)
    for name in ("Anton", "Bela", "Cyril"):
        a_man(staff, name, 20)
    monkeypatch.setattr(caseload, "MOST_BY_SCORE", 2)
    page = client.sign_in(staff).page("/measures/caseload?sort=-phq9")
    assert "Not sorted by score" in page
    assert names(page) == ["Anton", "Bela", "Cyril"]
    monkeypatch.setattr("outcome_measures.caseload.routes.SIZE", 2)
    page = client.page("/measures/caseload")
    assert names(page) == ["Anton", "Bela"]
    assert "Next page" in page
    assert names(client.page("/measures/caseload?page=2")) == ["Cyril"]


def test_an_empty_caseload_is_said_kindly(client: PageClient) -> None:
    page = client.sign_in(make_staff(Role.ASSESSOR)).page("/measures/caseload")
    assert "None of your people was measured yet." in page


@pytest.mark.parametrize("role", sorted(set(Role) - CLINICAL_ROLES))
def test_no_other_role_has_a_caseload(client: PageClient, role: Role) -> None:
    someone = make_staff(role)
    a_man(someone, "Anton", 20)
    assert client.sign_in(someone).get("/measures/caseload").status_code == 403


def test_a_case_that_is_his_for_another_purpose_is_not_there(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR, Role.ADMINISTRATOR)
    made = a_case(staff, Purpose.ADMINISTRATION, name="Anton")
    assign(made, staff)
    asked(made, staff, "phq9", FIRST, 20)
    assert names(client.sign_in(staff).page("/measures/caseload?whose=all")) == []
