"""Release: only what was signed and heard, once, with consent, to whom asked."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.core import access, clock
from mhtr.core.access import Grant, Purpose
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability import addendum_service, assessment_service, report_basis
from mhtr.suitability import release_service as service
from mhtr.suitability.models import Assessment, ReportRelease
from mhtr.suitability.psr_paragraph import psr_paragraph
from mhtr.suitability.release_content import prepare
from mhtr.suitability.report_content import (
    NOT_HEARD_BECAUSE,
    HisAnswer,
    content_hash,
    from_json,
    to_json,
)
from mhtr.suitability.report_pdf import compile_report
from mhtr.suitability.report_view import report_view
from mhtr.suitability.sections import SECTIONS, QuestionKind
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.suitability.journey import (
    People,
    allocated,
    decided,
    finished,
    heard,
    released,
    requested,
    sent,
    signed,
)
from tests.suitability.reports import against


def test_it_goes_to_her_and_her_team_who_are_told_and_may_see_it(people: People) -> None:
    assessment = signed(people)
    row = released(assessment, people)
    assert (row.to_author_id, row.to_team_id) == (people.psr_author.id, people.team.id)
    assert content_hash(from_json(row.content)) == row.content_hash
    wanted = {people.psr_author.principal_id, people.team.principal_id}
    grants = db.session.scalars(
        select(Grant.principal_id).where(
            Grant.case_id == people.case.id, Grant.purpose == Purpose.PRE_SENTENCE
        )
    )
    assert set(grants) == wanted
    told = select(Notice.principal_id).where(Notice.text.endswith("is released."))
    assert set(db.session.scalars(told)) == wanted
    assert people.case.state is CaseState.RELEASED
    assert db.session.scalars(select(Task).where(Task.kind == TaskKind.RELEASE)).one().state is (
        TaskState.DONE
    )


def test_what_the_wall_holds_back_is_not_released(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment = signed(people)
    closed = {**report_basis.WALL, "recommendation_wording": "assessment"}
    monkeypatch.setattr(report_basis, "WALL", closed)
    with pytest.raises(Refused, match="may not go to probation"):
        released(assessment, people)
    assert db.session.scalars(select(ReportRelease)).all() == []


def test_an_access_that_ends_is_not_made_longer(people: People) -> None:
    assessment = signed(people)
    end = clock.now().replace(year=2027)
    with writing():
        access.grant(
            people.case.id,
            Purpose.PRE_SENTENCE,
            people.psr_author.principal_id,
            because="test",
            by=None,
            until=end,
        )
    released(assessment, people)
    live = db.session.scalars(
        select(Grant).where(Grant.principal_id == people.psr_author.principal_id)
    ).one()
    assert live.ends_at == end


def test_a_new_hearing_date_follows_without_a_new_signature(people: People) -> None:
    assessment = signed(people)
    with writing():
        case = cases.lock(people.case.id)
        case.hearing_on = clock.today().replace(month=12)
    assert against(people, assessment) == ()
    row = released(assessment, people)
    assert from_json(row.content).hearing_on == clock.today().replace(month=12)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (HisAnswer.CORRECTIONS, "I have worked since October."),
        (HisAnswer.DISAGREES, "I see it otherwise."),
        *((reason, "He did not answer three calls.") for reason in sorted(NOT_HEARD_BECAUSE)),
    ],
)
def test_his_words_stand_in_the_report(people: People, answer: HisAnswer, words: str) -> None:
    requested(people)
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    for nothing in ("", " \u200b\u2060 "):
        with pytest.raises(Refused, match="words"):
            heard(assessment, people, answer, nothing)
    heard(assessment, people, answer, words)
    content = from_json(released(assessment, people).content)
    assert (content.his_answer, content.his_words) == (answer, words)
    view = report_view(content)
    assert words in str(view)
    assert bool(view.notice) is (answer in NOT_HEARD_BECAUSE)
    assert view.notice in psr_paragraph(content)


def test_what_was_compiled_must_be_what_is_released(people: People) -> None:
    assessment = signed(people)
    with pytest.raises(Refused, match="changed while you looked"), writing():
        service.release(
            case_id=people.case.id,
            assessment=assessment,
            compiled=service.Compiled(b"%PDF", "another"),
            by=people.assessor.id,
        )


def test_two_releases_at_once_leave_one(either_app: Flask) -> None:
    people = allocated()
    assessment_id = signed(people).id
    assessment = db.session.get_one(Assessment, assessment_id)
    prepared = prepare(people.case, assessment, by=people.assessor.id)
    assert prepared.content is not None
    compiled = service.Compiled(b"%PDF", content_hash(prepared.content))
    case_id, by = people.case.id, people.assessor.id
    db.session.rollback()
    barrier, answers = threading.Barrier(2), []

    def go() -> None:
        with either_app.app_context():
            mine = db.session.get_one(Assessment, assessment_id)
            barrier.wait(10)
            try:
                with writing():
                    service.release(case_id=case_id, assessment=mine, compiled=compiled, by=by)
                answers.append("released")
            except service.AlreadyReleased as refusal:
                answers.append(refusal.reasons[0])
            finally:
                db.session.remove()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.rollback()
    assert db.session.scalar(select(func.count(ReportRelease.id))) == 1
    assert sorted(answers) == [
        "Tomasz Whitfield released it already. It was not sent a second time.",
        "released",
    ]


def test_a_release_is_never_changed(either_app: Flask) -> None:
    people = allocated()
    row = released(signed(people), people)
    with pytest.raises(DBAPIError, match="append_only"), writing():
        db.session.get_one(ReportRelease, row.id).content_hash = "planted"


def addendum(people: People, assessment: Assessment, text: str = "The hearing has moved.") -> int:
    with writing():
        return addendum_service.write_addendum(
            assessment=assessment,
            text=text,
            his_answer=HisAnswer.AGREES,
            his_words="",
            lead_id=None,
            by=people.assessor.id,
        ).id


def test_after_release_only_an_addendum_signed_by_another(people: People) -> None:
    from mhtr.suitability.models import CountersignRequest

    assessment = signed(people)
    first = released(assessment, people)
    db.session.refresh(assessment)
    with pytest.raises(Refused), writing():
        assessment_service.reopen(
            assessment=assessment, version=assessment.version, by=people.assessor.id
        )
    request_id = addendum(people, assessment)
    with pytest.raises(Refused, match="waiting"):
        addendum(people, assessment)
    request = db.session.get_one(CountersignRequest, request_id)
    with pytest.raises(Refused):
        decided(request, people.assessor.id)
    decided(request, people.lead.id)
    second = released(assessment, people, addendum=True)
    content = from_json(second.content)
    assert content.reference.endswith("/A1")
    assert content.addendum_to == from_json(first.content).reference
    assert content.addendum_wording == "The hearing has moved."
    assert second.is_addendum
    with pytest.raises(service.AlreadyReleased):
        released(assessment, people, addendum=True)


def test_an_addendum_needs_a_released_report(people: People) -> None:
    assessment = signed(people)
    with pytest.raises(Refused, match="no released report"):
        addendum(people, assessment)


def test_a_canary_in_every_clinical_field_never_appears(people: People) -> None:
    """Every text that is not marked for release carries a canary; so do task and measure texts."""
    assessment = signed(people, mark="canary7F3A")
    row = released(assessment, people)
    content = from_json(row.content)
    canaries = [
        f"canary7F3A-{question.key}"
        for spec in SECTIONS
        for question in spec.questions
        if question.kind is QuestionKind.TEXT and not question.released
    ]
    assert len(canaries) > 10
    from io import BytesIO

    from pypdf import PdfReader

    pages = PdfReader(BytesIO(compile_report(content))).pages
    pdf = "".join("".join(page.extract_text().split()) for page in pages)
    page = str(report_view(content)) + str(to_json(content)) + psr_paragraph(content)
    for canary in canaries:
        assert canary not in pdf
        assert canary not in page
    # The released ones do appear, so the search would have found the others.
    assert "canary7F3A-need_released" in pdf
    assert "canary7F3A-need_released" in page
