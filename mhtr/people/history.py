"""What a record said before: changes by section, and the records merged into it."""

import uuid
from collections.abc import Collection, Iterable, Mapping
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
ANOTHERS = "not shown: it may be of another man, whose record was taken for his"


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


@dataclass(frozen=True)
class Withheld:
    """What somebody else's record put on this one for a time, and must not be read here since."""

    since: datetime
    until: datetime
    own: Mapping[str, str]
    """By field: what this record said itself before, in words. It alone goes on being shown."""
    by_program: frozenset[str]
    """Beginnings of reasons that name nobody."""

    def fields_of(self, change: PersonChange) -> set[str]:
        """Fields of a change whose former value may be the other man's."""
        if not self.since <= change.created_at <= self.until:
            return set()
        return {name for name, own in self.own.items() if change.before.get(name, own) != own}

    def hides_reason(self, change: PersonChange) -> bool:
        """Whether somebody wrote why while the other's details stood here."""
        return not (change.reason or "").startswith(tuple(self.by_program))


def history(
    person_id: int, sections: Iterable[Section], *, withheld: Collection[Withheld] = ()
) -> list[Entry]:
    """Changes to these sections, the newest first, those of merged records included.

    One more than `MOST` says that there are older ones.
    """
    return _entries(person_id, [section.value for section in sections], MOST + 1, withheld)


def last_change(
    person_id: int, section: Section, *, withheld: Collection[Withheld] = ()
) -> Entry | None:
    """Who changed a section last."""
    return next(iter(_entries(person_id, [section.value], 1, withheld)), None)


def _entries(
    person_id: int, sections: list[str], limit: int, withheld: Collection[Withheld]
) -> list[Entry]:
    rows = db.session.execute(
        select(PersonChange, Staff.name)
        .outerjoin(Staff, Staff.id == PersonChange.by_id)
        .where(
            PersonChange.person_id.in_(record_ids(person_id)), PersonChange.section.in_(sections)
        )
        .order_by(PersonChange.id.desc())
        .limit(limit)
    ).all()
    return [_entry(row[0], row[1] or "The program", withheld) for row in rows]


def _entry(change: PersonChange, by: str, withheld: Collection[Withheld]) -> Entry:
    section = Section(change.section)
    labels = FIELDS[section]
    meant = [one for one in withheld if one.fields_of(change)]
    hidden = {name for one in meant for name in one.fields_of(change)}
    before = "\n".join(
        f"{labels.get(name, name)} was: {ANOTHERS if name in hidden else text or 'nothing'}"
        for name, text in change.before.items()
    )
    why = ANOTHERS if any(one.hides_reason(change) for one in meant) else change.reason
    reason = f"\nWhy: {why}" if change.reason else ""
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
