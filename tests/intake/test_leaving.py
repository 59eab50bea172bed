"""Whoever leaves, or is shut out, keeps no case, nothing to follow up, and nothing unseen."""

from collections.abc import Callable

import pytest
from flask import Flask

from mhtr.accounts import service as accounts
from mhtr.accounts.models import Staff
from mhtr.cases import access_service
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import leaving, onward_access, onward_service, triage
from mhtr.intake.court_case import Ending, end
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_keeping import NOW_YOURS
from mhtr.intake.onward_owners import PASSED
from mhtr.tasks.models import TaskKind
from tests.faults.every_statement import fail_at_each
from tests.intake.house import House, accept, live, notices, open_kinds
from tests.intake.onward_scene import Scene, open_follow_ups
from tests.makers import make_organisation, make_staff
from tests.pages import PageClient

K = TaskKind


class Charity(House):
    """A house whose men are followed up by link workers of a charity."""

    def __init__(self) -> None:
        super().__init__()
        self.worker = make_staff(Role.LINK_WORKER, name="Kwame Link")
        self.charity = self.worker.organisation
        self.case = self.refer()
        accept(self, self.case, self.assessor)

    def colleague(self) -> Staff:
        return make_staff(Role.LINK_WORKER, organisation=self.charity, name="Teresa Link")

    def route_on(self, principal_id: int | None = None) -> OnwardReferral:
        with writing():
            return onward_service.route_on(
                case_id=self.case.id,
                service_code="housing",
                service_name="",
                owner_principal_id=principal_id or self.worker.principal_id,
                agreed=True,
                how="telephone",
                note="",
                by=self.assessor.id,
            )


def disabled(staff: Staff) -> None:
    with writing():
        accounts.disable(staff.id, by=None)


def without_role(staff: Staff) -> None:
    with writing():
        accounts.set_roles(staff.id, {Role.ADMINISTRATOR}, by=None)


def elsewhere(staff: Staff) -> None:
    other = make_organisation(staff.organisation.kind)
    details = accounts.Details(staff.username, staff.name, other.id)
    with writing():
        accounts.change_staff(staff.id, details, version=staff.version, by=None)


def shut_out(staff: Staff, case: Case, by: Staff) -> None:
    with writing():
        access_service.exclude(case.id, username=staff.username, reason="Family", by=by.id)


def restrict(case: Case, *staff: Staff, by: Staff) -> None:
    with writing():
        version = db.session.get_one(Case, case.id, populate_existing=True).version
        access_service.restrict(
            case.id,
            staff_ids=[one.id for one in staff],
            reason="A colleague's brother",
            version=version,
            by=by.id,
        )


def again(case: Case) -> Case:
    db.session.rollback()
    return db.session.get_one(Case, case.id, populate_existing=True)


@pytest.mark.parametrize("leaves", [disabled, elsewhere])
def test_what_a_link_worker_followed_up_is_his_teams(
    either_app: Flask, leaves: Callable[[Staff], None]
) -> None:
    here = Charity()
    colleague = here.colleague()
    row = here.route_on()
    leaves(here.worker)
    assert (row.owner_principal_id, row.worker_id) == (here.charity.principal_id, None)
    (task,) = open_follow_ups()
    assert (task.owner_principal_id, task.owner_staff_id) == (here.charity.principal_id, None)
    assert live(here.case, here.worker.principal_id) == set()
    client = either_app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in(colleague)
    assert f"/onward/{row.ref}" in client.page("/today")
    client.page(f"/onward/{row.ref}")
    assert PASSED in notices(here.assessor), "whoever referred him on is told"


def test_where_nobody_of_his_team_is_left_the_service_has_it(either_app: Flask) -> None:
    here = Charity()
    row = here.route_on()
    disabled(here.worker)
    assert row.worker_id == here.assessor.id
    client = either_app.test_client()
    assert isinstance(client, PageClient)
    assert f"/onward/{row.ref}" in client.sign_in(here.assessor).page("/today")
    disabled(here.assessor)
    assert row.owner_principal_id == here.trust.principal_id
    client.sign_in(here.lead)
    assert f"/onward/{row.ref}" in client.page("/today")
    client.page(f"/onward/{row.ref}")


def test_what_was_the_whole_teams_is_the_services_when_its_last_one_leaves(app: Flask) -> None:
    here = Charity()
    row = here.route_on(here.charity.principal_id)
    other = here.colleague()
    disabled(other)
    assert row.owner_principal_id == here.charity.principal_id
    disabled(here.worker)
    assert row.worker_id == here.assessor.id
    assert live(here.case, here.charity.principal_id) == set()


def test_shut_out_of_one_record_he_keeps_the_others(app: Flask) -> None:
    here = Charity()
    here.colleague()
    row = here.route_on()
    other = Scene()
    kept = other.route_on(here.worker.principal_id)
    shut_out(here.worker, here.case, here.lead)
    assert row.owner_principal_id == here.charity.principal_id
    assert kept.worker_id == here.worker.id


