"""Who wants to know that a man's place in a session was cancelled, without this folder knowing.

Features above add their function when they are imported. Each is called inside the write
transaction of the change, with the man's case locked and the place already closed.
"""

from collections.abc import Callable

from sessions.booking.models import SessionPlace

place_cancelled: list[Callable[[SessionPlace, int | None], None]] = []
"""Called with the place, and who cancelled it (None: the program)."""
