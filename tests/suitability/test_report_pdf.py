"""The PDF: accessible, literal, the same as the page."""

import io
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import BooleanObject, DictionaryObject, StreamObject

from mhtr.suitability.report_content import ReportContent
from mhtr.suitability.report_pdf import compile_report
from mhtr.suitability.report_view import DRAFT_WORDS, report_view
from tests.suitability.report_samples import ADDENDUM, DRAFT, SIGNED, UNSUITABLE


def opened(content: ReportContent) -> PdfReader:
    return PdfReader(io.BytesIO(compile_report(content)))


def text_of(content: ReportContent) -> str:
    return " ".join(" ".join(page.extract_text() for page in opened(content).pages).split())


@pytest.mark.parametrize("content", [SIGNED, DRAFT, ADDENDUM, UNSUITABLE])
def test_it_is_tagged_titled_and_in_english(content: ReportContent) -> None:
    reader = opened(content)
    root = reader.root_object
    assert cast(DictionaryObject, root["/MarkInfo"])["/Marked"] == BooleanObject(True)
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]) == "en-GB"
    assert cast(DictionaryObject, root["/ViewerPreferences"])["/DisplayDocTitle"] == BooleanObject(
        True
    )
    assert reader.metadata is not None
    assert reader.metadata.title == report_view(content).document_title
    assert b"pdfuaid" in cast(StreamObject, root["/Metadata"]).get_data()


@pytest.mark.parametrize("content", [SIGNED, DRAFT, ADDENDUM, UNSUITABLE])
def test_it_says_what_the_page_says(content: ReportContent) -> None:
    text, view = text_of(content), report_view(content)
    wanted = [view.title, view.service, view.reference, view.recommendation, view.handling]
    wanted += [words for row in (*view.facts, *view.proposal) for words in row]
    wanted += list(view.recommendation_paragraphs)
    for condition in view.conditions:
        wanted += [condition.title, condition.question, condition.answer_words]
        wanted += condition.paragraphs
    for passage in view.passages:
        wanted += [passage.heading, *passage.paragraphs]
    for signature in view.signatures:
        wanted += [signature.role, signature.name, signature.detail, signature.on]
    for words in wanted:
        assert " ".join(words.split()) in text, words
    assert "Page 1 of" in text


def test_a_draft_says_so_on_every_page_and_a_signed_report_nowhere() -> None:
    assert all(DRAFT_WORDS.split()[0] in page.extract_text() for page in opened(DRAFT).pages)
    assert "DRAFT" not in text_of(SIGNED)


def test_an_addendum_shows_its_wording_first() -> None:
    text = text_of(ADDENDUM)
    assert "Addendum to the suitability report" in text
    assert text.index("The hearing has moved") < text.index("Recommendation of the report")


@pytest.mark.parametrize(
    "words",
    [
        '#import "@preview/x:1.0.0": *',
        '#panic("no")',
        "*bold* _slanted_ $x^2$ = heading",
        "`raw` <label> @ref \\u{41} // comment",
        "#sys.inputs.data [block] {code}",
        "“Quoted” – £5 & 50% <b>html</b>",
    ],
)
def test_what_people_type_is_literal(words: str) -> None:
    content = replace(
        SIGNED,
        recommendation_wording=words,
        his_words=words,
        person_name=words,
        institution=words,
        need=replace(SIGNED.need, wording=words),
    )
    assert text_of(content).count(" ".join(words.split())) >= 5


def test_names_in_other_scripts_are_drawn() -> None:
    assert "Łukasz Ðặng Ηλίας Сергій" in text_of(
        replace(SIGNED, person_name="Łukasz Ðặng Ηλίας Сергій")
    )


@pytest.mark.parametrize("name", ["محمد علي", "אבגד", "李小龙", "ਗੁਰਪ੍ਰੀਤ"])
def test_no_name_stops_a_report(name: str) -> None:
    assert compile_report(replace(SIGNED, person_name=name)).startswith(b"%PDF")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_no_wording_stops_a_report(words: str) -> None:
    content = replace(SIGNED, his_words=words, recommendation_wording=words, person_name=words)
    assert compile_report(content).startswith(b"%PDF")


@pytest.mark.parametrize("char", ["\x00", "\x07", "\u202e", "\ufffe", "\ue000"])
def test_characters_that_cannot_be_drawn_are_left_out(char: str) -> None:
    assert "Marlon Ekwueme" in text_of(replace(SIGNED, person_name=f"Marlon {char}Ekwueme"))


def test_a_very_long_wording_flows_over_pages() -> None:
    long = "\n".join(f"Paragraph {number} of his account for the court." for number in range(200))
    content = replace(SIGNED, his_words=long)
    assert len(opened(content).pages) > 4
    assert "Paragraph 199" in text_of(content)


def test_the_same_content_gives_the_same_bytes() -> None:
    assert compile_report(SIGNED) == compile_report(SIGNED)
    assert compile_report(SIGNED) != compile_report(DRAFT)
