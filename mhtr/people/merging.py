"""Two records of one man become one, and two again: every moved row is listed.

Rows that only ever grow (consent, history) stay where they are and are read through
`queries.record_ids`. The cases above move with `mhtr.cases.identity`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select, update

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.people.models import (
    Alias,
    CommunicationNeed,
    Demographic,
    Flag,
    Identifier,
    IdentifierKind,
    Merge,
    Permission,
    Person,
    PersonChange,
)
from mhtr.people.sections import FIELDS, Section
from mhtr.people.service import lock_person, refresh_keys
from mhtr.people.values import words_of

Owned = type[Alias] | type[Identifier] | type[Demographic] | type[CommunicationNeed] | type[Flag]
OWNED: dict[str, Owned] = {
    "aliases": Alias,
    "identifiers": Identifier,
    "demographics": Demographic,
    "communication_needs": CommunicationNeed,
    "flags": Flag,
}
"""Tables whose rows go over to the record that is kept."""
STAYING = frozenset(
    {
        "consent_events.person_id",
        "flags.other_person_id",
        "identity_questions.other_id",
        "identity_questions.person_id",
        "match_keys.person_id",
        "merges.absorbed_id",
        "merges.kept_id",
        "people.merged_into_id",
        "person_changes.person_id",
        "told_events.person_id",
    }
)
"""Columns that go on pointing to the absorbed record, and are read through it."""
_CAUTION = (Permission.NO, Permission.UNKNOWN, Permission.YES)
_CAUTIOUS = ("safe_to_text", "safe_to_voicemail", "safe_to_write")
_FILLED = ("born", "died_on")


def merge(
    *,
    kept_id: int,
    absorbed_id: int,
    right: Mapping[IdentifierKind, str],
    moved_above: Mapping[str, Sequence[int]],
    reason: str,
    by: int,
) -> Merge:
    """Put the absorbed record's rows under the kept one.

    Args:
        right: for each kind of identifier on which the two differ, the number that is his.
        moved_above: ids that the caller moves, by table, to be listed with the rest.

    Raises:
        Refused: no reason; a differing number was not chosen; one of them is merged already;
            a warning says that the two must not meet.
    """
    must_be_writing()
    if not reason.strip():
        raise Refused("Say how you know that the two records are one man.")
    kept, absorbed = _two_live(kept_id, absorbed_id)
    _may_be_one(kept, absorbed)
    moved: dict[str, Any] = {name: list(ids) for name, ids in moved_above.items()}
    moved["exchanged"] = _settle_numbers(kept, absorbed, right, reason, by)
    for name, table in OWNED.items():
        moved[name] = _movable(table, kept, absorbed)
        _hand_over(table, moved[name], absorbed_id, kept_id)
    moved["taken"] = _take_over(kept, absorbed)
    absorbed.merged_into_id = kept_id
    kept.version += 1
    absorbed.version += 1
    row = Merge(
        kept_id=kept_id, absorbed_id=absorbed_id, by_id=by, reason=reason.strip(), moved=moved
    )
    db.session.add(row)
    _settle_keys(kept, absorbed)
    audit.record("people.merged", by=by, merge=row.id, kept=kept_id, absorbed=absorbed_id)
    return row


def unmerge(*, merge_id: int, reason: str, by: int) -> Merge:
    """Undo a merge: what was moved goes back, what was added since stays with the kept record.

    Raises:
        Refused: no reason; it was undone already; a later merge has to be undone first.
    """
    must_be_writing()
    row = db.session.scalars(
        select(Merge).where(Merge.id == merge_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    _may_be_undone(row, reason)
    for person_id in sorted((row.kept_id, row.absorbed_id)):
        db.session.scalars(
            select(Person).where(Person.id == person_id).with_for_update(of=Person)
        ).one()
    for name, table in OWNED.items():
        _hand_over(table, row.moved[name], row.kept_id, row.absorbed_id)
    for one, two in row.moved["exchanged"]:
        _exchange(one, two)
    kept = db.session.get_one(Person, row.kept_id)
    absorbed = db.session.get_one(Person, row.absorbed_id)
    for name, (before, taken) in row.moved["taken"].items():
        if _as_text(getattr(kept, name)) == taken:
            setattr(kept, name, _from_text(name, before))
    absorbed.merged_into_id = None
    kept.version += 1
    absorbed.version += 1
    row.undone_at, row.undone_by, row.undone_reason = clock.now(), by, reason.strip()
    _settle_keys(kept, absorbed)
    audit.record("people.unmerged", by=by, merge=row.id)
    return row


def differing_numbers(one: Person, two: Person) -> dict[IdentifierKind, tuple[str, str]]:
    """Kinds of identifier of which the two hold different numbers."""
    first = {row.kind: row.value for row in one.identifiers}
    second = {row.kind: row.value for row in two.identifiers}
    return {
        kind: (first[kind], second[kind])
        for kind in IdentifierKind
        if kind in first and kind in second and first[kind] != second[kind]
    }


def _two_live(kept_id: int, absorbed_id: int) -> tuple[Person, Person]:
    locked = {person_id: lock_person(person_id) for person_id in sorted({kept_id, absorbed_id})}
    if len(locked) != 2 or any(person.id != asked for asked, person in locked.items()):
        raise Refused("These records are already one, or one of them was merged with another.")
    return locked[kept_id], locked[absorbed_id]


def _may_be_one(kept: Person, absorbed: Person) -> None:
    pair = (kept.id, absorbed.id)
    apart = select(Flag.id).where(
        Flag.person_id.in_(pair), Flag.other_person_id.in_(pair), Flag.ended_at.is_(None)
    )
    if db.session.scalars(apart).first() is not None:
        raise Refused("A warning says that these two must not meet. End it first if it is wrong.")


def _may_be_undone(row: Merge, reason: str) -> None:
    if not reason.strip():
        raise Refused("Say why the two records are not one man.")
    if row.undone_at is not None:
        raise Refused("This merge was already undone.")
    later = select(Merge.id).where(
        Merge.id > row.id,
        Merge.undone_at.is_(None),
        or_(Merge.kept_id == row.kept_id, Merge.absorbed_id == row.kept_id),
    )
    if db.session.scalars(later).first() is not None:
        raise Refused("Another record was merged later. Undo that merge first.")


def _settle_numbers(
    kept: Person, absorbed: Person, right: Mapping[IdentifierKind, str], reason: str, by: int
) -> list[list[int]]:
    """Give the kept record the number chosen of each kind; the other stays with the absorbed."""
    exchanged: list[list[int]] = []
    before: dict[str, str] = {}
    for kind, (ours, theirs) in differing_numbers(kept, absorbed).items():
        label = FIELDS[Section.IDENTIFIERS][kind.value]
        if right.get(kind) not in (ours, theirs):
            raise Refused(f"The two records hold different numbers: choose the right {label}.")
        if right[kind] == theirs:
            one = next(row.id for row in kept.identifiers if row.kind is kind)
            two = next(row.id for row in absorbed.identifiers if row.kind is kind)
            _exchange(one, two)
            exchanged.append([one, two])
            before[kind.value] = words_of(kind.value, ours)
    if before:
        db.session.add(
            PersonChange(
                person_id=kept.id,
                by_id=by,
                section=Section.IDENTIFIERS.value,
                reason=reason.strip(),
                before=before,
            )
        )
    return exchanged


def _exchange(one: int, two: int) -> None:
    rows = [db.session.get(Identifier, key) for key in (one, two)]
    first, second = rows
    if first is not None and second is not None:
        first.value, second.value = second.value, first.value
        db.session.flush()


def _movable(table: Owned, kept: Person, absorbed: Person) -> list[int]:
    """The absorbed record's rows that the kept one has nothing in the place of."""
    rows: Sequence[Any] = db.session.scalars(
        select(table).where(table.person_id == absorbed.id)
    ).all()
    taken = {
        _place(row) for row in db.session.scalars(select(table).where(table.person_id == kept.id))
    }
    return [row.id for row in rows if _place(row) is None or _place(row) not in taken]


