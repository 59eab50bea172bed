"""Accounts: made and changed by administrators only, audited, never by oneself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import service, sessions
from mhtr.accounts.models import Invitation, OrganisationKind, RecoveryCode, SignInSession, Staff
from mhtr.accounts.service import Details
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import NotWriting, writing
from tests.makers import make_organisation, make_staff, make_team


@contextmanager
def refused(words: str) -> Iterator[None]:
    with pytest.raises(Refused, match=words), writing():
        yield


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def live_sessions(staff: Staff) -> int:
    return len(sessions.own_sessions(staff.id))


def signed_in(staff: Staff) -> None:
    with writing():
        sessions.begin(staff)


TODAY = date(2026, 11, 18)
BOTH = {
    "hcpc_number": "PYL12345",
    "hcpc_checked_on": TODAY,
    "gmc_number": "7012345",
    "gmc_checked_on": TODAY,
}


def details(organisation_id: int, **other: object) -> Details:
    return Details(
        **{  # type: ignore[arg-type]  # the test's own table of fields
            "username": " New.Person@Example.NHS.uk ",
            "name": " New   Person ",
            "organisation_id": organisation_id,
            **other,
        }
    )


def test_an_account_is_made_by_an_administrator(either_app: Flask) -> None:
    admin, trust = make_staff(Role.SYSTEM_ADMINISTRATOR), make_organisation()
    team = make_team(trust)
    with writing():
        made = service.create_staff(
            details(trust.id, team_ids=(team.id,)),
            roles=[Role.ASSESSOR, Role.DUTY_CLINICIAN],
            by=admin.id,
        )
    assert (made.username, made.name) == ("new.person@example.nhs.uk", "New Person")
    viewer = sessions.viewer_of(made)
    assert viewer.roles == set(), "both wait for a second person"
    assert team.principal_id in viewer.group_principal_ids
    assert actions()[-2:] == ["accounts.staff_made", "accounts.roles_given"]


def test_the_program_itself_waits_for_nobody(app: Flask) -> None:
    trust, roles = make_organisation(), {Role.ASSESSOR, Role.DUTY_CLINICIAN}
    with writing():
        made = service.create_staff(details(trust.id), roles=roles, by=None)
    assert sessions.viewer_of(made).roles == roles


def test_refusals_of_a_new_account(app: Flask) -> None:
    admin, trust, other = (
        make_staff(Role.SYSTEM_ADMINISTRATOR),
        make_organisation(),
        make_organisation(OrganisationKind.PROBATION_UNIT),
    )
    by, roles = admin.id, [Role.ASSESSOR]
    foreign = make_team(other)
    taken = details(trust.id, username=admin.username.upper())
    cases: tuple[tuple[str, Details, list[Role]], ...] = (
        ("already", taken, roles),
        ("wall", details(trust.id), [Role.ASSESSOR, Role.PROBATION]),
        ("not a role of this kind", details(other.id), roles),
        ("at least one role", details(trust.id), []),
        ("teams of that organisation", details(trust.id, team_ids=(foreign.id,)), roles),
        ("organisation that is open", details(0), roles),
        ("Enter a name", details(trust.id, name="  "), roles),
        ("HCPC", details(trust.id, hcpc_number="PYL12345"), roles),
        ("GMC", details(trust.id, gmc_number="7012345"), roles),
        ("HCPC number or a GMC number", details(trust.id, **BOTH), roles),
    )
    for words, wanted, held in cases:
        with refused(words):
            service.create_staff(wanted, roles=held, by=by)


EVERY_CHANGE: dict[str, Callable[[int, int | None], object]] = {
    "set_roles": lambda staff_id, by: service.set_roles(staff_id, [Role.ASSESSOR], by=by),
    "disable": lambda staff_id, by: service.disable(staff_id, by=by),
    "enable": lambda staff_id, by: service.enable(staff_id, by=by),
    "invite": lambda staff_id, by: service.invite(staff_id, by=by),
    "reset_totp": lambda staff_id, by: service.reset_totp(staff_id, by=by),
    "change_staff": lambda staff_id, by: service.change_staff(
        staff_id, details(1), version=1, by=by
    ),
}


@pytest.mark.parametrize("name", sorted(EVERY_CHANGE))
def test_nobody_changes_his_own_account_and_only_administrators_change_others(
    app: Flask, name: str
) -> None:
    change = EVERY_CHANGE[name]
    admin, second = make_staff(Role.SYSTEM_ADMINISTRATOR), make_staff(Role.SYSTEM_ADMINISTRATOR)
    lead, other = make_staff(Role.CLINICAL_LEAD), make_staff(Role.ASSESSOR)
    admin_id, lead_id, other_id, second_id = admin.id, lead.id, other.id, second.id
    with refused("your own account"):
        change(admin_id, admin_id)
    for by in (lead_id, other_id):
        with refused("Only a system administrator"):
            change(other_id, by)
    with writing():
        service.disable(second_id, by=admin_id)
    with refused("Only a system administrator"):
        change(other_id, second_id)


def test_changing_roles_ends_sessions_and_is_audited(app: Flask) -> None:
    admin, staff = make_staff(Role.SYSTEM_ADMINISTRATOR), make_staff(Role.ASSESSOR)
    signed_in(staff)
    with writing():
        service.set_roles(staff.id, [Role.DUTY_CLINICIAN], by=admin.id)
    assert live_sessions(staff) == 0
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "accounts.roles_set")
    ).one()
    assert event.detail == {"staff": staff.id, "added": [], "removed": ["assessor"]}


def test_making_a_link_ends_every_session_at_once(app: Flask) -> None:
    """Whoever has the account open now may be why its holder asks for a link."""
    admin, staff, other = (
        make_staff(Role.SYSTEM_ADMINISTRATOR),
        make_staff(Role.ASSESSOR),
        make_staff(Role.ASSESSOR),
    )
    signed_in(staff)
    signed_in(staff)
    signed_in(other)
    with writing():
        service.invite(staff.id, by=admin.id)
    assert live_sessions(staff) == 0 and live_sessions(other) == 1
    because = select(SignInSession.ended_because).where(SignInSession.staff_id == staff.id)
    assert set(db.session.scalars(because)) == {"invited"}


def test_roles_across_the_wall_are_refused_and_nothing_changes(app: Flask) -> None:
    admin, staff = make_staff(Role.SYSTEM_ADMINISTRATOR), make_staff(Role.ASSESSOR)
    staff_id, admin_id = staff.id, admin.id
    with refused("wall"):
        service.set_roles(staff_id, [Role.ASSESSOR, Role.PROBATION], by=admin_id)
    assert [row.role for row in db.session.get_one(Staff, staff_id).roles] == [Role.ASSESSOR]


def test_the_last_administrator_stays(app: Flask) -> None:
    only = make_staff(Role.SYSTEM_ADMINISTRATOR)
    only_id = only.id
    with refused("another system administrator first"):
        service.disable(only_id, by=None)
    with refused("another system administrator first"):
        service.set_roles(only_id, [Role.SERVICE_MANAGER], by=None)


def test_a_disabled_account_has_no_session_and_no_link(app: Flask) -> None:
    admin, staff = make_staff(Role.SYSTEM_ADMINISTRATOR), make_staff(Role.ASSESSOR)
    signed_in(staff)
    with writing():
        service.invite(staff.id, by=admin.id)
        service.disable(staff.id, by=admin.id)
    assert live_sessions(staff) == 0
    assert db.session.scalars(select(Invitation.used_at)).one() is not None
    staff_id, admin_id = staff.id, admin.id
    with refused("disabled"):
        service.invite(staff_id, by=admin_id)
    with writing():
        service.enable(staff_id, by=admin_id)
    assert db.session.get_one(Staff, staff_id).disabled_at is None


def test_moving_somebody_ends_his_sessions_and_a_stale_page_is_refused(app: Flask) -> None:
    admin, staff, trust = (
        make_staff(Role.SYSTEM_ADMINISTRATOR),
        make_staff(Role.ASSESSOR),
        make_organisation(),
    )
    signed_in(staff)
    with writing():
        service.change_staff(
            staff.id,
            details(staff.organisation_id, username=staff.username),
            version=1,
            by=admin.id,
        )
    assert live_sessions(staff) == 1  # another name is no other right
    with writing():
        service.change_staff(staff.id, details(trust.id), version=2, by=admin.id)
    assert live_sessions(staff) == 0
    staff_id, admin_id, wanted = staff.id, admin.id, details(trust.id)
    with pytest.raises(Stale), writing():
        service.change_staff(staff_id, wanted, version=2, by=admin_id)


def test_an_invitation_replaces_the_one_before_and_is_stored_hashed(app: Flask) -> None:
    admin, staff = make_staff(Role.SYSTEM_ADMINISTRATOR), make_staff(Role.ASSESSOR)
    with writing():
        first = service.invite(staff.id, by=admin.id)
        second = service.invite(staff.id, by=admin.id)
    rows = db.session.scalars(select(Invitation).order_by(Invitation.id)).all()
    assert [row.token_hash for row in rows] == [
        sessions.token_hash(first),
        sessions.token_hash(second),
    ]
    assert [row.used_at is None for row in rows] == [False, True]
    assert rows[1].expires_at == clock.now() + timedelta(days=3)


def test_an_authenticator_reset_forgets_everything_of_it(app: Flask) -> None:
    admin, staff = make_staff(Role.SYSTEM_ADMINISTRATOR), make_staff(Role.ASSESSOR)
    signed_in(staff)
    with writing():
        row = service.lock(staff.id)
        row.totp_secret, row.totp_next_secret, row.totp_confirmed_at = "A", "B", clock.now()
        db.session.add(RecoveryCode(staff_id=staff.id, code_hash="x" * 64))
    with writing():
        service.reset_totp(staff.id, by=admin.id)
    again = db.session.get_one(Staff, staff.id)
    assert (again.totp_secret, again.totp_next_secret, again.totp_confirmed_at) == (None,) * 3
    assert db.session.scalars(select(RecoveryCode)).all() == []
    assert db.session.scalars(select(SignInSession.ended_because)).all() == ["totp_reset"]


def test_organisations_and_teams_have_names_of_their_own(app: Flask) -> None:
    admin = make_staff(Role.SYSTEM_ADMINISTRATOR)
    by = admin.id
    with writing():
        trust = service.create_organisation(
            kind=OrganisationKind.TREATING_TRUST, name=" A  Trust ", by=by
        )
        service.create_team(organisation_id=trust.id, name="North", by=by)
    trust_id = trust.id
    assert trust.name == "A Trust"
    with refused("of this name already"):
        service.create_organisation(kind=OrganisationKind.LD_TEAM, name="A Trust", by=by)
    with refused("of this name already"):
        service.create_team(organisation_id=trust_id, name="North", by=by)


def test_services_refuse_to_run_outside_a_write(app: Flask) -> None:
    with pytest.raises(NotWriting):
        service.disable(1, by=None)
