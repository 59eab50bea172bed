"""He says no and agrees again while the case closes, pauses or is corrected: nothing is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.intake.became import NO_REPORT as NO_REPORT_LINE
from mhtr.intake.court_case import Ending
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.people.models import ConsentItem
from mhtr.suitability import assessment_service
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.court_result import Correction, Result
from mhtr.suitability.date_answering import answer_date
from mhtr.suitability.models import Assessment, ReportRequest
from mhtr.suitability.sections import Section
from mhtr.suitability.stopping import NO_REPORT, TAKEN_UP
from tests.suitability.browsing import as_
from tests.suitability.journey import People, allocated, finish, finished, say, sent, started
from tests.suitability.makers import ASKED
from tests.suitability.requesting import ask, tasks_of, told
from tests.suitability.test_hearing_moved import Moving
from tests.suitability.test_no_report import D, K, declined, open_work, save
from tests.suitability.test_outcome_service import record
from tests.suitability.test_request_service import TODAY


def end(people: People, ending: Ending) -> None:
    with writing():
        case = cases.lock(people.case.id)
        court_case.end(case_id=case.id, version=case.version, ending=ending, by=people.lead.id)


def go_on(people: People, why: WhyReopened | None = None) -> None:
    with writing():
        case = cases.lock(people.case.id)
        court_case.go_on(case_id=case.id, version=case.version, by=people.lead.id, why=why)


def taken_up(people: People) -> int:
    return sum(text.startswith(TAKEN_UP) for text in told(people.psr_author))


def test_closed_and_reopened_somebody_asks_him_again(either_app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    finished(people)
    say(people, D.WITHDRAWN)
    for _ in range(2):
        end(people, Ending.HE_WITHDREW)
        assert not tasks_of(people.case.id, K.CONSENT_WITHDRAWN)
        go_on(people, WhyReopened.HE_WANTS_IT)
        (task,) = tasks_of(people.case.id, K.CONSENT_WITHDRAWN)
        assert task.owner_staff_id == people.assessor.id
        assert task.title.startswith("He withdrew")
    say(people, D.GIVEN)
    assert not tasks_of(people.case.id, K.CONSENT_WITHDRAWN)
    assert taken_up(people) == 1


def test_declined_closed_and_reopened_somebody_asks_him_again(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    assessment = started(people)
    save(assessment, people, Section.RECOMMENDATION, {"recommendation": "declined"})
    finish(assessment, people)
    end(people, Ending.HE_DECLINED)
    go_on(people, WhyReopened.HE_WANTS_IT)
    (task,) = tasks_of(people.case.id, K.CONSENT_WITHDRAWN)
    assert task.title.startswith("He declined")
    open_again(assessment, people)
    # Open again is not yet agreed: probation hears nothing, and somebody has still to ask him.
    assert tasks_of(people.case.id, K.CONSENT_WITHDRAWN)
    assert (open_work(people), taken_up(people)) == (set(), 0)
    say(people, D.GIVEN)
    assert not tasks_of(people.case.id, K.CONSENT_WITHDRAWN)
    assert (open_work(people), taken_up(people)) == ({K.REPORT_DUE}, 1)


def open_again(assessment: Assessment, people: People) -> None:
    with writing():
        db.session.refresh(assessment)
        assessment_service.reopen(
            assessment=assessment, version=assessment.version, by=people.assessor.id
        )


def declined_unasked(people: People) -> Assessment:
    ask(people.case.id, people.psr_author.id)
    assessment = started(people)
    save(assessment, people, Section.RECOMMENDATION, {"recommendation": "declined"})
    finish(assessment, people)
    return assessment


def test_declined_without_having_been_asked_somebody_asks_him(either_app: Flask) -> None:
    people = allocated()
    declined_unasked(people)
    (task,) = tasks_of(people.case.id, K.CONSENT_WITHDRAWN)
    assert task.title.startswith("He declined: ask him again")
    assert task.owner_staff_id == people.assessor.id


def test_declined_after_his_no_he_is_not_to_be_asked_twice(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    declined(people)
    assert len(tasks_of(people.case.id, K.CONSENT_WITHDRAWN)) == 1


@pytest.mark.parametrize("agrees_first", [True, False])
def test_taken_up_only_once_he_has_agreed_and_it_is_open(
    either_app: Flask, agrees_first: bool
) -> None:
    people = allocated()
    assessment = declined_unasked(people)
    steps: list[Callable[[], None]] = [
        lambda: say(people, D.GIVEN),
        lambda: open_again(assessment, people),
    ]
    for number, step in enumerate(steps if agrees_first else reversed(steps)):
        assert (open_work(people), taken_up(people)) == (set(), 0), number
        step()
    assert (open_work(people), taken_up(people)) == ({K.REPORT_DUE}, 1)
    assert not tasks_of(people.case.id, K.CONSENT_WITHDRAWN)
    if not agrees_first:
        return
    # Agreeing once more says nothing new.
    say(people, D.GIVEN, ConsentItem.TREATMENT)
    facts = [fact.kind for fact in cases.facts_of(people.case.id)]
    assert (facts.count(FactKind.CONSENT_GIVEN), taken_up(people)) == (1, 1)


def test_agreeing_to_treatment_alone_takes_nothing_up(app: Flask) -> None:
    people = allocated()
    assessment = declined_unasked(people)
    open_again(assessment, people)
    say(people, D.GIVEN, ConsentItem.TREATMENT)
    assert (open_work(people), taken_up(people)) == (set(), 0)


def test_declined_anew_after_agreeing_it_stops_again(app: Flask) -> None:
    people = allocated()
    assessment = declined_unasked(people)
    open_again(assessment, people)
    say(people, D.GIVEN)
    say(people, D.WITHDRAWN)
    finish(assessment, people)
    assert open_work(people) == set()
    say(people, D.GIVEN)
    open_again(assessment, people)
    assert (open_work(people), taken_up(people)) == ({K.REPORT_DUE}, 2)


@pytest.mark.parametrize("pauses_first", [True, False])
def test_what_he_says_during_a_pause_is_taken_up_when_the_case_goes_on(
    either_app: Flask, pauses_first: bool
) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    waiting = sent(finished(people), people, people.lead.id)
    if pauses_first:
        end(people, Ending.FAILED_TO_APPEAR)
        say(people, D.WITHDRAWN)
    else:
        say(people, D.WITHDRAWN)
        end(people, Ending.FAILED_TO_APPEAR)
    say(people, D.GIVEN)
    assert open_work(people) == set()
    assert taken_up(people) == 0
    go_on(people)
    assert open_work(people) == {K.REPORT_DUE, K.COUNTERSIGN}
    (task,) = tasks_of(people.case.id, K.COUNTERSIGN)
    assert (task.key, task.owner_staff_id) == (f"countersign:{waiting.id}", people.lead.id)
    assert taken_up(people) == 1


def test_a_pause_without_a_no_tells_of_nothing_taken_up(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    finished(people)
    say(people, D.WITHDRAWN)
    say(people, D.GIVEN)
    before = taken_up(people)
    end(people, Ending.FAILED_TO_APPEAR)
    go_on(people)
    assert open_work(people) == {K.REPORT_DUE}
    assert taken_up(people) == before == 1


def test_a_court_date_moved_during_a_pause_opens_no_work(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    end(people, Ending.FAILED_TO_APPEAR)
    with writing():
        case = cases.lock(people.case.id)
        court_case.record_hearing(
            case_id=case.id,
            version=case.version,
            court=case.court_code or "",
            on=date(2026, 12, 18),
            purpose="",
            psr_kind="",
            reason="",
            by=people.lead.id,
        )
    assert open_work(people) == set()
    go_on(people)
    assert open_work(people) == {K.REPORT_DUE}


def test_probation_took_its_request_back_his_change_of_mind_asks_nobody_to_sign(
    app: Flask,
) -> None:
    people = allocated()
    request = ask(people.case.id, people.psr_author.id)
    sent(finished(people), people, people.lead.id)
    with writing():
        answer_date(request_id=request.id, answer=DateAnswer.WITHDRAWS, by=people.psr_author.id)
    say(people, D.WITHDRAWN)
    say(people, D.GIVEN)
    assert open_work(people) == set()
    ask(people.case.id, people.psr_author.id)
    assert open_work(people) == {K.REPORT_DUE, K.COUNTERSIGN}


def test_a_sentence_corrected_by_another_says_nothing_of_a_report(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    finished(people)
    say(people, D.WITHDRAWN)
    by, today, wrong = people.psr_author.id, clock.today(), Correction.WRONG_ANSWER
    record(people.case.id, by, result=Result.OTHER, sentenced_on=today)
    record(people.case.id, by, result=Result.CUSTODY, sentenced_on=today, correction=wrong)
    assert told(people.psr_author).count(NO_REPORT) == 1
    record(people.case.id, by, result=Result.ADJOURNED, correction=wrong)
    assert told(people.psr_author).count(NO_REPORT) == 2
    assert open_work(people) == set()


def test_taken_up_with_another_date_she_is_asked_about_that_one(
    app: Flask, set_clock: SetClock
) -> None:
    people = allocated()
    set_clock.advance(hours=6)
    request = ask(people.case.id, people.psr_author.id, replace(ASKED, asked_for_on=TODAY))
    finished(people)
    with writing():
        answer_date(request_id=request.id, answer=DateAnswer.KEEPS_DATE, by=people.psr_author.id)
    assert not tasks_of(people.case.id, K.ANSWER_DATE)
    say(people, D.WITHDRAWN)
    with writing():
        # Worked out for another day then: the dates are others when it is taken up.
        db.session.get_one(ReportRequest, request.id).earliest_on = date(2026, 11, 20)
    say(people, D.GIVEN)
    assert len(tasks_of(people.case.id, K.ANSWER_DATE)) == 1


def test_the_referrer_hears_of_no_report_being_finished(app: Flask) -> None:
    moving = Moving()
    people = moving.people
    assessment = started(people)
    save(assessment, people, Section.RECOMMENDATION, {"recommendation": "declined"})
    finish(assessment, people)
    client = as_(app, moving.house.practitioner)
    for path in ("/referrals", f"/cases/{moving.case.ref}/referral"):
        page = client.page(path)
        assert NO_REPORT_LINE in page, path
        assert "being finished" not in page