def _place(row: Any) -> object:
    """What a record may hold once; None where it may hold any number."""
    if isinstance(row, Identifier):
        return row.kind
    if isinstance(row, Demographic):
        return row.characteristic
    if isinstance(row, CommunicationNeed):
        return (row.list_name, row.code)
    return None


def _hand_over(table: Owned, ids: Sequence[int], from_id: int, to_id: int) -> None:
    db.session.flush()
    db.session.execute(
        update(table)
        .where(table.id.in_(ids), table.person_id == from_id)
        .values(person_id=to_id)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def _take_over(kept: Person, absorbed: Person) -> dict[str, list[str | None]]:
    """Dates that were missing, and of the answers about safe contact the more careful one."""
    taken: dict[str, list[str | None]] = {}
    for name in (*_FILLED, *_CAUTIOUS):
        ours, theirs = getattr(kept, name), getattr(absorbed, name)
        wanted = min(ours, theirs, key=_CAUTION.index) if name in _CAUTIOUS else ours or theirs
        if wanted != ours:
            taken[name] = [_as_text(ours), _as_text(wanted)]
            setattr(kept, name, wanted)
    return taken


def _as_text(value: date | Permission | None) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else value.value


def _from_text(name: str, text: str | None) -> date | Permission | None:
    if text is None:
        return None
    return Permission(text) if name in _CAUTIOUS else date.fromisoformat(text)


def _settle_keys(kept: Person, absorbed: Person) -> None:
    db.session.flush()
    db.session.expire_all()
    refresh_keys(kept)
    refresh_keys(absorbed)
