"""Two people answer one question: the second reads who answered and what, and keeps his words."""

import pytest
from sqlalchemy import select

from mhtr.cases import identity
from mhtr.cases.models import PersonLink
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import IdentityQuestion, Merge
from tests.cases.test_after_linking import linked
from tests.cases.test_two_trusts import made
from tests.makers import make_case, make_organisation, make_staff
from tests.pages import PageClient
from tests.people.merged import ask, merge
from tests.people.test_pages import share, submission
from tests.people.test_service import create

WROTE = "His mother rang: they are brothers"


def answer_two(question: IdentityQuestion, by: int) -> None:
    question_id = question.id
    with writing():
        identity.answer_different(question_id=question_id, reason="Passport", by=by)
    db.session.expire_all()


@pytest.mark.parametrize("answer", ["same", "different"])
def test_the_second_reads_the_answer_of_the_first(client: PageClient, answer: str) -> None:
    trust = make_organisation(name="West Trust")
    first, second = (
        make_staff(Role.CLINICAL_LEAD, organisation=trust, name=name) for name in ("Ann", "Bob")
    )
    one, two = make_case(create()), make_case(create(given_name="Wale"))
    for case in (one, two):
        for lead in (first, second):
            share(case, lead, Purpose.CLINICAL)
    question = db.session.get_one(IdentityQuestion, ask(one.person, two.person, first.id))
    address = f"/identity/{question.ref}"
    client.sign_in(second)
    key = submission(client.page(address))
    if answer == "same":
        question_id, kept_id, by = question.id, one.person_id, first.id
        with writing():
            identity.answer_same(
                question_id=question_id, kept_id=kept_id, right={}, reason="Passport", by=by
            )
        db.session.expire_all()
    else:
        answer_two(question, first.id)
    data = {"submission_key": key, "answer": "different", "why_two": WROTE}
    late = client.post(address, data=data)
    assert late.status_code == 409
    said = "one man" if answer == "same" else "two men"
    assert "Ann, West Trust" in late.text and said in late.text
    assert "Your answer was not saved" in late.text and WROTE in late.text
    shown = client.page(address)
    assert "Ann, West Trust" in shown and "Your answer" not in shown
    # Nobody else learns that there was a question.
    client.sign_in(make_staff(Role.CLINICAL_LEAD))
    assert client.get(address).status_code == 404


def test_across_two_trusts_each_reads_who_answered(client: PageClient) -> None:
    two = made()
    client.sign_in(two.lead)
    key = submission(client.page(two.address))
    answer_two(two.question, two.southern.id)
    data = {"submission_key": key, "answer": "same", "name": "own", "reason": WROTE}
    late = client.post(two.address, data=data)
    assert late.status_code == 409 and "Southern Lead, South Trust" in late.text
    assert WROTE in late.text and "Odukoya" not in late.text


def test_taken_apart_meanwhile(client: PageClient) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    one, two = make_case(create()), make_case(create(given_name="Wale"))
    for case in (one, two):
        share(case, lead, Purpose.CLINICAL)
    merge(one.person, two.person, lead.id)
    row = db.session.scalars(select(Merge)).one()
    address, merge_id, by = f"/identity/merges/{row.ref}/undo", row.id, lead.id
    client.sign_in(lead)
    key = submission(client.page(address))
    with writing():
        identity.undo_merge(merge_id=merge_id, reason="Brothers", by=by)
    late = client.post(address, data={"submission_key": key, "reason": WROTE})
    assert late.status_code == 409
    assert "of two men again" in late.text and WROTE in late.text


def test_a_link_undone_meanwhile(client: PageClient) -> None:
    two = linked()
    link = db.session.scalars(select(PersonLink)).one()
    address, link_id = f"/identity/links/{link.ref}/undo", link.id
    client.sign_in(two.lead)
    assert "Answered already" not in client.page(address)
    with writing():
        row = db.session.get_one(PersonLink, link_id)
        row.undone_at, row.undone_by = row.created_at, two.southern.id
    assert "Southern Lead, South Trust" in client.page(address)
