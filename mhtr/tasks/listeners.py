"""Who wants to know of somebody's leave or of a sign of risk, without this folder knowing them.

Features above add their function when they are imported. Each is called inside the write
transaction of the change.
"""

from collections.abc import Callable

from mhtr.tasks.models import Task

leave_changed: list[Callable[[int, int | None], None]] = []
"""Called with the member of staff whose leave changed and who changed it (None: the program)."""

risk_closed: list[Callable[[Task, int | None], None]] = []
"""Called with a sign of risk whose outcome was recorded, and by whom."""
