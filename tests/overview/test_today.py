"""Today: each role's own blocks, in the right order, one click from what is to be done."""

import re
from datetime import date, timedelta

import pytest

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import ReportProgress
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.models import ReferralDraft
from mhtr.people.models import Identifier, IdentifierKind
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.models import Leave, TaskKind
from tests.makers import make_staff
from tests.overview.things import (
    CANARY,
    a_case,
    a_risk,
    a_task,
    an_answer,
    assign,
    give,
    hearing,
)
from tests.pages import PageClient
from tests.suitability.journey import (
    allocated,
    decided,
    finished,
    heard,
    released,
    requested,
    sent,
)


def headings(page: str) -> list[str]:
    """The blocks of a page, in order."""
    return re.findall(r'<h2 class="nhsuk-heading-m" id="block-[a-z_]+">([^<]+)</h2>', page)


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


@pytest.mark.parametrize("role", [Role.PROBATION, Role.COURT_PROBATION])
def test_probation_reads_what_comes_next_for_his_men(client: PageClient, role: Role) -> None:
    officer = make_staff(role)
    client.sign_in(officer)
    assert "We will show it here" in client.page("/today")
    for name, day in (("Later", 14), ("Sooner", 7)):
        hearing(a_case(officer, Purpose.PRE_SENTENCE, name=name), date(2026, 12, day))
    hearing(a_case(name=CANARY), date(2026, 12, 1))
    page = client.page("/today")
    assert "Nothing is waiting for you." in page
    assert "Next: Sooner Okafor (CRN not known) is in court on Mon 7 Dec 2026 at " in page
    assert "Later Okafor (CRN" not in page
    assert CANARY not in page
    colleague = make_staff(Role.COURT_PROBATION)
    case = asked_for(colleague, "Asked", date(2026, 11, 27))
    give(case.id, Purpose.PRE_SENTENCE, officer)
    assert "The next report is due on Fri 27 Nov 2026." in client.page("/today")


def test_signs_of_risk_come_first_then_what_is_overdue(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR)
    case = a_case(assessor)
    a_task(TaskKind.REVISE, assessor, case)
    a_task(TaskKind.ASSESS, assessor, case, due_in=-timedelta(days=3))
    a_risk(assessor, case, an_answer(case, assessor, 2, on=date(2026, 11, 18)))
    page = client.sign_in(assessor).page("/today")
    assert headings(page) == ["Signs of risk", "Assessments to do", "Returned to me"]
    assert "3 working days overdue" in page
    assert "1 overdue" in page


def test_within_a_block_the_breached_deadline_comes_first(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR)
    late, early = a_case(assessor, name="Late"), a_case(assessor, name="Early")
    a_task(TaskKind.ASSESS, assessor, late, due_in=timedelta(days=5))
    a_task(TaskKind.ASSESS, assessor, early, due_in=-timedelta(hours=1))
    page = client.sign_in(assessor).page("/today")
    assert page.index("Early Okafor") < page.index("Late Okafor")
    assert "Overdue since 11:00" in page


def test_a_risk_row_shows_the_answer_and_the_one_before(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR, name="Amara Nwosu")
    case = a_case(assessor)
    an_answer(case, assessor, 3, on=date(2026, 11, 4), context="before")
    now = an_answer(case, assessor, 1, on=date(2026, 11, 18), context="now")
    an_answer(case, assessor, 2, on=date(2026, 11, 19), context="later")
    task = a_risk(assessor, case, now)
    page = client.sign_in(assessor).page("/today")
    assert "PHQ-9, question 9 (harm to himself): Several days" in page
    assert "Before (4 November 2026): Nearly every day" in page
    assert "More than half the days" not in page
    assert "Amara Nwosu" in page
    assert f'href="/tasks/{task.ref}"' in page, "one click from the row to the action"


