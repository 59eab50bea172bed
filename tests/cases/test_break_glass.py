"""Emergency access: who may use it, that it ends, and that every use is reviewed."""

from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import service as accounts
from mhtr.accounts import sessions
from mhtr.accounts.models import BreakGlass, OrganisationKind, Staff
from mhtr.cases import break_glass_service as service
from mhtr.cases.break_glass_service import Finding, NobodyFound, Wanted
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core import access, audit, clock
from mhtr.core.access import CLINICAL_ROLES, Exclusion, Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.people.models import Identifier, IdentifierKind
from mhtr.tasks.models import Notice, Task, TaskState
from tests.makers import make_case, make_organisation, make_person, make_staff
from tests.pages import PageClient

NHS = "9990000018"
HIM = Wanted("", "Tunde", "Okafor", date(1990, 2, 3))
REASON = "He is in the waiting room and says that he cannot keep himself safe."


@pytest.fixture
def clinician(app: Flask) -> Staff:
    return make_staff(Role.DUTY_CLINICIAN, name="Dee Uty")


@pytest.fixture
def officer(app: Flask) -> Staff:
    return make_staff(Role.PRIVACY_OFFICER, name="Priva See")


def open_it(by: int, wanted: Wanted = HIM, reason: str = REASON) -> int:
    with writing():
        return service.open_access(wanted, reason=reason, by=by).id


def sees(staff_id: int, case_id: int) -> bool:
    viewer = sessions.viewer_of(db.session.get_one(Staff, staff_id))
    query = select(Case.id).where(Case.id == case_id, in_scope(viewer, *Purpose))
    return db.session.scalars(query).first() is not None


def filled(**changes: str) -> dict[str, str]:
    return {
        "how": "name",
        "given_name": "Tunde",
        "family_name": "Okafor",
        "born-day": "3",
        "born-month": "2",
        "born-year": "1990",
        "reason": REASON,
        "understood": "yes",
        "submission_key": str(uuid4()),
        **changes,
    }


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
    make_case()
    client.sign_in(clinician)
    assert "Emergency access is on" not in client.page("/today")
    open_it(clinician.id)
    page = client.page("/today")
    assert "Emergency access is on" in page and "It ends at 13:00" in page


def test_the_privacy_officer_is_told_in_the_same_transaction(
    clinician: Staff, officer: Staff
) -> None:
    make_case()
    use = open_it(clinician.id)
    task = db.session.scalars(select(Task)).one()
    assert task.owner_staff_id == officer.id and task.state is TaskState.OPEN
    assert task.due_at.date() == date(2026, 11, 23)
    notice = db.session.scalars(select(Notice)).one()
    assert notice.principal_id == officer.principal_id and "Okafor" not in notice.text
    with writing():
        service.review(use, finding=Finding.JUSTIFIED, note="", by=officer.id)
    assert db.session.get_one(Task, task.id).state is TaskState.DONE


def test_every_privacy_officer_is_told(clinician: Staff, officer: Staff) -> None:
    """Of his own trust or another; not one whose account is closed, and nobody else."""
    make_case()
    here = db.session.get_one(Staff, clinician.id).organisation
    officers = {
        officer.principal_id,
        make_staff(Role.PRIVACY_OFFICER, organisation=here).principal_id,
        make_staff(Role.PRIVACY_OFFICER).principal_id,
    }
    gone = make_staff(Role.PRIVACY_OFFICER)
    make_staff(Role.CLINICAL_LEAD, organisation=here)
    with writing():
        db.session.get_one(Staff, gone.id).disabled_at = clock.now()
    open_it(clinician.id)
    told = list(db.session.scalars(select(Notice.principal_id)))
    assert len(told) == 3 and set(told) == officers


def test_without_a_privacy_officer_the_task_waits_with_the_organisation(clinician: Staff) -> None:
    make_case()
    open_it(clinician.id)
    owner = db.session.scalars(select(Task)).one().owner_principal_id
    assert owner == db.session.get_one(Staff, clinician.id).organisation.principal_id


def test_nobody_reviews_his_own_use(app: Flask, officer: Staff) -> None:
    make_case()
    both = make_staff(Role.CLINICAL_LEAD, Role.PRIVACY_OFFICER)
    use = open_it(both.id)
    task = db.session.scalars(select(Task)).one()
    assert task.owner_staff_id == officer.id
    with pytest.raises(Refused, match="his own"), writing():
        service.review(use, finding=Finding.JUSTIFIED, note="", by=both.id)
    lead = make_staff(Role.CLINICAL_LEAD)
    with pytest.raises(Refused, match="Only a privacy officer"), writing():
        service.review(use, finding=Finding.JUSTIFIED, note="", by=lead.id)


def test_a_review_is_made_once_and_explained(clinician: Staff, officer: Staff) -> None:
    make_case()
    use = open_it(clinician.id)
    with pytest.raises(Refused, match="what follows"), writing():
        service.review(use, finding=Finding.FOLLOW_UP, note=" ", by=officer.id)
    with writing():
        service.review(use, finding=Finding.NOT_JUSTIFIED, note="Asked him.", by=officer.id)
    with pytest.raises(Refused, match="already"), writing():
        service.review(use, finding=Finding.JUSTIFIED, note="", by=officer.id)


def test_the_review_shows_what_was_looked_at(
    client: PageClient, clinician: Staff, officer: Staff, set_clock: SetClock
) -> None:
    case = make_case()
    ref = case.ref
    client.sign_in(clinician)
    answer = client.post("/emergency-access", data=filled())
    assert answer.location == f"/cases/{ref}"
    client.page(answer.location)
    use = db.session.scalars(select(BreakGlass)).one()
    client.sign_in(db.session.get_one(Staff, officer.id))
    assert "Dee Uty" in client.page("/emergency-access/reviews")
    page = client.page(f"/emergency-access/{use.ref}/review")
    assert "Looked at: case page" in page and REASON in page and "Okafor" not in page
    data = {"finding": "justified", "note": "", "submission_key": str(uuid4())}
    assert client.post(f"/emergency-access/{use.ref}/review", data=data).status_code == 303
    assert "Dee Uty" not in client.page("/emergency-access/reviews")
    assert "Dee Uty" in client.page("/emergency-access/reviews?show=reviewed")
    assert audit.verify().ok


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


def test_on_either_engine(either_app: Flask) -> None:
    case, staff, officer = (
        make_case(),
        make_staff(Role.DUTY_CLINICIAN),
        make_staff(Role.PRIVACY_OFFICER),
    )
    use = open_it(staff.id)
    assert sees(staff.id, case.id)
    with writing():
        service.end(use, by=staff.id)
    with writing():
        service.review(use, finding=Finding.JUSTIFIED, note="", by=officer.id)
    assert not sees(staff.id, case.id)
