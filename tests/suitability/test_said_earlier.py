"""What he said of the report stays when it is opened for it and he cannot be reached again."""

import pytest
from flask import Flask

from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability import assessment_service, release_service
from mhtr.suitability.assessment_content import his_answer
from mhtr.suitability.his_answer import SAID_EARLIER, not_heard
from mhtr.suitability.models import Assessment
from mhtr.suitability.pronouns import worded
from mhtr.suitability.psr_paragraph import psr_paragraph
from mhtr.suitability.readings import readings_of
from mhtr.suitability.release_content import prepare
from mhtr.suitability.release_service import Heard
from mhtr.suitability.report_content import HisAnswer, ReportContent
from mhtr.suitability.report_view import report_view
from mhtr.suitability.said_earlier import EARLIER
from tests.suitability.browsing import as_, base
from tests.suitability.journey import People, decided, finish, finished, sent, signed

WORDS = "He wants evenings."


def hear(
    assessment: Assessment,
    people: People,
    answer: HisAnswer,
    words: str,
    how: Heard = Heard.TELEPHONE,
) -> None:
    version, by = assessment.version, people.assessor.id
    with writing():
        release_service.record_heard(
            assessment=assessment, how=how, answer=answer, words=words, version=version, by=by
        )


def not_reached(assessment: Assessment, people: People) -> None:
    hear(assessment, people, HisAnswer.NOT_REACHED, "Two calls.", Heard.NOT_DONE)


def reopened(assessment: Assessment, people: People) -> None:
    version, by = assessment.version, people.assessor.id
    with writing():
        assessment_service.reopen(assessment=assessment, version=version, by=by)


def signed_again(assessment: Assessment, people: People) -> None:
    finish(assessment, people)
    decided(sent(assessment, people), people.lead.id)


def content_of(assessment: Assessment, people: People) -> ReportContent:
    found = prepare(people.case, assessment, by=people.assessor.id).content
    assert found is not None
    return found


@pytest.mark.parametrize("said", list(EARLIER))
def test_opened_for_it_and_not_reached_again_the_report_states_both(
    people: People, said: HisAnswer
) -> None:
    assessment = signed(people)
    hear(assessment, people, said, WORDS)
    for _ in range(2):  # a second round loses nothing, and says nothing twice
        reopened(assessment, people)
        signed_again(assessment, people)
        not_reached(assessment, people)
    content = content_of(assessment, people)
    assert content.his_answer is HisAnswer.NOT_REACHED
    assert content.his_words == f"Two calls.\n{EARLIER[said]}{WORDS}"
    shown = [line for one in report_view(content).passages for line in one.paragraphs]
    assert f"{EARLIER[said]}{WORDS}" in shown
    earlier = worded(SAID_EARLIER, content.pronoun)
    assert earlier in not_heard(content)
    assert earlier in psr_paragraph(content)


def test_heard_as_it_is_now_his_new_answer_stands_alone(people: People) -> None:
    assessment = signed(people)
    hear(assessment, people, HisAnswer.CORRECTIONS, WORDS)
    reopened(assessment, people)
    assert his_answer(assessment)["his_answer"] is HisAnswer.NOT_YET
    signed_again(assessment, people)
    hear(assessment, people, HisAnswer.AGREES, "")
    assert content_of(assessment, people).his_words is None
    assert earlier_nowhere(content_of(assessment, people))


def earlier_nowhere(content: ReportContent) -> bool:
    return "earlier" not in psr_paragraph(content) and not not_heard(content)


def test_returned_his_words_are_still_shown_to_author_and_lead(app: Flask, people: People) -> None:
    assessment = finished(people)
    request = sent(assessment, people)
    hear(assessment, people, HisAnswer.DISAGREES, WORDS)
    shown = as_(app, people.lead).page(f"{base(people)}/countersign")
    assert WORDS in shown
    decided(request, people.lead.id, comment="Please say more.")
    kept = f"{EARLIER[HisAnswer.DISAGREES]}{WORDS}"
    assert his_answer(assessment)["his_words"] == kept
    finish(assessment, people)
    assert kept in as_(app, people.assessor).page(f"{base(people)}/release/heard")


def test_of_the_same_report_he_agrees_only_with_a_reason(people: People) -> None:
    assessment = signed(people)
    hear(assessment, people, HisAnswer.DISAGREES, WORDS)
    with pytest.raises(Refused, match="said otherwise"):
        hear(assessment, people, HisAnswer.AGREES, " ")
    hear(assessment, people, HisAnswer.AGREES, "He read it again with his sister.")
    assert content_of(assessment, people).his_answer is HisAnswer.AGREES


def test_each_answer_is_kept_and_shown_whatever_he_says_later(app: Flask, people: People) -> None:
    assessment = signed(people)
    hear(assessment, people, HisAnswer.CORRECTIONS, WORDS)
    hear(assessment, people, HisAnswer.DISAGREES, "It is all wrong.")
    reopened(assessment, people)
    signed_again(assessment, people)
    hear(assessment, people, HisAnswer.AGREES, "")
    *said, _ = [(one.answer, one.words) for one in readings_of(assessment.id)]
    assert said == [
        (HisAnswer.AGREES, ""),
        (HisAnswer.DISAGREES, "It is all wrong."),
        (HisAnswer.CORRECTIONS, WORDS),
    ]
    page = as_(app, people.assessor).page(f"{base(people)}/release/heard")
    assert "It is all wrong." in page and WORDS in page
