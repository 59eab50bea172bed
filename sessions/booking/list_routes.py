"""Who has no next appointment, the one who needs one most first; and times that became free."""

from flask import render_template

from mhtr.accounts.gate import current_viewer
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.reads import shows
from sessions.blueprint import bp
from sessions.booking.routes import BOOKERS
from sessions.booking.waiting import free_times, waiting_rows

navigation.add_under(navigation.CALENDAR, 20, "To book", "sessions.not_booked", *BOOKERS)


@bp.get("/sessions/not-booked")
@only(*BOOKERS)
def not_booked() -> str:
    """Men with a course and nothing booked, in the order of need."""
    viewer = current_viewer()
    rows = waiting_rows(viewer)
    for row in rows:
        shows("case", row.case.id, case_id=row.case.id)
    return render_template("sessions/not_booked.html", rows=rows, free=free_times(viewer, rows))
