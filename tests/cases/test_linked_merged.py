"""Linked records that one trust has by now become one; the link ends in the merge."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import linking
from mhtr.cases.link_merging import merge_linked
from mhtr.cases.link_queries import linked_ids
from mhtr.cases.models import PersonLink
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people import merge_parts
from mhtr.people.models import Merge, Person
from mhtr.people.queries import live_id, pair_question
from tests.cases.test_after_linking import linked
from tests.cases.test_two_trusts import Two
from tests.makers import make_staff
from tests.pages import PageClient
from tests.people.merged import undo
from tests.people.test_pages import submission


def moved() -> Two:
    """His case went to the trust in the south, which has both records now."""
    two = linked()
    with writing():
        for purpose in (Purpose.CLINICAL, Purpose.ADMINISTRATION):
            access.end_grants(two.case.id, purpose, because="test", by=None)
            trust = two.south.principal_id
            access.grant(two.case.id, purpose, trust, because="test", by=None)
    return two


def link() -> PersonLink:
    db.session.expire_all()
    return db.session.scalars(select(PersonLink)).one()


def make_one(two: Two, by: int) -> None:
    kept, link_id = two.known.person_id, link().id
    parts = [part.key for part in merge_parts.differing(two.case.person, two.known.person)]
    with writing():
        merge_linked(
            link_id=link_id,
            kept_id=kept,
            right={},
            chosen=dict.fromkeys(parts, kept),
            reason="One man",
            by=by,
        )


def test_the_page_makes_them_one_and_the_link_ends(client: PageClient) -> None:
    two = moved()
    absorbed, kept = two.case.person_id, two.known.person_id
    client.sign_in(two.southern)
    address = f"/identity/links/{link().ref}/merge"
    assert address in client.page(f"/cases/{two.known.ref}/person")
    page = client.page(address)
    assert "Yes, merge them" in page and "it is remembered" not in page
    people = (two.case.person, two.known.person)
    data = {"submission_key": submission(page), "answer": "same", "reason": "One man"}
    data |= {"kept": str(two.known.person.ref)}
    data |= {part.key: str(two.known.person.ref) for part in merge_parts.differing(*people)}
    assert client.post(address, data=data | {"reason": ""}).status_code == 422
    assert client.post(address, data=data).status_code == 303
    row = db.session.scalars(select(Merge)).one()
    assert (link().merge_id, link().undone_at) == (row.id, None)
    assert live_id(absorbed) == kept
    assert linked_ids(kept) == frozenset()
    for page in (address, address.replace("merge", "undo")):
        assert "the two records are one man" in client.page(page)
    person = client.page(f"/cases/{two.known.ref}/person")
    assert "Undo the merge" in person and "two men after all" not in person


def test_whoever_comes_second_reads_who_did_it_and_what_he_had_written(client: PageClient) -> None:
    two = moved()
    colleague = make_staff(Role.CLINICAL_LEAD, organisation=two.south, name="Second Lead")
    client.sign_in(colleague)
    address = f"/identity/links/{link().ref}/merge"
    data = {"submission_key": submission(client.page(address)), "answer": "same"}
    data |= {"reason": "His mother rang", "kept": str(two.known.person.ref)}
    make_one(two, two.southern.id)
    late = client.post(address, data=data)
    assert late.status_code == 409
    assert "Southern Lead, South Trust" in late.text and "His mother rang" in late.text
    client.sign_in(two.lead)
    assert client.get(address).status_code == 404


def test_whoever_parts_them_there_asks_a_colleague(client: PageClient) -> None:
    """One trust has both records by now: nothing on the page speaks of another one."""
    two = moved()
    client.sign_in(two.southern)
    address = f"/identity/links/{link().ref}/undo"
    page = client.page(address)
    assert "Yes, two men: ask a colleague" in page and "of another trust" not in page
    assert "a second record in" in client.page(f"/cases/{two.known.ref}/person")
    data = {"submission_key": submission(page), "answer": "different", "reason": "Brothers"}
    assert client.post(address, data=data).status_code == 303
    assert link().undone_at is None
    assert "before a colleague has confirmed it" in client.page("/identity")


def test_undoing_the_merge_leaves_two_linked_records(either_app: Flask) -> None:
    """One person alone must not part what two had confirmed."""
    two = moved()
    absorbed, kept = two.case.person_id, two.known.person_id
    make_one(two, two.southern.id)
    undo(db.session.scalars(select(Merge.id)).one(), two.southern.id)
    assert link().merge_id is None
    assert linked_ids(absorbed) == {kept}
    question = pair_question(absorbed, kept)
    assert question is not None and question.answer == "same"


def test_not_while_two_trusts_have_them_nor_by_another(client: PageClient) -> None:
    two = linked()
    client.sign_in(two.southern)
    address = f"/identity/links/{link().ref}/merge"
    assert client.get(address).status_code == 404
    assert address not in client.page(f"/cases/{two.known.ref}/person")
    with pytest.raises(Refused, match="Each trust"):
        make_one(two, two.southern.id)


def test_not_by_the_former_trust(client: PageClient) -> None:
    two = moved()
    client.sign_in(two.lead)
    assert client.get(f"/identity/links/{link().ref}/merge").status_code == 404
    with pytest.raises(Refused, match="closed to you"):
        make_one(two, two.lead.id)
    assert db.session.get_one(Person, two.case.person_id).merged_into_id is None


def test_not_while_somebody_says_that_they_are_two_men(either_app: Flask) -> None:
    two = moved()
    link_id, by = link().id, two.southern.id
    with writing():
        linking.propose_undo(link_id=link_id, reason="Brothers", by=by)
    with pytest.raises(Refused, match="Answer that first"):
        make_one(two, by)
