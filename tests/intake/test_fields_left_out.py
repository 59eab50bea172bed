"""Whatever a form leaves out, the answer is a page: each field dropped in turn, nothing breaks."""

import re
import uuid
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.intake.models import CourtCoverage, OnwardReferral
from mhtr.people.models import ConsentItem
from mhtr.people.sections import Section
from tests.intake import journey
from tests.intake.house import House, accept
from tests.makers import make_staff
from tests.pages import PageClient

_FORM = re.compile(r'<form([^>]*method="post"[^>]*)>(.*?)</form>', re.S)
_INPUT = re.compile(r"<input([^>]*)>")
_SELECT = re.compile(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', re.S)
_AREA = re.compile(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', re.S)


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def typed(html: str) -> dict[str, list[str]]:
    """A form as somebody would send it: what is chosen, else the first choice; words in texts."""
    sent: dict[str, list[str]] = {}
    for tag in _INPUT.findall(html):
        name, kind = attribute(tag, "name"), attribute(tag, "type") or "text"
        if not name or kind == "submit":
            continue
        if kind in ("radio", "checkbox"):
            if name not in sent or " checked" in tag:
                sent[name] = [attribute(tag, "value")]
        else:
            sent[name] = [attribute(tag, "value") or ("1" if kind == "text" else "")]
    for name, options in _SELECT.findall(html):
        values = [value for value in re.findall(r'<option value="([^"]+)"', options)]
        sent[name] = [unescape(values[0])] if values else [""]
    for name, text in _AREA.findall(html):
        sent[name] = [unescape(text).strip() or "Words"]
    return sent


def posts(client: PageClient, path: str) -> list[tuple[str, dict[str, list[str]]]]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    page = answer.get_data(as_text=True).partition("<main")[2]
    return [(attribute(tag, "action") or path, typed(form)) for tag, form in _FORM.findall(page)]


def each_left_out(client: PageClient, path: str) -> int:
    """Every form of a page, sent without each of its fields, and with each of them empty."""
    tried = 0
    for to, sent in posts(client, path):
        for name in sent:
            for changed in ({k: v for k, v in sent.items() if k != name}, {**sent, name: [""]}):
                if name != "submission_key":
                    changed["submission_key"] = [str(uuid.uuid4())]
                # An error is raised here: the application of the tests passes it on.
                status = client.post(to, data=changed).status_code
                assert status < 500, (to, name)
                db.session.rollback()
                tried += 1
    return tried


@pytest.fixture
def house(app: Flask) -> House:
    return House()


def signed_in(client: PageClient, staff: Staff) -> PageClient:
    client.sign_in(staff)
    return client


@pytest.mark.parametrize("section", list(Section))
def test_each_section_of_his_record(client: PageClient, house: House, section: Section) -> None:
    case = house.refer()
    signed_in(client, house.lead)
    assert each_left_out(client, f"/cases/{case.ref}/person/{section.value}")


def test_safe_contact_without_an_answer_is_refused_beside_the_question(
    client: PageClient, house: House
) -> None:
    case = house.refer()
    signed_in(client, house.lead)
    path = f"/cases/{case.ref}/person/contact"
    ((to, sent),) = posts(client, path)
    for name in ("safe_to_text", "safe_to_voicemail", "safe_to_write"):
        without = {key: value for key, value in sent.items() if key != name}
        answer = client.post(to, data=without)
        assert answer.status_code == 422
        assert f'id="{name}-error"' in answer.get_data(as_text=True)


def test_warnings_and_consent(client: PageClient, house: House) -> None:
    case = house.refer()
    accept(house, case, house.assessor)
    signed_in(client, house.lead)
    paths = ["flags/new", "consent/told", *(f"consent/{item.value}" for item in ConsentItem)]
    for path in paths:
        assert each_left_out(client, f"/cases/{case.ref}/{path}"), path


@pytest.mark.parametrize("step", ["safety", "person", "place", "needs", "agreement"])
def test_each_page_of_a_referral_and_of_amending_it(
    client: PageClient, house: House, step: str
) -> None:
    case = house.refer()
    signed_in(client, house.practitioner)
    draft = journey.fill(client, given_name="Kofi")
    assert each_left_out(client, f"{draft}/{step}")
    assert each_left_out(client, f"/cases/{case.ref}/referral/{step}")


def test_beginning_and_checking_a_referral(client: PageClient, house: House) -> None:
    signed_in(client, house.practitioner)
    assert each_left_out(client, "/referrals/new")
    assert each_left_out(client, f"{journey.fill(client)}/check")
    assert each_left_out(client, "/referrals/import")


def test_triage_and_the_court_case(client: PageClient, house: House) -> None:
    signed_in(client, house.lead)
    for path in ("triage", "hearing/stage", "hearing/date", "hearing/ending", "onward"):
        case = house.refer(given_name=f"Kofi{path[-3:]}", nhs_number="")
        assert each_left_out(client, f"/cases/{case.ref}/{path}"), path


def test_onward_coverage_and_tokens(client: PageClient, house: House) -> None:
    case = house.refer()
    signed_in(client, house.lead)
    each_left_out(client, f"/cases/{case.ref}/onward")
    for row in db.session.scalars(select(OnwardReferral.ref).limit(1)).all():
        assert each_left_out(client, f"/onward/{row}")
        each_left_out(client, f"/onward/{row}/hand-over")
    signed_in(client, house.administrator)
    assert each_left_out(client, "/coverage")
    covered = db.session.scalars(select(CourtCoverage.ref)).first()
    each_left_out(client, f"/coverage/{covered}/end")
    signed_in(client, make_staff(Role.SYSTEM_ADMINISTRATOR))
    assert each_left_out(client, "/api-tokens")
