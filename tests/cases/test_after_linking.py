"""What happens to one of two linked records afterwards reaches the other as far as it must."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import access_service, identity, linking, shared_access
from mhtr.cases.link_queries import linked_ids
from mhtr.cases.models import PersonLink
from mhtr.core import access
from mhtr.core.access import Exclusion, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people import service as people
from mhtr.people.flag_giving import give
from mhtr.people.models import Flag, IdentifierKind, IdentityQuestion, Person
from mhtr.tasks.models import Notice, Task, TaskKind
from tests.cases.test_two_trusts import Two, confirm, made, propose, trusts_case
from tests.makers import make_case, make_organisation, make_staff
from tests.pages import PageClient
from tests.people.merged import ask, merge, undo
from tests.people.test_flags import flag
from tests.people.test_pages import submission
from tests.people.test_service import FICTION, NHS, create


def linked() -> Two:
    two = made()
    propose(two)
    confirm(two)
    return two


def shut_out_of(staff: Staff) -> set[int]:
    rows = select(Exclusion.case_id).where(Exclusion.principal_id == staff.principal_id)
    return set(db.session.scalars(rows))


def test_who_is_shut_out_later_is_shut_out_of_both(either_app: Flask) -> None:
    two = linked()
    sister = make_staff(Role.ASSESSOR, organisation=two.south)
    case_id, username, by = two.case.id, sister.username, two.lead.id
    with writing():
        access_service.exclude(case_id, username=username, reason="Her brother", by=by)
    assert shut_out_of(sister) == {two.case.id, two.known.id}


def test_a_restriction_stays_where_it_is(either_app: Flask) -> None:
    two = linked()
    with writing():
        access_service.restrict(
            two.case.id,
            staff_ids=[two.lead.id],
            reason="He is known to the team.",
            version=two.case.version,
            by=two.lead.id,
        )
    db.session.expire_all()
    assert two.case.restricted and not two.known.restricted


def test_a_new_case_of_the_other_trust_is_closed_to_him_too(either_app: Flask) -> None:
    two = linked()
    sister = make_staff(Role.ASSESSOR, organisation=two.south)
    case_id, by = two.case.id, two.lead.id
    with writing():
        shared_access.exclude(case_id, sister.principal_id, because="Her brother", by=by)
    new = make_case(two.known.person)
    assert shut_out_of(sister) == {two.case.id, new.id}


def test_nothing_is_proposed_to_a_trust_that_is_none(either_app: Flask) -> None:
    """Else the question would wait with the trust that answered it, and reach nobody."""
    two = made()
    with writing():
        for purpose in (Purpose.CLINICAL, Purpose.ADMINISTRATION):
            access.end_grants(two.known.id, purpose, because="test", by=None)
    with pytest.raises(Refused, match="No trust has the other record"):
        propose(two)


def test_undoing_a_link_leaves_what_a_merged_record_says_itself(either_app: Flask) -> None:
    """Otherwise the man would lose his own NHS number because two others were taken for one."""
    two = linked()
    details = {"given_name": "Zed", "family_name": "Qq", "born": None}
    ours = trusts_case(two.west, create(**details, identifiers={IdentifierKind.CRN: "X123456"}))
    kept_id, linked_id, by = ours.person_id, two.case.person_id, two.lead.id
    with writing():
        people.update_person(
            person_id=kept_id, changes={"nhs": NHS}, settings=FICTION, by=by, reason="Asked him"
        )
    query = select(IdentityQuestion.id).where(
        IdentityQuestion.person_id == linked_id, IdentityQuestion.other_id == kept_id
    )
    question_id = db.session.scalars(query).one()
    with writing():
        identity.answer_same(
            question_id=question_id, kept_id=kept_id, right={}, reason="One letter", by=by
        )
    link_id, southern = db.session.scalars(select(PersonLink.id)).one(), two.southern.id
    with writing():
        linking.propose_undo(link_id=link_id, reason="Brothers", by=by)
    with writing():
        linking.undo(link_id=link_id, settings=FICTION, by=southern)
    db.session.expire_all()
    kept = db.session.get_one(Person, kept_id)
    held = {row.kind: row.value for row in kept.identifiers}
    assert held == {IdentifierKind.CRN: "X123456", IdentifierKind.NHS: NHS}
    assert kept.name == "Zed Qq"


def test_records_taken_apart_leave_no_warning_with_somebody_who_cannot_see_him(
    either_app: Flask,
) -> None:
    two = made()
    named = make_staff(Role.ASSESSOR, organisation=make_organisation(name="Far Trust"))
    other = make_case(create(given_name="Oo", family_name="Pp", born=None))
    with writing():
        access.grant(other.id, Purpose.CLINICAL, named.principal_id, because="test", by=None)
    row = flag(other, named)
    merge_id = merge(two.case.person, other.person, two.lead.id)
    raised = flag(two.case, two.lead)
    with writing():
        give(
            db.session.get_one(Flag, raised.id),
            named,
            by=None,
            case_id=other.id,
            case_ref=other.ref,
        )
    undo(merge_id, two.lead.id)
    db.session.expire_all()
    assert (row.owner_staff_id, raised.owner_staff_id) == (named.id, two.lead.id)
    reviews = select(Task.owner_staff_id).where(
        Task.kind == TaskKind.FLAG_REVIEW, Task.case_id == two.case.id
    )
    assert set(db.session.scalars(reviews)) == {two.lead.id}


def test_another_trust_hears_that_records_were_taken_apart(either_app: Flask) -> None:
    two = made()
    other = trusts_case(two.south, create(given_name="Oo", family_name="Pp", born=None))
    merge_id = merge(two.case.person, other.person, two.lead.id)
    undo(merge_id, two.lead.id)
    query = select(Notice.text).where(Notice.principal_id == two.south.principal_id)
    assert any("were taken apart by Western Lead" in text for text in db.session.scalars(query))


def test_linked_records_that_one_trust_has_by_now_are_parted_by_two_of_it(
    client: PageClient,
) -> None:
    """His case moved to the trust of the other record: nobody else is left to confirm."""
    two = linked()
    with writing():
        for purpose in (Purpose.CLINICAL, Purpose.ADMINISTRATION):
            access.end_grants(two.case.id, purpose, because="test", by=None)
            trust = two.south.principal_id
            access.grant(two.case.id, purpose, trust, because="test", by=None)
    link = db.session.scalars(select(PersonLink)).one()
    colleague = make_staff(Role.ADMINISTRATOR, organisation=two.south)
    address = f"/identity/links/{link.ref}/undo"
    for staff, reason in ((two.southern, "Brothers"), (colleague, "")):
        client.sign_in(staff)
        data = {"submission_key": submission(client.page(address)), "answer": "different"}
        assert link.undone_at is None
        assert client.post(address, data=data | {"reason": reason}).status_code == 303
        db.session.expire_all()
    assert link.undone_by == colleague.id
    assert linked_ids(two.case.person_id) == frozenset()


def test_nobody_parts_them_alone(either_app: Flask) -> None:
    two = linked()
    with writing():
        for purpose in (Purpose.CLINICAL, Purpose.ADMINISTRATION):
            access.end_grants(two.case.id, purpose, because="test", by=None)
            trust = two.south.principal_id
            access.grant(two.case.id, purpose, trust, because="test", by=None)
    link_id, by = db.session.scalars(select(PersonLink.id)).one(), two.southern.id
    with writing():
        linking.propose_undo(link_id=link_id, reason="Brothers", by=by)
    former = two.lead.id
    for alone, words in ((by, "You proposed it"), (former, "two people of the trust")):
        with pytest.raises(Refused, match=words), writing():
            linking.undo(link_id=link_id, settings=FICTION, by=alone)


def test_two_men_said_by_one_trust_alone_is_not_silent(either_app: Flask) -> None:
    two = made()
    question_id, by = two.question.id, two.lead.id
    with writing():
        identity.answer_different(question_id=question_id, reason="Two passports", by=by)
    whom = [two.south.principal_id, *(officer.principal_id for officer in two.officers)]
    told = db.session.execute(
        select(Notice.principal_id, Notice.text).where(
            Notice.key.startswith(f"two-men:{question_id}")
        )
    ).all()
    assert {principal_id for principal_id, _ in told} == set(whom)
    assert all("Western Lead, West Trust" in text for _, text in told)
    assert not any(word in text for _, text in told for word in ("Wale", "Odukoya", "Qq"))


def test_two_men_of_one_trust_are_nobody_elses_news(either_app: Flask) -> None:
    two = made()
    other = trusts_case(two.west, create(given_name="Oo", family_name="Pp", born=None))
    question_id, by = ask(two.case.person, other.person, two.lead.id), two.lead.id
    with writing():
        identity.answer_different(question_id=question_id, reason="Two passports", by=by)
    assert (
        db.session.scalars(select(Notice.key).where(Notice.key.startswith("two-men"))).all() == []
    )
