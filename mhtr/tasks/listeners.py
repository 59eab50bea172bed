"""Who wants to know when somebody's leave changes, without this folder knowing them.

Features above add their function when they are imported. Each is called inside the write
transaction of the change.
"""

from collections.abc import Callable

leave_changed: list[Callable[[int, int | None], None]] = []
"""Called with the member of staff whose leave changed and who changed it (None: the program)."""
