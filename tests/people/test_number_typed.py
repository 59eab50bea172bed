"""A number that another record has: said at once, asked about, and withdrawn with the typo."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import identity
from mhtr.cases.identity_queries import answered_pairs
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people import service
from mhtr.people.models import IdentifierKind, IdentityQuestion, Person
from mhtr.tasks.models import Task, TaskState
from tests.makers import make_case, make_organisation, make_staff
from tests.pages import PageClient
from tests.people.test_pages import form_data, share
from tests.people.test_service import FICTION, NHS, OTHER_NHS, create


class Typist:
    """A clinical lead with a man of his own, and another man who has a number."""

    def __init__(self) -> None:
        self.trust = make_organisation(name="West Trust")
        self.lead = make_staff(Role.CLINICAL_LEAD, organisation=self.trust)
        self.case = make_case(create())
        self.other = make_case(
            create(given_name="Wale", family_name="Odukoya", identifiers={IdentifierKind.NHS: NHS})
        )
        share(self.case, self.lead, Purpose.CLINICAL)
        share(self.other, make_staff(Role.CLINICAL_LEAD), Purpose.CLINICAL)

    def types(self, client: PageClient, number: str) -> str:
        address = f"/cases/{self.case.ref}/person/identifiers"
        data = form_data(client.page(address), nhs=number, crn="", reason="From his GP")
        answer = client.post(address, data=data)
        assert answer.status_code == 303, answer.text
        return client.page(answer.location)

    def saves(self, number: str) -> None:
        with writing():
            service.update_person(
                person_id=self.case.person_id,
                changes={"nhs": number},
                settings=FICTION,
                by=self.lead.id,
                reason="Typing error",
            )
        db.session.expire_all()


def question() -> IdentityQuestion:
    return db.session.scalars(select(IdentityQuestion)).one()


def state_of_the_task(asked: IdentityQuestion) -> TaskState:
    return db.session.scalars(select(Task.state).where(Task.key == f"identity:{asked.id}")).one()


def test_the_typist_is_told_at_once_and_not_whose_it_is(client: PageClient) -> None:
    typist = Typist()
    client.sign_in(typist.lead)
    page = typist.types(client, NHS)
    assert "Identifiers saved. The NHS number is also on another record" in page
    assert "a question was opened for the clinical leads and administrators of West Trust" in page
    assert "Odukoya" not in page
    assert question().answered_at is None


def test_a_record_of_his_own_scope_is_named(client: PageClient) -> None:
    typist = Typist()
    share(typist.other, typist.lead, Purpose.CLINICAL)
    client.sign_in(typist.lead)
    assert "also on the record of Wale Odukoya" in typist.types(client, NHS)


def test_a_number_of_nobody_elses_is_saved_without_a_word(client: PageClient) -> None:
    typist = Typist()
    client.sign_in(typist.lead)
    page = typist.types(client, OTHER_NHS)
    assert re.search(r"Identifiers saved\s*<", page) and "another record" not in page


def test_answered_two_men_it_is_said_that_one_number_is_wrong(client: PageClient) -> None:
    typist = Typist()
    typist.saves(NHS)
    with writing():
        identity.answer_different(
            question_id=question().id, reason="Two passports", by=typist.lead.id
        )
    typist.saves("")
    client.sign_in(typist.lead)
    page = typist.types(client, NHS)
    assert "somebody answered before that they are two men" in page
    assert question().answer == "different"


def test_the_typo_put_right_withdraws_the_question(either_app: Flask) -> None:
    typist = Typist()
    typist.saves(NHS)
    asked = question()
    assert state_of_the_task(asked) is TaskState.OPEN
    typist.saves(OTHER_NHS)
    assert (asked.answer, asked.answered_by) == ("withdrawn", typist.lead.id)
    assert state_of_the_task(asked) is TaskState.WITHDRAWN
    assert answered_pairs(typist.case.person_id) == set()
    # Typed again, it is asked again.
    typist.saves(NHS)
    assert (question().answer, question().answered_at) == (None, None)
    assert state_of_the_task(asked) is TaskState.OPEN


def test_the_typist_is_told_that_it_is_withdrawn(client: PageClient) -> None:
    typist = Typist()
    client.sign_in(typist.lead)
    typist.types(client, NHS)
    assert "The question that the earlier number had raised is withdrawn" in typist.types(
        client, OTHER_NHS
    )


def test_put_right_on_the_other_record_it_is_withdrawn_too(either_app: Flask) -> None:
    typist = Typist()
    typist.saves(NHS)
    with writing():
        service.update_person(
            person_id=typist.other.person_id,
            changes={"nhs": OTHER_NHS},
            settings=FICTION,
            by=None,
            reason="It was his that was wrong",
        )
    db.session.expire_all()
    assert question().answer == "withdrawn"


@pytest.mark.parametrize("by_name", [True, False])
def test_what_something_else_raised_stays_a_question(either_app: Flask, by_name: bool) -> None:
    """The names still agree; or somebody asked for a reason of his own."""
    typist = Typist()
    if by_name:
        with writing():
            other = db.session.get_one(Person, typist.other.person_id)
            mine = db.session.get_one(Person, typist.case.person_id)
            other.given_name, other.family_name = mine.given_name, mine.family_name
            other.born = mine.born
            service.refresh_keys(other)
    else:
        with writing():
            service.raise_identity_question(
                person_id=typist.case.person_id,
                other_id=typist.other.person_id,
                verdict="conflict",
                reasons=["The referrer is not sure"],
                by=None,
            )
    typist.saves(NHS)
    typist.saves(OTHER_NHS)
    assert question().answered_at is None
