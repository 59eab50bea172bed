"""Two men, somebody said: it can be taken back, and who said what and why stays to be seen."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import identity
from mhtr.cases.models import IdentityAnswer
from mhtr.cases.taking_back import take_back
from mhtr.core import schema
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people.asking import question_key
from mhtr.people.models import Merge
from mhtr.people.queries import pair_question
from mhtr.tasks.models import Notice, Task, TaskState
from tests.cases.test_question_owners import asked, task
from tests.cases.test_two_trusts import made, trusts_case, words_on
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient
from tests.people.merged import ask, merge, undo
from tests.people.test_pages import submission
from tests.people.test_service import create

LIST = "/identity/answers"


def say_two(question_id: int, by: int, reason: str = "CANARY-WHY two passports") -> int:
    with writing():
        identity.answer_different(question_id=question_id, reason=reason, by=by)
    db.session.expire_all()
    return db.session.scalars(select(IdentityAnswer.id).order_by(IdentityAnswer.id.desc())).all()[0]


def back(answer_id: int, by: int, reason: str = "His mother rang") -> None:
    with writing():
        take_back(answer_id=answer_id, reason=reason, by=by)
    db.session.expire_all()


def page_of(answer_id: int) -> str:
    return f"{LIST}/{db.session.get_one(IdentityAnswer, answer_id).ref}/take-back"


def test_it_is_a_question_again_and_who_said_what_stays(client: PageClient) -> None:
    two = made()
    other = trusts_case(two.west, create(given_name="Oo", family_name="Pp", born=None))
    question_id = ask(two.case.person, other.person, two.lead.id)
    answer_id = say_two(question_id, two.lead.id)
    client.sign_in(two.administrator)
    listed = client.page(LIST)
    for said in ("CANARY-WHY two passports", "Western Lead", "Oo Pp", "Zz Qq"):
        assert said in listed
    address = page_of(answer_id)
    data = {"submission_key": submission(client.page(address)), "reason": ""}
    assert client.post(address, data=data).status_code == 422
    sent = client.post(address, data=data | {"reason": "His mother rang"})
    assert sent.status_code == 303
    question = pair_question(two.case.person_id, other.person_id)
    assert question is not None and question.answer is None and question.answered_at is None
    assert sent.location.endswith(f"/identity/{question.ref}")
    assert client.get(f"/identity/{question.ref}").status_code == 200
    listed = client.page(LIST)
    for said in ("CANARY-WHY two passports", "Western Lead", "His mother rang", "Taken back"):
        assert said in listed
    assert client.get(address).status_code == 404
    found = task(question_key(question_id))
    assert found.owner_principal_id == two.west.principal_id
    told = select(Notice.text).where(Notice.principal_id == two.lead.principal_id)
    assert any("took back your answer" in text for text in db.session.scalars(told))
    with writing():
        identity.answer_same(
            question_id=question_id,
            kept_id=other.person_id,
            right={},
            reason="Asked him",
            by=two.lead.id,
            chosen={"phone": other.person_id},
        )
    assert db.session.scalars(select(Merge)).one().absorbed_id != other.person_id


def test_the_task_that_was_done_is_open_again(either_app: Flask) -> None:
    two = asked(made())
    key = question_key(two.question.id)
    answer_id = say_two(two.question.id, two.lead.id)
    done = db.session.scalars(select(Task).where(Task.key == key)).one()
    assert done.state is TaskState.DONE
    back(answer_id, two.southern.id)
    found = task(key)
    assert found.finished_at is None and found.owner_principal_id == two.south.principal_id


def test_only_whoever_may_answer_takes_it_back(client: PageClient) -> None:
    two = made()
    answer_id = say_two(two.question.id, two.lead.id)
    stranger = make_staff(Role.CLINICAL_LEAD, organisation=make_organisation(name="Far Trust"))
    client.sign_in(stranger)
    assert client.get(page_of(answer_id)).status_code == 404
    assert "Western Lead" not in client.page(LIST)
    with pytest.raises(Refused, match="may answer"):
        back(answer_id, stranger.id)
    assessor = make_staff(Role.ASSESSOR, organisation=two.west)
    client.sign_in(assessor)
    assert client.get(LIST).status_code == 403


def test_why_and_once(either_app: Flask) -> None:
    two = made()
    with pytest.raises(Refused, match="how you know"):
        say_two(two.question.id, two.lead.id, reason=" ")
    answer_id = say_two(two.question.id, two.lead.id)
    with pytest.raises(Refused, match="why it is asked"):
        back(answer_id, two.lead.id, reason=" ")
    back(answer_id, two.lead.id)
    with pytest.raises(Refused, match="taken back already"):
        back(answer_id, two.lead.id)


def test_the_other_trust_reads_why_and_takes_it_back(client: PageClient) -> None:
    two = made()
    answer_id = say_two(two.question.id, two.southern.id)
    client.sign_in(two.lead)
    listed = client.page(LIST)
    assert "CANARY-WHY" in listed and words_on(listed) == [] and "another trust" in listed
    assert words_on(client.page(page_of(answer_id))) == []
    back(answer_id, two.lead.id)
    assert two.question.answered_at is None
    told = select(Notice.text).where(Notice.principal_id == two.south.principal_id)
    assert any("asks again" in text for text in db.session.scalars(told))


def test_what_was_written_for_one_trust_is_not_read_in_another(client: PageClient) -> None:
    """A case may move to another trust after the answer."""
    two = made()
    answer_id = say_two(two.question.id, two.lead.id)
    with writing():
        db.session.get_one(IdentityAnswer, answer_id).for_both = False
    client.sign_in(two.southern)
    assert "CANARY-WHY" not in client.page(LIST)
    assert "CANARY-WHY" not in client.page(page_of(answer_id))


def test_records_taken_apart_may_be_asked_about_again(either_app: Flask) -> None:
    two = made()
    other = trusts_case(two.west, create(given_name="Oo", family_name="Pp", born=None))
    undo(merge(two.case.person, other.person, two.lead.id), two.lead.id)
    answer = db.session.scalars(select(IdentityAnswer)).one()
    assert answer.reason == "Two passports"
    back(answer.id, two.lead.id)
    question = pair_question(two.case.person_id, other.person_id)
    assert question is not None and question.answered_at is None


def test_what_was_answered_before_can_be_taken_back_too(either_app: Flask) -> None:
    """Why was not kept then; who and when was."""
    two = made()
    answer_id = say_two(two.question.id, two.lead.id)
    at = db.session.get_one(IdentityAnswer, answer_id).created_at
    lead = two.lead.id
    db.session.remove()
    schema.downgrade("0025")
    schema.upgrade()
    row = db.session.scalars(select(IdentityAnswer)).one()
    assert (row.by_id, row.reason, row.for_both, row.created_at) == (lead, None, False, at)
    back(row.id, lead)