def test_a_colleague_sees_no_risk_review_of_another_assessors_case(client: PageClient) -> None:
    owner, colleague = make_staff(Role.ASSESSOR), make_staff(Role.ASSESSOR)
    case = a_case(owner)
    give(case.id, Purpose.CLINICAL, colleague)
    a_risk(owner, case, an_answer(case, owner, 1, on=date(2026, 11, 18)))
    assert headings(client.sign_in(colleague).page("/today")) == []
    assign(case, colleague)
    assert headings(client.page("/today")) == ["Signs of risk"]


@pytest.mark.parametrize("role", [Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN])
def test_oversight_sees_every_risk_review_in_scope(client: PageClient, role: Role) -> None:
    owner, over = make_staff(Role.ASSESSOR), make_staff(role)
    mine, other = a_case(owner), a_case(owner, name=CANARY)
    give(mine.id, Purpose.CLINICAL, over)
    for case in (mine, other):
        a_risk(owner, case, an_answer(case, owner, 1, on=date(2026, 11, 18), context=str(case.id)))
    page = client.sign_in(over).page("/today")
    assert "Tunde Okafor" in page
    assert CANARY not in page


NOT_CLINICAL = [
    (Role.ADMINISTRATOR, Purpose.ADMINISTRATION),
    (Role.LD_PRACTITIONER, Purpose.REFERRAL),
    (Role.LINK_WORKER, Purpose.LINK_WORK),
    (Role.COURT_PROBATION, Purpose.PRE_SENTENCE),
    (Role.PROBATION, Purpose.PRE_SENTENCE),
]


CLINICAL_KINDS = (
    TaskKind.RISK_REVIEW,
    TaskKind.REVISE,
    TaskKind.COUNTERSIGN,
    TaskKind.ASSESS,
    TaskKind.RELEASE,
    TaskKind.CONSENT_WITHDRAWN,
)


@pytest.mark.parametrize(("role", "purpose"), NOT_CLINICAL)
def test_outside_the_clinical_record_no_clinical_task_is_shown_even_of_his_own_team(
    client: PageClient, role: Role, purpose: Purpose
) -> None:
    someone, clinician = make_staff(role), make_staff(Role.ASSESSOR)
    case = a_case(someone, purpose)
    now = an_answer(case, clinician, 3, on=date(2026, 11, 18))
    a_risk(someone, case, now)
    team = someone.organisation.principal_id
    for kind in CLINICAL_KINDS[1:]:
        a_task(kind, someone, case, principal_id=team)
    client.sign_in(someone)
    for path in ("/today", "/worklists/tasks"):
        page = client.page(path)
        assert "PHQ-9" not in page
        assert "Nearly every day" not in page
        for kind in CLINICAL_KINDS:
            assert f"Neutral title of {kind.value}" not in page


