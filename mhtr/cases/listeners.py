"""Who wants to know when a case changes, without this folder knowing them.

Features above add their function when they are imported. Each is called inside the write
transaction of the change, with the case already locked.
"""

from collections.abc import Callable

hearing_changed: list[Callable[[int, int | None], None]] = []
"""Called with the case's id and the member of staff behind the change (None: the program)."""
