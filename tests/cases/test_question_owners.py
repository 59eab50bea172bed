"""A question about a restricted record goes to somebody who can open it."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import listeners
from mhtr.accounts.models import Staff
from mhtr.cases import access_service, linking
from mhtr.cases.models import Case, PersonLink
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people import service as people
from mhtr.people.asking import TITLE, question_key
from mhtr.people.models import IdentityQuestion
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.cases.test_after_linking import linked
from tests.cases.test_two_trusts import Two, made, trusts_case
from tests.makers import make_staff
from tests.pages import PageClient
from tests.people.test_service import create


def asked(two: Two) -> Two:
    """The question has a task, which waits with the trust in the west."""
    one, other, by = two.case.person_id, two.known.person_id, two.lead.id
    with writing():
        people.raise_identity_question(
            person_id=one,
            other_id=other,
            verdict="possible",
            reasons=[],
            by=by,
            owner_principal_id=db.session.get_one(Staff, by).organisation.principal_id,
        )
    return two


def task(key: str) -> Task:
    db.session.expire_all()
    wanted = select(Task).where(Task.key == key, Task.state == TaskState.OPEN)
    return db.session.scalars(wanted).one()


def restrict(case: Case, by: Staff, *named: Staff) -> None:
    case_id, version, staff_ids = case.id, case.version, [one.id for one in named or (by,)]
    by_id = by.id
    with writing():
        access_service.restrict(
            case_id, staff_ids=staff_ids, reason="Known there.", version=version, by=by_id
        )
    db.session.expire_all()


def lift(case: Case, by: Staff) -> None:
    case_id, version, by_id = case.id, case.version, by.id
    with writing():
        access_service.lift(case_id, reason="Over", version=version, by=by_id)


def page_of(client: PageClient, owner: Staff, row: Task) -> int:
    client.sign_in(owner)
    place = {
        "people.identity_question": f"/identity/{row.subject_ref}",
        "people.undo_link": f"/identity/links/{row.subject_ref}/undo",
        "case_access.readers": f"/cases/{row.subject_ref}/access",
    }[row.endpoint]
    assert place in client.page("/today"), "Today leads to it"
    return client.get(place).status_code


def test_it_goes_to_a_lead_named_on_the_record_and_back(client: PageClient) -> None:
    two = asked(made())
    key = question_key(two.question.id)
    assert task(key).owner_principal_id == two.west.principal_id
    restrict(two.case, two.lead)
    row = task(key)
    assert (row.owner_staff_id, row.title) == (two.lead.id, TITLE)
    assert page_of(client, two.lead, row) == 200
    client.sign_in(two.administrator)
    assert client.get(two.address).status_code == 404
    lift(two.case, two.lead)
    row = task(key)
    assert (row.owner_principal_id, row.owner_staff_id) == (two.west.principal_id, None)
    assert page_of(client, two.administrator, row) == 200


def test_it_goes_to_the_other_trust_where_its_record_is_restricted(client: PageClient) -> None:
    two = asked(made())
    restrict(two.known, two.southern)
    row = task(question_key(two.question.id))
    assert row.owner_staff_id == two.southern.id
    assert page_of(client, two.southern, row) == 200


def test_without_anybody_named_who_may_answer_a_privacy_officer_decides(
    client: PageClient,
) -> None:
    two = asked(made())
    assessor = make_staff(Role.ASSESSOR, organisation=two.west)
    restrict(two.case, two.lead, assessor)
    key = question_key(two.question.id)
    row = task(key)
    assert (row.owner_staff_id, row.kind) == (two.officers[0].id, TaskKind.NAME_READER)
    assert page_of(client, two.officers[0], row) == 200
    lift(two.case, two.officers[0])
    assert task(key).kind is TaskKind.IDENTITY_QUESTION
    changed = select(AuditEvent.actor_id).where(AuditEvent.action == "tasks.changed")
    assert db.session.scalars(changed).all() == [two.lead.id, two.officers[0].id]
    client.sign_in(two.officers[0])
    assert two.address not in client.page("/today")
    restrict(two.case, two.lead)
    assert task(key).owner_staff_id == two.lead.id


def test_a_question_raised_about_a_restricted_record_goes_there_at_once(
    either_app: Flask,
) -> None:
    two = made()
    restrict(two.case, two.lead)
    asked(two)
    assert task(question_key(two.question.id)).owner_staff_id == two.lead.id


@pytest.mark.parametrize("how", ["shut out", "gone"])
def test_whoever_cannot_see_it_any_more_keeps_no_question(either_app: Flask, how: str) -> None:
    two = asked(made())
    deputy = make_staff(Role.CLINICAL_LEAD, organisation=two.west)
    restrict(two.case, two.lead, two.lead, deputy)
    key, case_id, lead_id, by = question_key(two.question.id), two.case.id, two.lead.id, deputy.id
    assert task(key).owner_staff_id == lead_id
    username = two.lead.username
    with writing():
        if how == "shut out":
            access_service.exclude(case_id, username=username, reason="His cousin", by=by)
        else:
            _disable(lead_id, by)
    assert task(key).owner_staff_id == by


def _disable(staff_id: int, by: int) -> None:
    staff = db.session.get_one(Staff, staff_id)
    staff.disabled_at = clock.now()
    db.session.flush()
    listeners.tell_staff_left(staff_id, staff.organisation_id, by)


def test_a_link_that_nobody_there_may_part_goes_to_a_privacy_officer(client: PageClient) -> None:
    """The other trust, which has to confirm it, cannot open what is about a restricted record."""
    two = linked()
    link_id, by = db.session.scalars(select(PersonLink.id)).one(), two.southern.id
    with writing():
        row = linking.propose_undo(link_id=link_id, reason="Brothers", by=by)
        key = f"two-trusts:{row.id}"
    assert task(key).owner_principal_id == two.west.principal_id
    restrict(two.known, two.southern)
    found = task(key)
    assert (found.owner_staff_id, found.kind) == (two.officers[1].id, TaskKind.NAME_READER)
    assert page_of(client, two.officers[1], found) == 200
    lift(two.known, two.southern)
    found = task(key)
    assert (found.owner_principal_id, found.owner_staff_id) == (two.west.principal_id, None)
    assert page_of(client, two.lead, found) == 200


def test_questions_about_others_stay_where_they_are(either_app: Flask) -> None:
    two = asked(made())
    other = trusts_case(two.west, create(given_name="Oo", family_name="Pp", born=None))
    restrict(other, two.lead)
    assert task(question_key(two.question.id)).owner_staff_id is None
    assert db.session.scalars(select(IdentityQuestion.answered_at)).all() == [None]
