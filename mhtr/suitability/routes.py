"""Pages of this feature. Sibling route modules add theirs to `bp`."""

from mhtr.suitability import (
    assessment_finish_routes,
    assessment_measures,
    assessment_risk,
    assessment_routes,
    countersign_routes,
    measure_go_on_routes,
    meeting_routes,
    outcome_routes,
    planned_sessions,
    release_routes,
    report_routes,
    request_page_routes,
    request_routes,
    stopping,
    take_over_routes,
    urgent_handover_routes,
    whose_number_routes,
)
from mhtr.suitability.blueprint import bp

__all__ = [
    "assessment_finish_routes",
    "assessment_measures",
    "assessment_risk",
    "assessment_routes",
    "bp",
    "countersign_routes",
    "measure_go_on_routes",
    "meeting_routes",
    "outcome_routes",
    "planned_sessions",
    "release_routes",
    "report_routes",
    "request_page_routes",
    "request_routes",
    "stopping",
    "take_over_routes",
    "urgent_handover_routes",
    "whose_number_routes",
]