def test_no_statement_that_fails_leaves_it_with_who_is_gone(either_app: Flask) -> None:
    here = Charity()
    row = here.route_on()

    def leave() -> None:
        with writing():
            accounts.disable(here.worker.id, by=None)

    def sound() -> None:
        assert row.worker_id == here.assessor.id

    fail_at_each(leave, stride=4, sound=sound)


@pytest.mark.parametrize("leaves", [disabled, without_role, elsewhere])
def test_his_cases_wait_for_another_assessor(
    either_app: Flask, leaves: Callable[[Staff], None]
) -> None:
    here = Charity()
    assert K.ASSESS in open_kinds(here.case)
    leaves(here.assessor)
    case = again(here.case)
    assert case.assessor_id is None
    assert open_kinds(case) >= {K.ALLOCATE} and K.ASSESS not in open_kinds(case)
    assert leaving.NEEDS_ANOTHER in notices(here.lead)
    assert Purpose.CLINICAL not in live(case, here.assessor.principal_id)
    client = either_app.test_client()
    assert isinstance(client, PageClient)
    page = client.sign_in(here.lead).page("/today")
    assert "Referrals without an assessor" in page and f"/cases/{case.ref}/triage" in page
    new = make_staff(Role.ASSESSOR, organisation=here.trust)
    with writing():
        triage.allocate(case_id=case.id, version=case.version, assessor_id=new.id, by=here.lead.id)
    assert K.ASSESS in open_kinds(case) and K.ALLOCATE not in open_kinds(case)


def test_shut_out_of_his_case_he_is_its_assessor_no_more(app: Flask) -> None:
    here = Charity()
    shut_out(here.assessor, here.case, here.lead)
    assert again(here.case).assessor_id is None
    assert K.ALLOCATE in open_kinds(here.case)


def test_a_restricted_record_always_opens_to_somebody(app: Flask) -> None:
    here = Charity()
    restrict(here.case, by=here.lead)
    assert Purpose.CLINICAL not in live(here.case, here.lead.principal_id)
    disabled(here.assessor)
    assert Purpose.CLINICAL in live(here.case, here.lead.principal_id)
    assert leaving.OPENED_TO_YOU in notices(here.lead)
    assert again(here.case).assessor_id is None


def test_on_a_restricted_record_it_goes_to_somebody_by_name(either_app: Flask) -> None:
    here = Charity()
    here.colleague()
    mine, charitys = here.route_on(), here.route_on(here.charity.principal_id)
    restrict(here.case, by=here.lead)
    assert mine.worker_id == here.worker.id, "he is named already"
    assert charitys.owner_principal_id == here.charity.principal_id, "he opens that one as well"
    disabled(here.worker)
    assert mine.worker_id == charitys.worker_id == here.assessor.id, "no colleague is named"
    db.session.rollback()
    assert live(here.case, here.charity.principal_id) == set()
    assert {task.owner_staff_id for task in open_follow_ups()} == {here.assessor.id}
    assert {row.owner_principal_id for row in onward_access.open_of(here.case.id)} == {
        here.assessor.principal_id
    }


def test_restricting_takes_it_from_a_team_that_cannot_open_it_any_more(either_app: Flask) -> None:
    here = Charity()
    row = here.route_on(here.charity.principal_id)
    restrict(here.case, by=here.lead)
    assert row.worker_id == here.assessor.id
    assert NOW_YOURS in notices(here.assessor)
    client = either_app.test_client()
    assert isinstance(client, PageClient)
    assert f"/onward/{row.ref}" in client.sign_in(here.assessor).page("/today")


def test_on_a_restricted_record_only_people_are_offered_and_taken(client: PageClient) -> None:
    here = Charity()
    mine = here.route_on()
    restrict(here.case, by=here.lead)
    with pytest.raises(Refused, match="by name"):
        here.route_on(here.charity.principal_id)
    with pytest.raises(Refused, match="by name"), writing():
        onward_service.hand_over(
            onward_id=mine.id,
            owner_principal_id=here.charity.principal_id,
            version=mine.version,
            by=here.assessor.id,
        )
    client.sign_in(here.assessor)
    for path in (f"/cases/{here.case.ref}/onward", f"/onward/{mine.ref}/hand-over"):
        assert "whoever is free" not in client.page(path)
    other = here.colleague()
    again = here.route_on(other.principal_id)
    assert f"/onward/{again.ref}" in client.sign_in(other).page("/today")


def test_accounts_closed_before_leave_nothing_behind(app: Flask) -> None:
    here = Charity()
    here.colleague()
    row = here.route_on()
    with writing():
        for staff in (here.worker, here.assessor):
            db.session.get_one(Staff, staff.id).disabled_at = clock.now()
    with writing():
        assert leaving.settle_left(clock.now()) == 1
    assert again(here.case).assessor_id is None
    assert row.owner_principal_id == here.charity.principal_id
    with writing():
        assert leaving.settle_left(clock.now()) == 0


def test_a_closed_case_keeps_the_name_of_who_had_it(app: Flask) -> None:
    here = Charity()
    case = again(here.case)
    with writing():
        end(case_id=case.id, version=case.version, ending=Ending.ACQUITTED, by=here.lead.id)
    disabled(here.assessor)
    assert again(here.case).assessor_id == here.assessor.id
