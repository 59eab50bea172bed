"""Who could see a case a short while ago. Never a way to a record: see `access.visible`."""

from datetime import datetime

from sqlalchemy import or_, select

from mhtr.cases.models import Restriction
from mhtr.core import clock
from mhtr.core.access import Exclusion, Grant, Purpose, Viewer
from mhtr.core.database import db


def had_access(viewer: Viewer, case_id: int, purpose: Purpose, *, since: datetime) -> bool:
    """Whether he could see a case for a purpose at some moment from `since` until now.

    It only says whether what he typed may be about that case. Grants that ended, exclusions and
    restrictions made in between do not count against him; those that stood before do.
    """
    moment = clock.now()
    held = select(Grant.id).where(
        Grant.case_id == case_id,
        Grant.purpose == purpose,
        Grant.principal_id.in_((viewer.principal_id, *viewer.group_principal_ids)),
        Grant.starts_at <= moment,
        or_(Grant.ends_at.is_(None), Grant.ends_at > since),
    )
    shut_out = select(Exclusion.id).where(
        Exclusion.case_id == case_id,
        Exclusion.principal_id == viewer.principal_id,
        Exclusion.starts_at <= since,
        or_(Exclusion.ends_at.is_(None), Exclusion.ends_at > moment),
    )
    restricted = select(Restriction.id).where(
        Restriction.case_id == case_id,
        Restriction.created_at <= since,
        or_(Restriction.lifted_at.is_(None), Restriction.lifted_at > moment),
    )
    if purpose not in viewer.purposes or db.session.scalars(shut_out).first() is not None:
        return False
    if db.session.scalars(restricted).first() is not None:
        held = held.where(Grant.by_name)
    return db.session.scalars(held).first() is not None
