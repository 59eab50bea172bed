"""Pages of this feature. Sibling route modules add theirs to `bp`."""

from mhtr.suitability import (
    outcome_routes,
    report_routes,
    request_page_routes,
    request_routes,
)
from mhtr.suitability.blueprint import bp

__all__ = [
    "bp",
    "outcome_routes",
    "report_routes",
    "request_page_routes",
    "request_routes",
]