ROLE_BLOCKS = [
    (Role.ASSESSOR, Purpose.CLINICAL, TaskKind.REVISE, "Returned to me"),
    (Role.CLINICAL_LEAD, Purpose.CLINICAL, TaskKind.COUNTERSIGN, "Waiting for a countersignature"),
    (Role.ASSESSOR, Purpose.CLINICAL, TaskKind.REPORT_DUE, "Reports due"),
    (Role.ASSESSOR, Purpose.CLINICAL, TaskKind.RELEASE, "Ready to release"),
    (Role.COURT_PROBATION, Purpose.PRE_SENTENCE, TaskKind.ANSWER_DATE, "Dates to answer"),
    (Role.ADMINISTRATOR, Purpose.ADMINISTRATION, TaskKind.CHASE_HEARING, "To find out"),
    (Role.DUTY_CLINICIAN, Purpose.CLINICAL, TaskKind.CONSENT_WITHDRAWN, "Consent withdrawn"),
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
    assert headings(client.page("/today")) == ["Warnings to review"]


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


def test_a_block_holds_six_rows_and_a_way_to_the_rest(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR)
    for number in range(7):
        case = a_case(assessor, name=f"Man{number}")
        a_task(TaskKind.REPORT_DUE, assessor, case, due_in=timedelta(days=number + 1))
    page = client.sign_in(assessor).page("/today")
    assert "Man5 Okafor" in page
    assert "Man6 Okafor" not in page
    assert 'href="/worklists/reports"' in page


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


def asked_for(author: Staff, name: str, due: date, **changes: object) -> Case:
    """A report this author asked for, of a case of which these columns are set."""
    case = a_case(author, Purpose.PRE_SENTENCE, name=name)
    case_id, author_id = case.id, author.id
    with writing():
        locked = cases.lock(case_id)
        for column, value in {"report_due_on": due, **changes}.items():
            setattr(locked, column, value)
        db.session.add(
            ReportRequest(
                case_id=case_id,
                author_id=author_id,
                requested_at=clock.now(),
                psr_type="standard",
                due_on=due,
                due_reasons=[],
                details={},
            )
        )
    return case


def test_reports_overdue_come_first_then_those_to_come_and_released_ones_apart(
    client: PageClient,
) -> None:
    author = make_staff(Role.COURT_PROBATION)
    for number in range(7):  # more than a block holds, and due long before the others
        asked_for(author, f"Done{number}", date(2026, 10, 1), progress=ReportProgress.RELEASED)
    asked_for(author, "Paused", date(2026, 11, 2), paused=True)
    asked_for(author, "Coming", date(2026, 12, 4))
    asked_for(author, "Tomorrow", date(2026, 11, 19), court_code="B01KR")
    asked_for(author, "Late", date(2026, 11, 17))
    page = client.sign_in(author).page("/today")
    assert headings(page) == ["Reports you asked for", "Reports you can read"]
    to_come, apart = page.split('id="block-released"')
    names = re.findall(r">(\w+) Okafor</a>", to_come)
    assert names == ["Late", "Tomorrow", "Coming", "Paused"]
    assert "1 working day overdue" in to_come
    assert "Due tomorrow" in to_come
    assert apart.count(">Read report<") == 6
    assert 'href="/requests?shown=released"' in apart


def test_a_row_of_a_report_says_crn_court_hearing_and_what_happened_when(
    client: PageClient,
) -> None:
    people = allocated()
    requested(people)
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)
    released(assessment, people)
    client.sign_in(people.psr_author)
    page = client.page("/today")
    assert "Released just now" in page
    assert "CRN not known" in page
    assert "Court not known" in page
    case_id = people.case.id
    with writing():
        locked = cases.lock(case_id)
        locked.court_code, locked.hearing_on = "B01KR", date(2026, 12, 11)
    page = client.page("/today")
    assert "Hearing Fri 11 Dec 2026" in page
    assert "Court not known" not in page


def test_an_age_says_of_what(client: PageClient) -> None:
    author = make_staff(Role.LD_PRACTITIONER)
    with writing():
        saved = clock.now() - timedelta(days=2)
        db.session.add(ReferralDraft(author_id=author.id, saved_at=saved, answers={}))
    assert "<p>Saved 2 days ago</p>" in client.sign_in(author).page("/today")


@pytest.mark.parametrize(
    ("role", "purpose", "kind"),
    [
        (Role.COURT_PROBATION, Purpose.PRE_SENTENCE, TaskKind.ANSWER_DATE),
        (Role.ASSESSOR, Purpose.CLINICAL, TaskKind.ASSESS),
    ],
)
def test_rows_of_probation_say_the_crn(
    client: PageClient, role: Role, purpose: Purpose, kind: TaskKind
) -> None:
    """Everybody else tells two men of one name apart by their birth dates."""
    reader = make_staff(role)
    case = a_case(reader, purpose)
    with writing():
        crn = Identifier(person_id=case.person_id, kind=IdentifierKind.CRN, value="X123456")
        db.session.add(crn)
    a_task(kind, reader, case)
    client.sign_in(reader)
    probation = role is Role.COURT_PROBATION
    for path in ("/today", "/worklists/tasks"):
        page = client.page(path)
        assert "Tunde Okafor" in page
        assert ("CRN X123456" in page) is probation, path
        assert ("born " in page) is not probation, path
