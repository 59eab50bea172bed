"""Today: what needs me now."""

import uuid

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import Purpose
from mhtr.web import navigation
from mhtr.web.gate import public, signed_in

bp = Blueprint("overview", __name__)

navigation.add_main(0, "Today", "overview.today")


@bp.get("/")
@public
def home() -> Response:
    """The front door leads to Today, and through it to sign-in."""
    return redirect(url_for("overview.today"), 303)


@bp.get("/today")
@signed_in
def today() -> str:
    """What needs this member of staff now."""
    return render_template("overview/today.html", viewer=current_viewer())


@bp.get("/cases/<uuid:case_ref>")
@signed_in
def case_page(case_ref: uuid.UUID) -> str:
    """One man's case: where it stands, what happened, what comes next."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *Purpose)
    return render_template("overview/case.html", record=record(viewer, case))


navigation.add_case(0, "Case", "overview.case_page", *Purpose)
