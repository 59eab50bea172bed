"""The duty rota, service hours, closures and leave, in the modules imported here."""

from flask import Blueprint

from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.web import navigation

bp = Blueprint("rota", __name__, url_prefix="/rota")

SEES = (*sorted(CLINICAL_ROLES), Role.SERVICE_MANAGER)
"""Who sees the rota of his own treating trust."""
KEEPS = (Role.CLINICAL_LEAD, Role.SERVICE_MANAGER)
"""Who changes it."""
AWAY = (*SEES, Role.ADMINISTRATOR)
"""Whose leave the service plans around: each enters his own."""

navigation.add_main(60, "Rota", "rota.month", *SEES)

from mhtr.tasks import cover_routes, leave_routes, rota_routes  # noqa: E402, F401 (adds views)
