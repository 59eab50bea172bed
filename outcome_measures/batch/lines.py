"""The lines of a file, of which those that a wrong quotation mark swallowed can be read again."""

from collections import deque
from collections.abc import Iterable, Iterator

MOST_LINES = 100
"""Lines one row may have. A mark that is never closed would take in the rest of the file."""


class TooLong(ValueError):
    """A row has more than `MOST_LINES` lines."""


class Lines(Iterator[str]):
    """Gives line after line to a reader of rows, and keeps those of the row it is reading."""

    __slots__ = ("_again", "_given", "before", "row")

    def __init__(self, given: Iterable[str]) -> None:
        self._given = iter(given)
        self._again: deque[str] = deque()
        self.row: list[str] = []
        """The lines of the row being read. Whoever is done with it clears them."""
        self.before = 0
        """How many lines stand before it."""

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._given)
        row = self.row
        row.append(line)
        if len(row) > MOST_LINES:
            raise TooLong
        return line

    def next_row(self) -> None:
        """The row is done with: the next line begins another."""
        self.before += len(self.row)
        self.row.clear()

    def take_back(self) -> str:
        """Only the row's first line, which is returned, is of it; those after it are read again."""
        first, *others = self.row
        self._again.extendleft(reversed(others))
        self.row[:] = [first]
        return first
