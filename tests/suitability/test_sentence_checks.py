"""A sentence that does not fit the record is asked about, and nobody is locked out by one."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from mhtr.cases import hearings, rules
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState, FactKind, StageOfCase
from mhtr.cases.models import Case
from mhtr.core import access, clock, policy
from mhtr.core.access import Purpose
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability import outcome_service, request_service
from mhtr.suitability.court_result import Correction
from mhtr.suitability.outcome_service import Outcome, Result
from mhtr.suitability.policy import ACCESS_AFTER_SENTENCE
from mhtr.suitability.sentence_checks import DayInQuestion
from mhtr.suitability.sentence_rules import OnRecord, WhyThatDay, questions
from mhtr.tasks.models import TaskKind
from tests.makers import make_case
from tests.pages import PageClient
from tests.suitability.makers import ASKED, HEARING, CourtSide, granted_case
from tests.suitability.requesting import sees, tasks_of
from tests.suitability.test_outcome_service import TODAY, asked_case, record, state

LONG_AGO = date(2020, 1, 1)
CHRISTMAS = date(2026, 12, 25)
HEARD: dict[str, Any] = {"heard_on": date(2026, 11, 18)}
KNOWN = OnRecord(
    today=date(2026, 11, 18), referred_on=date(2026, 11, 2),
    convicted_on=date(2026, 11, 9), most_days=28,
)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "change", "asked"),
    [
        (date(2026, 11, 18), {}, ()),
        (date(2026, 11, 9), {}, ()),
        (date(2026, 11, 7), {}, ("before his plea or finding on 9 November 2026",)),
        (
            date(2026, 10, 31),
            {"convicted_on": None},
            ("before he was referred on 2 November 2026",),
        ),
        (date(2026, 11, 2), {"convicted_on": None}, ()),
        (date(2026, 10, 21), {"referred_on": date(2026, 10, 1), "convicted_on": None}, ()),
        (
            date(2026, 10, 20),
            {"referred_on": date(2026, 10, 1), "convicted_on": None},
            ("more than 28 days ago",),
        ),
        (LONG_AGO, {}, ("referred", "plea", "bank holiday", "28 days")),
        (date(2026, 11, 15), {}, ("15 November 2026, is a Sunday",)),
        (date(2026, 11, 14), {}, ()),
        (date(2026, 11, 17), HEARD, ("before the first hearing on record, 18 November 2026",)),
        (date(2026, 11, 18), HEARD, ()),
        (CHRISTMAS, {"today": date(2026, 12, 28)}, ("25 December 2026, is a bank holiday",)),
    ],
)
def test_what_is_asked(day: date, change: dict[str, Any], asked: tuple[str, ...]) -> None:
    found = questions(day, replace(KNOWN, **change))
    assert len(found) == len(asked)
    assert all(words in said for words, said in zip(asked, found, strict=True))


@given(st.dates(min_value=date(2026, 11, 9), max_value=date(2026, 11, 18)))
def test_a_day_after_plea_and_referral_is_never_asked_about(day: date) -> None:
    assert (questions(day, KNOWN) == ()) == (day != date(2026, 11, 15))


def test_a_wrong_year_is_asked_about_and_changes_nothing(app: Flask) -> None:
    court = CourtSide()
    case_id = asked_case(court)
    with pytest.raises(DayInQuestion, match="1 January 2020"):
        record(
            case_id, court.author.id, result=Result.CUSTODY, sentenced_on=LONG_AGO,
            why_that_day=None,
        )  # fmt: skip
    assert state(case_id) is CaseState.REFERRED and outcome_service.outcomes(case_id) == []


def test_a_reason_lets_it_through_is_kept_and_access_counts_from_the_recording(
    either_app: Flask, set_clock: SetClock
) -> None:
    court = CourtSide()
    case_id = asked_case(court)
    said = {"sentenced_on": date(2026, 10, 1), "why_that_day": WhyThatDay.BEFORE_REFERRAL}
    record(case_id, court.author.id, result=Result.CUSTODY, **said)
    assert state(case_id) is CaseState.SENTENCED_WITHOUT_MHTR
    assert list(outcome_service.why_that_day(case_id).values()) == [
        "He was sentenced before he was referred"
    ]
    set_clock.advance(days=27)
    assert sees(court.author.id, case_id)
    set_clock.advance(days=2)
    assert not sees(court.author.id, case_id)


def test_a_reason_nobody_asked_for_is_not_kept(app: Flask) -> None:
    case_id, by = make_case().id, CourtSide().author.id
    record(
        case_id, by, result=Result.CUSTODY, sentenced_on=TODAY,
        why_that_day=WhyThatDay.HEARD_LATE,
    )  # fmt: skip
    assert outcome_service.why_that_day(case_id) == {}


def charged(court: CourtSide) -> int:
    case_id = make_case(stage=StageOfCase.CHARGED).id
    with writing():
        hearings.record_hearing(cases.lock(case_id), court_code="B01KR", on=HEARING, by=None)
    return case_id


def test_nobody_is_sentenced_without_a_plea_or_a_finding(either_app: Flask) -> None:
    court = CourtSide()
    case_id = charged(court)
    said: dict[str, Any] = {"result": Result.CO_MHTR, "sentenced_on": TODAY}
    with pytest.raises(Refused, match="No guilty plea or finding"):
        record(case_id, court.author.id, **said)
    assert state(case_id) is CaseState.REFERRED
    plea = {"stage": StageOfCase.GUILTY_PLEA, "convicted_on": TODAY}
    late = {**plea, "convicted_on": TODAY - timedelta(days=3)}
    with pytest.raises(Refused, match="cannot be after the sentence"):
        record(case_id, court.author.id, **{**said, "sentenced_on": late["convicted_on"]}, **plea)
    record(case_id, court.author.id, **said, **plea)
    case = db.session.get_one(Case, case_id)
    assert (case.state, case.stage) == (CaseState.SENTENCED_WITH_MHTR, StageOfCase.GUILTY_PLEA)


def test_a_hearing_after_the_sentence_counts_no_more_and_again_when_it_is_taken_back(
    app: Flask,
) -> None:
    court = CourtSide()
    case_id = asked_case(court)
    assert db.session.get_one(Case, case_id).hearing_on == HEARING
    assert tasks_of(case_id, TaskKind.RESULT_AWAITED)
    record(case_id, court.author.id, result=Result.CUSTODY, sentenced_on=TODAY)
    standing = rules.fold(cases.facts_of(case_id), clock.today())
    assert (standing.hearing_on, standing.sentenced_on) == (None, TODAY)
    assert db.session.get_one(Case, case_id).hearing_on is None
    assert not tasks_of(case_id, TaskKind.RESULT_AWAITED)
    record(
        case_id,
        court.author.id,
        result=Result.ADJOURNED,
        next_hearing_on=HEARING,
        correction=Correction.WRONG_ANSWER,
    )
    assert db.session.get_one(Case, case_id).hearing_on == HEARING


def test_a_hearing_on_the_day_of_the_sentence_stays(app: Flask) -> None:
    court = CourtSide()
    case_id = asked_case(court)
    with writing():
        hearings.record_hearing(cases.lock(case_id), court_code="B01KR", on=TODAY, by=None)
    record(case_id, court.author.id, result=Result.CUSTODY, sentenced_on=TODAY)
    assert db.session.get_one(Case, case_id).hearing_on == TODAY


def test_proposed_needs_a_report_that_was_asked_for_or_released(app: Flask) -> None:
    court = CourtSide()
    case_id = make_case().id
    with pytest.raises(Refused, match="nobody asked for a report"):
        record(case_id, court.author.id, proposed=True)
    record(case_id, court.author.id, proposed=False)
    with writing():
        request_service.ask(case_id=case_id, asked=ASKED, by=court.author.id)
    record(case_id, court.author.id, proposed=True, correction=Correction.LATER_REPORT)


def sent(day: date, **said: str) -> dict[str, str]:
    parts = {"day": day.day, "month": day.month, "year": day.year}
    return {
        "submission_key": str(uuid.uuid4()),
        "version": "0",
        "result": "custody",
        **{f"sentenced_on-{part}": str(value) for part, value in parts.items()},
        **said,
    }


def test_the_page_asks_keeps_what_was_typed_and_takes_the_answer(client: PageClient) -> None:
    court = CourtSide()
    case = granted_case(court)
    path = f"/cases/{case.ref}/outcome"
    client.sign_in(court.author)
    assert "This is right" not in client.page(path)
    answer = client.post(path, data=sent(LONG_AGO, note="heard in court"))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "This is right" in text
    assert "before he was referred on 18 November 2026" in text
    assert "heard in court" in text and 'value="2020"' in text
    ticked = client.post(path, data=sent(LONG_AGO, day_is_right="yes"))
    assert ticked.status_code == 422
    assert "Select why the date of sentence is right" in ticked.get_data(as_text=True)
    done = client.post(path, data=sent(LONG_AGO, day_is_right="yes", why_that_day="heard_late"))
    assert done.status_code == 303 and done.location.endswith(path)
    page = client.page(path)
    assert "We heard of the sentence late" in page
    assert "Sentenced on" in client.page(f"/cases/{case.ref}")


def test_whoever_loses_his_access_with_it_is_not_sent_to_a_page_that_is_gone(
    client: PageClient,
) -> None:
    court = CourtSide()
    case = granted_case(court)
    author_id = court.author.id
    with writing():
        policy.set_value(
            ACCESS_AFTER_SENTENCE.key, 0, valid_from=TODAY, reason="a test", by=author_id
        )
    client.sign_in(court.author)
    done = client.post(f"/cases/{case.ref}/outcome", data=sent(TODAY))
    assert done.status_code == 303 and done.location.endswith("/today")
    assert client.get(done.location).status_code == 200


def test_the_page_asks_for_the_plea_where_none_is_recorded(client: PageClient) -> None:
    court = CourtSide()
    case_id = charged(court)
    with writing():
        access.grant(
            case_id, Purpose.PRE_SENTENCE, court.author.principal_id, because="test", by=None
        )
    case = db.session.get_one(Case, case_id)
    path = f"/cases/{case.ref}/outcome"
    client.sign_in(court.author)
    assert "How was he convicted?" in client.page(path)
    refused = client.post(path, data=sent(TODAY)).get_data(as_text=True)
    assert "Select how he was convicted" in refused
    assert "Enter the day of the plea or the finding" in refused
    plea = {"stage": "found_guilty", "convicted_on-day": "16", "convicted_on-month": "11"}
    plea |= {"convicted_on-year": "2026"}
    asked = client.post(path, data=sent(TODAY, **plea))
    assert asked.status_code == 422
    assert "before the first hearing on record, 11 December 2026" in asked.get_data(as_text=True)
    why = {"day_is_right": "yes", "why_that_day": "earlier_hearing"}
    done = client.post(path, data=sent(TODAY, **plea, **why))
    assert done.status_code == 303
    assert "How was he convicted?" not in client.page(path)
    client_page = client.page(f"/cases/{case.ref}/hearing")
    assert "Sentenced on" in client_page and "Superseded: sentenced before" in client_page
    assert "Still to find out" not in client_page


def test_a_closed_case_says_why_in_place_of_the_form(client: PageClient) -> None:
    court = CourtSide()
    case = granted_case(court)
    case_id, path = case.id, f"/cases/{case.ref}/outcome"
    with writing():
        cases.add_fact(
            cases.lock(case_id), FactKind.CLOSED, by=None, detail={"reason": "acquitted"}
        )
    client.sign_in(court.author)
    page = client.page(path)
    assert "The case is closed: he was acquitted. Reopen it first." in page
    assert "What did the court do?" not in page
    assert client.post(path, data=sent(TODAY)).status_code == 422


def test_an_outcome_without_a_day_is_not_asked_about(app: Flask) -> None:
    case_id, by = make_case().id, CourtSide().author.id
    with writing():
        said = Outcome(proposed=None, result=Result.OTHER)
        outcome_service.record_outcome(case_id=case_id, outcome=said, by=by)
    assert state(case_id) is CaseState.SENTENCED_WITHOUT_MHTR
