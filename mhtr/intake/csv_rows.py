"""Reading a file of referrals: which rows are good, and what is wrong with each of the others.

The columns are the names of `referral.FIELDS`. Pure: bytes in, rows out. A value is never
repeated in a message, because results are kept after the file is gone.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mhtr.intake.referral import FIELDS, REQUIRED, CodeLists, ReferralSubmission, read_referral

MOST_ROWS = 500
MOST_BYTES = 1024 * 1024
DELIMITERS = ",;\t"
UK_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
DATED = frozenset(
    {"born", "hearing_on", "identified_on", "screened_on", "assessed_on", "agreed_on"}
)
OWN_REFERENCE = "row:"
"""Begins the reference of a row that carries none: made from its content, so that the same row
in another file is known again."""


@dataclass(frozen=True)
class GoodRow:
    """A row that can be taken."""

    line: int
    submission: ReferralSubmission


@dataclass(frozen=True)
class RefusedCell:
    """What is wrong, where: the line of the file, the column, and the reason in words."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class FileReading:
    """A file as read. `faults` concern the file as a whole: with any of them no row is read."""

    good: tuple[GoodRow, ...] = ()
    refused: tuple[RefusedCell, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def refused_lines(self) -> int:
        """How many rows are refused (one may have several reasons)."""
        return len({cell.line for cell in self.refused})


def template() -> str:
    """An empty file with the columns, for whoever fills one in."""
    return ",".join(FIELDS) + "\r\n"


def decode(content: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 with their marks, else what old office programs write."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read_file(content: bytes, today: date, codes: CodeLists) -> FileReading:
    """Read every row of a file."""
    if len(content) > MOST_BYTES:
        return FileReading(faults=("The file is larger than 1 MB: send it in parts.",))
    text = decode(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = [_column(name) for name in next(lines, [])]
        rows = list(_rows(lines))
    except csv.Error:
        return FileReading(faults=("The file is not a CSV file that can be read.",))
    faults = _header_faults(header)
    if not rows:
        faults.append("The file has no rows below its first line.")
    if len(rows) > MOST_ROWS:
        faults.append(f"The file has more than {MOST_ROWS} rows: send it in parts.")
    if faults:
        return FileReading(faults=tuple(faults))
    return _Sheet(header, today, codes).read(rows)


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(DELIMITERS, key=first.count)


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


def _header_faults(header: list[str]) -> list[str]:
    unknown = [name for name in header if name not in FIELDS]
    double = sorted({name for name in header if header.count(name) > 1})
    absent = [name for name in REQUIRED if name not in header]
    return [
        *(f"“{name[:40]}” is not a column of the template." for name in unknown),
        *(f"The column {name} comes twice." for name in double if name not in unknown),
        *(f"The column {name} is missing." for name in absent),
    ]


class _Sheet:
    def __init__(self, header: list[str], today: date, codes: CodeLists) -> None:
        self.header, self.today, self.codes = header, today, codes
        self.seen: dict[str, int] = {}

    def read(self, rows: list[tuple[int, list[str]]]) -> FileReading:
        good: list[GoodRow] = []
        refused: list[RefusedCell] = []
        for line, cells in rows:
            found = self._row(line, cells)
            if isinstance(found, GoodRow):
                good.append(found)
            else:
                refused.extend(found)
        return FileReading(tuple(good), tuple(refused))

    def _row(self, line: int, cells: list[str]) -> GoodRow | list[RefusedCell]:
        if len(cells) != len(self.header):
            reason = f"The row has {len(cells)} cells, the first line {len(self.header)}"
            return [RefusedCell(line, "", reason)]
        answers = {
            name: _as_iso(name, cell.strip())
            for name, cell in zip(self.header, cells, strict=True)
            if cell.strip()
        }
        answers.setdefault("external_reference", own_reference(answers))
        read = read_referral(answers, self.today, self.codes)
        if isinstance(read, list):
            return [RefusedCell(line, problem.field, problem.message) for problem in read]
        first = self.seen.setdefault(read.external_reference, line)
        if first != line:
            reason = f"The same reference is on line {first}"
            return [RefusedCell(line, "external_reference", reason)]
        return GoodRow(line, read)


def own_reference(answers: Mapping[str, str]) -> str:
    """A reference for a row without one, the same whenever the row is."""
    body = "\x1f".join(f"{name}={answers[name]}" for name in sorted(answers))
    return OWN_REFERENCE + hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()[:32]


def _as_iso(name: str, cell: str) -> str:
    """A British date `3/2/1990` as ISO; everything else as it is."""
    match = UK_DATE.fullmatch(cell) if name in DATED else None
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else cell
