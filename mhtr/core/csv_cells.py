"""The rows of a CSV text, and which of its lines quotation marks have spoiled.

RFC 4180 read strictly: a cell that holds a separator, a line break or a quotation mark stands in
quotation marks, and one inside is written twice. A mark that is not closed would make the rows
below it part of one cell, one man's row within another man's: such lines are told, never read.
Pure: text in, rows out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

UNCLOSED = "A quotation mark opens this cell and is never closed"
NOT_AT_ENDS = (
    "The quotation marks do not stand at both ends of this cell. One inside it is written twice"
)
STRAY = "A quotation mark stands inside this cell: write it twice, and the cell in quotation marks"
ROWS_INSIDE = (
    "The quotation mark that opens this cell takes in lines that look like rows. "
    "If it is one cell, take its line breaks out"
)

_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Row:
    """A row: the line it begins on, the line it ends on, and its cells."""

    first: int
    last: int
    cells: list[str]


@dataclass(frozen=True)
class Unread:
    """Lines that are not read, from the one where a quotation mark is wrong to where it led.

    `column` counts from 0; `opened` is the line on which that cell begins.
    """

    first: int
    last: int
    opened: int
    column: int
    reason: str


def rows(text: str, delimiter: str) -> Iterator[Row | Unread]:
    """Every row of the text in its order; a blank line is a row of one empty cell."""
    reader = _Reader(text, delimiter)
    while reader.at < len(text):
        yield reader.row()


def lines_of(text: str) -> list[str]:
    """The lines as they are counted here: whichever way the text ends its lines."""
    return _LINE_END.split(text)


def cell_with_rows(cells: Sequence[str], delimiter: str) -> int | None:
    """Which cell of a row has taken in other rows, as far as can be told; None: none has.

    Two quotation marks in the same column of two rows make one cell of everything between them,
    and a row of the right length. What follows the first line break of such a cell holds at
    least the separators that stood before this column in the row it belonged to. In the first
    column that is none: there nothing tells a line break from the end of a row.
    """
    for column, cell in enumerate(cells):
        _, *below = lines_of(cell)
        if below and sum(line.count(delimiter) for line in below) >= column:
            return column
    return None


class _Reader:
    def __init__(self, text: str, delimiter: str) -> None:
        self.text, self.delimiter, self.at, self.line = text, delimiter, 0, 1
        self.plain = re.compile(rf'[^"\r\n{re.escape(delimiter)}]*+')
        self.ends = frozenset((delimiter, "\r", "\n", ""))

    def row(self) -> Row | Unread:
        first, cells = self.line, list[str]()
        while True:
            opened = self.line
            fault = self._cell(cells)
            if fault:
                self._to_next_line()
                return Unread(first, self.line - 1, opened, len(cells), fault)
            if self._next() != self.delimiter:
                self._to_next_line()
                return Row(first, self.line - 1, cells)
            self.at += 1

    def _cell(self, cells: list[str]) -> str:
        """Read one cell; what is wrong with it, or nothing."""
        if self._next() != '"':
            match = self.plain.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self._next() == '"':
                return STRAY
            cells.append(match[0] if match else "")
            return ""
        quoted = _QUOTED.match(self.text, self.at)
        end = quoted.end() if quoted else len(self.text)
        self.line += len(_LINE_END.findall(self.text, self.at, end))
        self.at = end
        if quoted is None:
            return UNCLOSED
        if self._next() not in self.ends:
            return NOT_AT_ENDS
        cells.append(quoted[1].replace('""', '"'))
        return ""

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _to_next_line(self) -> None:
        end = _LINE_END.search(self.text, self.at)
        self.at = end.end() if end else len(self.text)
        self.line += 1
