"""Where a task or notice leads: the page itself, if this viewer may use it."""

import uuid
from typing import Any

from flask import current_app, request, url_for

from mhtr.cases.facts import ReportProgress
from mhtr.core.access import Role, Viewer
from mhtr.overview.kinds import DONE_BY_HAND
from mhtr.tasks.models import TaskKind
from mhtr.web.gate import rule_of

STAND_IN = uuid.UUID(int=0)
WRITING = frozenset(
    {ReportProgress.NOT_STARTED, ReportProgress.BEING_WRITTEN, ReportProgress.RETURNED}
)


def page_href(viewer: Viewer, endpoint: str, ref: object = "") -> str:
    """The address of a page about one record, or of a list.

    Empty where the page does not exist or is not for the viewer's roles.
    """
    around = _around(endpoint, viewer.roles)
    if ref and around[1:]:
        return str(ref).join(around)
    return "" if around[1:] else "".join(around)


def task_href(
    viewer: Viewer,
    *,
    kind: TaskKind,
    task_ref: uuid.UUID,
    endpoint: str,
    subject_ref: str,
    case_ref: uuid.UUID | None,
    progress: ReportProgress | None,
) -> str:
    """Where a task is done, one click away; else the case; else nowhere (an empty text)."""
    if kind is TaskKind.RISK_REVIEW or kind in DONE_BY_HAND:
        return page_href(viewer, "overview.risk_task", task_ref)
    if kind is TaskKind.ASSESS or (kind is TaskKind.REPORT_DUE and progress in WRITING):
        endpoint, subject_ref = "suitability.assessment", str(case_ref)
    return page_href(viewer, endpoint, subject_ref) or case_href(case_ref)


def case_href(case_ref: uuid.UUID | None) -> str:
    """The case page."""
    return str(case_ref).join(_around("overview.case_page")) if case_ref else ""


def _around(endpoint: str, roles: frozenset[Role] | None = None) -> list[str]:
    """The parts of an address before and after its one reference; one part where it has none.

    None at all of a page that does not exist or is not for these roles. Kept for the program's
    life, by where it is mounted: a page of lists has a hundred links, and to work out an address
    from the map takes longer than a row of a table.
    """
    kept = current_app.extensions.setdefault("mhtr.overview.links", {})
    key = (endpoint, roles, request.script_root)
    found: list[str] | None = kept.get(key)
    if found is None:
        found = kept[key] = _worked_out(endpoint) if _is_for(endpoint, roles) else []
    return found


def _is_for(endpoint: str, roles: frozenset[Role] | None) -> bool:
    rule = rule_of(current_app, endpoint) if endpoint in current_app.view_functions else None
    return roles is None or (rule is not None and rule.allows(roles))


def _worked_out(endpoint: str) -> list[str]:
    for route in current_app.url_map.iter_rules(endpoint):
        if "GET" not in (route.methods or ()):
            continue
        if not route.arguments:
            return [url_for(endpoint)]
        if len(route.arguments) == 1:
            values: dict[str, Any] = {next(iter(route.arguments)): STAND_IN}
            return url_for(endpoint, **values).split(str(STAND_IN))
    return []
