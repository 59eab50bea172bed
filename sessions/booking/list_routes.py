"""Lists: who has no next appointment, times that became free, and groups still to come."""

from datetime import timedelta

from flask import render_template
from sqlalchemy import select

from mhtr.accounts.gate import current_viewer
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.reads import shows
from sessions.blueprint import bp
from sessions.booking.models import BookingState, TreatmentSession
from sessions.booking.queries import counts_in, place_of
from sessions.booking.routes import BOOKERS
from sessions.booking.told import where_each
from sessions.booking.waiting import free_times, waiting_rows, with_another
from sessions.therapies import THERAPY_WORDS

navigation.add_under(navigation.CALENDAR, 20, "To book", "sessions.not_booked", *BOOKERS)


@bp.get("/sessions/not-booked")
@only(*BOOKERS)
def not_booked() -> str:
    """Men with a course and nothing booked, in the order of need."""
    viewer = current_viewer()
    rows = waiting_rows(viewer)
    for row in rows:
        shows("case", row.case_id, case_id=row.case_id)
    again = with_another(viewer)
    for one in again:
        shows("session", one.booked.session_id, case_id=one.booked.case_id)
    return render_template(
        "sessions/not_booked.html", rows=rows, free=free_times(viewer, rows), again=again
    )


@bp.get("/sessions/groups")
@only(*BOOKERS)
def groups() -> str:
    """Sessions of groups of the trust that are still to come."""
    viewer = current_viewer()
    rows = db.session.scalars(
        select(TreatmentSession)
        .where(
            TreatmentSession.organisation_id == viewer.organisation_id,
            TreatmentSession.in_group,
            TreatmentSession.state == BookingState.BOOKED,
            TreatmentSession.starts_at > clock.now() - timedelta(days=1),
        )
        .order_by(TreatmentSession.starts_at, TreatmentSession.id)
        .limit(100)
    ).all()
    counts = counts_in([row.id for row in rows])
    wheres = where_each([place_of(row) for row in rows])
    shown = [(row, said, counts[row.id]) for row, said in zip(rows, wheres, strict=True)]
    return render_template("sessions/groups.html", rows=shown, therapies=THERAPY_WORDS)
