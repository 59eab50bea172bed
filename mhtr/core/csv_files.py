"""Reading CSV files that people send: encodings, separators, line numbers, refused cells.

Pure: text in, rows out. A value is never repeated in a message, because results are kept after
the file is gone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mhtr.core import csv_cells
from mhtr.core.csv_cells import Row, Unread

MOST_ROWS = 500
MOST_BYTES = 1024 * 1024
DELIMITERS = ",;\t"
MARKS = (".csv", ".txt", ".tsv")
"""Ends of the names of files that hold rows of cells: spreadsheets save tabs as .txt."""
NOT_UTF8 = (
    "The text of this file is saved in a way that cannot be told. "
    "Save the file again as UTF-8 (in a spreadsheet: “CSV UTF-8”) and send that."
)
FIRST_LINE = "A quotation mark in the first line is not closed, or stands where none may."
TAKEN_IN = "Not read by itself: a quotation mark on line {} takes this line in"
UK_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True)
class RefusedCell:
    """What is wrong, where: the line of the file, the column, and the reason in words."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class Sheet:
    """The rows of a file with the lines they begin on; blank lines are left out.

    Every row has as many cells as the first line. `refused` are the lines that make no such row:
    each line of the file stands in a row or is told there. `faults` concern the file as a whole:
    with any of them no row is to be taken.
    """

    header: tuple[str, ...] = ()
    rows: tuple[tuple[int, list[str]], ...] = ()
    refused: tuple[RefusedCell, ...] = ()
    faults: tuple[str, ...] = ()


def decode(content: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 with their marks, else what old office programs write.

    UTF-16 without its mark comes out with a NUL beside every letter, and `read_sheet` says so.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read_sheet(content: bytes, delimiters: str = DELIMITERS) -> Sheet:
    """The first line's column names in small letters with underscores, and the rows below.

    Args:
        delimiters: what may stand between cells; the first line decides.
    """
    if len(content) > MOST_BYTES:
        return Sheet(faults=("The file is larger than 1 MB: send it in parts.",))
    text = decode(content)
    if "\0" in text:
        return Sheet(faults=(NOT_UTF8,))
    lines = csv_cells.lines_of(text)
    delimiter = max(delimiters, key=lines[0].count)
    read = csv_cells.rows(text, delimiter)
    first = next(read, Row(1, 1, []))
    if isinstance(first, Unread) or first.last > 1:
        return Sheet(faults=(FIRST_LINE,))
    header = tuple(_column(name) for name in first.cells)
    found = list(_sorted_out(read, header, delimiter, lines))
    rows = tuple(row for row in found if not isinstance(row, RefusedCell))
    refused = tuple(row for row in found if isinstance(row, RefusedCell))
    faults = []
    if not found:
        faults.append("The file has no rows below its first line.")
    if len(found) > MOST_ROWS:
        faults.append(f"The file has more than {MOST_ROWS} rows: send it in parts.")
    return Sheet(header, rows, refused, tuple(faults))


def iso_date(cell: str) -> str:
    """A British date `3/2/1990` as ISO; everything else as it is."""
    match = UK_DATE.fullmatch(cell)
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else cell


def _column(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().casefold())


def _sorted_out(
    read: Iterator[Row | Unread], header: tuple[str, ...], delimiter: str, lines: list[str]
) -> Iterator[tuple[int, list[str]] | RefusedCell]:
    """Each row with the line it begins on, and each line that is no row or only a part of one."""
    for row in read:
        if isinstance(row, Row) and not any(cell.strip() for cell in row.cells):
            continue
        wrong = _wrong(row, len(header), delimiter)
        if isinstance(row, Row) and wrong is None:
            yield row.first, row.cells
            continue
        line, column, reason = wrong or (row.first, -1, "")
        name = header[column] if 0 <= column < len(header) else ""
        for number in range(row.first, row.last + 1):
            if number == line:
                yield RefusedCell(line, name, reason)
            elif lines[number - 1].strip():
                yield RefusedCell(number, "", TAKEN_IN.format(line))


def _wrong(row: Row | Unread, width: int, delimiter: str) -> tuple[int, int, str] | None:
    """Line, column and reason of what makes these lines no row; None where they are one."""
    if isinstance(row, Unread):
        return row.opened, row.column, row.reason
    if len(row.cells) != width:
        return row.first, -1, f"The row has {len(row.cells)} cells, the first line {width}"
    inside = csv_cells.cell_with_rows(row.cells, delimiter) if row.last > row.first else None
    return None if inside is None else (row.first, inside, csv_cells.ROWS_INSIDE)
