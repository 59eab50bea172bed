"""The pages about a man: who sees and changes which section, and what happens to a late edit."""

import re
import uuid

import pytest
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people import service
from mhtr.people.models import IdentifierKind, Person, PersonChange
from mhtr.people.sections import Section
from tests.makers import make_case, make_staff
from tests.pages import PageClient
from tests.people.test_service import FICTION, NHS, create

PHRASE = "CANARY blue lion"


def share(case: Case, staff: Staff, *purposes: Purpose) -> None:
    with writing():
        for purpose in purposes:
            access.grant(case.id, purpose, staff.principal_id, because="test", by=None)


def his_case(**changes: object) -> Case:
    person = create(
        identifiers={IdentifierKind.NHS: NHS, IdentifierKind.CRN: "X123456"},
        phone="07700 900123",
        safe_to_text="yes",
        contact_known_how="in_person",
        contact_phrase=PHRASE,
        address="1 Fictional Street",
        postcode="SW1A 1AA",
        equality={"religion": "code:C"},
        **changes,
    )
    return make_case(person)


def insider(case: Case, role: Role) -> Staff:
    staff = make_staff(role)
    share(case, staff, *access.purposes_of([role]))
    return staff


def seen_mark(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def submission(page: str) -> str:
    found = re.search(r'name="submission_key" value="([0-9a-f-]+)"', page)
    assert found
    return found[1]


def form_data(page: str, **answers: object) -> dict[str, object]:
    return {"seen": seen_mark(page), "submission_key": submission(page), **answers}


@pytest.mark.parametrize(
    ("role", "sees", "not_sees"),
    [
        (Role.ASSESSOR, ["999 000 0018", PHRASE, "Fictional Street", "Christian"], []),
        (Role.ADMINISTRATOR, ["999 000 0018", PHRASE, "Fictional Street"], ["Christian"]),
        (Role.LINK_WORKER, [PHRASE, "07700 900123"], ["Fictional Street", "Christian"]),
    ],
)
def test_each_role_sees_its_sections(
    client: PageClient, role: Role, sees: list[str], not_sees: list[str]
) -> None:
    case = his_case()
    client.sign_in(insider(case, role))
    page = client.page(f"/cases/{case.ref}/person")
    for text in sees:
        assert text in page
    for text in not_sees:
        assert text not in page


@pytest.mark.parametrize(
    "role", [Role.LD_PRACTITIONER, Role.COURT_PROBATION, Role.PROBATION, Role.COMMISSIONER]
)
def test_others_have_no_such_pages(client: PageClient, role: Role) -> None:
    case = his_case()
    client.sign_in(insider(case, role))
    for page in ("person", "person/history", "person/contact", "flags", "consent", "duplicates"):
        answer = client.get(f"/cases/{case.ref}/{page}")
        assert answer.status_code == 403
        assert "Okafor" not in answer.text


def test_the_pages_of_another_mans_case_are_not_found(client: PageClient) -> None:
    case, other = his_case(), make_case()
    client.sign_in(insider(other, Role.CLINICAL_LEAD))
    for page in ("person", "person/history", "person/names", "flags", "consent", "duplicates"):
        assert client.get(f"/cases/{case.ref}/{page}").status_code == 404
    assert client.get(f"/cases/{other.ref}/person/nonsense").status_code == 404


@pytest.mark.parametrize("section", [Section.NAMES, Section.IDENTIFIERS, Section.EQUALITY])
def test_an_administrator_changes_contact_and_needs_only(
    client: PageClient, section: Section
) -> None:
    case = his_case()
    client.sign_in(insider(case, Role.ADMINISTRATOR))
    client.page(f"/cases/{case.ref}/person/contact")
    client.page(f"/cases/{case.ref}/person/needs")
    assert client.get(f"/cases/{case.ref}/person/{section.value}").status_code == 403
    assert client.post(f"/cases/{case.ref}/person/{section.value}", data={}).status_code == 403


@pytest.mark.parametrize("section", list(Section))
def test_every_form_saved_as_it_stands_changes_nothing(
    client: PageClient, section: Section
) -> None:
    case = his_case(
        needs=("communication_support:plain-words",),
        needs_asked="given",
        gp_status="willing",
        interpreter="no",
    )
    client.sign_in(insider(case, Role.ASSESSOR))
    address = f"/cases/{case.ref}/person/{section.value}"
    page = client.page(address)
    data = form_data(page) | shown(page)
    if section is Section.NEEDS:
        data |= {"needs_review_on-day": "1", "needs_review_on-month": "3"}
        data |= {"needs_review_on-year": "2027"}
    answer = client.post(address, data=data)
    assert answer.status_code == 303, answer.text
    changes = db.session.scalars(select(PersonChange)).all()
    assert [list(c.before) for c in changes] == (
        [["needs_review_on"]] if section is Section.NEEDS else []
    )


def shown(page: str) -> dict[str, object]:
    """What a browser would send back of the form as it is shown."""
    data: dict[str, object] = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        kind = attributes.get("type", "text")
        if kind in ("radio", "checkbox") and " checked" not in tag:
            continue
        if kind != "hidden":
            data.setdefault(attributes["name"], attributes.get("value", ""))
    for name, text in re.findall(r'<textarea\b[^>]*name="([^"]*)"[^>]*>([^<]*)<', page):
        data[name] = text
    for name, options in re.findall(
        r'<select\b[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.S
    ):
        chosen = re.findall(r'value="([^"]*)" selected', options)
        data[name] = chosen[0] if chosen else ""
    return data


def test_a_wrong_number_is_said_beside_its_field(client: PageClient) -> None:
    case = his_case()
    client.sign_in(insider(case, Role.ASSESSOR))
    address = f"/cases/{case.ref}/person/identifiers"
    answer = client.post(address, data=form_data(client.page(address), nhs="999 000 0019"))
    assert answer.status_code == 422
    assert "not a valid NHS number" in answer.text
    assert 'value="999 000 0019"' in answer.text


def test_a_correction_asks_why_and_stands_in_the_history(client: PageClient) -> None:
    case = his_case()
    client.sign_in(insider(case, Role.ASSESSOR))
    address = f"/cases/{case.ref}/person/names"
    data = form_data(client.page(address), given_name="Tunde", family_name="Okoro")
    answer = client.post(address, data=data)
    assert answer.status_code == 422
    assert "Say why this is put right" in answer.text
    assert client.post(address, data=data | {"reason": "Spelt wrongly"}).status_code == 303
    history = client.page(f"/cases/{case.ref}/person/history")
    assert "Family name was: Okafor" in history
    assert "Why: Spelt wrongly" in history
    assert "Okoro" in client.page(f"/cases/{case.ref}/person")


def test_the_history_shows_only_what_the_viewer_may_see(client: PageClient) -> None:
    case = his_case()
    with writing():
        service.update_person(
            person_id=case.person_id,
            changes={"religion": "declined", "address": "2 Other Road", "phone": ""},
            settings=FICTION,
            by=None,
        )
    client.sign_in(insider(case, Role.LINK_WORKER))
    history = client.page(f"/cases/{case.ref}/person/history")
    assert "Telephone was: 07700 900123" in history
    assert "Christian" not in history
    assert "Fictional Street" not in history


def test_a_late_edit_shows_both_versions_and_can_then_be_saved(client: PageClient) -> None:
    case = his_case()
    colleague = insider(case, Role.ADMINISTRATOR)
    client.sign_in(insider(case, Role.ASSESSOR))
    address = f"/cases/{case.ref}/person/gp"
    page = client.page(address)
    with writing():
        service.update_person(
            person_id=case.person_id,
            changes={"gp_status": "registered", "gp_name": "The Elms"},
            settings=FICTION,
            by=colleague.id,
        )
    typed = {"gp_status": "willing", "gp_name": "Park Road"}
    answer = client.post(address, data=form_data(page, **typed))
    assert answer.status_code == 409
    for text in ("The Elms", "Park Road", colleague.name, "No, willing to register"):
        assert text in answer.text
    db.session.rollback()
    person = db.session.get_one(Person, case.person_id)
    assert person.gp_name == "The Elms"
    answer = client.post(address, data=form_data(answer.text, **typed))
    assert answer.status_code == 303
    db.session.expire_all()
    assert person.gp_name == "Park Road"


def test_pnc_and_cro_are_asked_only_where_they_are_switched_on(client: PageClient) -> None:
    case = his_case()
    client.sign_in(insider(case, Role.ASSESSOR))
    address = f"/cases/{case.ref}/person/identifiers"
    assert "PNC" not in client.page(address)
    client.application.config["IDENTIFIERS"] = frozenset({"PNC"})
    try:
        page = client.page(address)
    finally:
        client.application.config["IDENTIFIERS"] = frozenset()
    assert "PNC number" in page
    assert "CRO number" not in page


def test_no_fixed_abode_takes_its_own_postcode(client: PageClient) -> None:
    case = his_case()
    client.sign_in(insider(case, Role.ADMINISTRATOR))
    address = f"/cases/{case.ref}/person/address"
    data = form_data(client.page(address), no_fixed_abode="yes", address="", postcode="")
    assert client.post(address, data=data).status_code == 303
    assert "ZZ99 3VZ" in client.page(f"/cases/{case.ref}/person")


def test_a_reading_is_audited_and_a_strange_case_is_not(client: PageClient) -> None:
    case = his_case()
    client.sign_in(insider(case, Role.ASSESSOR))
    assert client.get(f"/cases/{uuid.uuid4()}/person").status_code == 404
    client.page(f"/cases/{case.ref}/person")
    from mhtr.core.audit import AuditEvent

    rows = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "page.viewed")).all()
    assert [row.detail["page"] for row in rows] == ["people.details"]
    assert rows[0].detail["shown"]["person"] == [case.person_id]


def test_what_may_be_used_is_worked_out_from_all_that_is_known(client: PageClient) -> None:
    case = his_case(safe_to_write="yes", safe_to_voicemail="no")
    client.sign_in(insider(case, Role.ADMINISTRATOR))
    page = client.page(f"/cases/{case.ref}/person")
    assert "Text: yes" in page
    assert "Voicemail: no. He said that a voicemail is not safe" in page
    assert "Safe by text 07700 900123, letter" in page
    with writing():
        service.update_person(
            person_id=case.person_id, changes={"phone": "020 7946 0123"}, settings=FICTION, by=None
        )
    page = client.page(f"/cases/{case.ref}/person")
    assert "Text: no. It is not known whether a text is safe" in page
    assert "No mobile number is held" in page
    assert "Safe by letter" in page
