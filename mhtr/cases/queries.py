"""Finding cases, always through the viewer's scope."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import g
from sqlalchemy import ColumnElement, Select, Uuid, bindparam, literal, select, union_all
from sqlalchemy.orm import joinedload

from mhtr.cases.models import Case
from mhtr.core.access import EMERGENCY, READS_ON, Grant, Purpose, Viewer
from mhtr.core.database import HELD, db
from mhtr.core.errors import NotFound
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, purposes_granted, visible
from mhtr.core.transaction import once_a_page
from mhtr.people.models import Person
from mhtr.web.gate import by_emergency
from mhtr.web.reads import shows

# Made once: a page about one man begins with it, and making it takes longer than asking.
_FIND, _FIND_RECEIVED = (
    select(Case, Grant.purpose, Grant.because)
    .join(Grant, Grant.case_id == Case.id)
    .where(
        Case.ref == bindparam("ref", type_=Uuid()),
        purposes_granted(ANYBODY, Case.id, Case.restricted, received=received),
    )
    for received in (False, True)
)


def in_scope(viewer: Viewer, *purposes: Purpose) -> ColumnElement[bool]:
    """The condition that a `Case` in a query is the viewer's to see for one of the purposes."""
    return visible(viewer, Case.id, Case.restricted, *purposes)


def newest_in_scope(viewer: Viewer, *purposes: Purpose, limit: int) -> Select[Any]:
    """The ids of the newest cases of the viewer's scope; one granted twice may come twice.

    Each principal's grants are read in the order of their index: neither all cases nor all of
    a large team's have to be gone through.
    """
    branches = [
        select(Grant.case_id)
        .join(Case, Case.id == Grant.case_id)
        .where(
            Grant.principal_id == principal,
            Grant.purpose == purpose,
            purposes_granted(viewer, Case.id, Case.restricted),
        )
        .order_by(Grant.case_id.desc())
        .limit(limit)
        .subquery()
        for principal in (viewer.principal_id, *viewer.group_principal_ids)
        for purpose in sorted(viewer.purposes.intersection(purposes))
    ]
    if not branches:
        return select(literal(0))  # no case has the key 0
    return select(union_all(*(select(branch.c.case_id) for branch in branches)).subquery())


def find_case(viewer: Viewer, ref: uuid.UUID, *purposes: Purpose, received: bool = False) -> Case:
    """The case behind an address, if it is in the viewer's scope. Its reading is audited.

    `received`: the page shows a report as it was released, which whoever was sent it reads on
    when the case is not his any more. He then holds no purpose on it.

    Raises:
        NotFound: no such case, or not this viewer's: the two are never told apart.
    """
    statement = _FIND_RECEIVED if received else _FIND
    given = {"ref": ref, **asked_by(viewer, *Purpose)}

    def read() -> Sequence[Any]:
        return db.session.execute(statement, given).all()

    # Many pages look for their case again where they are put together.
    for_this_page = g.get("viewer") is viewer
    found = once_a_page(("case", viewer, ref, received), read) if for_this_page else read()
    held = frozenset(purpose for _, purpose, _ in found)
    if not held.intersection(purposes):
        raise NotFound
    case: Case = found[0][0]
    held = frozenset(purpose for _, purpose, because in found if because != READS_ON)
    db.session.info[HELD] = (viewer, case.id, held)
    if not any(purpose in purposes and because != EMERGENCY for _, purpose, because in found):
        by_emergency()
    shows("case", case.id, case_id=case.id)
    shows("person", case.person_id)
    return case


ONLY_NAMED = joinedload(Case.person).lazyload(Person.identifiers)
"""For a list of cases that names the men and shows no numbers of theirs: these stay unread."""
_STANDS = Prepared(
    select(Case.id).where(Case.id == bindparam("case"), visible(ANYBODY, Case.id, Case.restricted))
)


def stands(viewer: Viewer, case_id: int, *purposes: Purpose) -> bool:
    """Whether the viewer may see a case for one of these purposes without emergency access."""
    given = asked_by(replace(viewer, emergency=False), *purposes)
    return _STANDS.first({"case": case_id, **given}) is not None


def purposes_held(viewer: Viewer, case: Case) -> frozenset[Purpose]:
    """The purposes for which this viewer may see this case."""
    known = db.session.info.get(HELD)
    if known is not None and known[:2] == (viewer, case.id):
        held: frozenset[Purpose] = known[2]
        return held
    return frozenset(
        db.session.scalars(
            select(Grant.purpose)
            .join(Case, Case.id == Grant.case_id)
            .where(Case.id == case.id, purposes_granted(viewer, Case.id, Case.restricted))
        )
    )
