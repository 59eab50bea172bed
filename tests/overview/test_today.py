"""Today: each role's own blocks, in the right order, one click from what is to be done."""

import re
from datetime import date, timedelta

import pytest

from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.models import ReferralDraft
from mhtr.tasks.models import Leave, TaskKind
from tests.makers import make_staff
from tests.overview.things import (
    CANARY,
    a_case,
    a_task,
    assign,
    headings,
    hearing,
)
from tests.pages import PageClient


def test_nothing_is_said_kindly_with_what_comes_next(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR)
    with writing():
        db.session.add(
            Leave(staff_id=assessor.id, first_day=date(2026, 12, 1), last_day=date(2026, 12, 2))
        )
    case = a_case(assessor)
    hearing(case, date(2027, 1, 12))
    assign(case, assessor)
    page = client.sign_in(assessor).page("/today")
    assert "Nothing is waiting for you." in page
    assert "next hearing is on Tue 12 Jan 2027" in page
    assert "leave begins on Tue 1 Dec 2026" in page


def test_within_a_block_the_breached_deadline_comes_first(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR)
    late, early = a_case(assessor, name="Late"), a_case(assessor, name="Early")
    a_task(TaskKind.ASSESS, assessor, late, due_in=timedelta(days=5))
    a_task(TaskKind.ASSESS, assessor, early, due_in=-timedelta(hours=1))
    page = client.sign_in(assessor).page("/today")
    assert page.index("Early Okafor") < page.index("Late Okafor")
    assert "Overdue since 11:00" in page


def test_a_long_page_begins_with_ways_to_its_parts(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR)
    kinds = [TaskKind.CONTACT_HIM, TaskKind.FINISH_NOTE, TaskKind.TELL_PROBATION, TaskKind.ASSESS,
             TaskKind.RESULT_AWAITED, TaskKind.INDUCTION, TaskKind.FLAG_REVIEW]  # fmt: skip
    for kind in kinds[:-1]:
        a_task(kind, assessor, a_case(assessor), due_in=timedelta(hours=2))
    assert 'aria-label="On this page"' not in client.sign_in(assessor).page("/today")
    a_task(kinds[-1], assessor, a_case(assessor), due_in=timedelta(hours=2))
    page = client.page("/today")
    nav = page.partition('aria-label="On this page"')[2].partition("</nav>")[0]
    targets = re.findall(r'href="#([^"]+)"', nav)
    assert targets == re.findall(r'<h2[^>]* id="(block-[^"]+)"', page) and len(targets) == 7


ROLE_BLOCKS = [
    (Role.ASSESSOR, Purpose.CLINICAL, TaskKind.REVISE, "Assessments and reports"),
    (Role.CLINICAL_LEAD, Purpose.CLINICAL, TaskKind.COUNTERSIGN, "Waiting for a countersignature"),
    (Role.ASSESSOR, Purpose.CLINICAL, TaskKind.WORD_CLINICAL, "To and from probation"),
    (Role.ASSESSOR, Purpose.CLINICAL, TaskKind.MAKE_COURSE, "Orders and treatment"),
    (Role.COURT_PROBATION, Purpose.PRE_SENTENCE, TaskKind.ANSWER_DATE, "Dates to answer"),
    (Role.ADMINISTRATOR, Purpose.ADMINISTRATION, TaskKind.CHASE_HEARING, "To find out"),
    (
        Role.DUTY_CLINICIAN,
        Purpose.CLINICAL,
        TaskKind.CONSENT_WITHDRAWN,
        "Speak with him",
    ),
]


@pytest.mark.parametrize(("role", "purpose", "kind", "heading"), ROLE_BLOCKS)
def test_a_team_s_task_is_shown_to_those_whose_work_it_is(
    client: PageClient, role: Role, purpose: Purpose, kind: TaskKind, heading: str
) -> None:
    someone = make_staff(role)
    case = a_case(someone, purpose)
    hidden = a_case(name=CANARY)
    team = someone.organisation.principal_id
    a_task(kind, someone, case, principal_id=team, key="seen")
    a_task(kind, someone, hidden, principal_id=team, key="out of scope")
    page = client.sign_in(someone).page("/today")
    assert heading in headings(page)
    assert "Tunde Okafor" in page
    assert CANARY not in page, "owning the task alone opens no record"


def test_a_result_is_awaited_only_once_the_hearing_is_over(client: PageClient) -> None:
    author = make_staff(Role.COURT_PROBATION)
    case = a_case(author, Purpose.PRE_SENTENCE)
    a_task(TaskKind.RESULT_AWAITED, author, case, due_in=timedelta(days=9), key="later")
    client.sign_in(author)
    assert "Court results to record" not in headings(client.page("/today"))
    a_task(TaskKind.RESULT_AWAITED, author, case, due_in=timedelta(hours=5), key="today")
    assert "Court results to record" in headings(client.page("/today"))


