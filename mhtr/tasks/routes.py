"""The duty rota, service hours, closures and leave, in the modules imported here."""

from flask import Blueprint

from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.web import navigation

bp = Blueprint("rota", __name__, url_prefix="/rota")

SEES = (*sorted(CLINICAL_ROLES), Role.SERVICE_MANAGER, Role.ADMINISTRATOR)
"""Who sees the rota of his own treating trust."""
KEEPS = (Role.CLINICAL_LEAD, Role.SERVICE_MANAGER)
"""Who changes it."""
AWAY = (*SEES, Role.LINK_WORKER)
"""Whose leave the service plans around: each enters his own."""
KEEPS_LEAVE = (*KEEPS, Role.ADMINISTRATOR)
"""Who enters that of others too: a service administrator runs leave, and decides about no duty."""

_BOOKS = (*sorted(CLINICAL_ROLES), Role.ADMINISTRATOR)
navigation.add_main(60, "Rota", "rota.month", Role.SERVICE_MANAGER)
navigation.add_under(
    navigation.CALENDAR, 70, "Rota and leave", "rota.month", *_BOOKS, section=("rota.",)
)
navigation.add_main(60, "My leave", "rota.leave", Role.LINK_WORKER)

from mhtr.tasks import (  # noqa: E402
    account_notices,  # noqa: F401 (listens)
    cover_routes,  # noqa: F401 (adds views)
    leave_routes,  # noqa: F401
    rota_routes,  # noqa: F401
)
