"""Search stays in scope and out of addresses; identity questions are compared and answered."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.sessions import viewer_of
from mhtr.cases.routes import settings
from mhtr.cases.search import find_people
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.messages.links import reference
from mhtr.people import service
from mhtr.people.models import IdentifierKind, IdentityQuestion, Merge
from mhtr.people.queries import live_id
from tests.makers import make_case, make_person, make_staff
from tests.pages import PageClient
from tests.people.merged import ask, merge
from tests.people.test_flags import FACT, flag
from tests.people.test_pages import PHRASE, his_case, insider, share, submission
from tests.people.test_service import FICTION, NHS, OTHER_NHS, create


@pytest.mark.parametrize(
    "text",
    ["okafor", "Okaf", "tunde oka", "Ökafor Tunde", "999 000 0018", "x123456", "tee", "TE oko"],
)
def test_he_is_found_by_what_is_known_of_him(client: PageClient, text: str) -> None:
    case = his_case(aliases=["Tee Te Okoro"])
    client.sign_in(insider(case, Role.ADMINISTRATOR))
    answer = client.post(
        "/people", data={"text": text, "submission_key": submission(client.page("/people"))}
    )
    assert answer.status_code == 200
    assert "Okafor, Tunde" in answer.text
    assert f"/cases/{case.ref}" in answer.text


@pytest.mark.parametrize("text", ["okaforo", "tunde smith", "9990000026", "o'%", "_", "kafor"])
def test_who_does_not_fit_is_not_shown(client: PageClient, text: str) -> None:
    client.sign_in(insider(his_case(), Role.ASSESSOR))
    answer = client.post(
        "/people", data={"text": text, "submission_key": submission(client.page("/people"))}
    )
    assert "Nobody you may see fits" in answer.text


def test_he_is_found_by_the_reference_of_a_mail_and_no_other_mans(either_app: Flask) -> None:
    case, other = his_case(), make_case(make_person("Ken", "Adams"))
    staff = insider(case, Role.ADMINISTRATOR)
    viewer = viewer_of(staff)

    def found(text: str) -> list[int]:
        return [one.person.id for one in find_people(viewer, text, None, settings())[0]]

    called = reference(case.ref)
    for text in (called, called.lower().replace(" ", ""), f" {called} "):
        assert found(text) == [case.person_id]
    assert found(reference(other.ref)) == [], "out of his scope"
    assert found(called[:-1]) == []


def test_by_date_of_birth_alone(client: PageClient) -> None:
    client.sign_in(insider(his_case(), Role.ASSESSOR))
    data = {"born-day": "3", "born-month": "2", "born-year": "1990"}
    key = {"submission_key": submission(client.page("/people"))}
    assert "Okafor, Tunde" in client.post("/people", data=key | data).text
    assert "Nobody" in client.post("/people", data=key | data | {"born-year": "1991"}).text
    assert client.post("/people", data=key).status_code == 422


def test_nobody_outside_the_scope_is_found(client: PageClient) -> None:
    case, mine = his_case(), make_case(make_person("Ken", "Adams"))
    staff = insider(mine, Role.CLINICAL_LEAD)
    client.sign_in(staff)
    key = {"submission_key": submission(client.page("/people"))}
    for text in ("okafor", NHS, "X123456"):
        assert "Okafor, Tunde" not in client.post("/people", data=key | {"text": text}).text
    share(case, staff, Purpose.SUPERVISION)
    assert "Okafor, Tunde" not in client.post("/people", data=key | {"text": "okafor"}).text
    share(case, staff, Purpose.CLINICAL)
    assert "Okafor, Tunde" in client.post("/people", data=key | {"text": "okafor"}).text


def test_what_is_looked_for_stands_in_no_address_and_no_audit(client: PageClient) -> None:
    case = his_case()
    client.sign_in(insider(case, Role.ASSESSOR))
    assert "Okafor, Tunde" not in client.page("/people?text=okafor")
    key = {"submission_key": submission(client.page("/people"))}
    client.post("/people", data=key | {"text": "okafor"})
    row = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert row is not None
    assert row.detail["shown"] == {"person": [case.person_id]}
    assert "okafor" not in str(row.detail).lower()


@pytest.mark.parametrize("role", [Role.LD_PRACTITIONER, Role.COURT_PROBATION, Role.LINK_WORKER])
def test_search_is_for_clinicians_and_administrators(client: PageClient, role: Role) -> None:
    client.sign_in(make_staff(role))
    assert client.get("/people").status_code == 403
    assert client.get("/identity").status_code == 403


def test_a_merged_man_is_found_under_his_other_name(client: PageClient) -> None:
    case = his_case()
    other = create(given_name="Babatunde", family_name="Onyeka")
    merge(case.person, other, make_staff().id)
    client.sign_in(insider(case, Role.ASSESSOR))
    key = {"submission_key": submission(client.page("/people"))}
    assert "Okafor, Tunde" in client.post("/people", data=key | {"text": "onyek"}).text


def test_two_records_are_compared_answered_and_taken_apart_again(client: PageClient) -> None:
    case = his_case()
    other = create(identifiers={IdentifierKind.NHS: OTHER_NHS}, family_name="Okafar")
    lead = insider(case, Role.CLINICAL_LEAD)
    ask(case.person, other, lead.id)
    client.sign_in(lead)
    assert "Okafar" in client.page("/identity")
    question = db.session.scalars(select(IdentityQuestion)).one()
    address = f"/identity/{question.ref}"
    page = client.page(address)
    for text in ("999 000 0018", "999 000 0026", "Which NHS number is right?"):
        assert text in page
    data = {"submission_key": submission(page), "answer": "same", "reason": "Passport seen"}
    data["kept"] = str(case.person.ref)
    silent = client.post(address, data=data)
    assert silent.status_code == 422
    assert "Select the right NHS number" in silent.text
    assert client.post(address, data=data | {"nhs": NHS}).status_code == 303
    assert live_id(other.id) == case.person_id
    assert "merged into this one" in client.page(f"/cases/{case.ref}/person")
    merged = db.session.scalars(select(Merge)).one()
    undo = f"/identity/merges/{merged.ref}/undo"
    key = submission(client.page(undo))
    assert client.post(undo, data={"submission_key": key}).status_code == 422
    assert client.post(undo, data={"submission_key": key, "reason": "Twins"}).status_code == 303
    assert live_id(other.id) == other.id
    assert "Answered already" in client.page(address)
    assert "No question is waiting" in client.page("/identity")


def test_what_differs_is_shown_and_chosen_and_the_records_are_told_apart(
    client: PageClient,
) -> None:
    case = his_case()
    other = create(phone="07700 900555", contact_phrase="Blue door", contact_note="After six")
    lead = insider(case, Role.CLINICAL_LEAD)
    ask(case.person, other, lead.id)
    client.sign_in(lead)
    question = db.session.scalars(select(IdentityQuestion)).one()
    address = f"/identity/{question.ref}"
    page = client.page(address)
    for text in ("07700 900123", "07700 900555", PHRASE, "Blue door", "Held on this one only"):
        assert text in page
    assert "After six" not in page
    assert ">Action<" not in page and "What is compared" in page
    assert "1 case; made on" in page and "0 cases; made on" in page
    data = {"submission_key": submission(page), "answer": "same", "reason": "Passport seen"}
    data["kept"] = str(case.person.ref)
    silent = client.post(address, data=data)
    assert silent.status_code == 422
    assert "Select the right telephone number" in silent.text
    assert "Select the right phrase he chose" in silent.text
    data |= {"phone": str(other.ref), "contact_phrase": str(case.person.ref)}
    assert client.post(address, data=data).status_code == 303
    db.session.expire_all()
    assert (case.person.phone, case.person.contact_phrase) == ("+447700900555", PHRASE)
    assert case.person.contact_note == "After six"


def test_different_is_answered_and_gone(client: PageClient) -> None:
    case, other = his_case(), create()
    lead = insider(case, Role.ADMINISTRATOR)
    ask(case.person, other, lead.id)
    client.sign_in(lead)
    question = db.session.scalars(select(IdentityQuestion)).one()
    address = f"/identity/{question.ref}"
    data = {"submission_key": submission(client.page(address)), "answer": "different"}
    data["why_two"] = "Two passports"
    assert client.post(address, data=data).status_code == 303
    assert live_id(other.id) == other.id
    assert "No other record" in client.page(f"/cases/{case.ref}/duplicates")


def test_a_question_is_for_those_who_see_one_of_the_two(client: PageClient) -> None:
    case, other = his_case(), make_case(create(family_name="Okafar"))
    stranger = make_staff(Role.CLINICAL_LEAD)
    ask(case.person, other.person, stranger.id)
    question = db.session.scalars(select(IdentityQuestion)).one()
    client.sign_in(stranger)
    assert "Okaf" not in client.page("/identity")
    assert client.get(f"/identity/{question.ref}").status_code == 404
    share(case, stranger, Purpose.CLINICAL)
    assert client.get(f"/identity/{question.ref}").status_code == 200
    with writing():
        db.session.merge(other).restricted = True
    assert client.get(f"/identity/{question.ref}").status_code == 404
    assert "Okaf" not in client.page("/identity")


def test_a_look_alike_is_asked_about_from_the_record(client: PageClient) -> None:
    case, other = his_case(), create(born=None)
    lead = insider(case, Role.CLINICAL_LEAD)
    client.sign_in(lead)
    address = f"/cases/{case.ref}/duplicates"
    page = client.page(address)
    data = {"submission_key": submission(page), "other": str(other.ref)}
    answer = client.post(address, data=data)
    assert answer.status_code == 303
    assert "Compare" not in client.page(address)
    assert "Are they the same man?" in client.page(answer.location)


def test_a_number_that_somebody_else_holds_raises_a_question(client: PageClient) -> None:
    case, other = his_case(), create(given_name="Ken", family_name="Adams")
    with writing():
        service.update_person(
            person_id=other.id, changes={"crn": "X123456"}, settings=FICTION, by=None
        )
    question = db.session.scalars(select(IdentityQuestion)).one()
    assert {question.person_id, question.other_id} == {case.person_id, other.id}
    assert question.verdict == "conflict"


PURPOSE_ROLES = [
    (Purpose.CLINICAL, Role.ASSESSOR),
    (Purpose.ADMINISTRATION, Role.ADMINISTRATOR),
    (Purpose.LINK_WORK, Role.LINK_WORKER),
    (Purpose.REFERRAL, Role.LD_PRACTITIONER),
    (Purpose.PRE_SENTENCE, Role.COURT_PROBATION),
    (Purpose.SUPERVISION, Role.PROBATION),
]


@pytest.mark.parametrize(("purpose", "role"), PURPOSE_ROLES)
def test_the_banner_of_each_purpose(client: PageClient, purpose: Purpose, role: Role) -> None:
    case = his_case(
        needs=("communication_support:plain-words",),
        needs_asked="given",
        language="so",
        interpreter="yes",
        known_as="CANARY-NICKNAME",
    )
    flag(case, make_staff())
    staff = make_staff(role)
    with writing():
        access.grant(case.id, purpose, staff.principal_id, because="test", by=None)
    client.sign_in(staff)
    page = client.page(f"/cases/{case.ref}")
    probation = purpose in (Purpose.PRE_SENTENCE, Purpose.SUPERVISION)
    inside = purpose in (Purpose.CLINICAL, Purpose.ADMINISTRATION, Purpose.LINK_WORK)
    for text in ("Tunde Okafor", "3 February 1990", "Somali", "interpreter needed"):
        assert text in page
    assert ("X123456" in page) is probation
    numbered = not probation and purpose is not Purpose.LINK_WORK
    assert ("999 000 0018" in page or NHS in page) is numbered
    assert (FACT in page) is not probation
    assert ("Use plain, short sentences" in page) is inside
    assert ("07700 900123" in page) is inside
    assert ("CANARY-NICKNAME" in page) is not probation


def test_one_man_of_whom_one_record_says_that_he_died(client: PageClient) -> None:
    case, other = his_case(), create(died_on=date(2026, 10, 1))
    lead = insider(case, Role.CLINICAL_LEAD)
    ask(case.person, other, lead.id)
    client.sign_in(lead)
    question = db.session.scalars(select(IdentityQuestion)).one()
    address = f"/identity/{question.ref}"
    page = client.page(address)
    assert "One of these records says that he has died" in page
    data = {"submission_key": submission(page), "answer": "same", "reason": "His sister rang"}
    data["kept"] = str(case.person.ref)
    assert "Select the right date of death" in client.post(address, data=data).text
    assert client.post(address, data=data | {"died_on": str(case.person.ref)}).status_code == 303
    db.session.expire_all()
    assert case.person.died_on is None and live_id(other.id) == case.person_id
