"""Restricting a record to named staff, and shutting named staff out."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import sessions
from mhtr.accounts.models import Organisation, Staff
from mhtr.cases import access_service as service
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, in_scope
from mhtr.core import access, clock
from mhtr.core.access import Exclusion, Grant, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import writing
from tests.makers import make_case, make_organisation, make_staff
from tests.pages import PageClient

REASON = "He is related to a member of staff."


class House:
    """A case that a whole trust may see, with a lead, an assessor and another clinician."""

    def __init__(self) -> None:
        trust: Organisation = make_organisation()
        lead = make_staff(Role.CLINICAL_LEAD, organisation=trust, name="Lea Dee")
        assessor = make_staff(Role.ASSESSOR, organisation=trust, name="Ass Essor")
        other = make_staff(Role.ASSESSOR, organisation=trust, name="Other Clin")
        officer = make_staff(Role.PRIVACY_OFFICER, organisation=trust, name="Priva See")
        clerk = make_staff(Role.ADMINISTRATOR, organisation=trust, name="Clerk")
        case = make_case()
        with writing():
            access.grant(case.id, Purpose.CLINICAL, trust.principal_id, because="test", by=None)
            access.grant(case.id, Purpose.CLINICAL, assessor.principal_id, because="test", by=None)
        self.case, self.ref, self.version = case.id, case.ref, case.version
        self.lead, self.assessor, self.other = lead.id, assessor.id, other.id
        self.officer, self.clerk = officer.id, clerk.id

    def sees(self, staff_id: int) -> bool:
        viewer = sessions.viewer_of(db.session.get_one(Staff, staff_id))
        query = select(Case.id).where(Case.id == self.case, in_scope(viewer, *Purpose))
        listed = db.session.scalars(query).first() is not None
        try:
            found = find_case(viewer, self.ref, *Purpose).id == self.case
        except NotFound:
            found = False
        assert listed is found, "lists and pages disagree"
        return listed

    def restrict(self, *staff: int, by: int = 0, reason: str = REASON, version: int = 0) -> None:
        with writing():
            service.restrict(
                self.case,
                staff_ids=staff,
                reason=reason,
                version=version or self.version,
                by=by or self.lead,
            )

    def exclude(self, staff_id: int, *, by: int = 0, reason: str = REASON) -> None:
        username = db.session.get_one(Staff, staff_id).username
        with writing():
            service.exclude(self.case, username=username, reason=reason, by=by or self.lead)


@pytest.fixture
def house(either_app: Flask) -> House:
    return House()


def test_only_those_named_see_a_restricted_record(house: House) -> None:
    assert house.sees(house.other)
    house.restrict(house.lead)
    assert house.sees(house.lead) and house.sees(house.assessor)
    assert not house.sees(house.other)


def test_lifting_it_ends_the_names_given_for_it(house: House) -> None:
    house.restrict(house.lead)
    with writing():
        service.lift(house.case, reason="No longer", version=house.version + 1, by=house.officer)
    assert house.sees(house.other)
    named = select(Grant).where(Grant.because == service.BECAUSE, Grant.ends_at.is_(None))
    assert not db.session.scalars(named).all()
    assert service.restriction_of(house.case) is None


def test_a_restriction_leaves_a_clinician_and_has_a_reason(house: House) -> None:
    with pytest.raises(Refused, match="Say why"):
        house.restrict(house.lead, reason=" ")
    with writing():
        access.end_grants(
            house.case,
            Purpose.CLINICAL,
            because="test",
            by=None,
            principal_id=db.session.get_one(Staff, house.assessor).principal_id,
        )
    with pytest.raises(Refused, match="at least one clinician"):
        house.restrict()


def test_a_stale_page_restricts_nothing(house: House) -> None:
    with pytest.raises(Stale):
        house.restrict(house.lead, version=house.version + 5)
    assert house.sees(house.other)


def test_only_leads_and_privacy_officers_decide(house: House) -> None:
    for by in (house.assessor, house.clerk):
        with pytest.raises(Refused, match="Only a clinical lead"):
            house.restrict(house.lead, by=by)
        with pytest.raises(Refused, match="Only a clinical lead"):
            house.exclude(house.other, by=by)


def test_whoever_is_shut_out_sees_nothing_whatever_grants_say(house: House) -> None:
    house.exclude(house.assessor)
    assert not house.sees(house.assessor) and house.sees(house.other)
    with pytest.raises(Refused, match="already"):
        house.exclude(house.assessor)
    row = db.session.scalars(select(Exclusion)).one()
    with writing():
        service.end_exclusion(row.id, by=house.officer)
    assert house.sees(house.assessor)


def test_whoever_is_shut_out_of_a_man_s_case_is_shut_out_of_his_next_one(house: House) -> None:
    """He is kept out because of the man (family, conflict), who is the same when he comes back."""
    house.exclude(house.assessor)
    person_id = db.session.get_one(Case, house.case).person_id
    trust = db.session.get_one(Staff, house.other).organisation.principal_id
    with writing():
        again = cases.open_case(person_id=person_id, by=None, at=clock.now(), stage=None)
        access.grant(again.id, Purpose.CLINICAL, trust, because="test", by=None)
    house.case, house.ref = again.id, again.ref
    assert not house.sees(house.assessor) and house.sees(house.other)
    row = db.session.scalars(select(Exclusion).where(Exclusion.case_id == again.id)).one()
    assert row.because == REASON


def test_whoever_is_shut_out_does_not_decide(house: House) -> None:
    house.exclude(house.lead, by=house.officer)
    row = db.session.scalars(select(Exclusion)).one()
    with pytest.raises(Refused, match="Somebody else decides"), writing():
        service.end_exclusion(row.id, by=house.lead)


def test_readers_are_named_with_how(house: House) -> None:
    case = db.session.get_one(Case, house.case)
    found = {one.name: one.by_name for one in service.readers_of(case)}
    assert found == {"Ass Essor": True, "Lea Dee": False, "Other Clin": False}


@pytest.mark.parametrize("role", list(Role))
def test_who_reaches_the_page(client: PageClient, role: Role) -> None:
    case = make_case()
    client.sign_in(make_staff(role))
    expected = 200 if role is Role.PRIVACY_OFFICER else 404 if role is Role.CLINICAL_LEAD else 403
    for page in ("", "/restrict", "/lift", "/exclude"):
        assert client.get(f"/cases/{case.ref}/access{page}").status_code == expected


def test_the_pages(client: PageClient) -> None:
    house = House()
    home = f"/cases/{house.ref}/access"
    client.sign_in(db.session.get_one(Staff, house.lead))
    assert "Tunde Okafor" in client.page(home)
    data = {"staff": [str(house.lead)], "reason": REASON, "submission_key": str(uuid4())}
    stale = client.post(f"{home}/restrict", data={**data, "version": "99"})
    assert stale.status_code == 422 and "changed while" in stale.get_data(as_text=True)
    data["version"] = str(house.version)
    assert client.post(f"{home}/restrict", data=data).status_code == 303
    assert REASON in client.page(home) and "Other Clin" not in client.page(home)
    unknown = {"username": "nobody@example.nhs.uk", "reason": "x", "submission_key": str(uuid4())}
    answer = client.post(f"{home}/exclude", data=unknown)
    assert answer.status_code == 422 and "No member of staff" in answer.get_data(as_text=True)
    client.sign_in(db.session.get_one(Staff, house.officer))
    page = client.page(home)
    assert "Tunde Okafor" not in page and "Ass Essor" in page
    shut = {**unknown, "username": db.session.get_one(Staff, house.assessor).username}
    assert client.post(f"{home}/exclude", data=shut).status_code == 303
    row = db.session.scalars(select(Exclusion)).one()
    assert client.post(f"{home}/exclusions/{row.ref}/end").status_code == 303
    lift = {"reason": "Over", "version": str(house.version + 1), "submission_key": str(uuid4())}
    assert client.post(f"{home}/lift", data=lift).status_code == 303
    assert house.sees(house.other)


def test_the_tab_is_shown_to_those_who_decide_only(client: PageClient) -> None:
    house = House()
    client.sign_in(db.session.get_one(Staff, house.lead))
    assert "/access" in client.page(f"/cases/{house.ref}")
    client.sign_in(db.session.get_one(Staff, house.assessor))
    assert f"/cases/{house.ref}/access" not in client.page(f"/cases/{house.ref}")


def test_a_privacy_officer_shut_out_finds_nothing(client: PageClient) -> None:
    house = House()
    house.exclude(house.officer)
    client.sign_in(db.session.get_one(Staff, house.officer))
    assert client.get(f"/cases/{house.ref}/access").status_code == 404
