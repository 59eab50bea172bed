"""What a viewer may see, as conditions in a query: the only way to a case.

The conditions are written once. A query is made for one viewer, or once for all, with places for
the viewer (`ANYBODY`): making a statement takes longer than asking it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from mhtr.core import clock
from mhtr.core.access import EMERGENCY, READS_ON, Exclusion, Grant, Purpose, Viewer
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
    without: Any
    """A reason for a grant that does not count here; empty: every one counts."""


def _values(viewer: Viewer, purposes: Iterable[Purpose]) -> Asker:
    wanted = sorted(viewer.purposes.intersection(purposes))
    return Asker(
        wanted, viewer.principal_id, viewer.group_principal_ids, clock.now(), _not_counted(viewer)
    )


def _not_counted(viewer: Viewer) -> str:
    return "" if viewer.emergency else EMERGENCY


ANYBODY = Asker(
    bindparam("asker_purposes", expanding=True),
    bindparam("asker_principal"),
    bindparam("asker_groups", expanding=True),
    bindparam("asker_moment", type_=UtcDateTime()),
    bindparam("asker_without"),
)
"""For a statement that is made once and asked for many viewers (`asked_by` fills it)."""
ALSO = replace(ANYBODY, purposes=bindparam("asker_also", expanding=True))
"""The same for one purpose by itself: what a case of the viewer's scope is in it for."""


def asked_by(viewer: Viewer, *purposes: Purpose, also: Purpose | None = None) -> dict[str, object]:
    """The values of `ANYBODY` for a viewer, now, for those of these purposes his roles have.

    Whoever names no purpose asks for none, and sees nothing. `also` is the purpose of `ALSO`.
    """
    asker = _values(viewer, purposes)
    return {
        "asker_purposes": asker.purposes,
        "asker_also": [also] if also in viewer.purposes else [],
        "asker_principal": asker.principal,
        "asker_groups": asker.groups,
        "asker_moment": asker.moment,
        "asker_without": asker.without,
    }


def visible(
    asker: Viewer | Asker,
    case_id: CaseId,
    restricted: Restricted,
    *purposes: Purpose,
    lasting: bool = False,
    received: bool = False,
) -> ColumnElement[bool]:
    """The condition "this case is in the viewer's scope for one of these purposes".

    Args:
        asker: a viewer; or `ANYBODY`, and then `asked_by` names the purposes.
        case_id: the column holding the case's id in the query.
        restricted: the column saying that only grants by name count.
        purposes: the purposes the page serves; those the viewer's roles lack are ignored.
        received: a report that somebody was sent, of a case that is not his any more, counts too.
        lasting: only grants without an end count: no emergency access, no time for a handover.
    """
    if isinstance(asker, Viewer):
        if not asker.purposes.intersection(purposes):
            return false()  # else the database would look for grants of no purpose, row by row
        asker = _values(asker, purposes)
    grants = select(Grant.id).where(_granted(asker, case_id, restricted, received))
    granted = exists(grants.where(Grant.ends_at.is_(None)) if lasting else grants)
    return and_(granted, ~_excluded(asker, case_id))


def has_only(viewer: Viewer, purpose: Purpose) -> bool:
    """Whether every case of the viewer's scope is in it for this purpose: no need to ask `ALSO`.

    A role says what somebody may act for, never what this one case is his for: who is a
    clinician and something else besides has cases that are not his as a clinician.
    """
    return viewer.purposes == {purpose}


def purposes_granted(
    asker: Viewer | Asker, case_id: CaseId, restricted: Restricted, *, received: bool = False
) -> ColumnElement[bool]:
    """The condition on `Grant`, joined to a case, that it opens the case to the asker.

    The conditions are those of `visible`: the purposes of all such grants are what he may see
    the case for.
    """
    if isinstance(asker, Viewer):
        asker = _values(asker, asker.purposes)
    return and_(_granted(asker, case_id, restricted, received), ~_excluded(asker, case_id))


def _granted(
    asker: Asker, case_id: CaseId, restricted: Restricted, received: bool
) -> ColumnElement[bool]:
    return and_(
        true() if received else Grant.because != READS_ON,
        Grant.case_id == case_id,
        Grant.purpose.in_(asker.purposes),
        Grant.because != asker.without,
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
