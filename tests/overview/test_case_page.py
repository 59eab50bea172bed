"""The case page: a different page per purpose, with canaries of what must stay inside."""

from datetime import date, timedelta

import pytest

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Purpose, Role
from mhtr.core.transaction import writing
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks.models import TaskKind
from tests.makers import make_staff
from tests.overview.things import a_case, a_risk, a_task, an_answer, assign, give, hearing
from tests.pages import PageClient


def told(assessor: Staff) -> Case:
    """A case with a finished assessment that found him unsuitable, and much inside."""
    case = a_case(assessor)
    hearing(case, date(2026, 12, 1))
    assign(case, assessor)
    case_id, person_id = case.id, case.person_id
    with writing():
        locked = cases.lock(case_id)
        locked.report_due_on = date(2026, 11, 25)
        for kind, detail in (
            (FactKind.ACCEPTED, {}),
            (FactKind.ALLOCATED, {}),
            (FactKind.ASSESSMENT_STARTED, {}),
            (
                FactKind.ASSESSMENT_FINISHED,
                {"recommendation": "unsuitable", "author_id": assessor.id},
            ),
        ):
            cases.add_fact(locked, kind, by=assessor.id, detail=detail)
        consent.record_consent(
            person_id=person_id,
            item=ConsentItem.ASSESSMENT,
            decision=ConsentDecision.GIVEN,
            how="telephone",
            at=clock.now(),
            by=assessor.id,
        )
    a_risk(assessor, case, an_answer(case, assessor, 3, on=date(2026, 11, 18)))
    return case


def test_the_clinical_page_says_where_it_stands_why_and_what_can_be_done(
    client: PageClient,
) -> None:
    assessor = make_staff(Role.ASSESSOR, name="Amara Nwosu")
    case = told(assessor)
    page = client.sign_in(assessor).page(f"/cases/{case.ref}")
    assert "Assessed as unsuitable" in page
    assert "Assessment finished on 18 November 2026." in page
    assert "5 working days left" in page
    assert "Recommendation: assessed as unsuitable" in page
    assert "What is not possible now, and why" in page
    assert "The report is not countersigned." in page
    assert "Nearly every day" in page
    assert "11 out of 27" in page
    assert "Amara Nwosu" in page
    assert "Tue 1 Dec 2026" in page
    assert "In 13 days" in page


def test_what_happened_is_newest_first_and_filtered_by_kind(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR)
    case = a_case(assessor)
    case_id = case.id
    with writing():
        locked = cases.lock(case_id)
        early = clock.now() - timedelta(days=3)
        cases.add_fact(locked, FactKind.SCREENED, by=assessor.id, at=early)
        cases.add_fact(locked, FactKind.ACCEPTED, by=assessor.id)
    hearing(case, date(2026, 12, 1))
    client.sign_in(assessor)
    page = client.page(f"/cases/{case.ref}").partition("What happened")[2]
    assert page.index(">Accepted for assessment<") < page.index(">Screened<")
    court = client.page(f"/cases/{case.ref}?kind=court")
    assert ">Hearing set<" in court
    assert ">Accepted for assessment<" not in court
    assert ">Accepted for assessment<" in client.page(f"/cases/{case.ref}?kind=nonsense")


OUTSIDE = [
    (Role.ADMINISTRATOR, Purpose.ADMINISTRATION, "Reaching him"),
    (Role.LINK_WORKER, Purpose.LINK_WORK, "Services he was referred to"),
    (Role.LD_PRACTITIONER, Purpose.REFERRAL, "What became of the referral"),
    (Role.COURT_PROBATION, Purpose.PRE_SENTENCE, "Suitability report"),
    (Role.PROBATION, Purpose.PROBATION_REFERRAL, "What became of the referral"),
]
CLINICAL_WORDS = (
    "unsuitable",
    "Recommendation",
    "PHQ",
    "out of 27",
    "Nearly every day",
    "risk_review",
    "Assessment finished",
    "countersign",
)


@pytest.mark.parametrize(("role", "purpose", "own"), OUTSIDE)
def test_every_other_purpose_has_its_own_page_without_a_clinical_word(
    client: PageClient, role: Role, purpose: Purpose, own: str
) -> None:
    case = told(make_staff(Role.ASSESSOR))
    someone = make_staff(role)
    give(case.id, purpose, someone)
    page = client.sign_in(someone).page(f"/cases/{case.ref}")
    assert own in page
    assert "Tunde Okafor" in page
    body = page[page.index("<main") :]
    for word in CLINICAL_WORDS:
        assert word not in body, word


@pytest.mark.parametrize(
    ("role", "purpose"),
    [
        (Role.ADMINISTRATOR, Purpose.ADMINISTRATION),
        (Role.LD_PRACTITIONER, Purpose.REFERRAL),
        (Role.COURT_PROBATION, Purpose.PRE_SENTENCE),
        (Role.ASSESSOR, Purpose.CLINICAL),
    ],
)
def test_the_countdown_shows_wherever_the_case_appears(
    client: PageClient, role: Role, purpose: Purpose
) -> None:
    case = told(make_staff(Role.ASSESSOR))
    someone = make_staff(role)
    give(case.id, purpose, someone)
    assert "5 working days left" in client.sign_in(someone).page(f"/cases/{case.ref}")


def test_a_task_of_another_side_is_not_on_the_page(client: PageClient) -> None:
    author = make_staff(Role.COURT_PROBATION)
    case = a_case(author, Purpose.PRE_SENTENCE)
    a_task(TaskKind.REVISE, author, case)
    a_task(TaskKind.ANSWER_DATE, author, case)
    page = client.sign_in(author).page(f"/cases/{case.ref}")
    assert "Neutral title of answer_date" in page
    assert "Neutral title of revise" not in page
