"""The full lists: who may use them, what they hold, pages, and a fixed number of queries."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from mhtr.accounts.models import Staff
from mhtr.cases.facts import ReportProgress
from mhtr.cases.models import Case
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview import worklist_routes
from mhtr.overview.worklists import WORKLISTS
from mhtr.tasks.models import TaskKind
from tests.makers import make_case, make_person, make_staff
from tests.overview.listed import names, told_unsuitable
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


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent to the database inside the block."""
    sent: list[str] = []

    def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def fill(lead: Staff, number: int, first: int = 0) -> None:
    """Cases with something in every list."""
    for n in range(first, first + number):
        case = a_case(lead, name=f"Man{n}")
        hearing(case, date(2026, 11, 20))
        for kind in (TaskKind.REPORT_DUE, TaskKind.COUNTERSIGN, TaskKind.RESULT_AWAITED):
            a_task(kind, lead, case, due_in=timedelta(minutes=-n))
        a_risk(lead, case, an_answer(case, lead, 1, on=date(2026, 11, 18), context=f"c{n}"))


def test_every_page_asks_as_often_for_five_rows_as_for_fifteen(client: PageClient) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    client.sign_in(lead)
    paths = ["/today", *(f"/worklists/{name}" for name in WORKLISTS)]
    fill(lead, 5)
    few = {}
    for path in paths:
        with counted() as sent:
            client.page(path)
        few[path] = len(sent)
    fill(lead, 10, first=5)
    for path in paths:
        with counted() as sent:
            page = client.page(path)
        assert "Man" in page
        assert len(sent) == few[path], (path, sent)


WHOSE = [
    ("risk", Role.CLINICAL_LEAD, Role.ADMINISTRATOR),
    ("reports", Role.ASSESSOR, Role.COURT_PROBATION),
    ("hearings", Role.ADMINISTRATOR, Role.LINK_WORKER),
    ("countersign", Role.CLINICAL_LEAD, Role.ASSESSOR),
    ("unallocated", Role.ADMINISTRATOR, Role.LD_PRACTITIONER),
    ("results", Role.COURT_PROBATION, Role.COMMISSIONER),
]


@pytest.mark.parametrize(("name", "allowed", "refused"), WHOSE)
def test_a_list_is_for_its_roles(
    client: PageClient, name: str, allowed: Role, refused: Role
) -> None:
    assert client.sign_in(make_staff(refused)).get(f"/worklists/{name}").status_code == 404
    assert WORKLISTS[name].empty in client.sign_in(make_staff(allowed)).page(f"/worklists/{name}")


@pytest.mark.parametrize("name", ["risk", "reports", "hearings", "unallocated"])
def test_a_list_holds_nothing_outside_the_scope(client: PageClient, name: str) -> None:
    lead, other = make_staff(Role.CLINICAL_LEAD), make_staff(Role.CLINICAL_LEAD)
    for number, (owner, given) in enumerate(((lead, "Inside"), (other, CANARY))):
        case = a_case(owner, name=given)
        hearing(case, date(2026, 11, 20))
        a_task(TaskKind.REPORT_DUE, owner, case)
        a_risk(owner, case, an_answer(case, owner, 1, on=date(2026, 11, 18), context=str(number)))
    page = client.sign_in(lead).page(f"/worklists/{name}")
    assert "Inside Okafor" in page
    assert CANARY not in page


@pytest.mark.parametrize("path", ["/worklists/hearings", "/worklists/reports", "/today"])
def test_two_men_of_one_name_stand_apart(client: PageClient, path: str) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    for born in (date(1990, 2, 3), date(1961, 7, 8)):
        case = make_case(make_person("Same", born=born))
        give(case.id, Purpose.CLINICAL, lead)
        hearing(case, date(2026, 11, 20))
        a_task(TaskKind.REPORT_DUE, lead, case)
    page = client.sign_in(lead).page(path)
    assert "born 3 February 1990" in page and "born 8 July 1961" in page


