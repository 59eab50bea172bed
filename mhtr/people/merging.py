"""Two records of one man become one, and two again: every moved row is listed.

Rows that only ever grow (consent, history) stay where they are and are read through
`queries.record_ids`. The cases above move with `mhtr.cases.identity`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.people.merge_parts import Taken, put_back, take_over
from mhtr.people.merge_rows import (
    OWNED,
    exchange,
    hand_over,
    movable,
    swap_back,
    swap_unasked,
)
from mhtr.people.models import (
    Flag,
    FlagQuestion,
    IdentifierKind,
    Merge,
    Person,
    PersonChange,
)
from mhtr.people.same_man import records_of_man
from mhtr.people.sections import FIELDS, Section
from mhtr.people.service import lock_person, refresh_keys
from mhtr.people.values import values_of, words, words_of

STAYING = frozenset(
    {
        "consent_events.person_id",
        "flag_questions.person_id",
        "flags.other_person_id",
        "identity_proposals.name_of_id",
        "identity_proposals.side_id",
        "identity_questions.other_id",
        "identity_questions.person_id",
        "match_keys.person_id",
        "merges.absorbed_id",
        "merges.kept_id",
        "people.merged_into_id",
        "person_changes.person_id",
        "person_links.one_id",
        "person_links.two_id",
        "told_events.person_id",
    }
)
"""Columns that go on pointing to the absorbed record, and are read through it."""


def merge(
    *,
    kept_id: int,
    absorbed_id: int,
    right: Mapping[IdentifierKind, str],
    chosen: Mapping[str, int],
    moved_above: Mapping[str, Sequence[int]],
    reason: str,
    by: int,
) -> Merge:
    """Put the absorbed record's rows under the kept one.

    Args:
        right: for each kind of identifier on which the two differ, the number that is his.
        chosen: for each part on which they differ (`merge_parts`), the record that is right.
        moved_above: ids that the caller moves, by table, to be listed with the rest.

    Raises:
        Refused: no reason; something that differs was not chosen; one of them is merged already;
            a warning says that the two must not meet.
    """
    must_be_writing()
    kept, absorbed = _two_live(kept_id, absorbed_id)
    _may_be_one(kept, absorbed, reason)
    moved: dict[str, Any] = {name: list(ids) for name, ids in moved_above.items()}
    moved["exchanged"] = _settle_numbers(kept, absorbed, right, reason, by)
    moved["equality"] = swap_unasked(kept, absorbed)
    for name, table in OWNED.items():
        moved[name] = movable(table, kept, absorbed)
        hand_over(table, moved[name], absorbed_id, kept_id)
    moved["taken"] = _take_over(kept, absorbed, chosen, reason, by)
    absorbed.merged_into_id = kept_id
    kept.version += 1
    absorbed.version += 1
    ends = {"kept_id": kept_id, "absorbed_id": absorbed_id}
    row = Merge(**ends, by_id=by, reason=reason.strip(), moved=moved)
    db.session.add(row)
    _settle_keys(kept, absorbed)
    audit.record("people.merged", by=by, merge=row.id, kept=kept_id, absorbed=absorbed_id)
    return row


def ends_of(merge_id: int) -> tuple[int, int]:
    """The record that was kept and the one that was absorbed.

    Raises:
        NotFound: there is no such merge.
    """
    row = db.session.get(Merge, merge_id)
    if row is None:
        raise NotFound
    return row.kept_id, row.absorbed_id


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
        hand_over(table, row.moved[name], row.kept_id, row.absorbed_id)
    for one, two in row.moved["exchanged"]:
        exchange(one, two)
    swap_back(row.moved.get("equality", []))
    kept = db.session.get_one(Person, row.kept_id)
    absorbed = db.session.get_one(Person, row.absorbed_id)
    put_back(kept, row.moved["taken"])
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


def _may_be_one(kept: Person, absorbed: Person, reason: str) -> None:
    if not reason.strip():
        raise Refused("Say how you know that the two records are one man.")
    must_not_be_kept_apart(kept.id, absorbed.id)


def must_not_be_kept_apart(one: int, two: int) -> None:
    """Refuse what makes two men one of whom a warning says that they must not meet.

    A warning that names a record merged since is about the man who is kept, and one on a record of
    his in another trust, or that names it, is about him.
    """
    pair = sorted(records_of_man(one) | records_of_man(two))
    asked = (
        select(FlagQuestion.id)
        .join(Flag, Flag.id == FlagQuestion.flag_id)
        .where(
            FlagQuestion.person_id.in_(pair),
            Flag.person_id.in_(pair),
            FlagQuestion.answered_at.is_(None),
        )
    )
    if db.session.scalars(asked).first() is not None:
        raise Refused(
            "A warning may mean that these two must not meet. It has to be answered first."
        )
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
            exchange(one, two)
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


def _take_over(
    kept: Person, absorbed: Person, chosen: Mapping[str, int], reason: str, by: int
) -> Taken:
    """Parts of the record, with what they said before in its history."""
    held = {section: words(values_of(kept, section)) for section in Section}
    taken = take_over(kept, absorbed, chosen)
    for section in Section:
        before = {name: held[section][name] for name in taken if name in FIELDS[section]}
        if before:
            db.session.add(
                PersonChange(
                    person_id=kept.id,
                    by_id=by,
                    section=section.value,
                    reason=f"Two records became one: {reason.strip()}",
                    before=before,
                )
            )
    return taken


def _settle_keys(kept: Person, absorbed: Person) -> None:
    db.session.flush()
    db.session.expire_all()
    refresh_keys(kept)
    refresh_keys(absorbed)
