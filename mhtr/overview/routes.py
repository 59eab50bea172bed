"""Today: what needs me now."""

import uuid

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import OrganisationKind
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Role, Viewer
from mhtr.core.errors import NotFound
from mhtr.overview import notices
from mhtr.overview.links import page_href
from mhtr.overview.news import READ_AT_ONCE, unread_news
from mhtr.overview.programme import counts_for
from mhtr.overview.today import Day, blocks_of, coming_next
from mhtr.overview.worklists import lists_for, overdue_tasks, pages_beside
from mhtr.tasks import service as tasks
from mhtr.tasks import watch
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.models import Notice
from mhtr.tasks.rota_queries import hours_missing
from mhtr.web import navigation
from mhtr.web.gate import public, signed_in
from mhtr.web.submission import saving

bp = Blueprint("overview", __name__)

navigation.add_main(0, "Today", "overview.today")
navigation.add_main(5, "Refer a man", "intake.start", Role.LD_PRACTITIONER)
navigation.add_main(15, "Worklists", "overview.worklists", *CLINICAL_ROLES, Role.ADMINISTRATOR)

TOLD_OF_SILENCE = (*CLINICAL_ROLES, Role.SERVICE_MANAGER, Role.SYSTEM_ADMINISTRATOR)
"""Who can look after signs of risk himself, or see to it that the timed work runs."""
TOLD_OF_HOURS = (
    Role.CLINICAL_LEAD,
    Role.SERVICE_MANAGER,
    Role.ADMINISTRATOR,
    Role.SYSTEM_ADMINISTRATOR,
)
"""Who sets the service hours, or sees to it that somebody does."""
COUNTS_ONLY = (Role.SERVICE_MANAGER, Role.COMMISSIONER)
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
    news, more_news = unread_news(viewer)
    return render_template(
        "overview/today.html",
        viewer=viewer,
        silence=_silence(viewer),
        day=clock.today(),
        blocks=blocks,
        overdue=overdue_tasks(viewer),
        coming="" if blocks else coming_next(day),
        steps=_first_steps(viewer),
        lists=lists_for(viewer),
        beside=pages_beside(viewer),
        hours_unset=_hours_unset(viewer),
        hours_href=page_href(viewer, "rota.hours"),
        counts=counts_for(viewer) if counts_only else (),
        suppressed=not viewer.has(Role.SERVICE_MANAGER),
        news=news,
        more_news=more_news,
    )


def _silence(viewer: Viewer) -> watch.Silence | None:
    """That the timed work does not run. That of a demonstration begins after its pages do."""
    if not viewer.has(*TOLD_OF_SILENCE):
        return None
    silence = watch.silence(clock.now())
    begins = current_app.config.get("DEMO") and silence is not None and silence.since is None
    return None if begins else silence


def _hours_unset(viewer: Viewer) -> bool:
    """Whether to tell him that his trust's signs of risk run on hours nobody there has set."""
    treats = viewer.organisation_kind == OrganisationKind.TREATING_TRUST
    return treats and viewer.has(*TOLD_OF_HOURS) and hours_missing(viewer.organisation_id)


def _first_steps(viewer: Viewer) -> list[tuple[str, str]]:
    return [
        (text, href)
        for text, endpoint, roles in FIRST_STEPS
        if viewer.has(*roles) and (href := page_href(viewer, endpoint))
    ]


@bp.post("/notices/<uuid:notice_ref>/read")
@signed_in
def read_notice(notice_ref: uuid.UUID) -> Response:
    """Mark a piece of news as read: this notice, and those that say the same of other men."""
    viewer = current_viewer()
    also = request.form.getlist("also")[:READ_AT_ONCE]
    with saving() as saved:
        for ref in (str(notice_ref), *also):
            tasks.mark_read(_own_notice(viewer, ref), by=viewer.staff_id)
        saved.goes_to(url_for("overview.today"), "Marked as read")
    return saved.redirect()


def _own_notice(viewer: Viewer, text: str) -> Notice:
    try:
        notice = notices.find(viewer, uuid.UUID(text))
    except ValueError:
        notice = None
    if notice is None:
        raise NotFound
    return notice


from mhtr.overview import case_routes, task_routes, worklist_routes  # noqa: E402, F401
