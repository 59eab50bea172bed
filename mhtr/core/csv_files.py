"""Reading CSV files that people send: encodings, separators, line numbers, refused cells.

Pure: text in, rows out. A value is never repeated in a message, because results are kept after
the file is gone.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_ROWS = 500
MOST_BYTES = 1024 * 1024
DELIMITERS = ",;\t"
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

    `faults` concern the file as a whole: with any of them there are no rows.
    """

    header: tuple[str, ...] = ()
    rows: tuple[tuple[int, list[str]], ...] = ()
    faults: tuple[str, ...] = ()


def decode(content: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 with their marks, else what old office programs write."""
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
    first = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(delimiters, key=first.count))
    try:
        header = tuple(_column(name) for name in next(lines, []))
        rows = tuple(_rows(lines))
    except csv.Error:
        return Sheet(faults=("The file is not a CSV file that can be read.",))
    faults = []
    if not rows:
        faults.append("The file has no rows below its first line.")
    if len(rows) > MOST_ROWS:
        faults.append(f"The file has more than {MOST_ROWS} rows: send it in parts.")
    return Sheet(header, () if faults else rows, tuple(faults))


def iso_date(cell: str) -> str:
    """A British date `3/2/1990` as ISO; everything else as it is."""
    match = UK_DATE.fullmatch(cell)
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else cell


def _column(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().casefold())


def _rows(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row that is not blank; the number is where the row begins."""
    before = 1
    for cells in lines:
        # `line_num` is where the row ended; a quoted cell may hold line breaks.
        line, before = before + 1, lines.line_num  # type: ignore[attr-defined]
        if any(cell.strip() for cell in cells):
            yield line, cells
