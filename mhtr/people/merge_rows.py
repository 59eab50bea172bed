"""The rows of one record that go over to another in a merge, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from mhtr.core.database import db
from mhtr.people.models import (
    Alias,
    Answered,
    CommunicationNeed,
    Demographic,
    Flag,
    Identifier,
    Person,
)

Owned = type[Alias] | type[Identifier] | type[Demographic] | type[CommunicationNeed] | type[Flag]
OWNED: dict[str, Owned] = {
    "aliases": Alias,
    "identifiers": Identifier,
    "demographics": Demographic,
    "communication_needs": CommunicationNeed,
    "flags": Flag,
}
"""Tables whose rows go over to the record that is kept."""


def exchange(one: int, two: int) -> None:
    """Give two identifiers each other's number."""
    rows = [db.session.get(Identifier, key) for key in (one, two)]
    first, second = rows
    if first is not None and second is not None:
        first.value, second.value = second.value, first.value
        db.session.flush()


def movable(table: Owned, kept: Person, absorbed: Person) -> list[int]:
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


def hand_over(table: Owned, ids: Sequence[int], from_id: int, to_id: int) -> None:
    """Put these rows under another record, those that are still under this one."""
    db.session.flush()
    db.session.execute(
        update(table)
        .where(table.id.in_(ids), table.person_id == from_id)
        .values(person_id=to_id)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def swap_unasked(kept: Person, absorbed: Person) -> list[dict[str, Any]]:
    """Equality questions that only the absorbed record has an answer to; listed for undo."""
    swapped: list[dict[str, Any]] = []
    theirs = {row.characteristic: row for row in absorbed.demographics}
    for row in kept.demographics:
        other = theirs.get(row.characteristic)
        if row.answered is Answered.NOT_ASKED and other and other.answered != row.answered:
            _swap_answers(row, other)
            now = [row.answered.value, row.code]
            swapped.append({"ours": row.id, "theirs": other.id, "now": now})
    return swapped


def _swap_answers(one: Demographic, two: Demographic) -> None:
    ours = (one.answered, one.code)
    one.answered, one.code = two.answered, two.code
    two.answered, two.code = ours


def swap_back(swapped: Sequence[Mapping[str, Any]]) -> None:
    """Undo `swap_unasked`, where nobody changed the answer since."""
    for pair in swapped:
        ours = db.session.get(Demographic, pair["ours"])
        theirs = db.session.get(Demographic, pair["theirs"])
        if ours and theirs and [ours.answered.value, ours.code] == pair["now"]:
            _swap_answers(ours, theirs)
