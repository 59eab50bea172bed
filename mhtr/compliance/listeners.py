"""Who wants to know that probation recorded or took back what it did, without this folder knowing.

Features above add their function when they are imported. Each is called inside the write
transaction of the change, with the case locked.
"""

from collections.abc import Callable

steps_changed: list[Callable[[int, int], None]] = []
"""Called with the case, and who recorded it; a repeat changes nothing."""
