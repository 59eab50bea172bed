"""A way that is not safe by a record that may be his is used by no other, while that is asked."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.reaching import TWIN, ways_to
from mhtr.cases.twins import asked_about
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.contact import channels
from mhtr.people.contact_rules import Channel
from mhtr.people.models import IdentityQuestion, Permission, Person, PersonChange
from mhtr.tasks.models import Task, TaskKind
from tests.cases.test_contact_elsewhere import again, here
from tests.intake.two_trusts import Two
from tests.makers import make_case, make_person, make_staff
from tests.pages import PageClient
from tests.people.merged import ask, holding, merge, undo

TEXT, VOICEMAIL, LETTER = Channel.TEXT, Channel.VOICEMAIL, Channel.LETTER
ALL = {TEXT, VOICEMAIL, LETTER}
FIELDS = ("safe_to_text", "safe_to_voicemail", "safe_to_write")


def says(person: Person, answer: Permission, *fields: str) -> None:
    with writing():
        row = db.session.get_one(Person, person.id)
        row.phone, row.address = "+447700900378", "1 Test Street"
        row.contact_phrase = "It is Sam from the clinic"
        for name in fields or FIELDS:
            setattr(row, name, answer)


def two_records() -> tuple[Person, Person]:
    """Of one trust, as far as anybody knows: every way is safe by the first."""
    one, other = make_person(), make_person()
    says(one, Permission.YES)
    says(other, Permission.UNKNOWN)
    return one, other


def usable(person: Person) -> set[Channel]:
    db.session.expire_all()
    found = ways_to(db.session.get_one(Person, person.id))
    return {way.channel for way in found if way.allowed}


@pytest.mark.parametrize(
    ("no", "left"),
    [
        ("safe_to_text", {LETTER}),  # somebody else may hold his phone
        ("safe_to_voicemail", {LETTER}),
        ("safe_to_write", {TEXT, VOICEMAIL}),
    ],
)
def test_a_no_on_the_one_holds_on_the_other_while_it_is_asked(
    either_app: Flask, no: str, left: set[Channel]
) -> None:
    one, other = two_records()
    says(other, Permission.NO, no)
    assert usable(one) == ALL, "nobody asks whether it is his"
    ask(one, other, make_staff().id)
    assert usable(one) == left
    assert [way.reasons for way in ways_to(one) if not way.allowed] == [(TWIN,)] * (3 - len(left))


@pytest.mark.parametrize("answer", [Permission.UNKNOWN, Permission.YES])
def test_no_answer_and_a_yes_hold_nothing(app: Flask, answer: Permission) -> None:
    one, other = two_records()
    says(other, answer)
    ask(one, other, make_staff().id)
    assert usable(one) == ALL


def test_said_after_it_was_asked_it_holds_as_well(either_app: Flask) -> None:
    one, other = two_records()
    ask(one, other, make_staff().id)
    says(other, Permission.NO, "safe_to_text")
    assert usable(one) == {LETTER}
    says(other, Permission.YES, "safe_to_text")
    assert usable(one) == ALL


def test_two_men_are_each_reached_as_they_said(either_app: Flask) -> None:
    one, other = two_records()
    says(other, Permission.NO)
    by = make_staff().id
    question_id = ask(one, other, by)
    assert usable(one) == set()
    with writing():
        question = db.session.get_one(IdentityQuestion, question_id)
        question.answer, question.answered_at, question.answered_by = "different", clock.now(), by
    assert usable(one) == ALL


def test_nothing_is_written_on_either_record(either_app: Flask) -> None:
    one, other = two_records()
    make_case(one)
    says(other, Permission.NO)
    ask(one, other, make_staff().id)
    assert usable(one) == set()
    kept = db.session.get_one(Person, one.id)
    assert {getattr(kept, name) for name in FIELDS} == {Permission.YES}
    assert {way.allowed for way in channels(kept)} == {True}
    assert not db.session.scalars(select(PersonChange)).all()
    assert not db.session.scalars(select(Task).where(Task.kind == TaskKind.ASK_CONTACT)).all()


def test_a_record_merged_into_this_one_is_asked_about_for_it(either_app: Flask) -> None:
    """The question names the record that was absorbed: it is about the one that is left."""
    one, absorbed = make_person(), make_person()
    stranger = make_person("Amir", "Haddad")
    for each in (one, absorbed, stranger):
        says(each, Permission.YES)
    by = make_staff(Role.CLINICAL_LEAD).id
    ask(absorbed, stranger, by)
    merge_id = merge(one, absorbed, by)
    says(stranger, Permission.NO, "safe_to_text")
    assert usable(one) == {LETTER}
    undo(merge_id, by)
    assert usable(one) == ALL
    assert usable(absorbed) == {LETTER}


def test_the_head_of_his_pages_and_his_details_say_so(client: PageClient) -> None:
    one, other = two_records()
    case, by = make_case(one), make_staff(Role.CLINICAL_LEAD)
    says(other, Permission.NO)
    holding(by.id, one)
    client.sign_in(by)
    assert "Safe by text" in client.page(f"/cases/{case.ref}/person")
    ask(one, other, by.id)
    page = client.page(f"/cases/{case.ref}/person")
    assert "no way confirmed safe" in page
    assert TWIN in page
    assert other.name not in page.replace(one.name, "")


def test_between_two_trusts_what_he_says_when_asked_again_counts(either_app: Flask) -> None:
    two = Two()
    case = here(two)
    second = again(two, None, safe_to_text="no")
    assert asked_about(case.person_id) == {second.person_id}
    assert TEXT not in usable(case.person), "the record itself says so by now"
    says(case.person, Permission.YES)
    assert usable(case.person) == ALL


def test_a_record_of_no_trust_may_be_of_this_one(app: Flask) -> None:
    two = Two()
    case, stranger = here(two), make_person()
    says(case.person, Permission.YES)
    says(stranger, Permission.NO)
    ask(case.person, stranger, two.practitioner.id)
    says(case.person, Permission.YES)
    assert usable(case.person) == set()
