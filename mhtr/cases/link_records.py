"""The records of several men: those merged into theirs, and those linked to them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, or_, select

from mhtr.cases.models import PersonLink
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.people.models import Person
from mhtr.people.queries import live_ids

_LONGEST_CHAIN = 20
_IDS: Any = bindparam("ids", expanding=True)
_LINKED = Prepared(
    select(PersonLink.one_id, PersonLink.two_id).where(
        PersonLink.undone_at.is_(None),
        or_(PersonLink.one_id.in_(_IDS), PersonLink.two_id.in_(_IDS)),
    )
)


class Records:
    """The records of several men: each with those merged into it and those linked to it."""

    def __init__(self, own: Mapping[int, set[int]], linked: Mapping[int, frozenset[int]]) -> None:
        self.own = own
        self.linked = dict(linked)

    def all_of(self, person_id: int) -> set[int]:
        """Every record that is his."""
        return self.own[person_id] | self.linked[person_id]


def records_of_each(person_ids: set[int]) -> Records:
    """The records of each of these men, with as many questions as for one."""
    own = {one: {one} for one in person_ids}
    owner = {one: one for one in person_ids}
    fresh = set(person_ids)
    for _ in range(_LONGEST_CHAIN):
        rows = db.session.execute(
            select(Person.id, Person.merged_into_id).where(Person.merged_into_id.in_(fresh))
        ).all()
        fresh = set()
        for key, into in rows:
            if into is not None and key not in owner:
                owner[key] = owner[into]
                own[owner[into]].add(key)
                fresh.add(key)
        if not fresh:
            break
    ends: dict[int, set[int]] = defaultdict(set)
    for one, two in linked_pairs(set(owner)):
        for end, other in ((one, two), (two, one)):
            if end in owner and other not in own[owner[end]]:
                ends[owner[end]].add(other)
    live = live_ids({end for found in ends.values() for end in found})
    linked = {one: frozenset({live[end] for end in ends[one]}) - own[one] for one in person_ids}
    return Records(own, linked)


def linked_pairs(ids: Collection[int]) -> list[tuple[int, int]]:
    """Records linked with one of these."""
    rows: list[Any] = _LINKED.all({"ids": ids}) if ids else []
    return [(one, two) for one, two in rows]
