"""Code lists: dated reference data read from the CSV files beside this module.

Columns of every file: code, label, valid_from, valid_to, source, verified; further columns are
particular to a list. Dates are ISO 8601 and both inclusive; an empty one means that the code
was valid before, or stays valid after, anything this service records. `verified` is true where
the value was read in the source named, false where the service still has to confirm it.
A code may appear again with another label once its earlier row has ended.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType

_COLUMNS = ("code", "label", "valid_from", "valid_to", "source", "verified")
_ALIASES = "aliases"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTH = {"true": True, "false": False}


class CodeListError(ValueError):
    """A file is no code list; `problems` names every bad row by line."""

    def __init__(self, name: str, problems: tuple[str, ...]) -> None:
        super().__init__(f"Code list {name}: " + "; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class CodeEntry:
    """One code with its label and the days on which it may be chosen, both ends included."""

    code: str
    label: str
    valid_from: date | None
    valid_to: date | None
    source: str
    verified: bool
    extras: Mapping[str, str] = field(default_factory=dict, hash=False)

    def is_current(self, on: date) -> bool:
        """Whether the code may be chosen on that day."""
        started = self.valid_from is None or self.valid_from <= on
        return started and (self.valid_to is None or on <= self.valid_to)

    @property
    def aliases(self) -> tuple[str, ...]:
        """Codes of other schemes for the same thing, space separated in the file."""
        return tuple(self.extras.get(_ALIASES, "").split())


@dataclass(frozen=True)
class CodeList:
    """The entries of one list in the order of its file."""

    name: str
    entries: tuple[CodeEntry, ...]

    def current(self, on: date) -> tuple[CodeEntry, ...]:
        """Entries that may be chosen on that day."""
        return tuple(entry for entry in self.entries if entry.is_current(on))

    def choices(self, on: date) -> list[tuple[str, str]]:
        """(code, label) pairs for a form field."""
        return [(entry.code, entry.label) for entry in self.current(on)]

    def get(self, code: str, *, on: date | None = None) -> CodeEntry | None:
        """The entry of a code, retired or not, so that old records keep their label.

        With `on`, the entry valid on that day if there is one; otherwise the latest entry.
        """
        found = [entry for entry in self.entries if entry.code == code]
        if on is not None:
            found = [entry for entry in found if entry.is_current(on)] or found
        return max(found, key=lambda entry: entry.valid_from or date.min, default=None)

    def find(self, text: str, *, on: date | None = None) -> CodeEntry | None:
        """The entry whose code, alias or name is `text`; for imported data.

        Case, spacing and the kind of apostrophe do not matter. A name counts only where one code
        has it.
        """
        wanted = _plain(text)
        for entry in self.entries:
            if wanted in (_plain(entry.code), *(_plain(alias) for alias in entry.aliases)):
                return self.get(entry.code, on=on)
        named = {entry.code for entry in self.entries if _plain(entry.label) == wanted}
        return self.get(named.pop(), on=on) if len(named) == 1 else None


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


@lru_cache
def load(name: str) -> CodeList:
    """The shipped list of that name; KeyError when there is none, CodeListError when faulty."""
    if name not in names():
        raise KeyError(name)
    return parse(name, _folder().joinpath(f"{name}.csv").read_text(encoding="utf-8"))


@lru_cache
def names() -> tuple[str, ...]:
    """Names of the shipped lists, sorted."""
    files = (file.name for file in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".csv") for name in files if name.endswith(".csv")))


def parse(name: str, text: str) -> CodeList:
    """A code list from the text of its CSV file; CodeListError lists every fault by line."""
    try:
        # The sources are quoted prose: strict mode catches a quote that was never closed.
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True))
    except csv.Error as error:
        raise CodeListError(name, (f"not a CSV file ({error})",)) from None
    header = rows[0] if rows else []
    missing = [column for column in _COLUMNS if column not in header]
    if missing or len(set(header)) != len(header):
        fault = f"missing column {', '.join(missing)}" if missing else "a column appears twice"
        raise CodeListError(name, (f"line 1: {fault}",))
    entries: list[CodeEntry] = []
    problems: list[str] = []
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            problems.append(f"line {line}: {len(row)} cells instead of {len(header)}")
            continue
        faults = _read_row(dict(zip(header, map(str.strip, row), strict=True)), entries)
        problems.extend(f"line {line}: {fault}" for fault in faults)
    if not entries and not problems:
        problems.append("line 2: the list is empty")
    problems.extend(_ambiguous_aliases(entries))
    if problems:
        raise CodeListError(name, tuple(problems))
    return CodeList(name, tuple(entries))


def _read_row(cells: dict[str, str], entries: list[CodeEntry]) -> list[str]:
    """Append the entry of a row to `entries`, or say what is wrong with the row."""
    faults = [f"no {column}" for column in ("code", "label", "source") if not cells[column]]
    dates: dict[str, date | None] = {}
    for column in ("valid_from", "valid_to"):
        try:
            dates[column] = _read_date(cells[column])
        except ValueError:
            faults.append(f"{column} is not a date of the form YYYY-MM-DD")
    if cells["verified"] not in _TRUTH:
        faults.append("verified is neither true nor false")
    if faults:
        return faults
    entry = CodeEntry(
        code=cells["code"],
        label=cells["label"],
        valid_from=dates["valid_from"],
        valid_to=dates["valid_to"],
        source=cells["source"],
        verified=_TRUTH[cells["verified"]],
        extras=MappingProxyType({k: v for k, v in cells.items() if k not in _COLUMNS}),
    )
    if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
        return ["valid_to lies before valid_from"]
    if any(_overlap(entry, earlier) for earlier in entries if earlier.code == entry.code):
        return [f"code {entry.code} appears twice for the same time"]
    entries.append(entry)
    return []


def _read_date(text: str) -> date | None:
    if not text:
        return None
    # fromisoformat alone would also read 20260101 and week dates.
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _overlap(one: CodeEntry, two: CodeEntry) -> bool:
    starts = max(one.valid_from or date.min, two.valid_from or date.min)
    return starts <= min(one.valid_to or date.max, two.valid_to or date.max)


def _ambiguous_aliases(entries: list[CodeEntry]) -> list[str]:
    owner = {entry.code.casefold(): entry.code for entry in entries}
    if len(owner) < len({entry.code for entry in entries}):
        return ["two codes differ only in case"]
    faults = []
    for entry in entries:
        for alias in entry.aliases:
            if owner.setdefault(alias.casefold(), entry.code) != entry.code:
                faults.append(f"alias {alias} belongs to more than one code")
    return faults


def _folder() -> Traversable:
    return resources.files("mhtr.core.codes").joinpath("data")
