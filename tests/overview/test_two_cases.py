"""A man with two open cases: each page says so, and the time before is his on either of them."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Exclusion, Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.another_case import ANOTHER, ASKED, SAME_HEARING
from mhtr.tasks.models import Notice, Task
from tests.intake.house import House, accept
from tests.intake.test_record_learns import again
from tests.intake.test_record_learns import first as first_referral
from tests.makers import make_case, make_organisation, make_staff, make_team
from tests.overview.things import a_risk, an_answer, assign, give
from tests.pages import PageClient
from tests.suitability.requesting import ask
from tests.suitability.test_hearing_moved import WRITTEN

LINK = "He has another open case:"
FACT = "He has another open case in this trust, which is not open to you."
PAGES = ("", "/triage", "/assessment")


def two(house: House) -> tuple[Case, Case]:
    """Two cases of one man with the trust, one with each of two courts' days."""
    first = house.refer()
    second = house.refer(given_name="Also", hearing_on="2026-12-09")
    with writing():
        person_id = db.session.get_one(Case, first.id).person_id
        db.session.get_one(Case, second.id).person_id = person_id
    return first, second


def shut_out(house: House, case: Case) -> None:
    """The lead of the house is kept out of this case alone."""
    case_id, principal_id = case.id, house.lead.principal_id
    with writing():
        db.session.add(
            Exclusion(
                case_id=case_id,
                principal_id=principal_id,
                because="Her brother",
                starts_at=clock.now(),
            )
        )


def told(house: House) -> list[str]:
    wanted = Notice.principal_id == house.trust.principal_id
    return list(db.session.scalars(select(Notice.text).where(wanted)))


def review(owner: Staff, case: Case, value: int, on: date) -> Task:
    return a_risk(owner, case, an_answer(case, owner, value, on=on, context=f"{value}"))


def test_his_other_open_case_is_said_with_a_link(app: object, client: PageClient) -> None:
    house = House()
    first, second = two(house)
    accept(house, first, house.assessor)
    for one in (house.lead, house.assessor, house.administrator):
        client.sign_in(one)
        page = client.page(f"/cases/{second.ref}")
        assert LINK in page, one.name
        assert f'/cases/{first.ref}"' in page
        assert "2 December 2026</a>, with Ada Assessor." in page
    client.sign_in(house.assessor)
    for path in PAGES:
        assert LINK in client.page(f"/cases/{second.ref}{path}"), path
        assert "with nobody yet" in client.page(f"/cases/{first.ref}{path}"), path


def test_an_open_review_on_the_other_case_is_said_to_clinicians(
    app: object, client: PageClient
) -> None:
    house = House()
    first, second = two(house)
    review(house.assessor, first, 3, date(2026, 11, 17))
    page = client.sign_in(house.lead).page(f"/cases/{second.ref}/assessment")
    assert "1 risk review open there, with Ada Assessor." in page
    page = client.sign_in(house.administrator).page(f"/cases/{second.ref}")
    assert LINK in page and "risk review" not in page


def test_where_he_may_not_open_it_only_the_fact_is_said(app: object, client: PageClient) -> None:
    house = House()
    first, second = two(house)
    assign(first, house.assessor)
    review(house.assessor, first, 3, date(2026, 11, 17))
    shut_out(house, first)
    page = client.sign_in(house.lead).page(f"/cases/{second.ref}")
    assert FACT in page and "1 risk review open there." in page
    assert str(first.ref) not in page and "Ada Assessor" not in page.split("app-record__facts")[0]
    assert LINK not in page


@pytest.mark.parametrize("purpose", [Purpose.PRE_SENTENCE, Purpose.PROBATION_REFERRAL])
def test_probation_reads_nothing_of_it(app: object, client: PageClient, purpose: Purpose) -> None:
    house = House()
    first, second = two(house)
    officer = make_staff(Role.COURT_PROBATION)
    for case in (first, second):
        give(case.id, purpose, officer)
    page = client.sign_in(officer).page(f"/cases/{second.ref}")
    assert "another open case" not in page


def test_a_referrer_reads_nothing_of_it(app: object, client: PageClient) -> None:
    """Nor one of the trust itself, nor one to whom the other case is open as its clinician."""
    house = House()
    first, second = two(house)
    of_the_trust = make_staff(Role.LD_PRACTITIONER, organisation=house.trust)
    his_clinician = make_staff(Role.LD_PRACTITIONER, Role.ASSESSOR)
    give(first.id, Purpose.CLINICAL, his_clinician)
    give(second.id, Purpose.REFERRAL, of_the_trust, his_clinician)
    for referrer in (house.practitioner, of_the_trust, his_clinician):
        assert "another open case" not in client.sign_in(referrer).page(f"/cases/{second.ref}")


def test_a_case_of_another_trust_is_not_said(app: object, client: PageClient) -> None:
    house, elsewhere = House(), make_staff(Role.ASSESSOR)
    case = house.refer()
    other = make_case(case.person)
    give(other.id, Purpose.CLINICAL, elsewhere)
    assert "another open case" not in client.sign_in(house.lead).page(f"/cases/{case.ref}")


def test_the_time_before_is_his_on_either_case(app: object, client: PageClient) -> None:
    house = House()
    first, second = two(house)
    review(house.assessor, first, 3, date(2026, 11, 17))
    task = review(house.assessor, second, 1, date(2026, 11, 18))
    client.sign_in(house.assessor)
    page = client.page(f"/tasks/{task.ref}")
    assert "Nearly every day (17 November 2026, on his other case: " in page
    assert "2 December 2026)" in page
    today = client.page("/today")
    assert "Before (17 November 2026, on his other case: " in today


def test_an_answer_on_a_case_he_may_not_open_is_no_time_before(
    app: object, client: PageClient
) -> None:
    house = House()
    first, second = two(house)
    review(house.assessor, first, 3, date(2026, 11, 17))
    task = review(house.lead, second, 1, date(2026, 11, 18))
    shut_out(house, first)
    page = client.sign_in(house.lead).page(f"/tasks/{task.ref}")
    assert "Not asked before" in page and "17 November 2026" not in page


@pytest.mark.parametrize(
    ("hearing", "words"), [("2026-12-02", SAME_HEARING), ("2026-12-09", ANOTHER)]
)
def test_whoever_triages_is_told_of_a_second_case(app: object, hearing: str, words: str) -> None:
    house = House()
    known = first_referral(house)
    accept(house, known, house.assessor)
    second = again(house, court="B01EF", hearing_on=hearing)
    assert second.person_id == known.person_id
    assert words in told(house)
    mine = Notice.principal_id == house.assessor.principal_id
    assert words in list(db.session.scalars(select(Notice.text).where(mine)))


def test_whoever_triages_is_told_that_a_report_is_asked_for_on_one_of_two(app: object) -> None:
    house = House()
    _, second = two(house)
    assert ASKED not in told(house)
    author = make_staff(Role.COURT_PROBATION, team=make_team(make_organisation()))
    ask(second.id, author.id, replace(WRITTEN, hearing_on=date(2026, 12, 9)))
    assert ASKED in told(house)
