"""Reading links between records of two trusts, and what was proposed about them."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, or_, select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff, Team
from mhtr.cases.identity_queries import judged
from mhtr.cases.models import Case, IdentityProposal, PersonLink
from mhtr.core import clock
from mhtr.core.access import Grant, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import remembered
from mhtr.people import listeners as people_listeners
from mhtr.people.models import IdentityQuestion, Person
from mhtr.people.queries import live_id, live_ids, record_ids

# Made once: every page about a man asks it.
_LINKS = Prepared(
    select(PersonLink.one_id, PersonLink.two_id).where(
        PersonLink.undone_at.is_(None),
        or_(
            PersonLink.one_id.in_(bindparam("ids", expanding=True)),
            PersonLink.two_id.in_(bindparam("ids", expanding=True)),
        ),
    )
)


@dataclass(frozen=True)
class Linked:
    """A record of another trust that is of the same man, as a person page names it."""

    ref: uuid.UUID
    trusts: tuple[str, ...]
    at: datetime
    by: tuple[str, str]
    mergeable: bool = False
    """One trust has both records by now."""


def linked_ids(person_id: int, ids: Iterable[int] | None = None) -> frozenset[int]:
    """Live records of other trusts that were found to be of this man.

    Args:
        ids: `record_ids` of the man, where the caller has them.
    """
    own = set(ids if ids is not None else record_ids(person_id))
    rows = remembered(
        ("links", frozenset(own)),
        PersonLink,
        lambda: _LINKS.all({"ids": own}),
    )
    others = {end for row in rows for end in row if end not in own}
    return frozenset(live_ids(others).values()) - own if others else frozenset()


def _linked_to(ids: Collection[int]) -> frozenset[int]:
    return linked_ids(min(ids), ids) if ids else frozenset()


people_listeners.elsewhere.append(_linked_to)


def linked_for(viewer: Viewer, person_id: int, ids: Iterable[int] | None = None) -> frozenset[int]:
    """Those of `linked_ids` of which this viewer may be shown anything.

    What a link shows follows the restriction of the record it comes from: nothing to whoever is
    not named on it, whenever it was restricted, and all of it again once that is lifted.
    """
    others = linked_ids(person_id, ids)
    return others - _closed_to(viewer, others)


def _closed_to(viewer: Viewer, person_ids: Collection[int]) -> set[int]:
    held = judged(viewer, person_ids) if person_ids else {}
    return {person_id for person_id, one in held.items() if one.barred}


def links_of(viewer: Viewer, person_id: int) -> list[Linked]:
    """The links of a record that stand and that this viewer may know of, the oldest first."""
    own = set(record_ids(person_id))
    rows = db.session.scalars(
        select(PersonLink)
        .where(
            PersonLink.undone_at.is_(None),
            PersonLink.merge_id.is_(None),
            or_(PersonLink.one_id.in_(own), PersonLink.two_id.in_(own)),
        )
        .order_by(PersonLink.id)
    ).all()
    ends = {row.id: live_id(_other(row, own)) for row in rows}
    closed = _closed_to(viewer, ends.values())
    return [
        Linked(
            row.ref,
            tuple(trust.name for trust in trusts_of(ends[row.id])),
            row.created_at,
            (_name(row.proposed_by), _name(row.confirmed_by)),
            in_one_trust(row.one_id, row.two_id),
        )
        for row in rows
        if ends[row.id] not in closed
    ]


def _other(link: PersonLink, own: set[int]) -> int:
    return link.two_id if link.one_id in own else link.one_id


def _name(staff_id: int) -> str:
    return db.session.get_one(Staff, staff_id).name


def trusts_of(*person_ids: int) -> list[Organisation]:
    """The trusts that have a case of these records for good, by grant to them or their staff."""
    return _trusts(Case.person_id.in_(person_ids))


def trusts_of_case(case_id: int) -> list[Organisation]:
    """The trusts that have a case for good."""
    return _trusts(Case.id == case_id)


def held_by(trust_id: int, person_ids: Collection[int]) -> dict[int, int]:
    """Of these records those that a trust has for good, by itself or linked to one that it has.

    Returns the record the trust has for each. One without a case is anybody's. What was given to a
    member of its staff alone is not the trust's.
    """
    linked = {person_id: sorted({person_id, *linked_ids(person_id)}) for person_id in person_ids}
    every = {end for ends in linked.values() for end in ends}
    theirs = select(Organisation.principal_id).where(Organisation.id == trust_id)
    teams = select(Team.principal_id).where(Team.organisation_id == trust_id)
    holds = (
        select(Grant.id)
        .join(Case, Case.id == Grant.case_id)
        .where(
            Case.person_id == Person.id,
            Grant.principal_id.in_(theirs.union(teams)),
            *_for_good(),
        )
        .exists()
    )
    bare = ~select(Case.id).where(Case.person_id == Person.id).exists()
    query = select(Person.id).where(Person.id.in_(every), or_(holds, bare))
    held = set(db.session.scalars(query)) if every else set()
    return {
        person_id: person_id if person_id in held else next(end for end in ends if end in held)
        for person_id, ends in linked.items()
        if held.intersection(ends)
    }


def _for_good() -> tuple[ColumnElement[bool], ...]:
    return (
        Grant.purpose.in_((Purpose.CLINICAL, Purpose.ADMINISTRATION)),
        Grant.starts_at <= clock.now(),
        Grant.ends_at.is_(None),
    )


def in_one_trust(one_id: int, two_id: int) -> bool:
    """Whether one trust alone has both records by now: a case of his has moved there.

    Then a second person of that trust confirms, since nobody of another one can.
    """
    ones, twos = ({trust.id for trust in trusts_of(live_id(end))} for end in (one_id, two_id))
    return len(ones) == 1 and ones == twos


def _trusts(of_case: ColumnElement[bool]) -> list[Organisation]:
    holding = (
        select(Grant.principal_id).join(Case, Case.id == Grant.case_id).where(of_case, *_for_good())
    )
    theirs = select(Staff.organisation_id).where(
        Staff.principal_id.in_(holding), Staff.disabled_at.is_(None)
    )
    return list(
        db.session.scalars(
            select(Organisation)
            .where(
                Organisation.kind == OrganisationKind.TREATING_TRUST,
                or_(Organisation.principal_id.in_(holding), Organisation.id.in_(theirs)),
            )
            .order_by(Organisation.id)
        )
    )


def open_proposal(
    *, question_id: int | None = None, link_id: int | None = None
) -> IdentityProposal | None:
    """What was proposed about a question or a link and waits for the other side."""
    found = select(IdentityProposal).where(IdentityProposal.settled_at.is_(None))
    if question_id is None:
        found = found.where(IdentityProposal.link_id == link_id)
    else:
        # A question that was withdrawn and asked anew begins without what was said before.
        found = found.join(
            IdentityQuestion, IdentityQuestion.id == IdentityProposal.question_id
        ).where(
            IdentityQuestion.id == question_id,
            IdentityProposal.created_at >= IdentityQuestion.created_at,
        )
    return db.session.scalars(found.order_by(IdentityProposal.id)).first()
