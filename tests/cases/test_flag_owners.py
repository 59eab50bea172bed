"""Who looks after a warning may see the man: asked when it is raised, and whenever that changes."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import listeners
from mhtr.accounts import service as accounts
from mhtr.accounts.models import Staff
from mhtr.cases import access_service, break_glass_service, flag_owners, flag_routes
from mhtr.cases.break_glass_service import Wanted
from mhtr.cases.models import Case
from mhtr.cases.who_has import asked_first
from mhtr.core import access, clock
from mhtr.core.access import EMERGENCY, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people import flag_history, flags
from mhtr.people.models import Flag
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake.house import accept, notices
from tests.intake.two_trusts import Two
from tests.makers import make_staff
from tests.pages import PageClient
from tests.people.test_flags import flag

GIVEN = "A warning about a man is yours to look after now"


def owner_of(row: Flag) -> tuple[int, int | None]:
    """Who looks after it, and whose its review is."""
    db.session.expire_all()
    task = db.session.scalars(
        select(Task).where(Task.kind == TaskKind.FLAG_REVIEW, Task.state == TaskState.OPEN)
    ).one()
    return row.owner_staff_id, task.owner_staff_id


def shut_out(case: Case, staff: Staff, by: Staff) -> None:
    with writing():
        access_service.exclude(case.id, username=staff.username, reason="Family", by=by.id)


def warned(two: Two) -> tuple[Case, Flag]:
    case = two.refer()
    accept(two, case, two.assessor)
    return case, flag(case, two.assessor)


def test_only_who_may_see_him_may_look_after_a_warning(either_app: Flask) -> None:
    two = Two()
    case = two.refer()
    accept(two, case, two.assessor)
    assert set(flag_owners.may_own(case.person_id)) == {two.assessor.id, two.lead.id}
    shut_out(case, two.assessor, two.lead)
    assert set(flag_owners.may_own(case.person_id)) == {two.lead.id}
    for stranger in (two.assessor, two.north_lead, two.administrator):
        with pytest.raises(Refused, match="who can open his record"), writing():
            flag_owners.require(case.person_id, stranger.id)


def test_neither_an_emergency_nor_the_days_of_a_hand_over_make_an_owner(either_app: Flask) -> None:
    two = Two()
    case = two.refer()
    until = clock.now() + timedelta(hours=1)
    with writing():
        for staff, because in ((two.north_lead, EMERGENCY), (two.north_assessor, "intake.x")):
            access.grant(
                case.id,
                Purpose.CLINICAL,
                staff.principal_id,
                because=because,
                by=None,
                until=until,
            )
    assert set(flag_owners.may_own(case.person_id)) == {two.lead.id, two.assessor.id}


def test_on_a_restricted_record_only_those_named(either_app: Flask) -> None:
    two = Two()
    case = two.refer()
    row = flag(case, two.assessor)
    with writing():
        access_service.restrict(
            case.id,
            staff_ids={two.lead.id},
            reason="A colleague's brother",
            version=case.version,
            by=two.lead.id,
        )
    assert owner_of(row) == (two.lead.id, two.lead.id)


def test_whoever_is_shut_out_gives_his_warnings_away(either_app: Flask) -> None:
    two = Two()
    case, row = warned(two)
    shut_out(case, two.assessor, two.lead)
    assert owner_of(row) == (two.lead.id, two.lead.id)
    assert GIVEN in notices(two.lead)
    (kept,) = flag_history.history_of(row)
    assert kept.owner == two.assessor.name


def test_a_case_that_moves_takes_its_warnings_to_the_other_trust(either_app: Flask) -> None:
    two = Two()
    case, row = warned(two)
    two.move(case)
    assert owner_of(row) == (two.north_lead.id, two.north_lead.id)
    with writing():
        flags.review_flag(
            flag_ref=row.ref,
            person_id=case.person_id,
            review_on=date(2027, 2, 1),
            reason="Still needed",
            by=two.north_lead.id,
        )
    assert owner_of(row) == (two.north_lead.id, two.north_lead.id)


@pytest.mark.parametrize("how", ["disabled", "no clinician"])
def test_whoever_leaves_gives_his_warnings_to_the_assessor(either_app: Flask, how: str) -> None:
    two = Two()
    case = two.refer()
    accept(two, case, two.assessor)
    leaver = make_staff(Role.DUTY_CLINICIAN, organisation=two.trust)
    row = flag(case, leaver)
    with writing():
        if how == "disabled":
            accounts.disable(leaver.id, by=None)
        else:
            leaver.roles[0].role = Role.SERVICE_MANAGER
            db.session.flush()
            listeners.tell_staff_left(leaver.id, leaver.organisation_id, None)
    assert owner_of(row) == (two.assessor.id, two.assessor.id)


def test_the_page_offers_only_those_who_may_and_changes_the_owner(client: PageClient) -> None:
    two = Two()
    case, row = warned(two)
    third = make_staff(Role.ASSESSOR, organisation=two.trust, name="Thea Third")
    shut_out(case, third, two.lead)
    client.sign_in(two.lead)
    new = client.page(f"/cases/{case.ref}/flags/new")
    assert "Thea Third" not in new and "Ada Assessor" in new
    page = f"/cases/{case.ref}/flags/{row.ref}"
    shown = client.page(page)
    assert "Thea Third" not in shown
    sent = {
        "answer": "keep",
        "review_on-day": "1",
        "review_on-month": "3",
        "review_on-year": "2027",
        "owner": str(two.lead.ref),
        "reason": "I see him weekly",
        "submission_key": str(uuid4()),
    }
    refused = client.post(page, data={**sent, "owner": str(third.ref)})
    assert refused.status_code == 422
    assert client.post(page, data=sent).status_code == 303
    assert owner_of(row) == (two.lead.id, two.lead.id)
    again = client.page(page)
    assert "I see him weekly" in again and "looked after by Ada Assessor" in again


def test_whoever_is_shut_out_meanwhile_is_refused(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page was made before he was shut out; it is asked anew under the lock."""
    two = Two()
    case, row = warned(two)
    client.sign_in(two.lead)
    monkeypatch.setattr(
        flag_routes,
        "_offer_owners",
        lambda form, case: form.owner.set_choices([(str(two.north_lead.ref), "Gone")]),
    )
    sent = {
        "answer": "keep",
        "review_on-day": "1",
        "review_on-month": "3",
        "review_on-year": "2027",
        "owner": str(two.north_lead.ref),
        "reason": "Still needed",
        "submission_key": str(uuid4()),
    }
    answer = client.post(f"/cases/{case.ref}/flags/{row.ref}", data=sent)
    assert answer.status_code == 422
    assert flag_owners.NOT_HIS in answer.get_data(as_text=True)
    assert owner_of(row) == (two.assessor.id, two.assessor.id)


