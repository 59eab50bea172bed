"""What a viewer may see, as conditions in a query: the only way to a case.

The conditions are written once. A query of a list is made for one viewer (`visible`); a statement
that every page begins with is made once for all, with places for the viewer (`ANYBODY`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from mhtr.core import clock
from mhtr.core.access import Exclusion, Grant, Purpose, Viewer
from mhtr.core.database import UtcDateTime

CaseId = InstrumentedAttribute[int] | ColumnElement[int]
Restricted = InstrumentedAttribute[bool] | ColumnElement[bool]


@dataclass(frozen=True)
class Asker:
    """Whose grants count in a statement: the values of one viewer, or the places for them."""

    purposes: Any
    principal: Any
    groups: Any
    moment: Any


def _values(viewer: Viewer, purposes: Iterable[Purpose]) -> Asker:
    wanted = sorted(viewer.purposes.intersection(purposes))
    return Asker(wanted, viewer.principal_id, viewer.group_principal_ids, clock.now())


ANYBODY = Asker(
    bindparam("asker_purposes", expanding=True),
    bindparam("asker_principal"),
    bindparam("asker_groups", expanding=True),
    bindparam("asker_moment", type_=UtcDateTime()),
)
"""For a statement that is made once and asked for many viewers (`asked_by` fills it)."""


def asked_by(viewer: Viewer) -> dict[str, object]:
    """The values of `ANYBODY` for a viewer, now, for every purpose of his roles."""
    asker = _values(viewer, viewer.purposes)
    return {
        "asker_purposes": asker.purposes,
        "asker_principal": asker.principal,
        "asker_groups": asker.groups,
        "asker_moment": asker.moment,
    }


def visible(
    viewer: Viewer, case_id: CaseId, restricted: Restricted, *purposes: Purpose
) -> ColumnElement[bool]:
    """The condition "this case is in the viewer's scope for one of these purposes".

    Args:
        case_id: the column holding the case's id in the query.
        restricted: the column saying that only grants by name count.
        purposes: the purposes the page serves; those the viewer's roles lack are ignored.
    """
    if not viewer.purposes.intersection(purposes):
        return false()  # else the database would look for grants of no purpose, row by row
    asker = _values(viewer, purposes)
    granted = exists(select(Grant.id).where(_granted(asker, case_id, restricted)))
    return and_(granted, ~_excluded(asker, case_id))


def visible_also(
    viewer: Viewer, case_id: CaseId, restricted: Restricted, purpose: Purpose
) -> ColumnElement[bool]:
    """The condition that a case of the viewer's scope is in it for this purpose.

    A role says what somebody may act for, never what this one case is his for: who is a
    clinician and something else besides has cases that are not his as a clinician. The database
    is asked for those only.
    """
    if viewer.purposes == {purpose}:
        return true()
    return visible(viewer, case_id, restricted, purpose)


def purposes_granted(
    asker: Viewer | Asker, case_id: CaseId, restricted: Restricted
) -> ColumnElement[bool]:
    """The condition on `Grant`, joined to a case, that it opens the case to the asker.

    The conditions are those of `visible`: the purposes of all such grants are what he may see
    the case for.
    """
    if isinstance(asker, Viewer):
        asker = _values(asker, asker.purposes)
    return and_(_granted(asker, case_id, restricted), ~_excluded(asker, case_id))


def _granted(asker: Asker, case_id: CaseId, restricted: Restricted) -> ColumnElement[bool]:
    return and_(
        Grant.case_id == case_id,
        Grant.purpose.in_(asker.purposes),
        or_(
            Grant.principal_id == asker.principal,
            and_(Grant.principal_id.in_(asker.groups), ~restricted),
        ),
        Grant.starts_at <= asker.moment,
        or_(Grant.ends_at.is_(None), Grant.ends_at > asker.moment),
    )


def _excluded(asker: Asker, case_id: CaseId) -> ColumnElement[bool]:
    return exists(
        select(Exclusion.id).where(
            Exclusion.case_id == case_id,
            Exclusion.principal_id == asker.principal,
            Exclusion.starts_at <= asker.moment,
            or_(Exclusion.ends_at.is_(None), Exclusion.ends_at > asker.moment),
        )
    )
