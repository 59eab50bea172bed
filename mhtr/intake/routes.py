"""Pages of this feature. Sibling route modules add theirs to `bp`."""

from flask import Blueprint

bp = Blueprint("intake", __name__)

# Each adds its views to bp.
from mhtr.intake import (  # noqa: E402
    close_routes,  # noqa: F401
    correction_routes,  # noqa: F401
    court_form_routes,  # noqa: F401
    court_routes,  # noqa: F401
    coverage_routes,  # noqa: F401
    draft_routes,  # noqa: F401
    import_routes,  # noqa: F401
    leaving,  # noqa: F401 (listens)
    onward_cover,  # noqa: F401 (listens)
    onward_endings,  # noqa: F401 (listens)
    onward_routes,  # noqa: F401
    question_routes,  # noqa: F401
    referral_routes,  # noqa: F401
    reopening_routes,  # noqa: F401
    sending_routes,  # noqa: F401
    token_routes,  # noqa: F401
    triage_routes,  # noqa: F401
)
