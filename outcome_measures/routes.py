"""Pages of this feature. Sibling route modules add theirs to `bp`."""

from outcome_measures import (
    case_parts,
    caseload_routes,
    chart_routes,
    contact_parts,
    contact_routes,
    flag_routes,
    form_routes,
    goal_routes,
    past_answer_routes,
    past_routes,
    reading_routes,
    rules_routes,
    total_routes,
)
from outcome_measures.blueprint import bp

__all__ = [
    "bp",
    "case_parts",
    "caseload_routes",
    "chart_routes",
    "contact_parts",
    "contact_routes",
    "flag_routes",
    "form_routes",
    "goal_routes",
    "past_answer_routes",
    "past_routes",
    "reading_routes",
    "rules_routes",
    "total_routes",
]
