"""The only writer of leave.

Leave is asked what it would break: days ahead that lose their duty clinician, open risk tasks of
whoever goes, and what features above know of. It is refused then unless it is accepted knowingly.
"""

from dataclasses import replace
from datetime import date, timedelta

from mhtr.accounts.models import Staff
from mhtr.core import audit, clock
from mhtr.core.access import CLINICAL_ROLES
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import listeners, rehoming, rota_queries
from mhtr.tasks.cover_rules import Away, Cover
from mhtr.tasks.models import Leave
from mhtr.tasks.rota_keeping import must_not_break, must_run_leave

LONGEST_LEAVE = timedelta(days=366)


def plan_leave(
    *,
    staff_id: int,
    first: date,
    last: date,
    cover_staff_id: int | None,
    by: int,
    accept: bool = False,
) -> Leave:
    """Record that somebody is away, and who covers. One's own, or others' by who runs leave.

    From the first day on his open signs of risk are somebody else's: at once if it has come.

    Raises:
        Refused: the dates, the cover or the person asking do not fit.
        WouldBreak: days lose their duty clinician, he has open risk tasks without cover, or
            sessions are booked with him.
    """
    staff = _own_or_kept(staff_id, by)
    today = clock.today()
    if not first <= last:
        raise Refused("The last day must not lie before the first.")
    if last < today or last - first > LONGEST_LEAVE:
        raise Refused("Leave ends today or later and lasts a year at most.")
    known = rota_queries.leaves(staff.organisation_id, first, staff_id=staff_id)
    if any(row.first_day <= last for row in known):
        raise Refused("There is leave on some of these days already.")
    if cover_staff_id is not None:
        _must_be_able_to_cover(staff, cover_staff_id, first, last)
    cover = rota_queries.cover_ahead(staff.organisation_id)
    away = Away(staff_id, first, last, cover_staff_id)
    _must_not_break(staff, cover, away, accept)
    made = Leave(staff_id=staff_id, first_day=first, last_day=last, cover_staff_id=cover_staff_id)
    db.session.add(made)
    db.session.flush()
    audit.record("rota.leave_planned", by=by, staff=staff_id, leave=made.id)
    if first <= today:
        rehoming.rehome(staff_id, by=by, risk_only=True)
    _changed(staff_id, by)
    return made


def cancel_leave(leave_id: int, *, by: int) -> None:
    """Take leave back: he is there after all."""
    must_be_writing()
    row = db.session.get(Leave, leave_id)
    if row is None:
        raise NotFound
    _own_or_kept(row.staff_id, by)
    audit.record("rota.leave_cancelled", by=by, staff=row.staff_id, leave=row.id)
    staff_id = row.staff_id
    db.session.delete(row)
    db.session.flush()
    _changed(staff_id, by)


def _must_not_break(staff: Staff, cover: Cover, away: Away, accept: bool) -> None:
    tasks = 0 if away.cover_id else rota_queries.open_risk_tasks(staff.id)
    more = listeners.broken_by(staff.organisation_id, staff.id, away.first, away.last)
    must_not_break(cover, replace(cover, away=(*cover.away, away)), accept, tasks, more)


def _changed(staff_id: int, by: int) -> None:
    for listener in listeners.leave_changed:
        listener(staff_id, by)


def _own_or_kept(staff_id: int, by: int) -> Staff:
    must_be_writing()
    staff = db.session.get(Staff, staff_id)
    if staff is None:
        raise NotFound
    if staff_id != by:
        must_run_leave(staff.organisation_id, by)
    return staff


def _must_be_able_to_cover(staff: Staff, cover_id: int, first: date, last: date) -> None:
    clinical = bool(CLINICAL_ROLES & {row.role for row in staff.roles})
    choices = rota_queries.clinicians if clinical else rota_queries.colleagues
    if cover_id == staff.id or cover_id not in {c.id for c in choices(staff.organisation_id)}:
        raise Refused("Cover must be a colleague who can do the same work.")
    away = rota_queries.leaves(staff.organisation_id, first, staff_id=cover_id)
    if any(row.first_day <= last for row in away):
        raise Refused("Whoever covers is away on some of these days too.")
