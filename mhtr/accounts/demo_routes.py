"""One-click sign-in as each role. Registered in demonstration mode only."""

from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from mhtr.accounts import sessions
from mhtr.accounts.arrival import arrive, begin_here, next_page
from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.core.access import ROLE_LABELS, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.web.forms import Form
from mhtr.web.gate import public, signed_in
from mhtr.web.redirects import local_page

bp = Blueprint("demo", __name__, url_prefix="/demo")


def demo_staff() -> dict[Role, Staff]:
    """One member of staff per role: the first made, which the demo data gives that face."""
    faces: dict[Role, Staff] = {}
    for staff in db.session.scalars(
        select(Staff)
        .where(Staff.disabled_at.is_(None))
        .order_by(Staff.id)
        .options(selectinload(Staff.roles))
    ):
        for held in staff.roles:
            faces.setdefault(held.role, staff)
    return {role: faces[role] for role in Role if role in faces}


@bp.get("/")
@public
def choose() -> str:
    """A button per role."""
    people = [(role, ROLE_LABELS[role], staff) for role, staff in demo_staff().items()]
    return render_template(
        "accounts/demo.html",
        people=people,
        form=Form(),
        goes_to=local_page(request.args.get("next")),
    )


@bp.post("/sign-in")
@public
def sign_in_as() -> Response:
    """Sign in as the role that was clicked."""
    try:
        role = Role(request.form.get("role", ""))
    except ValueError:
        abort(404)
    staff = demo_staff().get(role)
    if staff is None:
        abort(404)
    staff_id = staff.id
    with writing():
        token = begin_here(db.session.get_one(Staff, staff_id))
        goes_to = next_page(staff_id, local_page(request.args.get("next")) or "")
    return arrive(redirect(goes_to, 303), token)


@bp.post("/prove-again")
@signed_in
def prove_again() -> Response:
    """Stands in for the code of an authenticator, which the demonstration's people do not have."""
    viewer = current_viewer()
    with writing():
        if db.session.get_one(Staff, viewer.staff_id).totp_secret is not None:
            abort(403)
        sessions.proved_again(viewer.session_id, by=viewer.staff_id)
    goes_to = next_page(viewer.staff_id, local_page(request.args.get("next")) or "")
    return redirect(goes_to, 303)