def test_a_restriction_made_during_an_emergency_names_nobody_for_it(either_app: Flask) -> None:
    two = Two()
    case = two.refer()
    other = two.refer()
    with writing():
        db.session.get_one(Case, other.id).person_id = case.person_id
    with writing():
        access.grant(
            case.id,
            Purpose.CLINICAL,
            two.north_lead.principal_id,
            because=EMERGENCY,
            by=None,
            until=clock.now() + timedelta(hours=1),
        )
    with pytest.raises(Refused, match="at least one clinician"), writing():
        access_service.restrict(
            case.id, staff_ids=set(), reason="Kin", version=case.version, by=two.lead.id
        )
    with writing():
        access_service.restrict(
            case.id, staff_ids={two.lead.id}, reason="Kin", version=case.version, by=two.lead.id
        )
    held = access.holds(other.id, (Purpose.CLINICAL,), (two.north_lead.principal_id,))
    assert not held
    assert access.holds(other.id, (Purpose.CLINICAL,), (two.lead.principal_id,))


def test_a_sign_of_risk_found_in_an_emergency_goes_to_those_who_have_him(
    client: PageClient,
) -> None:
    two = Two()
    case = two.refer()
    with writing():
        break_glass_service.open_access(
            Wanted("", case.person.given_name, case.person.family_name, case.person.born),
            reason="He is in the waiting room and says that he cannot keep himself safe.",
            by=two.north_lead.id,
        )
    assert asked_first(case, two.north_lead.id) == (None, two.trust.id)
    assert asked_first(case, two.assessor.id) == (two.assessor.id, None)
