"""The report's allow-list, its hashes, and what it states."""

from dataclasses import asdict, fields, replace
from html import unescape
from io import BytesIO

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from mhtr.cases.facts import Recommendation
from mhtr.suitability import report_basis
from mhtr.suitability.psr_paragraph import psr_paragraph
from mhtr.suitability.release_checks import (
    NO_NUMBER,
    Forbidden,
    find_forbidden,
)
from mhtr.suitability.report_basis import BASIS, WALL, held_back
from mhtr.suitability.report_content import (
    AFTER_SIGNING,
    ConditionAnswer,
    ConditionStatement,
    HisAnswer,
    ReportContent,
    ReportKind,
    content_hash,
    from_json,
    signed_hash,
    to_json,
)
from mhtr.suitability.report_pdf import compile_report
from mhtr.suitability.report_view import DRAFT_WORDS, report_view
from mhtr.suitability.sections import SECTIONS
from tests.suitability.report_samples import ADDENDUM, DRAFT, SIGNED, UNSUITABLE

SAMPLES = [SIGNED, DRAFT, ADDENDUM, UNSUITABLE]


def test_every_field_has_a_basis_and_every_basis_a_field() -> None:
    assert set(BASIS) == {field.name for field in fields(ReportContent)}
    assert all(BASIS.values())


def test_every_field_goes_by_a_row_of_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(WALL) == {field.name for field in fields(ReportContent)}
    assert not any(map(held_back, SAMPLES))
    closed = {**WALL, "his_words": "session_note"}
    del closed["crn"]
    monkeypatch.setattr(report_basis, "WALL", closed)
    said = replace(SIGNED, his_words="Mine", crn="X777001")
    assert held_back(said) == ("crn", "his_words")
    assert held_back(replace(said, his_words=None, crn=None)) == ()


def test_no_clinical_question_is_a_field_of_the_report() -> None:
    clinical = {q.key for spec in SECTIONS for q in spec.questions if not q.released}
    # These three are the answers of the law's conditions; recommendation is the report's point.
    assert clinical & set(BASIS) == {"need", "arrangements", "willingness", "recommendation"}
    assert "nhs_number" not in BASIS


def test_an_unknown_input_is_refused() -> None:
    stored = to_json(SIGNED) | {"formulation": "x"}
    with pytest.raises(ValueError, match="formulation"):
        from_json(stored)
    with pytest.raises(TypeError):
        ReportContent(**stored)


@pytest.mark.parametrize("content", SAMPLES)
def test_json_round_trip(content: ReportContent) -> None:
    assert from_json(to_json(content)) == content


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"countersigner_hcpc": None}, "countersignature"),
        ({"kind": ReportKind.ADDENDUM}, "addendum"),
        ({"addendum_to": "SR-1", "addendum_wording": "More."}, "addendum"),
        ({"pathways": ()}, "treatment"),
        ({"sessions": None}, "sessions"),
        ({"requirement_months": None}, "length"),
        ({"institution": None, "directing_psychologist": None}, "institution"),
    ],
)
def test_contradictions_are_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(SIGNED, **changes)  # type: ignore[arg-type]


def test_a_lead_of_the_same_name_as_the_author_can_sign() -> None:
    """Names are not people: that nobody signs his own work is checked by who they are."""
    assert replace(SIGNED, countersigned_by=SIGNED.author_name).countersigned_by


def test_the_signed_hash_leaves_out_only_what_comes_after_signing() -> None:
    assert signed_hash(SIGNED) == signed_hash(DRAFT)
    assert content_hash(SIGNED) != content_hash(DRAFT)
    changed = {name for name in BASIS if _changed(name)}
    assert changed == set(BASIS) - AFTER_SIGNING


def _changed(name: str) -> bool:
    """Whether changing this one field changes the signed hash."""
    stored = to_json(SIGNED)
    before = getattr(SIGNED, name)
    content = object.__new__(ReportContent)
    for field in fields(ReportContent):
        object.__setattr__(content, field.name, getattr(SIGNED, field.name))
    object.__setattr__(content, name, "changed" if before != "changed" else "other")
    assert to_json(content) != stored
    return signed_hash(content) != signed_hash(SIGNED)


def test_the_hash_is_canonical() -> None:
    assert content_hash(SIGNED) == content_hash(from_json(to_json(SIGNED)))
    assert len(content_hash(SIGNED)) == 64
    assert content_hash(SIGNED) != content_hash(replace(SIGNED, sessions=11))


