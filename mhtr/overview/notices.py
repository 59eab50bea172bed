"""What a member of staff was told: his own notices, and his teams' about cases in his scope."""

import uuid
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, bindparam, or_, select, union_all

from mhtr.cases.models import Case
from mhtr.core.access import PROBATION_ROLES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.people.models import Identifier, IdentifierKind, Person
from mhtr.tasks.models import Notice

# A notice of his own outlives his access to the man: the man is named to those who may see him.
_SEEN_CASE = and_(
    Case.id == Notice.case_id, visible(ANYBODY, Case.id, Case.restricted, received=True)
)

_OWN = Notice.principal_id == ANYBODY.principal
_NEWEST_FIRST = (Notice.created_at.desc(), Notice.id.desc())


def unread(viewer: Viewer, *, limit: int) -> Sequence[Any]:
    """What nobody has marked as read, newest first, with the man where the viewer may see him.

    Probation is given his CRN.
    """
    given = {**_asker(viewer), "limit": limit}
    return _unread(viewer.has(*PROBATION_ROLES)).all(given)


def find(viewer: Viewer, ref: uuid.UUID) -> Notice | None:
    """One of the notices he may read."""
    return db.session.scalars(
        select(Notice).outerjoin(Case, _SEEN_CASE).where(Notice.ref == ref, _his()),
        _asker(viewer),
    ).one_or_none()


@cache
def _unread(with_crn: bool) -> Prepared:
    query: Any = (
        select(
            Notice.ref,
            Notice.text,
            Notice.created_at,
            Notice.endpoint,
            Notice.subject_ref,
            Case.id.label("case_id"),
            Case.ref.label("case_ref"),
            Person.id.label("person_id"),
            Person.given_name,
            Person.family_name,
            Person.born,
        )
        .select_from(Notice)
        .outerjoin(Case, _SEEN_CASE)
        .outerjoin(Person, Person.id == Case.person_id)
        .where(Notice.id.in_(union_all(*(select(each.c.id) for each in _newest()))))
        .order_by(*_NEWEST_FIRST)
        .limit(bindparam("limit"))
    )
    if not with_crn:
        return Prepared(query)
    crn = and_(Identifier.person_id == Person.id, Identifier.kind == IdentifierKind.CRN)
    return Prepared(query.add_columns(Identifier.value.label("crn")).outerjoin(Identifier, crn))


def _newest() -> Iterator[Subquery]:
    """The newest of each way in which a notice is his: of his own no others are looked at."""
    for way in _ways():
        query = select(Notice.id).where(way, Notice.read_at.is_(None))
        if way is not _OWN:
            query = query.outerjoin(Case, _SEEN_CASE)
        yield query.order_by(*_NEWEST_FIRST).limit(bindparam("limit")).subquery()


def _his() -> ColumnElement[bool]:
    return or_(*_ways())


def _ways() -> tuple[ColumnElement[bool], ...]:
    # A whole trust is told of a case; those of it who may not see the case are not.
    of_case = and_(Notice.principal_id.in_(ANYBODY.groups), Case.id.is_not(None))
    # News without a case is for those whose role works with cases: one reads it for all of them.
    working: Any = bindparam("working", expanding=True)
    caseless = and_(Notice.principal_id.in_(working), Notice.case_id.is_(None))
    return _OWN, of_case, caseless


def _asker(viewer: Viewer) -> dict[str, object]:
    working = viewer.group_principal_ids if viewer.purposes else ()
    return {**asked_by(viewer, *Purpose), "working": working}
