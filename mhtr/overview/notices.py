"""What a member of staff was told: his own notices, and his teams' about cases in his scope."""

import uuid

from sqlalchemy import ColumnElement, and_, or_, select

from mhtr.cases.models import Case
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.scope import visible
from mhtr.tasks.models import Notice


def unread(viewer: Viewer, *, limit: int) -> list[Notice]:
    """What nobody has marked as read, newest first."""
    return list(
        db.session.scalars(
            select(Notice)
            .outerjoin(Case, Case.id == Notice.case_id)
            .where(_his(viewer), Notice.read_at.is_(None))
            .order_by(Notice.created_at.desc(), Notice.id.desc())
            .limit(limit)
        )
    )


def find(viewer: Viewer, ref: uuid.UUID) -> Notice | None:
    """One of the notices he may read."""
    return db.session.scalars(
        select(Notice)
        .outerjoin(Case, Case.id == Notice.case_id)
        .where(Notice.ref == ref, _his(viewer))
    ).one_or_none()


def _his(viewer: Viewer) -> ColumnElement[bool]:
    # A whole trust is told of a case; those of it who may not see the case are not.
    seen = or_(Notice.case_id.is_(None), visible(viewer, Case.id, Case.restricted, *Purpose))
    team = and_(Notice.principal_id.in_(viewer.group_principal_ids), seen)
    return or_(Notice.principal_id == viewer.principal_id, team)
