"""A referral of a man who may be known: a question with an owner, never a silent match."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import NoResultFound

from mhtr.accounts.models import Organisation, Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.identity import SameMan
from mhtr.intake.whose_record import DIED, sketch
from mhtr.people import queries as people_queries
from mhtr.people import service as people
from mhtr.people.contact import channels
from mhtr.people.learning import learn
from mhtr.people.matching import Verdict
from mhtr.people.models import IdentityQuestion, Person
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake.samples import submission
from tests.intake.submitted import count, submit, trust
from tests.makers import make_staff


def test_a_possible_record_nobody_was_asked_about_is_a_question(app: Flask) -> None:
    trust()
    by = make_staff(Role.LD_PRACTITIONER)
    first, second = submit(by), submit(by, channel="csv")
    assert first.person_id != second.person_id
    question = db.session.scalars(select(IdentityQuestion)).one()
    assert {question.person_id, question.other_id} == {first.person_id, second.person_id}


NHS = "9990000018"


@pytest.mark.parametrize(
    ("number", "answer", "records", "questions"),
    [
        # Namesakes born on one day: his word alone joins nothing.
        ("", SameMan.SAME, 2, 1),
        ("", SameMan.DIFFERENT, 2, 0),
        ("", SameMan.NOT_SURE, 2, 1),
        # He knows the number that is on the record.
        (NHS, SameMan.SAME, 1, 0),
        (NHS, SameMan.DIFFERENT, 2, 1),
        (NHS, SameMan.NOT_SURE, 2, 1),
    ],
)
def test_the_answer_on_a_possible_record(
    app: Flask, number: str, answer: SameMan, records: int, questions: int
) -> None:
    trust()
    by = make_staff(Role.LD_PRACTITIONER)
    submit(by, nhs_number=number)
    found = people_queries.candidates(sketch(submission(nhs_number=number)))
    submit(by, {found[0].person_ref: answer}, nhs_number=number)
    assert (count(Person), count(IdentityQuestion)) == (records, questions)
    assert count(Case) == 2


def asked(owner: Organisation) -> list[IdentityQuestion]:
    """The open questions, each with its task for the trust."""
    found = list(db.session.scalars(select(IdentityQuestion).order_by(IdentityQuestion.id)))
    for question in found:
        task = db.session.scalars(select(Task).where(Task.key == f"identity:{question.id}")).one()
        assert (task.kind, task.state) == (TaskKind.IDENTITY_QUESTION, TaskState.OPEN)
        assert task.owner_principal_id == owner.principal_id
        assert task.endpoint == "people.identity_question"
        assert task.subject_ref == str(question.ref)
        assert task.due_at <= clock.now() + timedelta(days=2)
    return found


CRN = "X772301"


def two_men(by: Staff) -> tuple[Case, Case]:
    """One record with the NHS number, another man's with the CRN."""
    return (
        submit(by, nhs_number=NHS),
        submit(by, crn=CRN, given_name="Ken", family_name="Adams", born="1971-05-06"),
    )


@pytest.mark.parametrize("second", list(SameMan))
def test_a_second_number_of_another_record_is_a_question_with_an_owner(
    app: Flask, second: SameMan
) -> None:
    home = trust()
    by = make_staff(Role.LD_PRACTITIONER)
    his, other = two_men(by)
    case = submit(
        by,
        {his.person.ref: SameMan.SAME, other.person.ref: second},
        nhs_number=NHS,
        crn=CRN,
    )
    assert case.person_id == his.person_id
    (question,) = asked(home)
    assert {question.person_id, question.other_id} == {his.person_id, other.person_id}
    assert "The CRN is the same" in question.reasons
    # Whose number it is, is not settled by this referral.
    held = {row.kind.value for row in case.person.identifiers}
    assert held == {"nhs"}


