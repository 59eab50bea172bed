"""What stands against a release."""

import pytest

from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability import assessment_service
from mhtr.suitability import release_service as service
from mhtr.suitability.assessment_queries import section_rows
from mhtr.suitability.release_content import CHANGED, NO_CONSENT, NOBODY_ASKS, NOT_HEARD
from mhtr.suitability.report_content import (
    HisAnswer,
)
from mhtr.suitability.sections import Section
from tests.suitability.journey import (
    People,
    decided,
    fill,
    finish,
    finished,
    heard,
    released,
    requested,
    sent,
    signed,
    started,
)
from tests.suitability.reports import against


def test_without_a_request_there_is_nobody_to_release_to(people: People) -> None:
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)
    (words,) = against(people, assessment)
    assert words == f"Probation has not asked for the report yet. {NOBODY_ASKS}"


def test_he_hears_it_first(people: People) -> None:
    requested(people)
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    assert NOT_HEARD in against(people, assessment)
    heard(assessment, people)
    assert against(people, assessment) == ()


def test_withdrawn_consent_blocks_it(people: People) -> None:
    assessment = signed(people)
    with writing():
        cases.add_fact(cases.lock(people.case.id), FactKind.CONSENT_WITHDRAWN, by=None)
    assert any("withdrew his consent" in reason for reason in against(people, assessment))
    with pytest.raises(Refused, match="withdrew"):
        released(assessment, people)


def test_without_his_consent_to_the_report_it_stays(people: People) -> None:
    requested(people)
    assessment = started(people)
    fill(assessment, people.assessor.id)
    with writing():
        assessment_service.save_section(
            assessment,
            Section.WILLINGNESS_CONSENT,
            {"willing": "yes", "consent_treatment": True, "consent_report": False},
            version=1,
            by=people.assessor.id,
        )
    finish(assessment, people)
    said_no = "He withdrew his consent on 18 November 2026."
    with pytest.raises(Refused, match=said_no):
        sent(assessment, people)


def test_an_older_report_signed_against_his_answer_stays_too(people: People) -> None:
    requested(people)
    assessment = started(people)
    fill(assessment, people.assessor.id)
    row = section_rows(assessment.id)[Section.WILLINGNESS_CONSENT]
    with writing():
        row.answers = {**row.answers, "consent_report": False}
    finish(assessment, people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)
    assert NO_CONSENT in against(people, assessment)


def test_not_countersigned_or_returned_it_stays(people: People) -> None:
    requested(people)
    assessment = finished(people)
    request = sent(assessment, people)
    assert against(people, assessment) == ("The report is not countersigned.",)
    decided(request, people.lead.id, "No.")
    assert against(people, assessment) == ("The report is not countersigned.",)


def test_other_words_than_were_signed_never_go_out(people: People) -> None:
    assessment = signed(people)
    with writing():
        db.session.refresh(assessment)
        assessment_service.reopen(
            assessment=assessment, version=assessment.version, by=people.assessor.id
        )
    fill(assessment, people.assessor.id, only={Section.CONDITIONS}, mark="slipped-in")
    found = against(people, assessment)
    assert CHANGED in found
    assert NOT_HEARD in found
    with pytest.raises(Refused):
        released(assessment, people)


def test_words_changed_behind_the_program_are_found(people: People) -> None:
    from mhtr.suitability.assessment_queries import section_rows

    assessment = signed(people)
    with writing():
        row = section_rows(assessment.id)[Section.CONDITIONS]
        row.answers = {**row.answers, "need_released": "planted"}
    assert against(people, assessment) == (CHANGED,)


def test_that_it_could_not_be_done_needs_a_reason_from_the_list(people: People) -> None:
    requested(people)
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    for answer in (HisAnswer.COULD_NOT_BE_READ, HisAnswer.AGREES):
        with pytest.raises(Refused), writing():
            service.record_heard(
                assessment=assessment,
                how=service.Heard.NOT_DONE,
                answer=answer,
                words="Three calls",
                version=assessment.version,
                by=people.assessor.id,
            )
    assert NOT_HEARD in against(people, assessment)
