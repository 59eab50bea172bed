"""Where the pages about staff are registered, and for whom they are."""

from flask import Blueprint

from mhtr.core.access import Role

bp = Blueprint("staff", __name__, url_prefix="/staff")

MANAGERS = (Role.SYSTEM_ADMINISTRATOR, Role.SERVICE_MANAGER)
READERS = (*MANAGERS, Role.PRIVACY_OFFICER)
"""Who reads an account with its history."""
CONFIRMERS = (*READERS, Role.CLINICAL_LEAD)
"""Who reads what is asked about a role that waits; the rule says which of them decides."""
