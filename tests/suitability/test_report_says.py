"""What the report and its paragraph say of his corrections, of addenda, and of what he was told."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask

from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability import addendum_service
from mhtr.suitability.assessment_content import build_report
from mhtr.suitability.figures import Addition
from mhtr.suitability.models import Assessment, AssessmentSection
from mhtr.suitability.pronouns import Pronoun
from mhtr.suitability.psr_paragraph import psr_paragraph
from mhtr.suitability.report_content import (
    HisAnswer,
    ReportContent,
    content_hash,
    from_json,
    to_json,
)
from mhtr.suitability.report_view import report_view
from tests.suitability.browsing import as_, base
from tests.suitability.journey import People, allocated, decided, finished, released, signed
from tests.suitability.report_samples import ADDENDUM, SIGNED

DAY = date(2026, 11, 29)
LATER = replace(
    ADDENDUM,
    countersigned_by="Dr Ida Berg",
    countersigner_hcpc="PYL000777",
    countersigned_on=DAY,
    addendum_answer=HisAnswer.AGREES,
    addendum_words=None,
)


def test_the_paragraph_ends_well_where_he_asked_for_corrections() -> None:
    words = psr_paragraph(SIGNED)
    assert words.endswith("asked for corrections, which the report states.")
    assert SIGNED.his_words and SIGNED.his_words not in words
    assert "these corrections" not in words


CORRECTED = "He read or heard this report and asked for corrections, which the report states."
OF_IT = "Of the addendum of 25 November 2026: he read or heard it and agrees with it."


def test_a_released_addendum_is_named_and_not_repeated() -> None:
    words = psr_paragraph(SIGNED, [Addition(LATER, DAY)])
    named = f"Addendum {LATER.reference} of 25 November 2026, released on 29 November 2026"
    assert named in words
    assert words.endswith(OF_IT)
    assert LATER.addendum_wording and LATER.addendum_wording not in words


def test_what_he_says_of_an_addendum_never_replaces_what_he_says_of_the_report() -> None:
    words = psr_paragraph(SIGNED, [Addition(LATER, DAY)])
    assert CORRECTED in words and OF_IT in words
    (said,) = [p for p in report_view(LATER).passages if p.heading.startswith("What he says")]
    assert said.paragraphs == (
        "He read or heard this report and asked for these corrections.",
        SIGNED.his_words,
        OF_IT,
    )


def test_not_reached_for_an_addendum_never_says_that_he_did_not_hear_the_report() -> None:
    unheard = replace(LATER, addendum_answer=HisAnswer.NOT_REACHED, addendum_words="Rang twice.")
    words = psr_paragraph(SIGNED, [Addition(unheard, DAY)])
    of_it = "Of the addendum of 25 November 2026: he could not be reached to read or hear it"
    assert CORRECTED in words and of_it in words
    assert "to read or hear this report" not in words + str(report_view(unheard))
    assert report_view(unheard).notice == f"{of_it} before release."
    assert report_view(unheard).said_of_addendum[-1] == "Rang twice."


def test_a_report_he_has_not_heard_stays_unheard_after_an_addendum() -> None:
    report = replace(SIGNED, his_answer=HisAnswer.NOT_REACHED, his_words="Rang twice.")
    later = replace(LATER, his_answer=report.his_answer, his_words=report.his_words)
    unheard = "He could not be reached to read or hear this report before release."
    assert report_view(later).notice == unheard
    assert unheard in psr_paragraph(report, [Addition(later, DAY)])


def test_an_addendum_from_before_speaks_of_itself_only() -> None:
    """Its one answer was to the addendum: it is not said of the report."""
    old = replace(LATER, addendum_answer=None, his_answer=HisAnswer.AGREES, his_words=None)
    assert from_json(to_json(old)) == old and "addendum_answer" not in to_json(old)
    words = psr_paragraph(SIGNED, [Addition(old, DAY)])
    assert CORRECTED in words and words.endswith(OF_IT)
    assert "this report and agrees" not in words + str(report_view(old))


def test_each_of_several_addenda_is_named_with_what_he_says_of_it() -> None:
    second = replace(LATER, reference="SR-2026-0042/A2", addendum_answer=HisAnswer.DISAGREES)
    third = replace(
        second, reference="SR-2026-0042/A3", addendum_answer=HisAnswer.CORRECTIONS,
        addendum_words="Not Fridays.",
    )  # fmt: skip
    days = [Addition(LATER, DAY), Addition(second, DAY), Addition(third, DAY)]
    words = psr_paragraph(SIGNED, days)
    assert words.count("Addendum SR-2026-0042/A") == 3
    assert words.count("Of the addendum of 25 November 2026: he ") == 3
    assert "disagrees with it. Addendum SR-2026-0042/A3" in words
    assert words.endswith("asked for corrections, which it states.")
    assert "Not Fridays." not in words


def test_a_draft_of_an_addendum_is_not_quoted() -> None:
    with pytest.raises(ValueError, match="draft"):
        psr_paragraph(
            SIGNED,
            [
                Addition(
                    replace(
                        ADDENDUM,
                        countersigned_by=None,
                        countersigner_hcpc=None,
                        countersigned_on=None,
                    ),
                    DAY,
                )
            ],
        )


TOLD = (
    "Before the assessment he was told who would read this report and that it may be quoted in "
    "court."
)
NEITHER = "He was not told beforehand who would read this report or that it may be quoted in court."
NOT_RECORDED = "It is not recorded that he was told beforehand who would read this report."


@pytest.mark.parametrize(
    ("readers", "quoted", "choice", "said"),
    [
        (True, True, True, TOLD),
        (True, True, False, TOLD),
        (None, None, None, NOT_RECORDED),
        (
            False, False, True, NEITHER,
        ),
        (
            True, False, True,
            "Before the assessment he was told who would read this report. "
            "He was not told beforehand that it may be quoted in court.",
        ),
        (
            False, True, True,
            "Before the assessment he was told that it may be quoted in court. "
            "He was not told beforehand who would read this report.",
        ),
        (
            False, None, True,
            "He was not told beforehand who would read this report. "
            "It is not recorded that he was told beforehand that it may be quoted in court.",
        ),
    ],
)  # fmt: skip
def test_no_is_said_as_no(
    either_app: Flask, readers: bool | None, quoted: bool | None, choice: bool | None, said: str
) -> None:
    people = allocated()
    assessment = finished(people)
    answers = {"readers": readers, "quoted": quoted, "choice": choice, "agrees": True}
    with writing():
        (row,) = (
            row
            for row in db.session.query(AssessmentSection).filter_by(assessment_id=assessment.id)
            if row.section == "told"
        )
        row.answers = {key: value for key, value in answers.items() if value is not None}
    content = build_report(people.case, db.session.get_one(Assessment, assessment.id)).content
    assert content is not None
    assert said in _told(content)
    assert _told(from_json(to_json(content))) == _told(content)


def _told(content: ReportContent) -> str:
    passages = report_view(content).passages
    return next(p.paragraphs[0] for p in passages if p.heading == "What he was told")


def test_reports_from_before_keep_their_fingerprint_and_their_words() -> None:
    old: dict[str, Any] = to_json(replace(SIGNED, told_beforehand=False))
    assert "told_readers" not in old and "told_quoted" not in old
    assert _told(from_json(old)) == NOT_RECORDED
    assert content_hash(from_json(old)) == content_hash(replace(SIGNED, told_beforehand=False))


def test_who_is_spoken_of_as_they_was_not_told_either() -> None:
    content = replace(SIGNED, pronoun=Pronoun.THEY, told_beforehand=False, told_readers=False)
    assert "They were not told beforehand" in str(report_view(content))


def test_the_page_names_the_addendum_in_what_is_pasted(either_app: Flask) -> None:
    people = allocated()
    assessment = signed(people)
    released(assessment, people)
    page = as_(either_app, people.psr_author).page(f"{base(people)}/report")
    assert "Addendum SR-" not in page
    _add(people, assessment)
    page = as_(either_app, people.psr_author).page(f"{base(people)}/report")
    pasted = page.partition("<textarea")[2].partition("</textarea>")[0]
    assert "Addendum SR-" in pasted and ", released on 18 November 2026" in pasted
    assert "zqaddsqz" not in pasted and "zqhisqz" not in pasted and "zqaddsqz" in page


def _add(people: People, assessment: Assessment) -> None:
    """An addendum, signed and released, with words of its own and of his."""
    with writing():
        request = addendum_service.write_addendum(
            assessment=assessment,
            text="zqaddsqz",
            his_answer=HisAnswer.CORRECTIONS,
            his_words="zqhisqz",
            lead_id=None,
            by=people.assessor.id,
        )
    decided(request, people.lead.id)
    released(assessment, people, addendum=True)
