"""Drawings kept in memory, so that a chart looked at again is not drawn again.

Never on disk: a drawing is clinical. Each is kept under the case it was drawn for and the name
of its content, so it can be shown neither for another case nor for other content.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Drawing:
    """Which drawing: the case, the instrument, the format, and the name of its content."""

    case_id: int
    instrument: str
    size: str
    content: str


class ChartStore:
    """The last drawings used, up to a number; safe for several threads."""

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._kept: OrderedDict[Drawing, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, drawing: Drawing) -> bytes | None:
        """The drawing, if it is kept."""
        with self._lock:
            found = self._kept.get(drawing)
            if found is not None:
                self._kept.move_to_end(drawing)
            return found

    def put(self, drawing: Drawing, made: bytes) -> None:
        """Keep a drawing; the one not looked at for longest makes room."""
        with self._lock:
            self._kept[drawing] = made
            self._kept.move_to_end(drawing)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


charts = ChartStore()
"""The drawings of this process, some four megabytes at most."""
