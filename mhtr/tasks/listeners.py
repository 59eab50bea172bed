"""Who wants to know of somebody's leave or of a sign of risk, without this folder knowing them.

Features above add their function when they are imported. Each is called inside the write
transaction of the change.
"""

from collections.abc import Callable
from datetime import date

from mhtr.tasks.models import Task

leave_changed: list[Callable[[int, int | None], None]] = []
"""Called with the member of staff whose leave changed and who changed it (None: the program)."""

risk_closed: list[Callable[[Task, int | None], None]] = []
"""Called with a sign of risk whose outcome was recorded, and by whom."""

taken_away: list[Callable[[int, int | None, date, date], tuple[str, ...]]] = []
"""Called with an organisation, a member of staff (None: everybody) and the first and last of the
days that leave or a closure would take away, before it is saved. Each gives sentences of what that
breaks, without a name."""


def broken_by(
    organisation_id: int, staff_id: int | None, first: date, last: date
) -> tuple[str, ...]:
    """What everybody above says that it would break."""
    return tuple(
        words for ask in taken_away for words in ask(organisation_id, staff_id, first, last)
    )