def test_emergency_access_is_reviewed_without_the_man_s_name(client: PageClient) -> None:
    officer, other = make_staff(Role.PRIVACY_OFFICER), make_staff(Role.PRIVACY_OFFICER)
    a_task(TaskKind.BREAK_GLASS_REVIEW, other, a_case(name=CANARY))
    page = client.sign_in(officer).page("/today")
    assert headings(page) == ["Emergency access to review"]
    assert "Neutral title of break_glass_review" in page
    assert CANARY not in page


def test_a_warning_is_reviewed_on_its_day(client: PageClient) -> None:
    owner = make_staff(Role.ASSESSOR)
    case = a_case(owner)
    a_task(TaskKind.FLAG_REVIEW, owner, case, due_in=timedelta(days=3), key="later")
    assert headings(client.sign_in(owner).page("/today")) == []
    a_task(TaskKind.FLAG_REVIEW, owner, case, due_in=-timedelta(days=1), key="now")
    assert headings(client.page("/today")) == ["His record"]


@pytest.mark.parametrize("role", list(Role))
def test_nobody_has_more_than_seven_ways_to_go(client: PageClient, role: Role) -> None:
    page = client.sign_in(make_staff(role)).page("/today")
    links = re.findall('class="nhsuk-header__navigation-link" href', page)
    assert 1 <= len(links) <= 7


def test_hearings_of_the_next_ten_working_days_and_no_more(client: PageClient) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    near, far = a_case(lead, name="Near"), a_case(lead, name="Far")
    hearing(near, date(2026, 12, 2))
    hearing(far, date(2026, 12, 3))
    page = client.sign_in(lead).page("/today")
    block = page[page.index("Hearings coming") : page.index("Referrals without an assessor")]
    assert "Near Okafor" in block
    assert "Far Okafor" not in block


def test_a_block_holds_six_rows_whatever_they_are_and_a_way_to_the_rest(
    client: PageClient,
) -> None:
    assessor = make_staff(Role.ASSESSOR)
    kinds = [TaskKind.REPORT_DUE, TaskKind.ASSESS]
    for number in range(7):
        case = a_case(assessor, name=f"Man{number}")
        a_task(kinds[number % 2], assessor, case, due_in=timedelta(days=number + 1))
    a_task(TaskKind.INDUCTION, assessor, a_case(assessor, name="Other"))
    page = client.sign_in(assessor).page("/today")
    block = page.split('id="block-reports"')[1].split("</section>")[0]
    assert re.findall(r">(\w+) Okafor</a>", block) == [f"Man{number}" for number in range(6)]
    (rest,) = re.findall(r'href="(/worklists/tasks[?][^"]+)"', block)
    assert set(re.findall(r">(\w+) Okafor</a>", client.page(rest))) == {
        f"Man{number}" for number in range(7)
    }


def test_an_unfinished_referral_is_its_authors_and_names_nobody(client: PageClient) -> None:
    author, other = make_staff(Role.LD_PRACTITIONER), make_staff(Role.LD_PRACTITIONER)
    with writing():
        draft = ReferralDraft(
            author_id=author.id, answers={"given_name": CANARY}, saved_at=clock.now()
        )
        db.session.add(draft)
    page = client.sign_in(author).page("/today")
    assert "Referrals you have not sent yet" in page
    assert CANARY not in page
    assert "not sent yet" not in client.sign_in(other).page("/today")


def test_a_commissioner_sees_counts_without_people_and_no_small_ones(client: PageClient) -> None:
    for number in range(6):
        a_case(name=f"{CANARY}{number}")
    commissioner, manager = make_staff(Role.COMMISSIONER), make_staff(Role.SERVICE_MANAGER)
    page = client.sign_in(commissioner).page("/today")
    assert CANARY not in page
    cells = re.findall(r'data-label="Cases now">([^<]+)<', page)
    assert cells[0] == "6"
    assert set(cells[1:]) == {"fewer than 5"}
    seen = client.sign_in(manager).page("/today")
    assert re.findall(r'data-label="Cases now">([^<]+)<', seen)[1:] == ["0"] * 8


def test_restricted_cases_leave_the_lists_of_those_not_named(client: PageClient) -> None:
    someone = make_staff(Role.ASSESSOR)
    case = a_case(name=CANARY)
    team = someone.organisation.principal_id
    with writing():
        access.grant(case.id, Purpose.CLINICAL, team, because="test", by=None)
    a_task(TaskKind.ASSESS, someone, case, principal_id=team)
    client.sign_in(someone)
    assert CANARY in client.page("/today")
    with writing():
        db.session.merge(case).restricted = True
    assert CANARY not in client.page("/today")


def test_an_age_says_of_what(client: PageClient) -> None:
    author = make_staff(Role.LD_PRACTITIONER)
    with writing():
        saved = clock.now() - timedelta(days=2)
        db.session.add(ReferralDraft(author_id=author.id, saved_at=saved, answers={}))
    assert "<p>Saved 2 days ago</p>" in client.sign_in(author).page("/today")
