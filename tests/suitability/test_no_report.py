"""He says no before release: probation hears that no report will follow, and not why."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import service as accounts
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.intake.court_case import Ending
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.suitability import assessment_service
from mhtr.suitability.assessment_queries import section_rows
from mhtr.suitability.models import Assessment, CountersignRequest
from mhtr.suitability.report_work import NOTHING_TO_SIGN
from mhtr.suitability.request_queries import state_of
from mhtr.suitability.request_states import RequestState
from mhtr.suitability.sections import Answer, Section
from mhtr.suitability.stopping import ENDS, NO_REPORT, TAKEN_UP
from mhtr.tasks.calendar import end_of_day
from mhtr.tasks.models import Notice, TaskKind
from tests.suitability.browsing import as_, base
from tests.suitability.journey import (
    People,
    allocated,
    decided,
    finish,
    finished,
    heard,
    say,
    sent,
    started,
)
from tests.suitability.requesting import ask, tasks_of, told

K, D = TaskKind, ConsentDecision
CLINICAL = ("withdr", "declin", "consent", "capacity")


def open_work(people: People) -> set[TaskKind]:
    return {kind for kind in ENDS if tasks_of(people.case.id, kind)}


def save(assessment: Assessment, people: People, part: Section, answers: dict[str, Answer]) -> None:
    row = section_rows(assessment.id).get(part)
    with writing():
        assessment_service.save_section(
            assessment, part, answers, version=row.version if row else 0, by=people.assessor.id
        )


def refuses(people: People) -> Assessment:
    """Asked first whether he agrees to be assessed, he says no."""
    assessment = started(people)
    told_him: dict[str, Answer] = {"readers": True, "quoted": True, "choice": True}
    save(assessment, people, Section.TOLD, {**told_him, "agrees": False})
    return assessment


def declined(people: People) -> Assessment:
    assessment = refuses(people)
    save(assessment, people, Section.RECOMMENDATION, {"recommendation": "declined"})
    finish(assessment, people)
    return assessment


def team_told(people: People) -> list[str]:
    query = select(Notice.text).where(Notice.principal_id == people.team.principal_id)
    return list(db.session.scalars(query))


def test_she_and_her_team_hear_at_once_that_no_report_follows(either_app: Flask) -> None:
    people = allocated()
    request = ask(people.case.id, people.psr_author.id)
    assert open_work(people) == {K.REPORT_DUE}
    assessment = refuses(people)
    db.session.refresh(people.case)
    assert told(people.psr_author).count(NO_REPORT) == 1
    assert team_told(people) == [NO_REPORT]
    assert not any(word in NO_REPORT for word in CLINICAL)
    assert open_work(people) == set()
    assert people.case.report_due_on is None
    assert state_of(request, people.case) is RequestState.STOPPED
    # Finished as declined, nothing new is said: she has heard.
    save(assessment, people, Section.RECOMMENDATION, {"recommendation": "declined"})
    finish(assessment, people)
    assert told(people.psr_author).count(NO_REPORT) == 1
    assert open_work(people) == set()


@pytest.mark.parametrize("item", [ConsentItem.ASSESSMENT, ConsentItem.TREATMENT])
def test_taken_back_before_release_everything_stops(either_app: Flask, item: ConsentItem) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    assessment = finished(people)
    waiting = sent(assessment, people, people.lead.id)
    say(people, D.WITHDRAWN, item)
    assert NOTHING_TO_SIGN in told(people.lead)
    assert open_work(people) == set()
    with pytest.raises(Refused, match="He withdrew his consent on 18 November 2026. It is stopped"):
        decided(waiting, people.lead.id)
    # Again before the lead, then signed and ready to release: it all ends the same way.
    say(people, D.GIVEN, item)
    (task,) = tasks_of(people.case.id, K.COUNTERSIGN)
    assert task.owner_staff_id == people.lead.id
    decided(waiting, people.lead.id)
    heard(assessment, people)
    assert open_work(people) == {K.REPORT_DUE, K.RELEASE}
    say(people, D.WITHDRAWN, item)
    assert open_work(people) == set()
    assert told(people.psr_author).count(NO_REPORT) == 2


def test_finished_as_declined_without_having_been_asked_there_is_no_report(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    assessment = started(people)
    save(assessment, people, Section.RECOMMENDATION, {"recommendation": "declined"})
    finish(assessment, people)
    assert told(people.psr_author).count(NO_REPORT) == 1
    assert open_work(people) == set()
    with pytest.raises(Refused, match="He declined on 18 November 2026"):
        sent(assessment, people)


def test_who_declines_treatment_and_agrees_to_the_report_gets_one(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    assessment = finished(people)
    with writing():
        db.session.refresh(assessment)
        assessment_service.reopen(
            assessment=assessment, version=assessment.version, by=people.assessor.id
        )
    text = {"recommendation": "declined", "recommendation_released": "He decided against it."}
    save(assessment, people, Section.RECOMMENDATION, {**text})
    finish(assessment, people)
    assert NO_REPORT not in told(people.psr_author)
    assert isinstance(sent(assessment, people), CountersignRequest)
    assert open_work(people) == {K.REPORT_DUE, K.COUNTERSIGN}


def test_he_changes_his_mind_and_the_request_stands_again(either_app: Flask) -> None:
    people = allocated()
    request = ask(people.case.id, people.psr_author.id)
    assessment = declined(people)
    say(people, D.GIVEN)
    assert people.case.report_due_on is None, "the assessment is still finished as declined"
    with writing():
        db.session.refresh(assessment)
        assessment_service.reopen(
            assessment=assessment, version=assessment.version, by=people.assessor.id
        )
    db.session.refresh(people.case)
    assert people.case.report_due_on == request.due_on
    (task,) = tasks_of(people.case.id, K.REPORT_DUE)
    assert task.due_at == end_of_day(request.due_on)
    (news,) = [text for text in told(people.psr_author) if text.startswith(TAKEN_UP)]
    assert str(request.due_on.day) in news
    assert news in team_told(people)


def test_only_her_team_hears_once_she_cannot_go_on(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    with writing():
        accounts.disable(people.psr_author.id, by=None)
    refuses(people)
    assert NO_REPORT in team_told(people)
    assert NO_REPORT not in told(people.psr_author)


def test_a_moved_hearing_brings_no_date_back(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    refuses(people)
    before = told(people.psr_author)
    with writing():
        court_case.record_hearing(
            case_id=people.case.id,
            version=people.case.version,
            court="B01KR",
            on=date(2026, 12, 18),
            purpose="sentence",
            psr_kind="short",
            reason="court",
            by=people.assessor.id,
        )
    db.session.refresh(people.case)
    assert people.case.report_due_on is None
    assert open_work(people) == set()
    new = told(people.psr_author)[len(before) :]
    assert not any("due" in text for text in new)
    assert new == ["A court hearing was set or moved"]


def test_asked_again_meanwhile_nothing_is_due(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    refuses(people)
    again = ask(people.case.id, people.psr_author.id)
    db.session.refresh(people.case)
    assert state_of(again, people.case) is RequestState.STOPPED
    assert open_work(people) == set()


def test_paused_and_resumed_it_stays_stopped(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    sent(finished(people), people)
    with writing():
        case = people.case
        court_case.end(
            case_id=case.id, version=case.version, ending=Ending.REMANDED, by=people.lead.id
        )
    say(people, D.WITHDRAWN)
    with writing():
        case = cases.lock(people.case.id)
        court_case.go_on(case_id=case.id, version=case.version, by=people.lead.id)
    assert open_work(people) == set()


def test_her_pages_say_so_and_not_why(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    client = as_(app, people.psr_author)
    assert "working days left" in client.page(f"{base(people)}/request")
    declined(people)
    for path in ("request", "report", "request/due-date", ""):
        page = client.page(f"{base(people)}/{path}".rstrip("/"))
        assert "There will be no suitability report" in page, path
        assert "working day" not in page.split("<h2")[0] or path == "request/due-date"
        assert "It appears here as soon as" not in page
        text = page.split("<main", 1)[1].lower()
        assert not any(word in text for word in ("he declined", "his consent", "assessed, and"))
    assert "Since 17 November 2026" in client.page(f"{base(people)}/request")
    waiting = client.page("/requests")
    assert "Ekwueme" not in waiting.split("<main", 1)[1]
    assert "No report will follow" in client.page("/requests?shown=finished")
    assert "Open request" not in client.page("/today")


def test_the_clinical_page_offers_to_close_and_no_signature(app: Flask) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    declined(people)
    client = as_(app, people.assessor)
    page = client.page(base(people))
    assert "Close: he declined" in page
    assert "Ask for a countersignature" not in page
    assert "Release the report" not in page
    page = client.page(f"{base(people)}/assessment")
    assert "No report is written" in page
    for offer in ("Ask for the countersignature", "Record that he read or heard it"):
        assert offer not in page
    today = client.page("/today")
    assert ">Release<" not in today
    assert "Open report" not in today


def test_a_first_no_is_a_refusal_and_a_later_one_a_withdrawal(either_app: Flask) -> None:
    people = allocated()
    refuses(people)
    page = as_(either_app, people.assessor).page(base(people))
    assert "He declined on 17 November 2026." in page
    assert "He declined: ask him again" in page
    assert "withdrew" not in page.split("<main", 1)[1]
    say(people, D.GIVEN)
    say(people, D.WITHDRAWN)
    page = as_(either_app, people.assessor).page(base(people))
    assert "He withdrew his consent on 18 November 2026." in page
    assert "Close: he withdrew" in page
    facts = cases.facts_of(people.case.id)
    said = [fact.detail.get("refused") for fact in facts if fact.kind is FactKind.CONSENT_WITHDRAWN]
    assert said == [True, None]
