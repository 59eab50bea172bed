"""A plea or finding is taken back: the work on the report rests as in a pause, and people hear."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from flask import Flask

from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, StageOfCase
from mhtr.cases.models import Case
from mhtr.cases.report_due import RESTS, Countdowns
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import court_case, resting
from mhtr.intake.court_case import Ending
from mhtr.overview.own_lists import request_rows
from mhtr.people.models import ConsentDecision
from mhtr.suitability import outcome_service, request_service
from mhtr.suitability import resting as her_side
from mhtr.suitability.assessment_steps import ABOUT_THE_REPORT
from mhtr.suitability.court_result import Outcome, Result
from mhtr.suitability.news import NO_PLEA
from mhtr.suitability.request_queries import Wanted, list_requests, next_due, state_of
from mhtr.suitability.request_states import RequestState
from mhtr.suitability.sections import Section
from mhtr.suitability.sentence_rules import WhyThatDay
from mhtr.suitability.stopping import ENDS, TAKEN_UP
from mhtr.tasks.models import TaskKind
from tests.makers import make_case, make_person, make_staff
from tests.pages import PageClient
from tests.suitability.browsing import as_, base
from tests.suitability.journey import (
    People,
    allocated,
    decided,
    finished,
    heard,
    say,
    sent,
    started,
)
from tests.suitability.makers import ASKED
from tests.suitability.requesting import ask, tasks_of, told
from tests.suitability.test_no_report import team_told

K, S = TaskKind, StageOfCase
WORK = frozenset(ENDS) | {K.ASSESS}
OFFENCE = "Write no account of the offence anywhere."


def work(people: People) -> set[TaskKind]:
    return {kind for kind in WORK if tasks_of(people.case.id, kind)}


def stage(people: People, now: StageOfCase, by: int | None = None) -> None:
    case = db.session.get_one(Case, people.case.id)
    version, author = case.version, by or people.lead.id
    with writing():
        court_case.record_stage(
            case_id=people.case.id, version=version, stage=now, convicted_on=None, by=author
        )
    db.session.refresh(people.case)


def begun(people: People) -> None:
    ask(people.case.id, people.psr_author.id)
    started(people)
    db.session.refresh(people.case)


@pytest.mark.parametrize("now", [S.UNDER_INVESTIGATION, S.CHARGED, S.NOT_GUILTY_PLEA])
def test_the_work_rests_and_goes_on(either_app: Flask, now: StageOfCase) -> None:
    people = allocated()
    request = ask(people.case.id, people.psr_author.id)
    started(people)
    before = work(people)
    assert K.REPORT_DUE in before
    stage(people, now)
    assert work(people) == set()
    assert Countdowns().of(people.case) is RESTS
    assert state_of(request, people.case) is RequestState.RESTS
    assert [task.title for task in tasks_of(people.case.id, K.PAUSED_CASE)] == [
        "No plea or finding any more: does the case go on?"
    ]
    assert told(people.assessor)[-1] == resting.RESTS and OFFENCE in resting.RESTS
    assert told(people.psr_author)[-1] == her_side.RESTS
    assert team_told(people)[-1] == her_side.RESTS
    assert "The stage of a criminal case has changed" not in told(people.psr_author)
    stage(people, S.FOUND_GUILTY)
    assert work(people) == before
    assert not tasks_of(people.case.id, K.PAUSED_CASE)
    left = Countdowns().of(people.case)
    assert left is not None and left is not RESTS
    assert told(people.assessor)[-1] == resting.GOES_ON
    assert told(people.psr_author)[-1].startswith(her_side.GOES_ON)


def test_a_man_not_begun_is_his_assessors_again(app: Flask) -> None:
    people = allocated()
    stage(people, S.FOUND_GUILTY)
    ask(people.case.id, people.psr_author.id)
    before = work(people)
    assert before == {K.ASSESS, K.REPORT_DUE}
    stage(people, S.NOT_GUILTY_PLEA)
    assert work(people) == set()
    stage(people, S.FOUND_GUILTY)
    assert work(people) == before


def with_lead(people: People) -> None:
    sent(finished(people), people, people.lead.id)


def signed(people: People) -> None:
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)


def returned(people: People) -> None:
    decided(sent(finished(people), people), people.lead.id, "Say more.")


@pytest.mark.parametrize(
    ("reach", "kind"), [(with_lead, K.COUNTERSIGN), (signed, K.RELEASE), (returned, K.REVISE)]
)
def test_what_was_next_is_next_again(
    app: Flask, reach: Callable[[People], None], kind: TaskKind
) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    reach(people)
    before = work(people)
    assert before == {K.REPORT_DUE, kind}
    (task,) = tasks_of(people.case.id, kind)
    owner = task.owner_principal_id
    stage(people, S.NOT_GUILTY_PLEA)
    assert work(people) == set()
    stage(people, S.AWAITING_SENTENCE)
    assert work(people) == before
    (task,) = tasks_of(people.case.id, kind)
    assert task.owner_principal_id == owner


def test_who_has_it_to_sign_cannot_sign_it_and_hears_why(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    waiting = sent(finished(people), people, people.lead.id)
    stage(people, S.CHARGED, by=people.assessor.id)
    assert told(people.lead)[-1] == resting.RESTS
    assert resting.RESTS not in told(people.assessor)
    opened = page(as_(app, people.lead), f"{base(people)}/countersign")
    assert "You cannot countersign this" in opened
    assert "No guilty plea or finding is on record any more" in opened
    hers = page(as_(app, people.psr_author), f"{base(people)}/report")
    assert "the work on it rests" in hers and "as soon as" not in hers
    with pytest.raises(Refused, match="No guilty plea or finding is on record any more"):
        decided(waiting, people.lead.id)
    stage(people, S.GUILTY_PLEA)
    assert "You cannot countersign this" not in page(
        as_(app, people.lead), f"{base(people)}/countersign"
    )
    decided(waiting, people.lead.id)


def pause(people: People, on: bool) -> None:
    case = db.session.get_one(Case, people.case.id)
    version = case.version
    with writing():
        if on:
            court_case.end(
                case_id=people.case.id, version=version, ending=Ending.REMANDED, by=people.lead.id
            )
        else:
            court_case.go_on(case_id=people.case.id, version=version, by=people.lead.id)
    db.session.refresh(people.case)


def test_a_pause_inside_a_rest_ends_in_the_rest(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    with_lead(people)
    stage(people, S.CHARGED)
    pause(people, on=True)
    pause(people, on=False)
    assert work(people) == set()
    assert tasks_of(people.case.id, K.PAUSED_CASE)
    assert any(text.endswith(NO_PLEA) for text in told(people.psr_author))
    stage(people, S.GUILTY_PLEA)
    assert work(people) == {K.REPORT_DUE, K.COUNTERSIGN}


def test_a_rest_inside_a_pause_ends_with_the_pause(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    with_lead(people)
    pause(people, on=True)
    stage(people, S.CHARGED)
    stage(people, S.GUILTY_PLEA)
    assert work(people) == set()
    pause(people, on=False)
    assert work(people) == {K.REPORT_DUE, K.COUNTERSIGN}
    # The plea is recorded before the pause ends, and taken back before it began.
    stage(people, S.CHARGED)
    pause(people, on=True)
    stage(people, S.GUILTY_PLEA)
    pause(people, on=False)
    assert work(people) == {K.REPORT_DUE, K.COUNTERSIGN}


def test_what_he_says_meanwhile_is_taken_up_with_the_work(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    with_lead(people)
    say(people, ConsentDecision.WITHDRAWN)
    stage(people, S.CHARGED)
    say(people, ConsentDecision.GIVEN)
    assert work(people) == set()
    stage(people, S.GUILTY_PLEA)
    assert work(people) == {K.REPORT_DUE, K.COUNTERSIGN}
    assert any(text.startswith(TAKEN_UP) for text in told(people.psr_author))


def test_a_sentence_ends_the_rest_without_a_word_of_going_on(app: Flask) -> None:
    people = allocated()
    begun(people)
    stage(people, S.CHARGED)
    outcome = Outcome(
        None,
        Result.CUSTODY,
        sentenced_on=clock.today(),
        stage=S.GUILTY_PLEA,
        convicted_on=clock.today(),
        why_that_day=WhyThatDay.EARLIER_HEARING,
    )
    with writing():
        outcome_service.record_outcome(
            case_id=people.case.id, outcome=outcome, by=people.psr_author.id
        )
    assert work(people) == set() and not tasks_of(people.case.id, K.PAUSED_CASE)
    assert resting.GOES_ON not in told(people.assessor)


def test_her_new_request_ends_the_rest(app: Flask) -> None:
    people = allocated()
    begun(people)
    stage(people, S.CHARGED)
    with writing():
        request_service.ask(case_id=people.case.id, asked=ASKED, by=people.psr_author.id)
    db.session.refresh(people.case)
    assert people.case.stage is S.GUILTY_PLEA
    assert K.REPORT_DUE in work(people) and not tasks_of(people.case.id, K.PAUSED_CASE)
    assert not any(text.startswith(her_side.GOES_ON) for text in team_told(people))


def test_a_stage_that_was_corrected_brings_the_rest_too(app: Flask) -> None:
    people = allocated()
    begun(people)
    stage(people, S.CHARGED)
    facts = [f for f in cases.facts_of(people.case.id) if f.kind is FactKind.STAGE_RECORDED]
    with writing():
        case = cases.lock(people.case.id)
        cases.add_fact(
            case, FactKind.CORRECTED, by=people.lead.id, detail={"fact_id": facts[-1].id}
        )
    assert K.REPORT_DUE in work(people)


@pytest.mark.parametrize(
    ("role", "purpose"),
    [
        (Role.LD_PRACTITIONER, Purpose.REFERRAL),
        (Role.ASSESSOR, Purpose.CLINICAL),
        (Role.ADMINISTRATOR, Purpose.ADMINISTRATION),
        (Role.COURT_PROBATION, Purpose.PRE_SENTENCE),
    ],
)
def test_each_role_that_changes_the_stage_stops_the_work(
    app: Flask, role: Role, purpose: Purpose
) -> None:
    people = allocated()
    begun(people)
    if role is Role.COURT_PROBATION:
        staff = people.psr_author
    else:
        staff = make_staff(role, organisation=people.assessor.organisation)
    with writing():
        access.grant(people.case.id, purpose, staff.principal_id, because="test", by=None)
    client, path = as_(app, staff), f"{base(people)}/hearing/stage"
    page = client.get(path).get_data(as_text=True)
    version = page.partition('name="version" value="')[2].partition('"')[0]
    typed = {"submission_key": str(uuid4()), "version": version, "stage": "not_guilty_plea"}
    assert client.post(path, data=typed).status_code == 303
    assert work(people) == set()
    said = told(people.assessor)
    assert resting.RESTS in said
    # Whoever recorded it knows; her team does not.
    assert (her_side.RESTS in told(people.psr_author)) == (staff is not people.psr_author)
    assert team_told(people)[-1] == her_side.RESTS


def page(client: PageClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def test_the_pages_say_so(app: Flask) -> None:
    people = allocated()
    begun(people)
    stage(people, S.CHARGED)
    assessor, author = as_(app, people.assessor), as_(app, people.psr_author)
    hers = page(author, f"{base(people)}/request")
    assert "No guilty plea or finding is recorded any more (stage of the case now: charged)" in hers
    assert "Guilty plea, which is not on record any more" in hers
    assert "Rests until a plea or finding is recorded" in hers
    assert "working day" not in page(author, "/requests")
    assert "Rests: no plea or finding" in page(author, "/today")
    assert "The report rests" in page(author, base(people))
    his = page(assessor, f"{base(people)}/assessment")
    assert OFFENCE in his and "Finish the assessment" not in his
    assert RESTS.words in his and "working days left" not in his
    for part in set(Section) - ABOUT_THE_REPORT:
        assert OFFENCE in page(assessor, f"{base(people)}/assessment/{part}")
    stage(people, S.GUILTY_PLEA)
    assert OFFENCE not in page(assessor, f"{base(people)}/assessment")


def test_a_plea_that_was_never_made_is_last_and_never_overdue(
    either_app: Flask, set_clock: SetClock
) -> None:
    people = allocated(None)
    person = make_person("Late")
    running = make_case(person)
    case_id, author = people.case.id, people.psr_author
    for one in (case_id, running.id):
        ask(one, author.id)
    facts = [f for f in cases.facts_of(case_id) if f.kind is FactKind.STAGE_RECORDED]
    with writing():
        detail = {"fact_id": facts[-1].id}
        cases.add_fact(cases.lock(case_id), FactKind.CORRECTED, by=people.lead.id, detail=detail)
    assert db.session.get_one(Case, case_id).stage is None
    set_clock.advance(days=10)
    viewer = viewer_of(author)
    with either_app.test_request_context():
        rows_of_today = request_rows(viewer, 5)
    assert [row.case_id for row in rows_of_today] == [running.id, case_id]
    rows, _ = list_requests(viewer, Wanted(due="overdue"))
    assert [row.case.id for row in rows] == [running.id]
    waiting, _ = list_requests(viewer, Wanted())
    assert {row.case.id for row in waiting} == {running.id, case_id}


@pytest.mark.parametrize("why", ["rests", "paused"])
def test_no_day_is_next_while_nothing_is_due(app: Flask, why: str) -> None:
    people = allocated()
    begun(people)
    viewer = viewer_of(people.psr_author)
    assert next_due(viewer) is not None
    if why == "rests":
        stage(people, S.CHARGED)
    else:
        pause(people, on=True)
    assert next_due(viewer) is None


def test_the_day_is_kept(app: Flask) -> None:
    people = allocated()
    begun(people)
    due = people.case.report_due_on
    stage(people, S.CHARGED)
    stage(people, S.GUILTY_PLEA)
    assert isinstance(due, date) and people.case.report_due_on == due
