"""What can be done to an account with one button: a link, a reset, disabling and enabling."""

import uuid
from typing import Protocol

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts import service
from mhtr.accounts import staff_queries as queries
from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.accounts.staff_blueprint import MANAGERS, bp
from mhtr.accounts.step_up import step_up_required
from mhtr.core.database import db
from mhtr.web.gate import only
from mhtr.web.submission import saving


@bp.post("/<uuid:staff_ref>/invitation")
@step_up_required()
@only(*MANAGERS)
def invite(staff_ref: uuid.UUID) -> Response | str:
    """Make a new one-time link (first sign-in, or a forgotten password) and show it once."""
    viewer = current_viewer()
    staff = queries.find_staff(viewer, staff_ref)
    staff_id = staff.id
    with saving() as saved:
        token = service.invite(staff_id, by=viewer.staff_id)
        saved.goes_to(url_for("staff.person", staff_ref=staff_ref))
    return show_link(db.session.get_one(Staff, staff_id), token)


@bp.post("/<uuid:staff_ref>/disable")
@only(*MANAGERS)
def disable(staff_ref: uuid.UUID) -> Response:
    """Shut somebody out from his next request on."""
    return _act(staff_ref, service.disable, "can no longer sign in and has been signed out")


@bp.post("/<uuid:staff_ref>/enable")
@step_up_required()
@only(*MANAGERS)
def enable(staff_ref: uuid.UUID) -> Response:
    """Let somebody in again."""
    return _act(staff_ref, service.enable, "can sign in again")


@bp.post("/<uuid:staff_ref>/reset-authenticator")
@step_up_required()
@only(*MANAGERS)
def reset_authenticator(staff_ref: uuid.UUID) -> Response:
    """Forget a lost authenticator."""
    return _act(
        staff_ref, service.reset_totp, "will set up a new authenticator at the next sign-in"
    )


class Verb(Protocol):
    """What can be done to an account."""

    def __call__(self, staff_id: int, /, *, by: int | None) -> None: ...


def _act(staff_ref: uuid.UUID, verb: Verb, done: str) -> Response:
    viewer = current_viewer()
    staff = queries.find_staff(viewer, staff_ref)
    staff_id, name = staff.id, staff.name
    with saving() as saved:
        verb(staff_id, by=viewer.staff_id)
        saved.goes_to(url_for("staff.person", staff_ref=staff_ref), f"{name} {done}")
    return saved.redirect()


def show_link(staff: Staff, token: str) -> str:
    """The page that shows a link once. It is not kept anywhere, so it cannot be shown again."""
    return render_template(
        "accounts/staff_invitation.html",
        staff=staff,
        link=url_for("accounts.invitation", token=token, _external=True),
    )


@bp.get("/<uuid:staff_ref>/invitation")
@only(*MANAGERS)
def invitation_gone(staff_ref: uuid.UUID) -> Response:
    """Reloading the address of a link shown once leads back to the account."""
    return redirect(url_for("staff.person", staff_ref=staff_ref), 303)