def test_two_records_both_said_to_be_his_are_a_question(app: Flask) -> None:
    home = trust()
    by = make_staff(Role.LD_PRACTITIONER)
    one, two = submit(by, nhs_number=NHS, born=""), submit(by, crn=CRN, given_name="Tundi")
    with writing():
        db.session.execute(delete(Task).where(Task.kind == TaskKind.IDENTITY_QUESTION))
        db.session.execute(delete(IdentityQuestion))
    said = {case.person.ref: SameMan.SAME for case in (one, two)}
    case = submit(by, said, nhs_number=NHS, crn=CRN)
    assert case.person_id in (one.person_id, two.person_id)
    (question,) = asked(home)
    assert {question.person_id, question.other_id} == {one.person_id, two.person_id}


def test_it_is_the_same_man_never_joins_where_something_contradicts(app: Flask) -> None:
    home = trust()
    by = make_staff(Role.LD_PRACTITIONER)
    first = submit(by, nhs_number=NHS)
    said = {"nhs_number": NHS, "given_name": "Ken", "family_name": "Adams", "born": "1971-05-06"}
    (found,) = people_queries.candidates(sketch(submission(**said)))
    assert found.match.verdict is Verdict.CONFLICT
    second = submit(by, {found.person_ref: SameMan.SAME}, **said)
    assert second.person_id != first.person_id
    (question,) = asked(home)
    assert "The referrer says that it is the same man" in question.reasons


def test_a_question_that_waited_for_nobody_gets_its_owner(app: Flask) -> None:
    home = trust()
    by = make_staff(Role.LD_PRACTITIONER)
    his, other = two_men(by)
    one, two = his.person_id, other.person_id
    with writing():
        people.raise_identity_question(
            person_id=one, other_id=two, verdict="possible", reasons=[], by=None
        )
    with pytest.raises(NoResultFound):
        asked(home)
    submit(by, {his.person.ref: SameMan.SAME}, nhs_number=NHS, crn=CRN)
    assert len(asked(home)) == 1


@pytest.mark.parametrize("answer", [SameMan.SAME, SameMan.NOT_SURE])
def test_a_man_recorded_as_dead_is_a_question_and_nobody_is_written_to(
    app: Flask, answer: SameMan
) -> None:
    home = trust()
    by = make_staff(Role.LD_PRACTITIONER)
    first = submit(by, nhs_number=NHS)
    with writing():
        db.session.get_one(Person, first.person_id).died_on = clock.today()
    second = submit(by, {first.person.ref: answer}, nhs_number=NHS, safe_to_text="yes")
    assert second.person_id != first.person_id
    (question,) = asked(home)
    assert {question.person_id, question.other_id} == {first.person_id, second.person_id}
    assert DIED in question.reasons
    assert not any(way.allowed for way in channels(second.person))
    assert not any(way.allowed for way in channels(first.person))
    # Nor does amending the referral, or another one, open a way while that is not settled.
    said = {"phone": "+447700900123", "safe_to_text": "yes", "contact_known_how": "in_person"}
    with writing():
        learn(person_id=second.person_id, said=said, reason="Said again", by=by.id)
    assert second.person.safe_to_text.value == "unknown"


def test_a_referral_that_joins_a_record_which_may_be_a_dead_mans_holds_contact(app: Flask) -> None:
    home = trust()
    by = make_staff(Role.LD_PRACTITIONER)
    his, other = two_men(by)
    assert his.person.safe_to_text.value == "yes"
    with writing():
        db.session.get_one(Person, other.person_id).died_on = clock.today()
    said = {his.person.ref: SameMan.SAME, other.person.ref: SameMan.SAME}
    case = submit(by, said, nhs_number=NHS, crn=CRN)
    assert case.person_id == his.person_id
    assert len(asked(home)) == 1
    assert not any(way.allowed for way in channels(case.person))


def test_men_who_gave_no_name_are_not_compared_by_it(app: Flask) -> None:
    trust()
    by = make_staff(Role.LD_PRACTITIONER)
    nameless = {"given_name": "Unknown", "family_name": "Unknown", "born": ""}
    men = {submit(by, None, "csv", **nameless).person_id for _ in range(3)}
    assert len(men) == 3 and count(IdentityQuestion) == 0
    assert people_queries.candidates(sketch(submission(**nameless))) == []
