"""Who sees what, as it can be printed and given to him."""

from flask import Blueprint, render_template

from mhtr.wall import items
from mhtr.web.gate import signed_in

bp = Blueprint("wall", __name__)


@bp.get("/who-sees-what")
@signed_in
def who_sees_what() -> str:
    """What goes to probation because of the order, what only if he agrees, and what stays."""
    return render_template(
        "wall/who_sees_what.html",
        ordered=items.told_not_asked(),
        agreed=items.only_if_agreed(),
        stays=items.stays_here(),
        exceptions=items.by_exception(),
    )
