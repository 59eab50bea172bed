"""The last look before a release: prompts that must be looked at, and the basis of each item."""

import re
import uuid
from dataclasses import replace
from html import escape
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people.models import Flag, FlagKind
from mhtr.suitability import assessment_service
from mhtr.suitability.asked import to_json as asked_to_json
from mhtr.suitability.assessment_queries import (
    pending_request,
    section_rows,
)
from mhtr.suitability.models import Assessment, ReportRelease, ReportRequest, WarningSeen
from mhtr.suitability.release_content import prepare
from mhtr.suitability.release_forms import basis_rows
from mhtr.suitability.release_service import NOT_LOOKED_AT
from mhtr.suitability.report_basis import BASIS, CONSENT
from mhtr.suitability.report_content import HisAnswer, from_json
from mhtr.suitability.report_pdf import compile_report
from mhtr.suitability.sections import Section
from tests.makers import make_case, make_staff
from tests.pages import PageClient
from tests.suitability.browsing import as_, base, hidden, refused, send
from tests.suitability.journey import (
    People,
    allocated,
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
from tests.suitability.makers import ASKED

SISTER = "another person: Ada"


BROTHER = "another person: Kwame Boateng"


def finished_with(assessment: Assessment, people: People, part: Section, **changes: str) -> None:
    """Finished, with other answers in one section than the usual ones."""
    section = section_rows(assessment.id)[part]
    answers, version = {**section.answers, **changes}, section.version
    with writing():
        assessment_service.save_section(
            assessment, part, answers, version=version, by=people.assessor.id
        )
    finish(assessment, people)


def naming_others(people: People, words: str) -> Assessment:
    """Signed and heard, with words in the report; two others are known on the record."""
    request = requested(people)
    with writing():
        row = db.session.get_one(ReportRequest, request.id)
        row.details = asked_to_json(replace(ASKED, no_contact="His sister Ada"))
        db.session.add(
            Flag(
                person_id=people.case.person_id,
                kind=FlagKind.MUST_NOT_MEET,
                fact="Keep them apart",
                other_name="Kwame Boateng",
                owner_staff_id=people.assessor.id,
                review_on=clock.today(),
                made_by=people.assessor.id,
            )
        )
    assessment = started(people)
    fill(assessment, people.assessor.id)
    finished_with(assessment, people, Section.PRACTICAL, practical_released=words)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)
    return assessment


CLINIC = (
    "Clinic at 12 Acacia Avenue W7 3QS, where his sister Philippa Vandergelder 07700 900123 lives"
)
IN_CLINIC = ("a street with a number", "a postcode", "a telephone number", "somebody close to him")


def test_what_is_typed_as_the_institution_is_looked_at_on_every_page(app: Flask) -> None:
    """Author's preview, lead's page and release: it goes nowhere unseen."""
    people = allocated()
    requested(people)
    assessment = started(people)
    fill(assessment, people.assessor.id)
    finished_with(assessment, people, Section.PATHWAY, institution=CLINIC)
    author = as_(app, people.assessor)
    preview = author.page(f"{base(people)}/countersign/request")
    request = sent(assessment, people)
    lead = as_(app, people.lead).page(f"{base(people)}/countersign")
    decided(request, people.lead.id)
    heard(assessment, people)
    for page in (preview, lead, author.page(f"{base(people)}/release")):
        for prompt in IN_CLINIC:
            assert f"Institution: It seems to {'name' if 'close' in prompt else 'hold'}" in page
            assert prompt in page
    with pytest.raises(Refused) as refusal:
        released(assessment, people)
    assert refusal.value.reasons == (NOT_LOOKED_AT,)


@pytest.mark.parametrize(
    ("words", "prompt"),
    [("He can come with ADA.", SISTER), ("Mr Boateng drives him.", BROTHER)],
)
def test_typed_names_are_searched_and_a_prompt_must_be_looked_at(
    either_app: Flask, words: str, prompt: str
) -> None:
    people = allocated()
    assessment = naming_others(people, words)
    (warning,) = prepare(people.case, assessment, by=people.assessor.id).warnings
    assert prompt in warning.words
    with pytest.raises(Refused) as refusal:
        released(assessment, people)
    assert refusal.value.reasons == (NOT_LOOKED_AT,)
    assert db.session.scalars(select(ReportRelease)).all() == []
    row = released(assessment, people, looked_at=[warning.key])
    seen = db.session.scalars(select(WarningSeen)).one()
    assert (seen.release_id, seen.field, seen.words) == (row.id, warning.field, warning.words)
    assert (seen.by_id, seen.at) == (people.assessor.id, clock.now())
    with pytest.raises(DBAPIError, match="append_only"), writing():
        db.session.execute(text("DELETE FROM release_warnings_seen"))


def test_the_page_asks_for_each_prompt_and_keeps_who_looked(app: Flask) -> None:
    people = allocated()
    naming_others(people, "He can come with Ada or Mr Boateng.")
    client, path = as_(app, people.assessor), f"{base(people)}/release"
    page = client.page(path)
    keys = re.findall('value="([0-9a-f]{16})"', page)
    assert len(keys) == 2
    assert escape(NOT_LOOKED_AT) in send(client, path, page, looked_at=keys[:1]).text
    assert send(client, path, client.page(path), looked_at=keys).status_code == 303
    page = client.page(path)
    assert "Looked at before the report" in page
    assert SISTER in page
    assert BROTHER in page


