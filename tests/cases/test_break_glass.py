"""Emergency access: who may use it, and that it ends."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import service as accounts
from mhtr.accounts import sessions
from mhtr.accounts.models import BreakGlass, OrganisationKind, Staff
from mhtr.cases import break_glass_service as service
from mhtr.cases.break_glass_service import NobodyFound, Wanted
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import CLINICAL_ROLES, Exclusion, Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.people.models import Identifier, IdentifierKind
from tests.cases.emergencies import HIM, filled, open_it, sees
from tests.cases.emergencies import clinician as clinician
from tests.cases.emergencies import officer as officer
from tests.makers import make_case, make_organisation, make_person, make_staff
from tests.pages import PageClient

NHS = "9990000018"


@pytest.mark.parametrize("role", list(Role))
def test_the_wall_holds_for_every_role(client: PageClient, role: Role) -> None:
    case = make_case()
    client.sign_in(make_staff(role))
    clinical = role in CLINICAL_ROLES
    assert client.get("/emergency-access").status_code == (200 if clinical else 403)
    answer = client.post("/emergency-access", data=filled())
    assert answer.status_code == (303 if clinical else 403)
    assert db.session.query(BreakGlass).count() == int(clinical)
    assert client.get(f"/cases/{case.ref}").status_code == (200 if clinical else 404)
    assert client.get("/emergency-access/own").status_code == (200 if clinical else 403)
    reviews = client.get("/emergency-access/reviews").status_code
    assert reviews == (200 if role is Role.PRIVACY_OFFICER else 403)


@pytest.mark.parametrize("role", list(Role))
def test_the_service_keeps_the_wall_without_the_page(app: Flask, role: Role) -> None:
    case, staff = make_case(), make_staff(role)
    if role in CLINICAL_ROLES:
        open_it(staff.id)
    else:
        with pytest.raises(Refused, match="treating trusts only"):
            open_it(staff.id)
    assert sees(staff.id, case.id) is (role in CLINICAL_ROLES)


@pytest.mark.parametrize("kind", [k for k in OrganisationKind if k.value != "treating_trust"])
def test_a_clinician_elsewhere_has_none(client: PageClient, kind: OrganisationKind) -> None:
    make_case()
    staff = make_staff(Role.ASSESSOR, organisation=make_organisation(kind))
    with pytest.raises(Refused, match="treating trusts only"):
        open_it(staff.id)
    client.sign_in(staff)
    assert client.get("/emergency-access").status_code == 403


def test_a_probation_role_beside_a_clinical_one_has_none(app: Flask) -> None:
    make_case()
    with pytest.raises(Refused, match="treating trusts only"):
        open_it(make_staff(Role.ASSESSOR, Role.PROBATION, organisation=make_organisation()).id)


def test_a_disabled_clinician_has_none(clinician: Staff) -> None:
    make_case()
    with writing():
        accounts.disable(clinician.id, by=None)
    with pytest.raises(Refused, match="treating trusts only"):
        open_it(clinician.id)


def test_it_ends_by_itself(clinician: Staff, set_clock: SetClock) -> None:
    case = make_case()
    open_it(clinician.id)
    set_clock.advance(minutes=59, seconds=59)
    assert sees(clinician.id, case.id)
    assert sessions.viewer_of(clinician).break_glass
    set_clock.advance(seconds=1)
    assert not sees(clinician.id, case.id)
    assert not sessions.viewer_of(clinician).break_glass


def test_disabling_ends_it_with_the_session(client: PageClient, clinician: Staff) -> None:
    case = make_case()
    client.sign_in(clinician)
    open_it(clinician.id)
    assert client.get(f"/cases/{case.ref}").status_code == 200
    with writing():
        accounts.disable(clinician.id, by=None)
    assert client.get(f"/cases/{case.ref}").status_code == 303


def test_it_is_ended_early_by_himself_only(clinician: Staff, officer: Staff) -> None:
    case = make_case()
    use = open_it(clinician.id)
    with pytest.raises(NotFound), writing():
        service.end(use, by=officer.id)
    with writing():
        service.end(use, by=clinician.id)
    assert not sees(clinician.id, case.id)


def test_a_grant_given_meanwhile_outlives_it(clinician: Staff, set_clock: SetClock) -> None:
    case = make_case()
    use = open_it(clinician.id)
    with writing():
        access.grant(
            case.id, Purpose.CLINICAL, clinician.principal_id, because="allocated", by=None
        )
    with writing():
        service.end(use, by=clinician.id)
    assert sees(clinician.id, case.id)


@pytest.mark.parametrize(
    "wanted",
    [
        HIM,
        Wanted("", "TÚNDE", "okafor", date(1990, 2, 3)),
        Wanted(NHS),
    ],
)
def test_the_one_man_is_found(clinician: Staff, wanted: Wanted) -> None:
    case = make_case()
    with writing():
        person = db.session.get_one(Case, case.id).person
        person.identifiers.append(Identifier(kind=IdentifierKind.NHS, value=NHS))
    open_it(clinician.id, wanted)
    assert sees(clinician.id, case.id)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("", "Tunde", "Okafor", date(1990, 2, 4)),
        Wanted("", "Tunde", "", date(1990, 2, 3)),
        Wanted("", "", "", date(1990, 2, 3)),
        Wanted("9990000026"),
        Wanted(),
    ],
)
def test_nobody_else_is_found(clinician: Staff, wanted: Wanted) -> None:
    make_case()
    with pytest.raises(NobodyFound):
        open_it(clinician.id, wanted)


def test_namesakes_born_on_one_day_are_not_guessed_between(clinician: Staff) -> None:
    make_case(), make_case(make_person())
    with pytest.raises(NobodyFound):
        open_it(clinician.id)


def test_whoever_is_shut_out_finds_nobody(clinician: Staff) -> None:
    case = make_case()
    with writing():
        db.session.add(
            Exclusion(
                case_id=case.id,
                principal_id=clinician.principal_id,
                because="family",
                starts_at=clock.now(),
            )
        )
    with pytest.raises(NobodyFound):
        open_it(clinician.id)


def test_whoever_has_access_needs_none(clinician: Staff) -> None:
    case = make_case()
    with writing():
        access.grant(case.id, Purpose.CLINICAL, clinician.principal_id, because="test", by=None)
    with pytest.raises(Refused, match="already"):
        open_it(clinician.id)


def test_a_reason_is_needed(clinician: Staff) -> None:
    make_case()
    with pytest.raises(Refused, match="20 characters"):
        open_it(clinician.id, reason="   he is here      ")


def test_guessing_is_stopped_for_an_hour(
    client: PageClient, clinician: Staff, set_clock: SetClock
) -> None:
    case = make_case()
    client.sign_in(clinician)
    for _ in range(5):
        answer = client.post("/emergency-access", data=filled(given_name="Somebody"))
        assert answer.status_code == 422 and "No single record" in answer.get_data(as_text=True)
        assert str(case.ref) not in answer.get_data(as_text=True)
    with pytest.raises(Refused, match="Wait an hour"):
        open_it(clinician.id)
    set_clock.advance(hours=1, seconds=1)
    open_it(clinician.id)


def test_a_code_is_asked_for_again(
    client: PageClient, clinician: Staff, set_clock: SetClock
) -> None:
    make_case()
    client.sign_in(clinician)
    set_clock.advance(minutes=6)
    for answer in (
        client.get("/emergency-access"),
        client.post("/emergency-access", data=filled()),
    ):
        assert answer.status_code == 303
    assert db.session.query(BreakGlass).count() == 0


def test_the_banner_shows_the_end_on_every_page(client: PageClient, clinician: Staff) -> None:
    case = make_case()
    client.sign_in(clinician)
    assert "Emergency access is on" not in client.page("/today")
    open_it(clinician.id)
    page = client.page("/today")
    assert "Emergency access is on" in page and "It ends at 13:00" in page
    link = f'href="/cases/{case.ref}">Go to the record of {case.person.name}</a>'
    assert link in page
    again = client.post("/emergency-access", data=filled()).get_data(as_text=True)
    assert "You can open this record already" in again
    assert link in again.partition("<h1")[2]


def test_ending_it_from_the_page_needs_no_code(
    client: PageClient, clinician: Staff, set_clock: SetClock
) -> None:
    case = make_case()
    ref = case.ref
    client.sign_in(clinician)
    client.post("/emergency-access", data=filled())
    use = db.session.scalars(select(BreakGlass)).one()
    set_clock.advance(minutes=6)
    assert 'href="/emergency-access/own"' in client.page("/today")
    assert "End it now" in client.page("/emergency-access/own")
    assert client.post(f"/emergency-access/{use.ref}/end").status_code == 303
    assert client.get(f"/cases/{ref}").status_code == 404
