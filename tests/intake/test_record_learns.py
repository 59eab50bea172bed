"""A second or an amended referral: "not safe" holds at once, the rest is filled or asked."""

from typing import Any

import pytest
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import correction, record_learns, service
from mhtr.intake.identity import SameMan
from mhtr.intake.queries import referral_of
from mhtr.intake.steps import FormStep
from mhtr.intake.whose_record import sketch
from mhtr.people import queries as people_queries
from mhtr.people.models import Identifier, Person, PersonChange
from tests.intake.house import House, accept, amend, notices
from tests.intake.samples import submission
from tests.intake.test_amending import questions
from tests.pages import PageClient
from tests.people.test_service import NHS, create

PHONE = "07700 900111"


def first(house: House, **changes: str) -> Case:
    return house.refer(None, **{"nhs_number": NHS, "phone": PHONE, **changes})


def again(house: House, **changes: str) -> Case:
    """Referred again with his NHS number, and "it is the same man"."""
    said = submission(**{"nhs_number": NHS, "phone": PHONE, **changes})
    found = people_queries.candidates(sketch(said))
    answers = {candidate.person_ref: SameMan.SAME for candidate in found}
    by = house.practitioner
    with writing():
        return service.submit_referral(
            submission=said,
            channel="form",
            referrer_id=by.id,
            organisation_id=by.organisation_id,
            by=by.id,
            same_man=answers,
        )


def man(case: Case) -> Person:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Person, case.person_id)


def banner(client: PageClient, house: House, case: Case) -> str:
    client.sign_in(house.administrator)
    return client.page(f"/cases/{case.ref}/person")


def test_not_safe_to_text_said_with_a_second_referral_holds_at_once(
    client: PageClient, house: House
) -> None:
    one = first(house, safe_to_text="yes")
    accept(house, one, house.assessor)
    assert "Safe by text" in banner(client, house, one)
    two = again(house, safe_to_text="no")
    assert one.person_id == two.person_id
    for case in (one, two):
        page = banner(client, house, case)
        assert "Safe by text" not in page and "no way confirmed safe" in page
    assert record_learns.CHANGED in notices(house.assessor)
    (change,) = db.session.scalars(select(PersonChange))
    assert change.before == {"safe_to_text": "Yes"} and change.reason
    assert questions(two) == []


def test_amended_to_not_safe_the_record_follows(client: PageClient, house: House) -> None:
    case = first(house, safe_to_text="yes")
    amend(house, case, FormStep.AGREEMENT, safe_to_text="no")
    assert man(case).safe_to_text.value == "no"
    assert "Safe by text" not in banner(client, house, case)
    # A yes afterwards is a question: somebody asks him.
    amend(house, case, FormStep.AGREEMENT, safe_to_text="yes")
    assert man(case).safe_to_text.value == "no"
    assert len(questions(case)) == 1


@pytest.mark.parametrize("changes", [{"safe_to_text": "unknown"}, {"phone": ""}])
def test_an_answer_taken_back_is_asked_again(house: House, changes: dict[str, str]) -> None:
    case = first(house, safe_to_text="yes")
    amend(house, case, FormStep.AGREEMENT, **changes)
    assert man(case).safe_to_text.value == "unknown"
    # A number that is not his after all is still on record: somebody looks at it.
    assert len(questions(case)) == ("phone" in changes)


def test_what_the_record_lacks_is_filled(house: House) -> None:
    one = first(house, phone="", safe_to_text="", born="")
    again(
        house,
        crn="X772301",
        language="so",
        interpreter="yes",
        also_known_as="T Bone",
        safe_to_text="yes",
    )
    person = man(one)
    assert {row.kind.value for row in person.identifiers} == {"nhs", "crn"}
    assert (person.phone, person.safe_to_text.value) == ("+447700900111", "yes")
    assert (person.language, person.interpreter.value) == ("so", "yes")
    assert person.born is not None and [a.family_name for a in person.aliases] == ["Bone"]
    found = people_queries.candidates(sketch(submission(given_name="T", family_name="Bone")))
    assert [c.person_id for c in found] == [person.id]


def test_every_other_difference_is_a_task_that_shows_both(client: PageClient, house: House) -> None:
    first(house, safe_to_text="yes", language="pl", interpreter="no")
    case = again(house, phone="07700 900222", safe_to_text="yes", language="so", interpreter="yes")
    person = man(case)
    assert (person.phone, person.language) == ("+447700900111", "pl")
    # Who has the telephone of before is not known any more.
    assert person.safe_to_text.value == "unknown"
    (task,) = questions(case)
    assert task.owner_principal_id == house.trust.principal_id
    referral = referral_of(case.id)
    assert referral
    rows = [(row.label, row.referral, row.record) for row in correction.differences(case, referral)]
    assert rows == [
        ("Telephone", "07700 900222", "07700 900111"),
        ("Safe to text", "Yes", "Not known"),
        ("Language", "Somali", "Polish"),
        ("Interpreter needed", "Yes", "No"),
    ]
    client.sign_in(house.administrator)
    page = client.page(f"/cases/{case.ref}/referral/correction")
    assert "07700 900222" in page and "07700 900111" in page
    assert "Compare the two" in client.page(f"/cases/{case.ref}/referral")


def test_a_number_that_somebody_else_holds_is_not_put_on_his_record(house: House) -> None:
    one = first(house)
    other: Any = create(given_name="Ken", family_name="Adams", born=None)
    with writing():
        db.session.add(Identifier(person_id=other.id, kind="crn", value="X772301"))
    case = again(house, crn="X772301")
    assert case.person_id == one.person_id
    assert [row.kind.value for row in man(case).identifiers] == ["nhs"]
    assert len(questions(case)) == 1
