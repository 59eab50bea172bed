"""Reading a file of referrals: which rows are good, and what is wrong with each of the others.

The columns are the names of `referral.FIELDS`. Pure: bytes in, rows out. A value is never
repeated in a message, because results are kept after the file is gone.
"""

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mhtr.core.csv_files import MOST_ROWS as MOST_ROWS
from mhtr.core.csv_files import RefusedCell as RefusedCell
from mhtr.core.csv_files import Sheet, iso_date, read_sheet
from mhtr.core.csv_files import decode as decode
from mhtr.intake.referral import (
    FIELDS,
    REQUIRED,
    CodeLists,
    Problem,
    ReferralSubmission,
    read_referral,
)
from mhtr.intake.referral_dates import NOT_A_DATE
from mhtr.intake.said_of_safety import (
    ALL_UNREAD,
    NO_COLUMN,
    UNREAD,
    Danger,
    danger_in_cells,
    danger_of,
)

DATED = frozenset(
    {"born", "hearing_on", "identified_on", "screened_on", "assessed_on", "agreed_on"}
)
EXAMPLE = "EXAMPLE"
"""The reference of the template's example row. No referral can have it."""
EXAMPLE_WRITTEN_OVER = "This is the reference of the example row: give your own, or none"
OWN_REFERENCE = "row:"
"""Begins the reference of a row that carries none: made from its content, so that the same row
in another file is known again."""


@dataclass(frozen=True)
class GoodRow:
    """A row that can be taken."""

    line: int
    submission: ReferralSubmission


@dataclass(frozen=True)
class FileReading:
    """A file as read. `faults` concern the file as a whole: with any of them no row is read."""

    good: tuple[GoodRow, ...] = ()
    refused: tuple[RefusedCell, ...] = ()
    faults: tuple[str, ...] = ()
    examples: tuple[int, ...] = ()
    """Lines of the template's example row, which is neither taken nor refused."""
    dangers: tuple[Danger, ...] = ()
    """What the refused rows say of safety and urgency; with faults, what any row says."""

    @property
    def refused_lines(self) -> int:
        """How many rows are refused (one may have several reasons)."""
        return len({cell.line for cell in self.refused})


def template(today: date) -> str:
    """A file with the columns and an example row, for whoever fills one in."""
    out = io.StringIO(newline="")
    sheet = csv.DictWriter(out, FIELDS, restval="")
    sheet.writeheader()
    sheet.writerow(example(today))
    return out.getvalue()


def example(today: date) -> dict[str, str]:
    """The example row of the template: nobody's, and known again by its reference."""
    return {
        "safety": "safe",
        "given_name": "Example",
        "family_name": "Person",
        "born": "1985-04-23",
        "nhs_number": "9990000018",
        "source": "ld",
        "place": "met-brixton",
        "stage": "guilty_plea",
        "court": "B01IX",
        "hearing_on": (today + timedelta(days=28)).isoformat(),
        "hearing_purpose": "sentence",
        "psr_kind": "short",
        "vulnerabilities": "anxiety;trauma",
        "need": "medium",
        "risk": "low",
        "urgency": "routine",
        "notes": "Sleeps badly, would rather be seen in the morning.",
        "identified_on": today.isoformat(),
        "screened_on": today.isoformat(),
        "willing": "willing",
        "agreed_how": "face_to_face",
        "agreed_on": today.isoformat(),
        "able_to_agree": "yes",
        "phone": "07700 900123",
        "safe_to_text": "yes",
        "external_reference": EXAMPLE,
    }


def read_file(
    content: bytes, today: date, codes: CodeLists, now: datetime | None = None
) -> FileReading:
    """Read every row of a file; `now` as `read_referral` has it."""
    sheet = read_sheet(content)
    if not sheet.header:
        unread = (Danger(1, ALL_UNREAD),) if content.strip() else ()
        return FileReading(faults=sheet.faults, dangers=unread)
    header = list(sheet.header)
    faults = (*_header_faults(header), *sheet.faults)
    if faults:
        return FileReading(faults=faults, dangers=tuple(_dangers_of_all(sheet)))
    return _Sheet(header, today, codes, now).read(sheet)


def _dangers_of_all(sheet: Sheet) -> list[Danger]:
    """What the rows of a file say that is refused as a whole."""
    if not sheet.rows and not sheet.refused:
        return []
    if "safety" not in sheet.header:
        return [Danger(1, NO_COLUMN)]
    found = [Danger(cell.line, UNREAD) for cell in sheet.refused]
    for line, cells in sheet.rows:
        said = list(zip(sheet.header, cells, strict=True))
        found += [Danger(line, words) for words in [danger_in_cells(said)] if words]
    return sorted(found, key=lambda one: one.line)


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
    def __init__(
        self, header: list[str], today: date, codes: CodeLists, now: datetime | None
    ) -> None:
        self.header, self.today, self.codes, self.now = header, today, codes, now
        self.seen: dict[str, int] = {}

    def read(self, sheet: Sheet) -> FileReading:
        good: list[GoodRow] = []
        examples: list[int] = []
        refused = list(sheet.refused)
        dangers = [Danger(line, UNREAD) for line in dict.fromkeys(c.line for c in refused)]
        for line, cells in sheet.rows:
            answers = self._answers(cells)
            if _is_example(answers):
                examples.append(line)
                continue
            found = self._row(line, answers)
            if isinstance(found, GoodRow):
                good.append(found)
            else:
                refused.extend(found)
                dangers += [Danger(line, words) for words in [danger_of(answers)] if words]
        in_order = sorted(refused, key=lambda cell: cell.line)
        dangers.sort(key=lambda one: one.line)
        return FileReading(tuple(good), tuple(in_order), (), tuple(examples), tuple(dangers))

    def _answers(self, cells: list[str]) -> dict[str, str]:
        return {
            name: _as_iso(name, cell.strip())
            for name, cell in zip(self.header, cells, strict=True)
            if cell.strip()
        }

    def _row(self, line: int, answers: dict[str, str]) -> GoodRow | list[RefusedCell]:
        if answers.get("external_reference", "").casefold() == EXAMPLE.casefold():
            # Somebody wrote over the example: a man must not be left out as if he were it.
            return [RefusedCell(line, "external_reference", EXAMPLE_WRITTEN_OVER)]
        answers.setdefault("external_reference", own_reference(answers))
        read = read_referral(answers, self.today, self.codes, self.now)
        if isinstance(read, list):
            return [RefusedCell(line, problem.field, _in_a_file(problem)) for problem in read]
        first = self.seen.setdefault(read.external_reference, line)
        if first != line:
            reason = f"The same reference is on line {first}"
            return [RefusedCell(line, "external_reference", reason)]
        return GoodRow(line, read)


def _is_example(answers: Mapping[str, str]) -> bool:
    """Whether this is the example row, and still nobody's: spreadsheets change its other cells."""
    same = ("external_reference", "given_name", "family_name")
    return all(answers.get(name) == example(date.min)[name] for name in same)


def own_reference(answers: Mapping[str, str]) -> str:
    """A reference for a row without one, the same whenever the row is."""
    body = "\x1f".join(f"{name}={answers[name]}" for name in sorted(answers))
    return OWN_REFERENCE + hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()[:32]


def _in_a_file(problem: Problem) -> str:
    """The message for whoever fills in a file: there a date may be written as in Britain, too."""
    return f"{NOT_A_DATE} or DD/MM/YYYY" if problem.message == NOT_A_DATE else problem.message


def _as_iso(name: str, cell: str) -> str:
    return iso_date(cell) if name in DATED else cell
