"""From one CSV file to another, row by row: every row is kept, bad ones are reported.

A file is read as a stream, so that its length does not matter. Cells that are not understood are
carried through as they are, byte for byte.
"""

import csv
import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mhtr.core.csv_cells import cell_with_rows
from outcome_measures.batch.lines import Lines, TooLong

UNREADABLE = (
    "A quotation mark is not closed, or stands where none may: it made everything up to line {} "
    "one row. Each of those lines is read by itself."
)
_ROWS_BETWEEN_REPORTS = 20_000


class CannotStart(ValueError):
    """Nothing can be done with this file; the message is one plain sentence."""


@dataclass
class Report:
    """What became of the rows; ``on_bad`` hears the line and the reason of each bad one.

    ``on_bytes`` hears now and then how many bytes of the input have been read.
    """

    on_bad: Callable[[int, str], None]
    on_bytes: Callable[[int], None]
    rows: int = field(default=0, init=False)
    bad: int = field(default=0, init=False)

    def refuse(self, line: int, reason: str) -> None:
        """Count and pass on one bad row."""
        self.bad += 1
        self.on_bad(line, reason)


class Rows(Protocol):
    """What is done with the rows of a file."""

    needs: tuple[str, ...]
    adds: tuple[str, ...]

    def bad(self, reason: str, row: Sequence[str] = ()) -> Sequence[str]:
        """The added cells of a row that cannot be used, in the order of ``adds``.

        Args:
            row: its cells as they were found, in which nothing may be where it belongs.
        """

    def reader(self, at: Sequence[int]) -> Callable[[list[str]], tuple[Sequence[str], str]]:
        """A function from a row to its added cells and what is wrong with it (nothing: empty).

        Args:
            at: where the needed columns are, in the order of ``needs``.
        """


def convert(source: Path, target: Path, rows: Rows, report: Report) -> None:
    """Write the rows of ``source`` with added columns to ``target``.

    The target is written beside itself and moved into place, so it is whole or not there; one that
    exists is replaced. Text is UTF-8, with or without a byte order mark; written without.

    Raises:
        CannotStart: no such file, a column is missing or there twice, or the target cannot be
            written, is the input or no ordinary file.
    """
    _refuse(source, target)
    target = target.resolve()  # a link stays, what it leads to is written
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        # A byte that is no UTF-8 goes through unchanged.
        with (
            source.open("rb") as raw,
            io.TextIOWrapper(raw, "utf-8-sig", errors="surrogateescape", newline="") as given,
            partial.open("x", encoding="utf-8", errors="surrogateescape", newline="") as made,
        ):
            lines = Lines(given)
            read = csv.reader(lines, strict=True)
            header = _header(read, lines, rows)
            lines.next_row()
            writer = csv.writer(made)
            writer.writerow([*header, *rows.adds])
            told = _Told(report, raw.tell)
            writer.writerows(_converted(read, lines, header, rows, told))
        os.replace(partial, target)
    except OSError as problem:
        name = source if problem.filename == str(source) else target
        raise CannotStart(f"{name}: {problem.strerror}.") from problem
    finally:
        partial.unlink(missing_ok=True)


@dataclass
class _Told:
    """A report with the means to say how far the reading has come."""

    report: Report
    position: Callable[[], int]

    def passed(self, rows: int) -> None:
        self.report.rows += rows
        self.report.on_bytes(self.position())


def _converted(
    read: Iterator[list[str]], lines: Lines, header: Sequence[str], rows: Rows, told: _Told
) -> Iterator[Sequence[str]]:
    """Every row with its added cells. Written for speed: a million rows go through this loop."""
    width, count, taken = len(header), 0, lines.row
    added = rows.reader([_place(header, name) for name in rows.needs])
    while True:
        try:
            for row in read:
                if len(taken) > 1 and _holds_rows(row, width):
                    row, cells, problem = _first_line(lines, width, rows)
                elif len(row) != width:
                    row, cells, problem = _ragged(row, width, rows)
                else:
                    cells, problem = added(row)
                if problem:
                    told.report.refuse(lines.before + 1, problem)
                lines.before += len(taken)
                taken.clear()
                if row:
                    count += 1
                    row += cells
                    yield row
                    if count == _ROWS_BETWEEN_REPORTS:
                        told.passed(count)
                        count = 0
            break
        except (csv.Error, TooLong):
            row, cells, problem = _first_line(lines, width, rows)
            told.report.refuse(lines.before + 1, problem)
            lines.next_row()
            count += 1
            yield [*row, *cells]
    told.passed(count)


def _holds_rows(row: list[str], width: int) -> bool:
    """Whether a row of several lines may be several rows that a quotation mark made one."""
    return len(row) != width or cell_with_rows(row, ",") is not None


def _first_line(lines: Lines, width: int, rows: Rows) -> tuple[list[str], Sequence[str], str]:
    """The line a row begins with, which cannot be used; those it took in are read again."""
    reason = UNREADABLE.format(lines.before + len(lines.row))
    row = next(csv.reader([lines.take_back().rstrip("\r\n")]))
    return (row + [""] * width)[:width], rows.bad(reason, row), reason


def _ragged(row: list[str], width: int, rows: Rows) -> tuple[list[str], Sequence[str], str]:
    """A row of the wrong length, made to fit the header; a blank line is no row."""
    if not row:
        return [], (), ""
    reason = f"The row has {len(row)} cells, the first line has {width}."
    fitting = (row + [""] * width)[:width]
    return fitting, rows.bad(reason, row), reason


def _header(read: Iterator[list[str]], lines: Lines, rows: Rows) -> list[str]:
    header: list[str] | None
    try:
        header = next(read, [])
    except (csv.Error, TooLong):
        header = None
    if header is None or len(lines.row) > 1:
        raise CannotStart(
            "A quotation mark in the first line of the file is not closed, or stands where none "
            "may."
        )
    names = [_plain(name) for name in header]
    missing = [name for name in rows.needs if name not in names]
    if missing:
        raise CannotStart(
            f"The first line of the file lacks the column{'s' if len(missing) > 1 else ''} "
            f"{', '.join(missing)}."
        )
    twice = [name for name in rows.needs if names.count(name) > 1]
    taken = [name for name in rows.adds if name in names]
    if twice:
        raise CannotStart(f"The column {twice[0]} is there twice.")
    if taken:
        raise CannotStart(
            f"The file has a column {taken[0]} already, which would be added: rename it first."
        )
    return header


def _place(header: Sequence[str], name: str) -> int:
    return [_plain(column) for column in header].index(name)


def _plain(name: str) -> str:
    return name.strip().casefold()


def _refuse(source: Path, target: Path) -> None:
    if not source.is_file():
        raise CannotStart(f"{source}: there is no such file.")
    if target.is_dir():
        raise CannotStart(f"{target} is a folder: name a file.")
    if target.exists() and not target.is_file():
        # Moved over a device, the output would take its place.
        raise CannotStart(f"{target} is a device or the like: name a file.")
    if target.exists() and target.samefile(source):
        raise CannotStart("The output would overwrite the input: give it another name.")
