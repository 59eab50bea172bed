"""Many more men than can be played: copies of those who were, as other people.

For measuring speed. Every row a played man has is copied with keys, references, name, birth date
and numbers of its own, so a copy holds exactly what the services wrote. Only men who are done
with are copied, further and further back in time (`past`), unless live ones are asked for too.
Left out: the audit (a chain cannot be copied) and the files of released reports (a short
stand-in, to save space).
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Table, Uuid, column, func, insert, select, table

from mhtr.cases.flag_owners import question_key
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.name_order import sort_name
from mhtr.core.transaction import must_be_writing
from mhtr.demo import past
from mhtr.demo.men import Man, Men
from mhtr.demo.references import SUBJECT, references
from mhtr.people.contact_rules import parse_phone
from mhtr.people.matching import PersonSketch, blocking_keys
from mhtr.people.names import PersonName
from mhtr.people.search_keys import search_keys
from mhtr.tasks.models import TaskKind

SEED = 7
ROOTS = ("people", "cases", "treatment_sessions")
COMMON = frozenset(
    {
        "organisations",
        "teams",
        "staff",
        "principals",
        "import_runs",
        "api_tokens",
        "flag_looks",
        "taken_times",
    }
)
"""Belong to the programme, not to one man: `flag_looks` is where its timed work stands. Sessions of
copies take no time: their clinicians and rooms are those of the men who were played."""
NO_FILE = b"%PDF-1.7 left out of bulk data"

Row = dict[str, Any]
Change = Callable[[str, list[Row]], list[Row]]


@dataclass(frozen=True)
class Original:
    """The rows of a table that belong to men, and by how much a copy's keys are higher."""

    table: Table
    rows: tuple[Row, ...]
    stride: int
    links: Mapping[str, str]
    """Columns that point to another such table, with its name."""


def multiply(people: int, today: date, live: int = 0) -> int:
    """Copy the men there are until there are about so many; returns how many copies of all.

    Inside a write transaction on a database with a played programme.

    Args:
        people: how many there are to be of all, those who were played included.
        today: the day on which the copies' ages are counted.
        live: how many of the copies are of everybody, on the same dates, with their open work.
    """
    must_be_writing()
    originals = _originals()
    done = past.finished((o.table.name, o.links, o.rows) for o in originals)
    former = [replace(o, rows=done[o.table.name]) for o in originals]
    there = sum(len(o.rows) for o in originals if o.table.name == "people")
    live = min(live, max(0, round(people / there) - 1))
    left, each = people - there * (live + 1), len(done["people"])
    copies = live + (max(0, round(left / each)) if each else 0)
    responded, men = _responded(originals), Men(SEED, today)
    strides = {each.table.name: each.stride for each in originals}
    for number in range(1, copies + 1):
        refs: dict[str, str] = {}
        of = originals if number <= live else former
        # By whole weeks, so that working days stay working days.
        weeks = 0 if number <= live else round(52 * past.YEARS * (number - live) / (copies - live))
        for original in of:
            made = copied(original, number, refs, strides, men)
            if weeks:
                move = past.shifting(original.table, timedelta(weeks=weeks))
                for row in made:
                    move(row)
                past.settle(original.table.name, made, responded)
            insert_rows(original.table, made)
    audit.record("demo.multiplied", by=None, copies=copies)
    return copies


def _responded(originals: Sequence[Original]) -> Row | None:
    """A flag to which somebody responded, for former men of whose flags nobody has spoken."""
    flags = (o.rows for o in originals if o.table.name == "measure_flags")
    return next((row for rows in flags for row in rows if row["responded_at"]), None)


def of_each(person_ids: Iterable[int]) -> dict[int, list[Original]]:
    """The rows that each of these men has, to be copied (`mhtr.demo.copies`)."""
    originals = _originals()
    given = {each.table.name: (each.links, each.rows) for each in originals}
    found = {}
    for person_id in person_ids:
        own = past.rows_of(given, person_id.__eq__)
        found[person_id] = [replace(each, rows=own[each.table.name]) for each in originals]
    return found


def _originals() -> list[Original]:
    """Tables of men in an order in which they can be filled."""
    mine: set[str] = set(ROOTS)
    tables = [t for t in db.metadata.sorted_tables if t.name not in COMMON]
    for _ in tables:
        mine |= {t.name for t in tables if _links(t, mine)}
    own = [_original(t, _links(t, mine)) for t in tables if t.name in mine]
    return sorted(own, key=lambda each: SUBJECT in each.table.columns)


def _links(of: Table, to: set[str]) -> dict[str, str]:
    return {
        key.parent.name: key.column.table.name
        for key in of.foreign_keys
        if key.column.table.name in to
    }


def _original(of: Table, links: Mapping[str, str]) -> Original:
    raw = _raw(of)
    found = db.session.execute(select(*raw.c).order_by(raw.c.id)).mappings()
    # Its own man is what makes a row one of his: a task about no case belongs to everybody.
    rows = tuple(
        dict(row)
        for row in found
        if not links or any(row[name] is not None for name in links) or of.name in ROOTS
    )
    own = [name for name, target in links.items() if target == of.name]
    highest = db.session.scalar(select(func.max(raw.c.id))) or 0
    return Original(of, _in_order(rows, own), highest, links)


