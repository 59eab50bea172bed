"""Today of a probation practitioner and of a PSR author."""

import re
from datetime import date

import pytest

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import ReportProgress
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import Identifier, IdentifierKind
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.models import TaskKind
from tests.makers import make_staff
from tests.overview.things import (
    CANARY,
    a_case,
    a_task,
    give,
    headings,
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
    for number in range(8):  # more than a block holds, and due long before the others
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
    assert "Court not known" not in page
    case_id = people.case.id
    with writing():
        locked = cases.lock(case_id)
        locked.court_code, locked.hearing_on = "", date(2026, 12, 11)
    page = client.page("/today")
    assert "Hearing Fri 11 Dec 2026" in page
    assert "Court not known" in page


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
