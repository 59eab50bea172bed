"""Today: what needs me now."""

import uuid

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Role, Viewer
from mhtr.core.errors import NotFound
from mhtr.overview import notices
from mhtr.overview.links import page_href
from mhtr.overview.programme import counts_for
from mhtr.overview.today import Day, blocks_of, coming_next
from mhtr.overview.worklists import lists_for
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.models import Notice
from mhtr.web import navigation
from mhtr.web.gate import public, signed_in
from mhtr.web.submission import saving

bp = Blueprint("overview", __name__)

navigation.add_main(0, "Today", "overview.today")
navigation.add_main(5, "Refer a man", "intake.start", Role.LD_PRACTITIONER)
navigation.add_main(15, "Worklists", "overview.worklists", *CLINICAL_ROLES, Role.ADMINISTRATOR)

COUNTS_ONLY = (Role.SERVICE_MANAGER, Role.COMMISSIONER)
NOTICES_SHOWN = 5
FIRST_STEPS = (
    ("Refer a man", "intake.start", (Role.LD_PRACTITIONER,)),
    ("Ask for a report", "suitability.request_about", (Role.COURT_PROBATION,)),
    ("Manage staff", "staff.people", (Role.SYSTEM_ADMINISTRATOR,)),
)
"""The one thing a role comes for, before any list."""


@bp.get("/")
@public
def home() -> Response:
    """The front door leads to Today, and through it to sign-in."""
    return redirect(url_for("overview.today"), 303)


@bp.get("/today")
@signed_in
def today() -> str:
    """What needs this member of staff now."""
    viewer = current_viewer()
    day = Day(viewer, working_calendar())
    blocks = blocks_of(day)
    counts_only = viewer.has(*COUNTS_ONLY)
    return render_template(
        "overview/today.html",
        viewer=viewer,
        day=clock.today(),
        blocks=blocks,
        overdue=sum(row.left is not None and row.left.overdue for b in blocks for row in b.rows),
        coming="" if blocks else coming_next(day),
        steps=_first_steps(viewer),
        lists=lists_for(viewer),
        counts=counts_for(viewer) if counts_only else (),
        suppressed=not viewer.has(Role.SERVICE_MANAGER),
        notices=[_notice(viewer, n) for n in notices.unread(viewer, limit=NOTICES_SHOWN)],
    )


def _first_steps(viewer: Viewer) -> list[tuple[str, str]]:
    return [
        (text, href)
        for text, endpoint, roles in FIRST_STEPS
        if viewer.has(*roles) and (href := page_href(viewer, endpoint))
    ]


def _notice(viewer: Viewer, notice: Notice) -> dict[str, object]:
    return {
        "ref": notice.ref,
        "text": notice.text,
        "at": notice.created_at,
        "href": page_href(viewer, notice.endpoint, notice.subject_ref),
    }


@bp.post("/notices/<uuid:notice_ref>/read")
@signed_in
def read_notice(notice_ref: uuid.UUID) -> Response:
    """Mark a notice as read."""
    viewer = current_viewer()
    if notices.find(viewer, notice_ref) is None:
        raise NotFound
    with saving() as saved:
        notice = notices.find(viewer, notice_ref)
        if notice is None:
            raise NotFound
        tasks.mark_read(notice, by=viewer.staff_id)
        saved.goes_to(url_for("overview.today"), "Marked as read")
    return saved.redirect()


from mhtr.overview import case_routes, task_routes, worklist_routes  # noqa: E402, F401
