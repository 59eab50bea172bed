"""Pages of this feature. Sibling route modules add theirs to `bp`."""

from outcome_measures.blueprint import bp
from outcome_measures.caseload import routes as caseload_routes
from outcome_measures.flags import parts as case_parts
from outcome_measures.flags import routes as flag_routes
from outcome_measures.goals import routes as goal_routes
from outcome_measures.past_scores import answer_routes as past_answer_routes
from outcome_measures.past_scores import routes as past_routes
from outcome_measures.past_scores import taking_back_routes as past_taking_back_routes
from outcome_measures.reading import chart_routes
from outcome_measures.reading import routes as reading_routes
from outcome_measures.recording import (
    contact_parts,
    contact_routes,
    form_routes,
    putting_right_routes,
    taking_back_routes,
    total_routes,
)
from outcome_measures.signing import routes as rules_routes

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
    "past_taking_back_routes",
    "putting_right_routes",
    "reading_routes",
    "rules_routes",
    "taking_back_routes",
    "total_routes",
]
