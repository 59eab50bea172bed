"""Who wants to know what was recorded of a session, or what probation did, unknown to this folder.

Features above add their function when they are imported. Each is called inside the write
transaction of the change, with the case locked.
"""

from collections.abc import Callable

from mhtr.cases.models import Case
from mhtr.compliance.models import Attendance

recorded: list[Callable[[Case, Attendance, int], None]] = []
"""Called with the case, what counts of the session from now on, and who recorded it."""

steps_changed: list[Callable[[int, int], None]] = []
"""Called with the case, and who recorded it; a repeat changes nothing."""
