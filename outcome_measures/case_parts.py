"""What is due and the flags of a case, as parts of its measures page."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, url_for

from mhtr.cases.models import Case
from mhtr.core.access import Viewer
from mhtr.web.reads import shows
from outcome_measures.due_queries import DueLine, due_of
from outcome_measures.flag_reading import FlagState, flags_of_case, waiting_of_case
from outcome_measures.page_parts import Part, Place, add_part

CONTACT = "measures.contact"
DUE_SHOWN = 6
"""Lines of what is due; older gaps are in the table of scores."""


def flags_part(_viewer: Viewer, case: Case) -> Mapping[str, Any]:
    """The flags of a case with their responses."""
    rows = flags_of_case(case.id)
    shows("measure_flag", *(row.id for row in rows))
    waiting = sum(row.state is FlagState.WAITING for row in rows)
    return {"flags": rows, "waiting": waiting, "past": len(rows) - waiting}


def waiting_part(_viewer: Viewer, case: Case) -> Mapping[str, Any]:
    """How many flags wait, to be seen before the charts."""
    return {"waiting": waiting_of_case(case.id)}


def due_part(_viewer: Viewer, case: Case) -> Mapping[str, Any]:
    """What was not asked where it should have been, each with the page where it is recorded."""
    lines = due_of(case)
    return {
        "lines": [(line, _href(case, line)) for line in lines[:DUE_SHOWN]],
        "more": max(0, len(lines) - DUE_SHOWN),
    }


def _href(case: Case, line: DueLine) -> str:
    return contact_href(case.ref, line.contact_ref) if line.contact_ref else ""


def contact_href(case_ref: object, contact_ref: object) -> str:
    """The page of a contact, where its measures are recorded; else the measures of the case."""
    if CONTACT not in current_app.view_functions:
        return url_for("measures.measures", case_ref=case_ref)
    return url_for(CONTACT, case_ref=case_ref, contact_ref=contact_ref)


add_part(Part("outcome_measures/flags_waiting.html", waiting_part, Place.ABOVE))
add_part(Part("outcome_measures/due_of_case.html", due_part, order=10))
add_part(Part("outcome_measures/flags_of_case.html", flags_part, order=20))
