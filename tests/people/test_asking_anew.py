"""A yes to contact holds for the number and the place he gave it for, and no other."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import OrganisationKind
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people import service
from mhtr.people.identifiers import NhsNumberRange
from mhtr.people.models import IdentifierKind, Permission, Person, PersonChange
from mhtr.people.rules import Accepts
from mhtr.people.sections import Section
from mhtr.tasks.models import Task
from tests.makers import make_person, make_staff

SETTINGS = Accepts(NhsNumberRange.TEST, fictional=True)
YES = {"safe_to_text": "yes", "safe_to_voicemail": "yes", "safe_to_write": "yes"}


@pytest.fixture
def man(app: Flask) -> Person:
    with writing():
        return service.create_person(
            given_name="Tunde",
            family_name="Okafor",
            born=None,
            settings=SETTINGS,
            by=None,
            phone="07700 900123",
            address="1 Old Road",
            contact_known_how="in_person",
            safe_to_text="yes",
            safe_to_voicemail="yes",
            safe_to_write="yes",
        )


def change(man: Person, **changes: str) -> None:
    by = make_staff(Role.ADMINISTRATOR).id
    with writing():
        service.update_person(person_id=man.id, changes=changes, settings=SETTINGS, by=by)


def safe(man: Person) -> list[Permission]:
    return [man.safe_to_text, man.safe_to_voicemail, man.safe_to_write]


def test_a_new_number_is_asked_about_again(man: Person) -> None:
    change(man, phone="07700 900456", **YES)
    assert safe(man) == [Permission.UNKNOWN, Permission.UNKNOWN, Permission.YES]
    row = db.session.scalars(select(PersonChange)).one()
    assert {"phone", "safe_to_text", "safe_to_voicemail"} <= set(row.before)


def test_what_is_answered_for_the_new_number_holds(man: Person) -> None:
    change(man, safe_to_text="no")
    change(man, phone="07700 900456", safe_to_text="yes")
    assert safe(man) == [Permission.YES, Permission.UNKNOWN, Permission.YES]


def test_a_no_stays_and_a_note_asks_nothing(man: Person) -> None:
    change(man, safe_to_voicemail="no")
    change(man, contact_phrase="It is about the bicycle")
    assert safe(man) == [Permission.YES, Permission.NO, Permission.YES]
    change(man, phone="07700 900456")
    assert safe(man) == [Permission.UNKNOWN, Permission.NO, Permission.YES]


def test_a_letter_is_asked_about_again_at_a_new_address(man: Person) -> None:
    change(man, address="2 New Road")
    assert safe(man) == [Permission.YES, Permission.YES, Permission.UNKNOWN]
    sections = db.session.scalars(select(PersonChange.section).order_by(PersonChange.section))
    assert sections.all() == [Section.ADDRESS.value, Section.CONTACT.value]


@pytest.mark.parametrize(
    ("kind", "owned"),
    [(OrganisationKind.TREATING_TRUST, True), (OrganisationKind.COURT_TEAM, False)],
)
def test_a_question_raised_by_a_change_is_the_trusts_to_answer(
    app: Flask, kind: OrganisationKind, owned: bool
) -> None:
    from tests.makers import make_organisation

    staff = make_staff(Role.ADMINISTRATOR, organisation=make_organisation(kind))
    with writing():
        service.create_person(
            given_name="Tunde",
            family_name="Okafor",
            born=None,
            identifiers={IdentifierKind.CRN: "X123456"},
            settings=SETTINGS,
            by=None,
        )
    other = make_person("Tunde", "Okafor")
    with writing():
        service.update_person(
            person_id=other.id,
            changes={"crn": "X123456"},
            settings=SETTINGS,
            by=staff.id,
            reason="He showed a letter",
        )
    owners = db.session.scalars(select(Task.owner_principal_id)).all()
    assert owners == ([staff.organisation.principal_id] if owned else [])
