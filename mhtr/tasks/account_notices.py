"""Who is told of what is done to an account: its holder, and every privacy officer."""

from collections.abc import Callable, Collection

from sqlalchemy import func, select

from mhtr.accounts import listeners
from mhtr.accounts.authority import held_or_awaited
from mhtr.accounts.listeners import Happened
from mhtr.accounts.models import Invitation, Staff, StaffRole
from mhtr.accounts.rules import opens_records
from mhtr.core import clock
from mhtr.core.access import ROLE_LABELS, Role
from mhtr.core.database import db
from mhtr.tasks import service as tasks

PAGE = "staff.person"
ASK = "If you did not ask for it, tell your privacy officer."

Words = Callable[[str], str]
"""From the roles in words (empty where it is about none)."""
HOLDER: dict[Happened, Words] = {
    Happened.GIVEN: lambda roles: f"You were given: {roles}. It waits for a second person.",
    Happened.CONFIRMED: lambda roles: f"Confirmed, and yours from now on: {roles}.",
    Happened.TURNED_DOWN: lambda roles: f"Not confirmed, and not yours: {roles}.",
    Happened.LINK: lambda _: f"A link to set a new password for your account was made. {ASK}",
    Happened.RESET: lambda _: f"The authenticator of your account was reset. {ASK}",
}
OFFICER: dict[Happened, Callable[[str, str], str]] = {
    Happened.GIVEN: lambda who, roles: f"{who} was given: {roles}. It waits for a second person.",
    Happened.CONFIRMED: lambda who, roles: f"A second person confirmed for {who}: {roles}.",
    Happened.TURNED_DOWN: lambda who, roles: f"Turned down for {who}: {roles}.",
    Happened.LINK: lambda who, _: f"A link to set a new password was made for {who}.",
    Happened.RESET: lambda who, _: f"The authenticator of {who} was reset.",
}


def _tell(happened: Happened, staff: Staff, roles: Collection[Role], by: int | None) -> None:
    concerned = set(roles) | held_or_awaited(staff)
    if not opens_records(concerned) or (happened is Happened.LINK and _first_link(staff)):
        return
    named = ", ".join(label for role, label in ROLE_LABELS.items() if role in roles)
    key = f"account:{staff.id}:{happened.value}:{clock.now().isoformat()}"
    tasks.tell(staff.principal_id, key=key, text=HOLDER[happened](named)[:300])
    for officer in _officers(staff.id, by):
        tasks.tell(
            officer.principal_id,
            key=key,
            text=OFFICER[happened](staff.name, named)[:300],
            endpoint=PAGE,
            subject_ref=staff.ref,
        )


def _first_link(staff: Staff) -> bool:
    """Whether it is the link of a new account, which its roles tell of already."""
    db.session.flush()
    made = select(func.count()).select_from(Invitation).where(Invitation.staff_id == staff.id)
    return db.session.scalar(made) == 1


def _officers(holder_id: int, by: int | None) -> list[Staff]:
    """Every privacy officer but whom it is about, and who did it."""
    return list(
        db.session.scalars(
            select(Staff)
            .where(
                Staff.disabled_at.is_(None),
                Staff.id.not_in({holder_id, by or 0}),
                Staff.roles.any(StaffRole.role == Role.PRIVACY_OFFICER),
            )
            .order_by(Staff.id)
        )
    )


listeners.what_happened.append(_tell)
