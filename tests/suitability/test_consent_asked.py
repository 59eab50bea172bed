"""What he answers about consent in the assessment is the consent that a report rests on."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.rules import fold
from mhtr.cases.service import facts_of
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.suitability import assessment_service, consent_asked
from mhtr.suitability.assessment_content import build_report
from mhtr.suitability.consent_asked import NO_MEETING
from mhtr.suitability.models import Assessment, AssessmentSection
from mhtr.suitability.psr_paragraph import psr_paragraph
from mhtr.suitability.release_content import NOT_DATED, prepare
from mhtr.suitability.release_forms import basis_rows
from mhtr.suitability.report_content import from_json
from mhtr.suitability.sections import Section
from mhtr.tasks.models import TaskKind
from mhtr.tasks.service import open_tasks
from tests.suitability.browsing import as_, base, send
from tests.suitability.journey import (
    People,
    allocated,
    current_version,
    decided,
    finished,
    heard,
    released,
    requested,
    say,
    sent,
    signed,
    started,
)

A, T = ConsentItem.ASSESSMENT, ConsentItem.TREATMENT
G, R, W = ConsentDecision.GIVEN, ConsentDecision.REFUSED, ConsentDecision.WITHDRAWN
SEEN = clock.some_time_on(date(2026, 11, 17))


def answer(
    assessment: Assessment,
    by: int,
    report: bool | None,
    treatment: bool | None,
    willing: str = "yes",
) -> None:
    answers = {"willing": willing, "consent_treatment": treatment, "consent_report": report}
    with writing():
        assessment_service.save_section(
            assessment,
            Section.WILLINGNESS_CONSENT,
            answers,
            version=current_version(assessment, Section.WILLINGNESS_CONSENT),
            by=by,
        )


def said(people: People) -> list[tuple[ConsentItem, ConsentDecision]]:
    db.session.rollback()
    return [(event.item, event.decision) for event in consent.events(people.case.person_id)]


def stopped(people: People) -> bool:
    return fold(facts_of(people.case.id), clock.today()).consent_withdrawn_on is not None


def test_a_yes_is_recorded_with_version_way_day_and_name(either_app: Flask) -> None:
    people = allocated()
    assessment = started(people)
    answer(assessment, people.assessor.id, True, True)
    events = consent.events(people.case.person_id)
    assert [(e.item, e.decision, e.wording_version) for e in events] == [
        (A, G, "assessment-1"),
        (T, G, "treatment-1"),
    ]
    assert {(e.how, e.at, e.recorded_by) for e in events} == {("video", SEEN, people.assessor.id)}


def test_the_same_answer_is_recorded_once(people: People, set_clock: SetClock) -> None:
    assessment = started(people)
    answer(assessment, people.assessor.id, True, None)
    assert said(people) == [(A, G)], "treatment is not asked yet"
    set_clock.advance(hours=1)
    answer(assessment, people.assessor.id, True, True, "unsure")
    answer(assessment, people.assessor.id, True, True)
    assert said(people) == [(A, G), (T, G)]


def test_what_he_said_on_his_record_for_this_case_is_not_recorded_again(people: People) -> None:
    say(people, G)
    answer(started(people), people.assessor.id, True, None)
    assert said(people) == [(A, G)]


def test_a_later_no_takes_it_back_and_stops_the_report(people: People, set_clock: SetClock) -> None:
    assessment = started(people)
    answer(assessment, people.assessor.id, True, True)
    set_clock.advance(hours=1)
    answer(assessment, people.assessor.id, False, True)
    assert said(people) == [(A, G), (T, G), (A, W)]
    assert stopped(people)
    assert open_tasks(people.case.id, TaskKind.CONSENT_WITHDRAWN)
    answer(assessment, people.assessor.id, True, True)
    assert said(people)[-1] == (A, G)
    assert not stopped(people)


def test_a_first_no_is_a_refusal(people: People) -> None:
    assessment = started(people)
    answer(assessment, people.assessor.id, True, False, "no")
    assert said(people) == [(A, G), (T, R)]
    assert not stopped(people), "the report then says so"
    answer(assessment, people.assessor.id, False, False, "no")
    assert stopped(people)


def test_saving_the_section_again_does_not_undo_what_he_said_since(
    people: People, set_clock: SetClock
) -> None:
    assessment = started(people)
    answer(assessment, people.assessor.id, True, True)
    set_clock.advance(hours=1)
    say(people, W)
    answer(assessment, people.assessor.id, True, True, "unsure")
    assert said(people)[-1] == (A, W)
    assert stopped(people)


def test_without_day_and_way_it_is_not_recorded_at_all(people: People) -> None:
    with writing():
        assessment = assessment_service.start(case_id=people.case.id, by=people.assessor.id)
    with pytest.raises(Refused, match="how and on which day") as refusal:
        answer(assessment, people.assessor.id, True, True)
    assert refusal.value.reasons == (NO_MEETING,)
    assert said(people) == []
    assert db.session.scalars(select(AssessmentSection)).all() == []
    answer(assessment, people.assessor.id, None, None)


def test_an_answer_from_before_is_recorded_when_it_is_saved_again(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment = started(people)
    with monkeypatch.context() as then:
        then.setattr(consent_asked, "record_answers", lambda *_, **__: None)
        answer(assessment, people.assessor.id, True, True)
    assert said(people) == []
    answer(assessment, people.assessor.id, True, True)
    assert said(people) == [(A, G), (T, G)]


def test_consent_and_section_are_one_transaction(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment = started(people)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(assessment_service, "_write", fails)
    with pytest.raises(RuntimeError, match="planted"):
        answer(assessment, people.assessor.id, True, True)
    assert said(people) == []


def test_the_page_shows_the_text_that_is_read_to_him(app: Flask, people: People) -> None:
    started(people)
    client = as_(app, people.assessor)
    path = f"{base(people)}/assessment/willingness_consent"
    page = client.page(path)
    assert "it may be read out in court" in " ".join(page.split())
    assert "Version assessment-1." in page
    yes = {"consent_report": "yes", "consent_treatment": "yes"}
    assert send(client, path, page, willing="yes", **yes).status_code == 303
    assert said(people) == [(A, G), (T, G)]


def test_the_report_and_its_basis_name_day_and_version(people: People) -> None:
    assessment = signed(people)
    content = prepare(people.case, assessment, by=people.assessor.id).content
    assert content is not None
    assert (content.consent_given_on, content.consent_version) == (
        date(2026, 11, 17),
        "assessment-1",
    )
    need = next(row for row in basis_rows(content) if row.name == "Need")
    assert need.basis.endswith("given on 17 November 2026 (text assessment-1).")
    assert psr_paragraph(content)


def old_case(people: People, monkeypatch: pytest.MonkeyPatch) -> Assessment:
    """Signed and heard before consent was recorded with the assessment."""
    with monkeypatch.context() as then:
        then.setattr(consent_asked, "record_answers", lambda *_, **__: None)
        requested(people)
        assessment = finished(people)
        decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)
    return assessment


def test_an_old_case_is_asked_for_at_release_and_goes_out_with_what_he_says(
    app: Flask, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment = old_case(people, monkeypatch)
    unsigned = build_report(people.case, assessment).content
    assert unsigned is not None and unsigned.consent_given_on is None
    need = next(row for row in basis_rows(unsigned) if row.name == "Need")
    assert need.basis.endswith("not recorded with date and version.")
    assert prepare(people.case, assessment, by=people.assessor.id).against == (NOT_DATED,)
    with pytest.raises(Refused, match="is not on record"):
        released(assessment, people)
    client = as_(app, people.assessor)
    page = client.page(f"{base(people)}/release")
    assert f"{base(people)}/consent/assessment" in page
    say(people, G)
    row = released(assessment, people)
    content = from_json(row.content)
    assert (content.consent_given_on, content.consent_version) == (clock.today(), "assessment-1")
    assert prepare(people.case, assessment, by=people.assessor.id).differs == ()
