"""The page of a role that waits: a second person confirms it or turns it down."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts import role_queries as queries
from mhtr.accounts import role_service
from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import RoleOutcome, RoleRequest, Staff
from mhtr.accounts.rules import may_settle, why_not_confirm
from mhtr.accounts.staff_blueprint import CONFIRMERS, MANAGERS, READERS, bp
from mhtr.accounts.staff_forms import ConfirmRoleForm
from mhtr.accounts.step_up import step_up_required
from mhtr.core.access import ROLE_LABELS
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

OUTCOMES = {
    RoleOutcome.CONFIRMED: "Confirmed",
    RoleOutcome.TURNED_DOWN: "Turned down",
    RoleOutcome.TAKEN_BACK: "Taken back",
}


@bp.get("/roles/<uuid:role_ref>")
@only(*CONFIRMERS)
def role(role_ref: uuid.UUID) -> str:
    """Who was given which role by whom, and what a second person is asked."""
    request = queries.find_request(current_viewer(), role_ref)
    return _page(request, ConfirmRoleForm(formdata=None))


@bp.post("/roles/<uuid:role_ref>")
@step_up_required()
@only(*CONFIRMERS)
def confirm_role(role_ref: uuid.UUID) -> Response | tuple[str, int]:
    """Confirm it: the role takes effect."""
    viewer = current_viewer()
    request = queries.find_request(viewer, role_ref)
    request_id = request.id
    form = ConfirmRoleForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                role_service.confirm(request_id, by=viewer.staff_id)
                saved.goes_to(url_for("staff.role", role_ref=role_ref), "Role confirmed")
            return saved.redirect()
        except Refused as refusal:
            for reason in refusal.reasons:
                form.refuse(reason)
    return _page(db.session.get_one(RoleRequest, request_id), form), 422


@bp.post("/roles/<uuid:role_ref>/turn-down")
@only(*CONFIRMERS)
def turn_down_role(role_ref: uuid.UUID) -> Response:
    """Turn it down: the account goes on without it."""
    viewer = current_viewer()
    request_id = queries.find_request(viewer, role_ref).id
    with saving() as saved:
        role_service.turn_down(request_id, by=viewer.staff_id)
        saved.goes_to(url_for("staff.role", role_ref=role_ref), "Role turned down")
    return saved.redirect()


def _page(request: RoleRequest, form: ConfirmRoleForm) -> str:
    viewer = current_viewer()
    staff = db.session.get_one(Staff, request.staff_id)
    given, asker = role_service.given(request, staff), role_service.confirmer(viewer.staff_id)
    shows("staff", staff.id)
    return render_template(
        "accounts/role.html",
        staff=staff,
        asked=request,
        role=ROLE_LABELS[request.role],
        giver=db.session.get_one(Staff, request.given_by),
        settler=db.session.get(Staff, request.settled_by) if request.settled_by else None,
        outcome=OUTCOMES[request.outcome] if request.outcome else "",
        reasons=why_not_confirm(given, asker),
        decides=may_settle(given, asker) and viewer.staff_id != staff.id,
        account=viewer.has(*READERS),
        back="staff.people" if viewer.has(*MANAGERS) else "overview.today",
        form=form,
        button=Form(formdata=None),
    )