def test_each_item_stands_with_its_basis(client: PageClient) -> None:
    people = allocated()
    assessment = signed(people)
    prepared = prepare(people.case, assessment, by=people.assessor.id)
    assert prepared.content is not None
    rows = basis_rows(prepared.content)
    dated = "His explicit consent to this report, given on 17 November 2026 (text assessment-1)."
    assert {row.basis.replace(dated, CONSENT) for row in rows} <= set(BASIS.values())
    assert not any(CONSENT in row.basis for row in rows)
    assert len(rows) > 20
    client.sign_in(people.assessor)
    table = client.page(f"{base(people)}/release").partition("Each item and its basis")[2]
    cells = " ".join(table.split())
    for row in rows:
        assert f">{escape(row.name)}</th>" in cells.replace("&#39;", "&#x27;"), row.name
        assert escape(row.basis) in cells.replace("&#39;", "&#x27;"), row.basis


def test_a_report_he_has_not_heard_says_so_first(app: Flask) -> None:
    people = allocated()
    requested(people)
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people, HisAnswer.NOT_REACHED, "Three calls and a letter.")
    client, path = as_(app, people.assessor), f"{base(people)}/release"
    said = "He could not be reached to read or hear this report before release."
    page = client.page(path)
    assert f"<strong>{said}</strong> Recorded on" in page
    assert send(client, path, page).status_code == 303
    read = as_(app, people.psr_author).page(f"{base(people)}/report")
    assert read.index(f"<strong>{said}</strong>") < read.index(">Recommendation</h")
    content = from_json(db.session.scalars(select(ReportRelease)).one().content)
    text_of = PdfReader(BytesIO(compile_report(content))).pages[0].extract_text()
    words = " ".join(text_of.split())
    assert words.index(said) < words.index("Recommendation")


def test_release_by_page_with_the_real_pdf(app: Flask, people: People) -> None:
    signed(people)
    client, path = as_(app, people.assessor), f"{base(people)}/release"
    page = client.page(path)
    assert "Ruth Adeyemi and Court team" in page
    assert "The court must be satisfied of it" in page
    assert send(client, path, page).status_code == 303
    assert send(client, path, page).status_code == 303
    again = client.post(path, data={"what": "report", "submission_key": str(uuid.uuid4())})
    assert again.status_code == 422
    assert "Tomasz Whitfield released it already" in again.get_data(as_text=True)
    row = db.session.scalars(select(ReportRelease)).one()
    assert row.pdf.startswith(b"%PDF")
    later = client.page(path)
    assert row.content_hash in later
    file = client.get(f"{base(people)}/report/{row.ref}.pdf")
    assert file.data == row.pdf
    addendum = f"{path}/addendum"
    data = {"text": "The hearing has moved.", "answer": "agrees", "words": ""}
    blank = {**data, "text": ""}
    assert "Write what" in refused(client, addendum, client.page(addendum), **blank)
    assert send(client, addendum, client.page(addendum), **data).status_code == 303
    lead = as_(app, people.lead)
    page = lead.page(f"{base(people)}/countersign")
    assert "The hearing has moved." in page
    assert send(lead, f"{base(people)}/countersign", page, action="sign").status_code == 303
    page = client.page(path)
    assert "Release the addendum" in page
    assert send(client, path, page).status_code == 303
    assert len(db.session.scalars(select(ReportRelease.id)).all()) == 2


def test_the_release_page_says_what_stands_against_it(app: Flask, people: People) -> None:
    assessment = finished(people)
    client, path = as_(app, people.assessor), f"{base(people)}/release"
    assert "The report is not countersigned." in client.page(path)
    decided(sent(assessment, people), people.lead.id)
    page = client.page(path)
    assert "Probation has not asked for the report yet" in page
    assert "Release the report" not in page
    requested(people)
    heard = f"{path}/heard"
    data = {"how": "telephone", "answer": "disagrees", "words": ""}
    shown = refused(client, heard, client.page(heard), **data)
    assert "Record his words" in shown
    data["words"] = "I see it otherwise."
    assert send(client, heard, client.page(heard), **data).status_code == 303
    assert "I see it otherwise." in client.page(path)


def test_the_release_of_a_man_not_assessed_says_so(client: PageClient) -> None:
    staff, case = make_staff(Role.ASSESSOR), make_case()
    with writing():
        access.grant(case.id, Purpose.CLINICAL, staff.principal_id, because="test", by=None)
    client.sign_in(staff)
    assert "There is no report to release yet" in client.page(f"/cases/{case.ref}/release")
    client.sign_in(make_staff(Role.ASSESSOR))
    assert client.get(f"/cases/{case.ref}/release").status_code == 404


def test_an_addendum_is_looked_at_before_the_lead_is_asked(app: Flask) -> None:
    people = allocated()
    assessment = signed(people)
    released(assessment, people)
    client, path = as_(app, people.assessor), f"{base(people)}/release/addendum"
    page = client.page(path)
    words = {"text": "He has moved to 12 Acacia Avenue.", "answer": "agrees"}
    shown = refused(client, path, page, **words)
    assert "What is added: It seems to hold an address: a street with a number." in shown
    assert pending_request(assessment.id) is None
    more = {**words, "text": "He has moved to 12 Acacia Avenue; his number is 020 7946 0018."}
    shown = refused(client, path, shown, **more, looked_at=hidden(shown, "looked_at"))
    assert "It seems to hold a telephone number." in shown
    sent_on = send(client, path, shown, **more, looked_at=hidden(shown, "looked_at"))
    assert sent_on.status_code == 303
    assert pending_request(assessment.id) is not None


def test_an_addendum_without_such_things_is_sent_at_once(app: Flask) -> None:
    people = allocated()
    assessment = signed(people)
    released(assessment, people)
    client, path = as_(app, people.assessor), f"{base(people)}/release/addendum"
    page = client.page(path)
    words = {"text": "He can come by video from now on.", "answer": "agrees"}
    assert send(client, path, page, **words).status_code == 303
    assert pending_request(assessment.id) is not None
