"""Who wants to know when somebody can no longer do his work, without this folder knowing them.

Each is called inside the write transaction of the change, after it.
"""

from collections.abc import Callable

staff_left: list[Callable[[int, int, int | None], None]] = []
"""Called with the member of staff, the organisation he worked for, and who changed his account:
disabled, moved to another organisation, or with other roles."""


def tell_staff_left(staff_id: int, organisation_id: int, by: int | None) -> None:
    """Tell everybody who wants to know."""
    for listener in staff_left:
        listener(staff_id, organisation_id, by)
