"""A court's result is put right knowingly: no old page replaces it, and nothing is dropped."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.facts import CaseState, StageOfCase
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.suitability import court_result, outcome_service
from mhtr.suitability.asked import to_json
from mhtr.suitability.court_result import (
    Correction,
    Outcome,
    Result,
    Stands,
    contradictions,
    corrects,
)
from mhtr.suitability.models import CourtOutcome, ReportRequest
from mhtr.suitability.sentence_rules import WhyThatDay
from mhtr.tasks.models import Notice
from tests.counts import count
from tests.faults.test_races import at_once
from tests.makers import make_staff
from tests.pages import PageClient
from tests.suitability.browsing import as_, hidden, refused, send
from tests.suitability.journey import People, allocated, released, signed
from tests.suitability.makers import ASKED, CourtSide
from tests.suitability.test_outcome_service import asked_case, record, state
from tests.suitability.test_sentence_checks import charged

TODAY = date(2026, 11, 18)
CUSTODY = Outcome(None, Result.CUSTODY, sentenced_on=TODAY)
ADJOURNED = Outcome(None, Result.ADJOURNED)
ORDER = {"proposed": "yes", "result": "co_mhtr"}


def day(name: str, on: date = TODAY) -> dict[str, str]:
    parts = {"day": on.day, "month": on.month, "year": on.year}
    return {f"{name}-{part}": str(value) for part, value in parts.items()}


def rows() -> list[CourtOutcome]:
    db.session.rollback()
    return list(db.session.scalars(select(CourtOutcome).order_by(CourtOutcome.id)))


def whole() -> People:
    people = allocated()
    released(signed(people), people)
    with writing():
        # A request as the form saves it: the court date is worked out from it.
        db.session.scalars(select(ReportRequest)).one().details = to_json(ASKED)
    return people


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        (CUSTODY, True),
        (ADJOURNED, True),
        (Outcome(True), True),
        (replace(ADJOURNED, next_hearing_on=TODAY), True),
        (replace(ADJOURNED, sentenced_on=TODAY), False),
        (replace(CUSTODY, next_hearing_on=TODAY), False),
        (Outcome(True, sentenced_on=TODAY), False),
        (Outcome(True, next_hearing_on=TODAY), False),
        (replace(ADJOURNED, stage=StageOfCase.GUILTY_PLEA), False),
        (replace(ADJOURNED, convicted_on=TODAY), False),
        (replace(CUSTODY, stage=StageOfCase.GUILTY_PLEA, convicted_on=TODAY), True),
    ],
)
def test_what_contradicts(said: Outcome, fits: bool) -> None:
    assert (contradictions(said) == ()) is fits


@pytest.mark.parametrize(
    ("said", "stands", "expected"),
    [
        (CUSTODY, Stands(False, None), False),
        (CUSTODY, Stands(False, True), False),
        (CUSTODY, Stands(True, None), True),
        (ADJOURNED, Stands(True, None), True),
        (Outcome(True), Stands(True, None), False),
        (Outcome(True), Stands(False, True), False),
        (Outcome(True), Stands(False, False), True),
        (Outcome(False), Stands(True, True), True),
    ],
)
def test_what_corrects(said: Outcome, stands: Stands, expected: bool) -> None:
    assert corrects(said, stands) is expected


@pytest.mark.parametrize(
    "said", [replace(ADJOURNED, sentenced_on=TODAY), replace(CUSTODY, next_hearing_on=TODAY)]
)
def test_the_service_takes_nothing_that_contradicts(either_app: Flask, said: Outcome) -> None:
    court = CourtSide()
    case_id, by = asked_case(court), court.author.id
    with pytest.raises(Refused, match="There is a"), writing():
        outcome_service.record_outcome(case_id=case_id, outcome=said, by=by)
    assert rows() == []


def test_an_old_page_replaces_nothing(either_app: Flask) -> None:
    people = whole()
    path = f"/cases/{people.case.ref}/outcome"
    assessor, author = as_(either_app, people.assessor), as_(either_app, people.psr_author)
    old, fresh = assessor.page(path), author.page(path)
    assert send(author, path, fresh, **ORDER, **day("sentenced_on")).status_code == 303
    typed = {
        "result": "custody",
        "proposed": "no",
        "note": "He is in Pentonville",
        **day("sentenced_on", date(2026, 11, 17)),
    }
    answer = send(assessor, path, old, **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Recorded meanwhile" in page and "Nothing of yours is saved" in page
    assert "Community order with a mental health treatment requirement" in page
    assert "18 November 2026" in page and "17 November 2026" in page
    assert "He is in Pentonville" in page and 'value="17"' in page
    assert page.count("Immediate custody") >= 2
    assert [row.result for row in rows()] == ["co_mhtr"]
    unsaid = refused(assessor, path, page, **typed)
    assert "Say why what was recorded before is wrong." in unsaid
    assert "He is in Pentonville" in unsaid
    why = {"correction": "told_wrongly", "day_is_right": "yes", "why_that_day": "heard_late"}
    done = send(assessor, path, unsaid, **typed, **why)
    assert done.status_code == 303
    shown = assessor.page(path)
    assert "Puts right what was recorded before: we were told wrongly" in shown
    assert "Community order with a mental health treatment requirement" in shown
    assert [row.result for row in rows()] == ["co_mhtr", "custody"]
    author_id = people.psr_author.principal_id
    news = db.session.scalars(select(Notice.text).where(Notice.principal_id == author_id)).all()
    assert any("put right: the court has sentenced, without" in text for text in news)


def test_a_page_without_a_version_is_an_old_one(app: Flask) -> None:
    people = whole()
    path = f"/cases/{people.case.ref}/outcome"
    client = as_(app, people.assessor)
    key = hidden(client.page(path), "submission_key")
    answer = client.post(path, data={"submission_key": key, "proposed": "yes"})
    assert answer.status_code == 409 and rows() == []


def test_what_was_proposed_is_put_right_with_a_reason_only(either_app: Flask) -> None:
    people = whole()
    case_id, by = people.case.id, people.assessor.id
    record(case_id, people.psr_author.id, proposed=True)
    with pytest.raises(outcome_service.CorrectionUnsaid):
        record(case_id, by, proposed=False)
    record(case_id, by, proposed=False, correction=Correction.WRONG_ANSWER)
    assert state(case_id) is CaseState.NOT_PROPOSED
    whom = people.psr_author.principal_id
    news = db.session.scalars(select(Notice.text).where(Notice.principal_id == whom)).all()
    assert any("put right: the requirement was not proposed" in text for text in news)


def test_after_an_adjournment_another_report_may_propose_otherwise(app: Flask) -> None:
    people = whole()
    case_id, by = people.case.id, people.assessor.id
    record(case_id, by, proposed=False)
    record(case_id, by, result=Result.ADJOURNED)
    record(case_id, by, proposed=True)
    assert [row.correction for row in rows()] == [None, None, None]


def test_whoever_recorded_what_was_wrong_is_told_too(app: Flask) -> None:
    people = whole()
    clerk = make_staff(Role.ADMINISTRATOR)
    case_id, whom = people.case.id, clerk.principal_id
    record(case_id, clerk.id, result=Result.CUSTODY, sentenced_on=TODAY)
    record(case_id, people.assessor.id, result=Result.ADJOURNED, correction=Correction.WRONG_MAN)
    news = db.session.scalars(select(Notice.text).where(Notice.principal_id == whom)).all()
    assert any("taken back" in text for text in news)


CONTRADICTIONS = [
    ({"result": "adjourned", **day("sentenced_on")}, "sentenced_on"),
    ({"result": "co_mhtr", **day("sentenced_on"), **day("next_hearing_on")}, "next_hearing_on"),
    ({"proposed": "yes", **day("sentenced_on")}, "sentenced_on"),
    ({"proposed": "yes", **day("next_hearing_on")}, "next_hearing_on"),
]


@pytest.mark.parametrize(("said", "field"), CONTRADICTIONS)
def test_what_contradicts_is_a_question_beside_the_field(
    either_app: Flask, said: dict[str, str], field: str
) -> None:
    people = whole()
    path, client = f"/cases/{people.case.ref}/outcome", as_(either_app, people.assessor)
    page = refused(client, path, client.page(path), **said, note="Heard by telephone")
    assert f'id="{field}-error"' in page and "Take out the" in page
    assert "Heard by telephone" in page and page.count('value="2026"') == len(said) // 3
    assert rows() == []


def test_a_plea_without_a_sentence_can_be_left_out(client: PageClient) -> None:
    court = CourtSide()
    case_id = charged(court)
    whose = court.author.principal_id
    with writing():
        access.grant(case_id, Purpose.PRE_SENTENCE, whose, because="test", by=None)
    path = f"/cases/{db.session.get_one(Case, case_id).ref}/outcome"
    client.sign_in(court.author)
    page = client.page(path)
    assert "Leave this out" not in page
    typed = {"result": "adjourned", "stage": "guilty_plea"}
    page = refused(client, path, page, **typed, **day("convicted_on"))
    assert 'id="stage-error"' in page and 'id="convicted_on-error"' in page
    assert send(client, path, page, result="adjourned", stage="left_out").status_code == 303
    assert [row.result for row in rows()] == ["adjourned"]


def test_two_people_record_a_result_at_once(either_app: Flask) -> None:
    """One is recorded, the other is told; nothing is replaced without a reason."""
    court = CourtSide()
    for _ in range(count(2, 50)):
        case_id, by = asked_case(court), [court.author.id, court.colleague.id]
        db.session.remove()

        def say(result: Result, by: int, case_id: int = case_id) -> Callable[[], None]:
            def said() -> None:
                outcome = Outcome(
                    None,
                    result,
                    sentenced_on=clock.today(),
                    why_that_day=WhyThatDay.EARLIER_HEARING,
                )
                with writing():
                    outcome_service.record_outcome(case_id=case_id, outcome=outcome, by=by, seen=0)

            return said

        answers = at_once(either_app, [say(Result.CO_MHTR, by[0]), say(Result.CUSTODY, by[1])])
        assert answers == ["done", "stale"]
        db.session.rollback()
        assert len(outcome_service.outcomes(case_id)) == 1
        with pytest.raises(Stale), writing():
            outcome_service.record_outcome(case_id=case_id, outcome=CUSTODY, by=by[0], seen=0)


@pytest.mark.parametrize(
    ("said", "stands", "words"),
    [
        (Outcome(True), Stands(False, None), []),
        (ADJOURNED, Stands(False, True), []),
        (Outcome(True), Stands(False, False), ["put right: the requirement was proposed"]),
        (replace(ADJOURNED, proposed=True), Stands(False, False), ["requirement was proposed"]),
        (CUSTODY, Stands(False, None), ["The court has sentenced, without"]),
        (
            replace(CUSTODY, proposed=False),
            Stands(False, True),
            ["The court has sentenced, without", "put right: the requirement was not proposed"],
        ),
        (CUSTODY, Stands(True, None), ["put right: the court has sentenced, without"]),
        (
            replace(ADJOURNED, proposed=True),
            Stands(True, False),
            ["taken back: there is no sentence yet", "put right: the requirement was proposed"],
        ),
    ],
)
def test_what_is_told_says_what_was_put_right_and_no_more(
    said: Outcome, stands: Stands, words: list[str]
) -> None:
    text = court_result.told(said, stands)
    assert all(each in text for each in words)
    assert text.count(".") == len(words)
    assert ("taken back" in text) is (said.result is Result.ADJOURNED and stands.sentence)
    result_again = said.result is not None and stands.sentence
    assert ("court’s result is put right" in text) is (result_again and said.result != "adjourned")


def test_a_proposal_put_right_on_adjourning_takes_no_sentence_back(app: Flask) -> None:
    people = whole()
    case_id, by = people.case.id, people.psr_author.id
    record(case_id, by, proposed=False)
    wrong = Correction.WRONG_ANSWER
    record(case_id, by, proposed=True, result=Result.ADJOURNED, correction=wrong)
    texts = list(db.session.scalars(select(Notice.text)))
    assert not [text for text in texts if "no sentence" in text]
    assert [text for text in texts if text.startswith("What the pre-sentence report proposed")]
