"""Who sees what, as it can be printed and given to him."""

from flask import render_template

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import OrganisationKind
from mhtr.core import clock
from mhtr.wall import agreement_routes as agreement_routes  # registers its pages
from mhtr.wall import items
from mhtr.wall.agreement_queries import in_force
from mhtr.wall.agreement_routes import READERS
from mhtr.wall.agreement_rules import by_default
from mhtr.wall.blueprint import bp
from mhtr.wall.words import TO_HIM
from mhtr.web.gate import signed_in


@bp.get("/who-sees-what")
@signed_in
def who_sees_what() -> str:
    """What goes to probation because of the order, what only if he agrees, and what stays."""
    viewer = current_viewer()
    here = viewer.organisation_kind == OrganisationKind.TREATING_TRUST
    agreed = in_force(viewer.organisation_id, clock.today()).agreed if here else {}
    changed = {
        key: is_in for key, is_in in agreed.items() if is_in is not by_default(items.BY_KEY[key])
    }
    return render_template(
        "wall/who_sees_what.html",
        ordered=items.told_not_asked(),
        agreed=items.only_if_agreed(),
        stays=items.stays_here(),
        exceptions=items.by_exception(),
        left_out=[_to_him(key) for key, is_in in changed.items() if not is_in],
        added=[_to_him(key) for key, is_in in changed.items() if is_in],
        reads_agreements=viewer.has(*READERS),
    )


def _to_him(key: str) -> str:
    return TO_HIM.get(key) or items.BY_KEY[key].told
