"""Leave: everybody enters his own; administrators and those who keep the rota, others' too."""

import uuid

from flask import render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.accounts.own_trust import trust_of
from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.tasks import leave_service as service
from mhtr.tasks import rota_queries as queries
from mhtr.tasks.models import Leave
from mhtr.tasks.rota_forms import LeaveForm
from mhtr.tasks.rota_routes import Page, would_break
from mhtr.tasks.routes import AWAY, KEEPS_LEAVE, bp
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.submission import saving


@bp.route("/leave", methods=["GET", "POST"])
@only(*AWAY)
def leave() -> Page:
    """Leave to come (one's own, or everybody's for those who run leave), and adding some."""
    viewer = current_viewer()
    organisation_id, keeps, ask = _home(viewer), viewer.has(*KEEPS_LEAVE), False
    people = queries.colleagues(organisation_id)
    form = LeaveForm(data={"person": viewer.staff_id})
    form.person.set_choices(
        [(str(one.id), one.name) for one in people if keeps or one.id == viewer.staff_id]
    )
    form.cover.set_choices([(str(one.id), one.name) for one in people])
    if form.validate_on_submit() and form.first.data and form.last.data:
        try:
            with saving() as saved:
                service.plan_leave(
                    staff_id=int(form.person.data or 0),
                    first=form.first.data,
                    last=form.last.data,
                    cover_staff_id=int(form.cover.data) if form.cover.data else None,
                    by=viewer.staff_id,
                    accept=form.accept.data,
                )
                saved.goes_to(url_for("rota.leave"), "The leave is saved")
            return saved.redirect()
        except Refused as refusal:
            ask = would_break(form, refusal)
    own = None if keeps else viewer.staff_id
    page = render_template(
        "tasks/rota_leave.html",
        form=form,
        button=Form(formdata=None),
        ask=ask,
        keeps=keeps,
        names={one.id: one.name for one in queries.everybody(organisation_id)},
        rows=queries.leaves(organisation_id, clock.today(), staff_id=own),
    )
    return (page, 422) if request.method == "POST" else page


@bp.post("/leave/<uuid:leave_ref>/cancel")
@only(*AWAY)
def cancel(leave_ref: uuid.UUID) -> Response:
    """Take leave back."""
    viewer = current_viewer()
    query = (
        select(Leave)
        .join(Staff, Staff.id == Leave.staff_id)
        .where(Leave.ref == leave_ref, Staff.organisation_id == _home(viewer))
    )
    if not viewer.has(*KEEPS_LEAVE):
        query = query.where(Leave.staff_id == viewer.staff_id)
    row = db.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    leave_id = row.id
    with saving() as saved:
        service.cancel_leave(leave_id, by=viewer.staff_id)
        saved.goes_to(url_for("rota.leave"), "The leave is cancelled")
    return saved.redirect()


def _home(viewer: Viewer) -> int:
    """Where his leave is planned: his treating trust, or his team of link workers.

    Raises:
        NotFound: nobody plans around his leave here.
    """
    if viewer.organisation_kind == OrganisationKind.LINK_WORKERS:
        return viewer.organisation_id
    return trust_of(viewer)
