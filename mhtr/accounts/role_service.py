"""The only writer of roles. One that opens records takes two people: one gives, another confirms.

A role that waits is a `RoleRequest` and no `StaffRole`, so nothing that asks for roles finds it.
"""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from mhtr.accounts import policy, sessions
from mhtr.accounts.authority import (
    awaited,
    held_or_awaited,
    lock,
    must_leave_an_administrator,
    must_manage,
)
from mhtr.accounts.listeners import Happened, tell_staff_left, tell_what_happened
from mhtr.accounts.models import (
    AuthenticatorReset,
    Invitation,
    RoleOutcome,
    RoleRequest,
    Staff,
    StaffRole,
)
from mhtr.accounts.roles import why_not
from mhtr.accounts.rules import Confirmer, Given, may_settle, takes_two, why_not_confirm
from mhtr.core import audit, clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing


def set_roles(staff_id: int, roles: Collection[Role], *, by: int | None) -> None:
    """Set what somebody may do: what is taken ends at once, what is given may wait for a second.

    His sessions end where something changed at once, so that he sees what he may do now.

    Raises:
        Refused: they do not go together, it is one's own account, or the last administrator's.
    """
    must_manage(by, of=staff_id, roles=roles)
    staff = lock(staff_id)
    waiting = {row.role: row for row in awaited(staff_id)}
    wanted, held = set(roles), {row.role for row in staff.roles}
    if wanted == held | waiting.keys():
        return
    reasons = why_not(wanted, staff.organisation.kind)
    if reasons:
        raise Refused(*reasons)
    if Role.SYSTEM_ADMINISTRATOR in held - wanted:
        must_leave_an_administrator(staff_id)
    for role in waiting.keys() - wanted:
        _settle(waiting[role], RoleOutcome.TAKEN_BACK, by=by)
    _take(staff, held - wanted, by=by)
    staff.version += 1
    give(staff, wanted - held - waiting.keys(), by=by)


def give(staff: Staff, roles: Collection[Role], *, by: int | None) -> None:
    """Give roles to a locked or new account: at once, or waiting for a second person."""
    must_be_writing()
    wanted = [role for role in Role if role in set(roles)]
    waiting = [role for role in wanted if takes_two(role, by)]
    _add(staff, [role for role in wanted if role not in waiting], by=by)
    if waiting and by is not None:
        db.session.add_all(
            RoleRequest(staff_id=staff.id, role=role, given_by=by) for role in waiting
        )
        db.session.flush()
        audit.record(
            "accounts.roles_given", by=by, staff=staff.id, roles=sorted(r.value for r in waiting)
        )
        tell_what_happened(Happened.GIVEN, staff, waiting, by)


def confirm(request_id: int, *, by: int) -> None:
    """Let a role that somebody else gave take effect.

    Raises:
        Refused: by the giver, the holder, or somebody who may not; or it no longer waits.
    """
    request, staff = _waiting(request_id)
    reasons = why_not_confirm(given(request, staff), confirmer(by))
    held = {row.role for row in staff.roles}
    reasons += why_not(held | {request.role}, staff.organisation.kind)
    if reasons:
        raise Refused(*reasons)
    _settle(request, RoleOutcome.CONFIRMED, by=by)
    staff.version += 1
    _add(staff, [request.role], by=by)
    tell_what_happened(Happened.CONFIRMED, staff, [request.role], by)


def turn_down(request_id: int, *, by: int) -> None:
    """Say that a role is not to be: who may confirm it, or who gave it and thought better of it.

    Raises:
        Refused: somebody else, or it no longer waits.
    """
    request, staff = _waiting(request_id)
    asker = confirmer(by)
    if by == request.staff_id or not may_settle(given(request, staff), asker):
        raise Refused("Only somebody who could confirm this role can turn it down.")
    _settle(request, RoleOutcome.TURNED_DOWN, by=by)
    staff.version += 1
    tell_what_happened(Happened.TURNED_DOWN, staff, [request.role], by)


def given(request: RoleRequest, staff: Staff) -> Given:
    """A role that waits, as the rule sees it."""
    return Given(
        role=request.role,
        holder_id=staff.id,
        organisation_id=staff.organisation_id,
        given_by=request.given_by,
        others=frozenset(held_or_awaited(staff) - {request.role}),
        can_sign_in=staff.disabled_at is None
        and bool(staff.password_hash)
        and staff.totp_secret is not None,
        let_in_by=_let_in_by(staff.id),
    )


def confirmer(staff_id: int) -> Confirmer:
    """Somebody who may want to confirm, as the rule sees him."""
    row = db.session.get_one(Staff, staff_id)
    roles = frozenset(held.role for held in row.roles)
    return Confirmer(row.id, row.organisation_id, roles, row.disabled_at is not None)


def _let_in_by(staff_id: int) -> frozenset[int]:
    days = int(values(policy.TWO_STEPS_DAYS)["two_steps_days"])
    since = clock.now() - timedelta(days=days)
    links = select(Invitation.made_by).where(
        Invitation.staff_id == staff_id, Invitation.created_at > since
    )
    resets = select(AuthenticatorReset.reset_by).where(
        AuthenticatorReset.staff_id == staff_id, AuthenticatorReset.created_at > since
    )
    found = {*db.session.scalars(links), *db.session.scalars(resets)}
    return frozenset(one for one in found if one is not None)


def _waiting(request_id: int) -> tuple[RoleRequest, Staff]:
    """A role that waits and whom it is for, both locked."""
    must_be_writing()
    found = db.session.get(RoleRequest, request_id)
    if found is None:
        raise NotFound
    staff = lock(found.staff_id)
    request = db.session.get_one(RoleRequest, request_id, populate_existing=True)
    if request.settled_at is not None:
        raise Refused("Somebody has decided about this role already.")
    return request, staff


def _settle(request: RoleRequest, outcome: RoleOutcome, *, by: int | None) -> None:
    request.outcome, request.settled_at, request.settled_by = outcome, clock.now(), by
    audit.record(
        f"accounts.role_{outcome.value}", by=by, staff=request.staff_id, roles=[request.role.value]
    )


def _add(staff: Staff, roles: Collection[Role], *, by: int | None) -> None:
    if roles:
        staff.roles += [StaffRole(role=role) for role in roles]
        _changed(staff, by=by, added=roles)


def _take(staff: Staff, roles: Collection[Role], *, by: int | None) -> None:
    if roles:
        staff.roles = [row for row in staff.roles if row.role not in roles]
        _changed(staff, by=by, removed=roles)


def _changed(
    staff: Staff, *, by: int | None, added: Collection[Role] = (), removed: Collection[Role] = ()
) -> None:
    audit.record(
        "accounts.roles_set",
        by=by,
        staff=staff.id,
        added=sorted(role.value for role in added),
        removed=sorted(role.value for role in removed),
    )
    sessions.end_all(staff.id, by=by, because="roles_changed")
    tell_staff_left(staff.id, staff.organisation_id, by)
