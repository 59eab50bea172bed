"""What a record said before: changes by section, and the records merged into it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import formats
from mhtr.core.database import db
from mhtr.people.models import Merge, Person, PersonChange
from mhtr.people.queries import record_ids
from mhtr.people.sections import FIELDS, TITLES, Section

MOST = 200


@dataclass(frozen=True)
class Entry:
    """One change, in the shape of the timeline."""

    when_iso: str
    when_text: str
    kind: str
    title: str
    text: str
    by: str


@dataclass(frozen=True)
class MergedRecord:
    """A record merged into another, as it was."""

    merge_ref: uuid.UUID
    name: str
    born: str
    merged_at: datetime
    by: str


def history(person_id: int, sections: Iterable[Section]) -> list[Entry]:
    """Changes to these sections, the newest first, those of merged records included.

    One more than `MOST` says that there are older ones.
    """
    return _entries(person_id, [section.value for section in sections], MOST + 1)


def last_change(person_id: int, section: Section) -> Entry | None:
    """Who changed a section last."""
    return next(iter(_entries(person_id, [section.value], 1)), None)


def _entries(person_id: int, sections: list[str], limit: int) -> list[Entry]:
    rows = db.session.execute(
        select(PersonChange, Staff.name)
        .outerjoin(Staff, Staff.id == PersonChange.by_id)
        .where(
            PersonChange.person_id.in_(record_ids(person_id)), PersonChange.section.in_(sections)
        )
        .order_by(PersonChange.id.desc())
        .limit(limit)
    ).all()
    return [_entry(row[0], row[1] or "The program") for row in rows]


def _entry(change: PersonChange, by: str) -> Entry:
    section = Section(change.section)
    labels = FIELDS[section]
    before = "\n".join(
        f"{labels.get(name, name)} was: {text or 'nothing'}" for name, text in change.before.items()
    )
    reason = f"\nWhy: {change.reason}" if change.reason else ""
    return Entry(
        when_iso=change.created_at.isoformat(),
        when_text=formats.moment(change.created_at),
        kind=TITLES[section],
        title=", ".join(labels.get(name, name) for name in change.before) + " changed",
        text=before + reason,
        by=by,
    )


def merged_records(person_id: int) -> list[MergedRecord]:
    """Records merged into this one and not taken apart again."""
    rows = db.session.execute(
        select(Merge, Person, Staff.name)
        .join(Person, Person.id == Merge.absorbed_id)
        .join(Staff, Staff.id == Merge.by_id)
        .where(Merge.kept_id == person_id, Merge.undone_at.is_(None))
        .order_by(Merge.id)
    ).all()
    return [
        MergedRecord(row[0].ref, row[1].name, formats.day(row[1].born), row[0].created_at, row[2])
        for row in rows
    ]
