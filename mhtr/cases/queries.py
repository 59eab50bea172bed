"""Finding cases, always through the viewer's scope."""

import uuid

from sqlalchemy import ColumnElement, select

from mhtr.cases.models import Case
from mhtr.core.access import Purpose, Viewer, purposes_granted, visible
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.web.reads import shows


def in_scope(viewer: Viewer, *purposes: Purpose) -> ColumnElement[bool]:
    """The condition that a `Case` in a query is the viewer's to see for one of the purposes."""
    return visible(viewer, Case.id, Case.restricted, *purposes)


def find_case(viewer: Viewer, ref: uuid.UUID, *purposes: Purpose) -> Case:
    """The case behind an address, if it is in the viewer's scope. Its reading is audited.

    Raises:
        NotFound: no such case, or not this viewer's: the two are never told apart.
    """
    case = db.session.scalars(
        select(Case).where(Case.ref == ref, in_scope(viewer, *purposes))
    ).one_or_none()
    if case is None:
        raise NotFound
    shows("case", case.id, case_id=case.id)
    shows("person", case.person_id)
    return case


def purposes_held(viewer: Viewer, case: Case) -> frozenset[Purpose]:
    """The purposes for which this viewer may see this case."""
    return frozenset(
        db.session.scalars(
            purposes_granted(viewer, Case.id, Case.restricted).where(Case.id == case.id)
        )
    )