@given(st.text(max_size=200))
def test_any_wording_survives_storage(words: str) -> None:
    content = replace(SIGNED, recommendation_wording=words)
    assert from_json(to_json(content)) == content


def test_a_psychologist_is_called_registered_only_with_a_number() -> None:
    """Fred Nobody is said to be registered nowhere, and looked at before anything goes out."""
    content = replace(SIGNED, directing_psychologist="Fred Nobody", directing_hcpc=None)
    assert "under the direction of Fred Nobody." in psr_paragraph(content)
    assert "registered psychologist" not in psr_paragraph(content)
    assert ("Psychologist directing", "Fred Nobody") in report_view(content).proposal
    assert [(w.field, w.words) for w in find_forbidden(content, Forbidden())] == [
        ("directing_psychologist", NO_NUMBER)
    ]
    signed = psr_paragraph(SIGNED)
    assert "Dr Hannah Sorensen, registered psychologist (HCPC PYL000123)." in signed
    assert find_forbidden(SIGNED, Forbidden()) == ()


def test_the_paragraph_for_the_psr() -> None:
    words = psr_paragraph(SIGNED)
    for part in (
        "Marlon Ekwueme",
        "SR-2026-0042",
        "PYL000456",
        "12 sessions of emotional skills work, then cognitive behavioural therapy (CBT)",
        "requirement of 9 months",
        "under the direction of Dr Hannah Sorensen",
        "need: met; arrangements: met; willingness: met",
    ):
        assert part in words
    assert "\n" not in words
    assert "sessions" not in psr_paragraph(UNSUITABLE)
    with pytest.raises(ValueError, match="draft"):
        psr_paragraph(DRAFT)


def test_the_view_says_what_it_is() -> None:
    assert report_view(DRAFT).draft == DRAFT_WORDS
    assert report_view(SIGNED).draft == ""
    assert report_view(ADDENDUM).addendum is not None
    assert report_view(SIGNED).addendum is None
    assert "Nobody yet" in str(asdict(report_view(DRAFT)))


@pytest.mark.parametrize("answer", list(HisAnswer))
def test_what_he_says_is_always_shown(answer: HisAnswer) -> None:
    view = report_view(replace(SIGNED, his_answer=answer, his_words="I see it otherwise."))
    said = next(p for p in view.passages if p.heading == "What he says about this report")
    assert len(said.paragraphs) == 2
    assert said.paragraphs[1] == "I see it otherwise."


def test_not_ready_says_when() -> None:
    content = replace(
        SIGNED,
        recommendation=Recommendation.SUITABLE_NOT_READY,
        when_ready="Once he has a place to live.",
    )
    last = report_view(content).recommendation_paragraphs[-1]
    assert last == "When he would be ready: Once he has a place to live."
    assert last in psr_paragraph(content)
    assert "would be ready" not in psr_paragraph(SIGNED)


STATED = {
    "need": "condition requires and may respond to treatment",
    "arrangements": "Treatment has been or can be arranged.",
    "willingness": "is willing to comply with the requirement.",
}
ASKED = {
    "need": "Does his condition require treatment, may it respond to treatment",
    "arrangements": "Has treatment been arranged, or can it be arranged?",
    "willingness": "Is he willing to comply with the requirement?",
}


@pytest.mark.parametrize("answer", ConditionAnswer)
@pytest.mark.parametrize("name", STATED)
def test_a_condition_is_stated_as_a_fact_only_where_it_is_met(
    app: Flask, name: str, answer: ConditionAnswer
) -> None:
    content = replace(SIGNED, **{name: ConditionStatement(answer, "As the assessor wrote.")})  # type: ignore[arg-type]
    with app.test_request_context():
        page = unescape(
            render_template_string(
                '{% from "suitability/report_body.html" import report_body %}{{ report_body(v) }}',
                v=report_view(content),
            )
        )
    made = PdfReader(BytesIO(compile_report(content)))
    pdf = " ".join(" ".join(part.extract_text() for part in made.pages).split())
    met = answer is ConditionAnswer.MET
    for shown in (page, pdf):
        assert (STATED[name] in shown) is met
        assert (ASKED[name] in shown) is not met
    paragraph = psr_paragraph(content)
    assert STATED[name] not in paragraph
    words = {"met": "met", "not_met": "not met", "unclear": "not clear yet"}[answer.value]
    end = "." if name == "willingness" else ";"
    assert f"{name}: {words}{end}" in paragraph
