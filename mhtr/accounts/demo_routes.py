"""One-click sign-in as each role. Registered in demonstration mode only."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts import sessions
from mhtr.accounts.gate import set_cookie
from mhtr.accounts.models import Staff
from mhtr.core.access import ROLE_LABELS, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.web.forms import Form
from mhtr.web.gate import public

bp = Blueprint("demo", __name__, url_prefix="/demo")


def demo_staff() -> dict[Role, Staff]:
    """One member of staff per role: the first made, which the demo data gives that face."""
    faces: dict[Role, Staff] = {}
    for staff in db.session.scalars(
        select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.id)
    ):
        for held in staff.roles:
            faces.setdefault(held.role, staff)
    return {role: faces[role] for role in Role if role in faces}


@bp.get("/")
@public
def choose() -> str:
    """A button per role."""
    people = [(role, ROLE_LABELS[role], staff) for role, staff in demo_staff().items()]
    return render_template("accounts/demo.html", people=people, form=Form())


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
        token = sessions.begin(db.session.get_one(Staff, staff_id), browser="demo")
    return set_cookie(redirect(url_for("overview.today"), 303), token)
