"""Who wants to know what became of an account, without this folder knowing them.

Each is called inside the write transaction of the change, after it.
"""

from collections.abc import Callable, Collection
from enum import StrEnum

from mhtr.accounts.models import Staff
from mhtr.core.roles import Role

staff_left: list[Callable[[int, int, int | None], None]] = []
"""Called with the member of staff, the organisation he worked for, and who changed his account:
disabled, moved to another organisation, or with other roles."""


team_closed: list[Callable[[int, int | None], None]] = []
"""Called with a team that was closed, and who closed it."""


class Happened(StrEnum):
    """What was done to an account that decides who gets in, or how far."""

    GIVEN = "given"
    """Roles were given that wait for a second person."""
    CONFIRMED = "confirmed"
    TURNED_DOWN = "turned_down"
    LINK = "link"
    RESET = "reset"


what_happened: list[Callable[[Happened, Staff, Collection[Role], int | None], None]] = []
"""Called with the account, the roles it is about, and who did it."""


def tell_staff_left(staff_id: int, organisation_id: int, by: int | None) -> None:
    """Tell everybody who wants to know."""
    for listener in staff_left:
        listener(staff_id, organisation_id, by)


def tell_what_happened(
    happened: Happened, staff: Staff, roles: Collection[Role], by: int | None
) -> None:
    """Tell everybody who wants to know."""
    for listener in what_happened:
        listener(happened, staff, roles, by)
