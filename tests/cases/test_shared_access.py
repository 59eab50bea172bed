"""What keeps people from a man's record goes with him: to a new case, and into a merge."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import access_service, identity
from mhtr.cases.models import Case, Restriction
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import IdentifierKind
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Notice, TaskKind
from tests.intake.house import House, live
from tests.intake.test_record_learns import again, first
from tests.makers import make_case, make_organisation, make_staff
from tests.pages import PageClient
from tests.people.merged import merge, undo
from tests.people.test_service import NHS, create


def restrict(case: Case, *staff: Staff, by: Staff) -> None:
    with writing():
        access_service.restrict(
            case.id,
            staff_ids=[one.id for one in staff],
            reason="He is known to the team.",
            version=case.version,
            by=by.id,
        )


def shut_out(case: Case, staff: Staff, *, by: Staff) -> None:
    with writing():
        access_service.exclude(case.id, username=staff.username, reason="Her brother", by=by.id)


def opens(client: PageClient, staff: Staff, case: Case) -> bool:
    client.sign_in(staff)
    answer = client.get(f"/cases/{case.ref}/person")
    assert answer.status_code in (200, 404)
    return answer.status_code == 200


def trusts_case(staff: Staff, **details: object) -> Case:
    """A case that the whole of a trust may see."""
    case = make_case(create(**details))
    with writing():
        trust = staff.organisation.principal_id
        access.grant(case.id, Purpose.CLINICAL, trust, because="test", by=None)
    return case


def test_a_restricted_mans_second_referral_is_restricted(client: PageClient, app: Flask) -> None:
    house = House()
    old = first(house)
    restrict(old, house.lead, by=house.lead)
    new = again(house)
    assert new.person_id == old.person_id
    for case in (old, new):
        assert opens(client, house.lead, case)
        assert not opens(client, house.assessor, case)
        assert not opens(client, house.administrator, case)
    reason = db.session.scalars(
        select(Restriction.reason).where(Restriction.case_id == new.id)
    ).one()
    assert "He is known to the team." in reason
    # The referrer still learns what became of what he sent, and the lead has it to triage.
    assert live(new, house.practitioner.principal_id) == {Purpose.REFERRAL}
    client.sign_in(house.lead)
    assert str(new.ref) in client.page("/triage")


def test_another_trusts_leads_are_let_in_by_name(client: PageClient, app: Flask) -> None:
    house = House()
    elsewhere = make_organisation()
    lead = make_staff(Role.CLINICAL_LEAD, organisation=elsewhere)
    colleague = make_staff(Role.ASSESSOR, organisation=elsewhere)
    old = trusts_case(lead, identifiers={IdentifierKind.NHS: NHS})
    with writing():  # both trusts have the record: a case of his has moved
        ours = house.trust.principal_id
        access.grant(old.id, Purpose.CLINICAL, ours, because="test", by=None)
    restrict(old, lead, by=lead)
    new = again(house)
    assert new.person_id == old.person_id
    assert opens(client, lead, new) and opens(client, house.lead, new)
    assert not opens(client, house.assessor, new) and not opens(client, colleague, new)


@pytest.mark.parametrize("absorbed_is_closed", [False, True])
def test_who_is_shut_out_of_either_is_shut_out_of_both(
    client: PageClient, app: Flask, absorbed_is_closed: bool
) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    sister = make_staff(Role.ASSESSOR, organisation=lead.organisation)
    one, two = trusts_case(lead), trusts_case(lead, family_name="Okafar")
    case = two if absorbed_is_closed else one
    other = one if absorbed_is_closed else two
    shut_out(case, sister, by=lead)
    with writing():
        task = tasks.open_task(
            TaskKind.ASSESS,
            key="hers",
            title="Assess",
            owner_principal_id=sister.principal_id,
            owner_staff_id=sister.id,
            due_at=other.opened_at,
            by=None,
            case_id=other.id,
        )
    assert opens(client, sister, other)
    merge_id = merge(one.person, two.person, lead.id)
    assert not opens(client, sister, one) and not opens(client, sister, two)
    db.session.refresh(task)
    assert task.owner_staff_id != sister.id
    assert opens(client, lead, one) and opens(client, lead, two)
    # Taken apart again: something about her brother may stand in either by now.
    undo(merge_id, lead.id)
    assert not opens(client, sister, one) and not opens(client, sister, two)
    (told,) = db.session.scalars(select(Notice).where(Notice.text == identity.STILL_CLOSED))
    assert (told.principal_id, told.case_id) == (lead.principal_id, other.id)


def test_a_restriction_goes_with_him_into_a_merge(client: PageClient, app: Flask) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    colleague = make_staff(Role.ASSESSOR, organisation=lead.organisation)
    one, two = trusts_case(lead), trusts_case(lead, family_name="Okafar")
    restrict(two, lead, by=lead)
    assert opens(client, colleague, one)
    merge_id = merge(one.person, two.person, lead.id)
    for case in (one, two):
        assert opens(client, lead, case) and not opens(client, colleague, case)
    undo(merge_id, lead.id)
    assert not opens(client, colleague, one) and not opens(client, colleague, two)
    with writing():
        case = db.session.get_one(Case, one.id)
        access_service.lift(case.id, reason="Two men", version=case.version, by=lead.id)
    assert opens(client, colleague, one) and not opens(client, colleague, two)


def test_what_was_ended_closes_no_new_case(client: PageClient, app: Flask) -> None:
    house = House()
    old = first(house)
    restrict(old, house.lead, by=house.lead)
    with writing():
        access_service.lift(old.id, reason="Over", version=old.version, by=house.lead.id)
    shut_out(old, house.assessor, by=house.lead)
    (row,) = access_service.exclusions_of(old.id)
    with writing():
        access_service.end_exclusion(row.id, by=house.lead.id)
    new = again(house)
    assert opens(client, house.assessor, new)


def test_his_other_case_is_closed_with_the_one(client: PageClient, app: Flask) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    colleague = make_staff(Role.ASSESSOR, organisation=lead.organisation)
    theirs = make_staff(Role.CLINICAL_LEAD)
    stranger = make_staff(Role.ASSESSOR, organisation=theirs.organisation)
    one = trusts_case(lead)
    near, far = make_case(one.person), make_case(one.person)
    with writing():
        for case, staff in ((near, lead), (far, theirs)):
            trust = staff.organisation.principal_id
            access.grant(case.id, Purpose.CLINICAL, trust, because="test", by=None)
    shut_out(one, stranger, by=lead)
    assert not opens(client, stranger, far)
    restrict(one, lead, by=lead)
    for case in (one, near, far):
        assert not opens(client, colleague, case) and opens(client, lead, case)
    # The other trust keeps somebody who decides.
    assert opens(client, theirs, far) and not opens(client, theirs, near)