def test_pages_follow_one_another_without_gap_or_repeat(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist_routes, "SIZE", 2)
    lead = make_staff(Role.CLINICAL_LEAD)
    for number in range(5):
        case = a_case(lead, name=f"Man{number}")
        a_task(TaskKind.REPORT_DUE, lead, case, due_in=timedelta(days=1))
    client.sign_in(lead)
    seen: list[str] = []
    href = "/worklists/reports?owner=me"
    for _ in range(3):
        page = client.page(href)
        seen += names(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        href = found[1].replace("&amp;", "&") if found else ""
    assert seen == [f"Man{n}" for n in range(5)]
    assert not href
    assert 'rel="prev"' in page


def test_of_a_case_that_is_his_only_as_referrer_a_clinician_reads_nothing_clinical(
    client: PageClient,
) -> None:
    both, lead = make_staff(Role.ASSESSOR, Role.LD_PRACTITIONER), make_staff(Role.CLINICAL_LEAD)
    case = a_case(both, Purpose.REFERRAL, name="Referred")
    give(case.id, Purpose.CLINICAL, lead)
    hearing(case, date(2026, 11, 20))
    told_unsuitable(case)
    a_risk(lead, case, an_answer(case, lead, 3, on=date(2026, 11, 17)))
    a_task(TaskKind.CONSENT_WITHDRAWN, lead, case)
    said = re.compile(
        "question 9|unsuitable|Neutral title of (risk_review|consent_withdrawn)", re.I
    )
    ref = case.ref
    client.sign_in(lead)
    assert said.search(client.page("/worklists/risk"))
    client.sign_in(both)
    for path in ("/today", "/worklists/risk", "/worklists/tasks?owner=all", f"/cases/{ref}"):
        assert not said.search(client.page(path)), path
    assert names(client.page("/worklists/risk")) == []
    assert names(client.page("/worklists/hearings")) == ["Referred"]
    assert names(client.page("/worklists/hearings?state=unsuitable")) == []


def test_my_tasks_hold_my_team_s_too_but_not_a_colleague_s(client: PageClient) -> None:
    assessor, colleague = make_staff(Role.ASSESSOR), make_staff(Role.ASSESSOR)
    case = a_case(assessor, name="Theirs")
    give(case.id, Purpose.CLINICAL, colleague)
    a_task(TaskKind.ASSESS, colleague, case)
    client.sign_in(assessor)
    assert "Nothing is waiting for you." in client.page("/worklists/tasks")


def test_a_colleague_s_report_to_sign_is_no_task_of_an_assessor(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR)
    lead = make_staff(Role.CLINICAL_LEAD, organisation=assessor.organisation)
    case = a_case(assessor, name="Theirs")
    give(case.id, Purpose.CLINICAL, lead)
    trust = assessor.organisation.principal_id
    a_task(TaskKind.COUNTERSIGN, lead, case, principal_id=trust)
    client.sign_in(assessor)
    for path in ("/worklists/tasks", "/worklists/tasks?owner=all"):
        assert names(client.page(path)) == []
    assert "Neutral title of countersign" in client.page(f"/cases/{case.ref}")
    client.sign_in(lead)
    assert names(client.page("/worklists/tasks")) == ["Theirs"]


def test_an_assessor_s_hearings_can_be_only_his(client: PageClient) -> None:
    assessor = make_staff(Role.ASSESSOR)
    mine, other = a_case(assessor, name="Mine"), a_case(assessor, name="Other")
    for case in (mine, other):
        hearing(case, date(2026, 11, 20))
    assign(mine, assessor)
    client.sign_in(assessor)
    assert names(client.page("/worklists/hearings")) == ["Mine", "Other"]
    assert names(client.page("/worklists/hearings?owner=me")) == ["Mine"]


def test_a_printed_list_says_for_whom_and_when(client: PageClient) -> None:
    lead = make_staff(Role.CLINICAL_LEAD, name="Ada Lead")
    page = client.sign_in(lead).page("/worklists/reports")
    assert "Printed 18 November 2026 at 12:00 by Ada Lead" in page


def test_the_countdown_to_a_report_stands_in_lists_about_something_else(
    client: PageClient,
) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    case = a_case(lead, name="Due")
    hearing(case, date(2026, 11, 20))
    a_task(TaskKind.RESULT_AWAITED, lead, case, due_in=timedelta(hours=-1))
    report_due(case, date(2026, 11, 19))
    client.sign_in(lead)
    paths = [f"/worklists/{name}" for name in ("hearings", "unallocated", "results", "tasks")]
    for path in [*paths, "/today", f"/cases/{case.ref}"]:
        assert "Due tomorrow" in client.page(path), path
    report_due(case, date(2026, 11, 19), ReportProgress.RELEASED)
    for path in paths:
        assert "Due tomorrow" not in client.page(path), path


def report_due(
    case: Case, on: date, progress: ReportProgress = ReportProgress.BEING_WRITTEN
) -> None:
    """A report on him is asked for."""
    case_id = case.id
    with writing():
        locked = db.session.get_one(Case, case_id)
        locked.report_due_on, locked.progress = on, progress
