"""Who wants to know that what is recorded of a man's orders changed, without this folder knowing.

Features above add their function when they are imported. Each is called inside the write
transaction of the change, with the case locked.
"""

from collections.abc import Callable, Collection

orders_changed: list[Callable[[int, int | None], None]] = []
"""Called with the case, and who recorded it (None: the program); a repeat changes nothing."""

therapists: list[Callable[[int], Collection[int]]] = []
"""Given the id of a case; gives the members of staff who treat him, or did when the case ended."""
