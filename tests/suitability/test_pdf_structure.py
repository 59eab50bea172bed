"""The structure of every kind of report, and that the check finds what is wrong."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
)

from mhtr.suitability.report_content import ReportContent
from mhtr.suitability.report_pdf import compile_report
from tests.pages import PageClient
from tests.suitability.journey import allocated, decided, finished, heard, requested, sent
from tests.suitability.pdf_structure import faults, own_faults, validated
from tests.suitability.report_samples import ADDENDUM, DRAFT, SIGNED, UNSUITABLE


@pytest.mark.parametrize("content", [SIGNED, DRAFT, ADDENDUM, UNSUITABLE])
def test_every_kind_of_report_passes(content: ReportContent) -> None:
    assert faults(compile_report(content)) == []


def test_the_file_that_is_downloaded_passes(app: Flask) -> None:
    people = allocated()
    requested(people)
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)
    browser, path = app.test_client(), f"/cases/{people.case.ref}/release"
    assert isinstance(browser, PageClient)
    page = browser.sign_in(people.assessor).page(path)
    fields = re.findall(r'type="hidden"[^>]*name="([^"]*)" value="([^"]*)"', page)
    fields += re.findall(r'name="(submission_key|content_hash|what)" value="([^"]*)"', page)
    assert browser.post(path, data=dict(fields)).status_code == 303
    answer = browser.sign_in(people.psr_author).get(f"/cases/{people.case.ref}/report.pdf")
    assert answer.mimetype == "application/pdf"
    assert faults(answer.data) == []


def nodes(writer: PdfWriter, kind: str) -> list[Any]:
    """Structure elements of a type."""
    held = [one.get_object() for one in writer._objects if one is not None]
    return [one for one in held if isinstance(one, DictionaryObject) and one.get("/S") == kind]


def catalog(key: str) -> Callable[[PdfWriter], None]:
    def spoil(writer: PdfWriter) -> None:
        del writer.root_object[NameObject(key)]

    return spoil


def becomes(kind: str, new: str) -> Callable[[PdfWriter], None]:
    def spoil(writer: PdfWriter) -> None:
        nodes(writer, kind)[0][NameObject("/S")] = NameObject(new)

    return spoil


def no_claim(writer: PdfWriter) -> None:
    stream: Any = writer.root_object["/Metadata"]
    stream.set_data(stream.get_data().replace(b"pdfuaid", b"another"))


def no_title_shown(writer: PdfWriter) -> None:
    viewer: Any = writer.root_object["/ViewerPreferences"]
    viewer[NameObject("/DisplayDocTitle")] = BooleanObject(False)


def other_order(writer: PdfWriter) -> None:
    kids = nodes(writer, "/Document")[0]["/K"]
    kids[1], kids[3] = kids[3], kids[1]


def twice(writer: PdfWriter) -> None:
    kids = nodes(writer, "/Document")[0]["/K"]
    kids.append(kids[1])


def left_out(writer: PdfWriter) -> None:
    nodes(writer, "/P")[0][NameObject("/K")] = ArrayObject()


def untagged_words(writer: PdfWriter) -> None:
    page: Any = writer.pages[0]
    drawn = DecodedStreamObject()
    drawn.set_data(page.get_contents().get_data() + b"\nBT /f0 11 Tf (x) Tj ET")
    page[NameObject("/Contents")] = writer._add_object(drawn)


def font_elsewhere(writer: PdfWriter) -> None:
    for one in writer._objects:
        held: Any = one.get_object() if one is not None else None
        if isinstance(held, DictionaryObject) and "/FontFile2" in held:
            del held["/FontFile2"]
            return


def mute_font(writer: PdfWriter) -> None:
    fonts: Any = writer.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    del next(iter(fonts.values())).get_object()["/ToUnicode"]


def no_tabs(writer: PdfWriter) -> None:
    del writer.pages[0][NameObject("/Tabs")]


def annotation(writer: PdfWriter) -> None:
    writer.pages[0][NameObject("/Annots")] = ArrayObject([NumberObject(1)])


PLANTED: list[tuple[Callable[[PdfWriter], None], str]] = [
    (catalog("/StructTreeRoot"), "no structure tree"),
    (catalog("/Lang"), "no language"),
    (catalog("/MarkInfo"), "not marked as tagged"),
    (catalog("/Metadata"), "no title in the metadata"),
    (no_claim, "does not say that it is PDF/UA-1"),
    (no_title_shown, "does not show the title"),
    (becomes("/H1", "/P"), "do not begin with the one title"),
    (becomes("/H2", "/H1"), "do not begin with the one title"),
    (becomes("/H2", "/H4"), "a level of headings is left out"),
    (becomes("/P", "/Paragraph"), "no standard structure type"),
    (becomes("/P", "/Figure"), "Figure without words instead"),
    (becomes("/P", "/Table"), "a table without headings"),
    (becomes("/P", "/TH"), "a table heading that does not say of what"),
    (becomes("/P", "/LI"), "LI inside Document"),
    (becomes("/Document", "/Div"), "not one document"),
    (other_order, "read in another order"),
    (twice, "stands twice"),
    (left_out, "do not hold the same pieces"),
    (untagged_words, "neither tagged nor an artifact"),
    (font_elsewhere, "is not in the file"),
    (mute_font, "does not say which characters"),
    (no_tabs, "Tab does not follow the structure"),
    (annotation, "an annotation"),
]


def spoilt(spoil: Callable[[PdfWriter], None]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(compile_report(SIGNED))))
    spoil(writer)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(("spoil", "fault"), PLANTED)
def test_each_fault_is_found(spoil: Callable[[PdfWriter], None], fault: str) -> None:
    found = own_faults(spoilt(spoil))
    assert any(fault in one for one in found), found


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (catalog("/StructTreeRoot"), "PDFUA1-STRUCT-TREE-ROOT"),
        (catalog("/Lang"), "PDFUA1-TEXT-LANGUAGE"),
        (catalog("/Metadata"), "PDFUA1-ID-PART"),
        (no_title_shown, "PDFUA1-VIEWER-PREFERENCES"),
        (becomes("/H2", "/H4"), "PDFUA1-HEADING-NESTING"),
        (becomes("/P", "/Figure"), "PDFUA1-FIGURE-ALTERNATIVE-TEXT"),
        (untagged_words, "PDFUA1-CONTENT-TAGGING"),
        (font_elsewhere, "PDFUA1-FONT-EMBEDDING"),
        (mute_font, "PDFUA1-FONT-UNICODE-MAPPING"),
    ],
)
def test_the_validator_of_others_is_awake(spoil: Callable[[PdfWriter], None], rule: str) -> None:
    found = validated(spoilt(spoil))
    assert any(one.startswith(rule) for one in found), found


def test_a_copy_without_a_fault_passes() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(compile_report(SIGNED))))
    file = io.BytesIO()
    writer.write(file)
    assert faults(file.getvalue()) == []
