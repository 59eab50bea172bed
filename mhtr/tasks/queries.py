"""Reading tasks and leave of one member of staff."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from mhtr.accounts.models import Staff
from mhtr.core.access import Exclusion, Viewer
from mhtr.core.database import UtcDateTime, db
from mhtr.core.prepared import Prepared
from mhtr.tasks.models import DutyShift, Leave, Task


def principals(viewer: Viewer) -> tuple[int, ...]:
    """Whose tasks and notices are his: his own, then those of his teams and organisation."""
    return (viewer.principal_id, *viewer.group_principal_ids)


def task_by_ref(ref: uuid.UUID) -> Task | None:
    """The task behind an address. The caller checks that the viewer may see it."""
    return db.session.scalars(select(Task).where(Task.ref == ref)).one_or_none()


def next_leave(staff_id: int, today: date) -> Leave | None:
    """His present or next leave."""
    return db.session.scalars(
        select(Leave)
        .where(Leave.staff_id == staff_id, Leave.last_day >= today)
        .order_by(Leave.first_day, Leave.id)
        .limit(1)
    ).first()


def leave_on(day: date) -> ColumnElement[bool]:
    """The condition on `Leave` that it holds a day, in a statement."""
    return and_(Leave.first_day <= day, Leave.last_day >= day)


def on_leave(day: date) -> frozenset[int]:
    """The staff who are on leave on a day."""
    return frozenset(db.session.scalars(select(Leave.staff_id).where(leave_on(day))))


def away_colleagues(viewer: Viewer, today: date) -> list[int]:
    """Principals of those of his organisation who are on leave on a day, himself left out."""
    given = {"organisation": viewer.organisation_id, "me": viewer.staff_id, "today": today}
    return list(_AWAY.values(given))


_AWAY = Prepared(
    select(Staff.principal_id)
    .join(Leave, Leave.staff_id == Staff.id)
    .where(
        Staff.organisation_id == bindparam("organisation"),
        Staff.id != bindparam("me"),
        Leave.first_day <= bindparam("today", type_=Date()),
        Leave.last_day >= bindparam("today", type_=Date()),
    )
    .distinct()
    .order_by(Staff.principal_id)
)


def on_duty(staff_id: int, day: date) -> bool:
    """Whether he is duty clinician of the trust he works for on a day."""
    shift = (
        select(DutyShift.id)
        .join(Staff, Staff.id == DutyShift.staff_id)
        .where(
            DutyShift.organisation_id == Staff.organisation_id,
            DutyShift.day == day,
            DutyShift.staff_id == staff_id,
        )
    )
    return db.session.scalars(shift).first() is not None


def shut_out(
    case_id: int | None | InstrumentedAttribute[int] | BindParameter[int],
    moment: datetime | BindParameter[datetime],
) -> Select[int]:
    """The staff who must not see a case, for a statement; `case_id` may be a column of it."""
    return (
        select(Staff.id)
        .join(Exclusion, Exclusion.principal_id == Staff.principal_id)
        .where(
            Exclusion.case_id == case_id,
            Exclusion.starts_at <= moment,
            or_(Exclusion.ends_at.is_(None), Exclusion.ends_at > moment),
        )
    )


def excluded_staff(case_id: int | None, moment: datetime) -> frozenset[int]:
    """Who must not see a case, whatever grants say: nothing of it is ever passed on to them."""
    asked = {"case": case_id, "moment": moment}
    return frozenset(_SHUT_OUT.values(asked))


_SHUT_OUT = Prepared(
    shut_out(bindparam("case", type_=Integer()), bindparam("moment", type_=UtcDateTime()))
)
"""Made once: every step of every case asks it."""