def _in_order(rows: tuple[Row, ...], own: Sequence[str]) -> tuple[Row, ...]:
    """Rows that others of the same table point to before those that point."""
    if not own:
        return rows
    placed: dict[int, Row] = {}
    waiting = list(rows)
    while waiting:
        ready = [r for r in waiting if all(r[n] is None or r[n] in placed for n in own)]
        placed |= {row["id"]: row for row in ready or waiting}
        waiting = [row for row in waiting if row["id"] not in placed]
    return tuple(placed.values())


def _raw(of: Table) -> Any:
    """The table without its types: values go from row to row as the database holds them."""
    return table(of.name, *(column(c.name) for c in of.columns))


def copied(
    original: Original,
    number: int,
    refs: dict[str, str],
    strides: Mapping[str, int],
    men: Men,
    mark: str = "~",
) -> list[Row]:
    """The rows of a table as a copy has them.

    Args:
        refs: references of the originals with those of the copy, which are added to.
        strides: by how much the copy's keys of each table are higher.
    """
    texts = _distinct_texts(original.table)
    made = []
    for row in original.rows:
        copy = dict(row)
        copy["id"] = row["id"] + number * original.stride
        for name, target in original.links.items():
            if row[name] is not None:
                copy[name] = row[name] + number * strides[target]
        copy |= references(row, refs)
        for name in texts:
            if isinstance(row[name], str):
                copy[name] = _renamed(row[name], f"{mark}{number}", refs)
        if original.table.name == "measure_flags":
            copy["key"] = _flag_key(row["key"], copy["case_id"], refs)
        if row.get("kind") == TaskKind.FLAG_MAN:
            copy["key"] = _question_key(row["key"], number * strides["flag_questions"])
        if row.get("subject_ref"):
            copy["subject_ref"] = refs.get(row["subject_ref"], row["subject_ref"])
        if "pdf" in row:
            copy["pdf"] = NO_FILE
        made.append({k: _plain(v) for k, v in copy.items()})
    return _as_others(original.table.name, made, men)


def _distinct_texts(of: Table) -> list[str]:
    """Text columns of which no two rows may hold the same."""
    alone = {c.name for c in of.columns if c.unique and not isinstance(c.type, Uuid)}
    together = {
        c.name
        for constraint in of.constraints
        if type(constraint).__name__ == "UniqueConstraint"
        for c in constraint.columns  # type: ignore[attr-defined]  # of a unique constraint
    }
    texts = {c.name for c in of.columns if c.name in ("key", "context", "external_reference")}
    return sorted(texts & (alone | together))


def _renamed(text: str, of_copy: str, refs: Mapping[str, str]) -> str:
    start, mark, ref = text.rpartition(":")
    return f"{start}{mark}{refs[ref]}" if ref in refs else f"{text}{of_copy}"


def _flag_key(key: str, case_id: int, refs: Mapping[str, str]) -> str:
    """The key that the rules of flags give the copy: its own case's, with its own references."""
    _, *parts = key.split(":")
    return ":".join([str(case_id), *(refs.get(part, part) for part in parts)])


def _question_key(key: str, further: int) -> str:
    """The key of the task that asks a copy's own question: it ends with the question's number."""
    return question_key(int(key.rpartition(":")[2]) + further)


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, (dict, list)) else value


def _as_others(name: str, made: list[Row], men: Men) -> list[Row]:
    """Give copies of people names, birth dates and numbers of their own."""
    if name == "people":
        men.copies = {row["id"]: men.next() for row in made}
        for row in made:
            man = men.copies[row["id"]]
            row |= {"given_name": man.given, "family_name": man.family}
            row["sort_name"] = sort_name(man.given, man.family)
            row["born"] = row["born"] and _same_kind(man.born, row["born"])
            row["phone"] = row["phone"] and _phone(man)
    elif name == "identifiers":
        for row in made:
            man = men.copies[row["person_id"]]
            row["value"] = {"nhs": man.nhs_number, "crn": man.crn}.get(row["kind"], row["value"])
    elif name == "match_keys":
        return list(_keys(made, men))
    return made


def _keys(made: list[Row], men: Men) -> Iterable[Row]:
    free = iter(sorted(row["id"] for row in made))
    held = {row["person_id"] for row in made}
    for person_id in sorted(held):
        man = men.copies[person_id]
        names = (PersonName(man.given, man.family),)
        sketch = PersonSketch(
            names=names,
            date_of_birth=man.born,
            identifiers={"nhs": man.nhs_number, "crn": man.crn},
        )
        for key in sorted(blocking_keys(sketch) | search_keys(names)):
            number = next(free, None)
            if number is None:
                break
            yield {"id": number, "person_id": person_id, "key": key}


def _same_kind(day: date, like: object) -> object:
    return day.isoformat() if isinstance(like, str) else day


def _phone(man: Man) -> str:
    return parse_phone(man.phone, allow_fictional=True).e164


def insert_rows(into: Table, rows: list[Row]) -> None:
    """Add rows as the database holds them."""
    if rows:
        db.session.execute(insert(_raw(into)), rows)
