"""Which dates a due date was worked out from, kept with the request, and when they last changed."""

from datetime import date

from mhtr.core import clock
from mhtr.suitability.models import ReportRequest


def of(request: ReportRequest, hearing_on: date | None) -> dict[str, str | None]:
    """What the due date follows from today, as it is kept."""
    return {
        "hearing_on": hearing_on.isoformat() if hearing_on else None,
        "filed_on": request.psr_filed_on.isoformat() if request.psr_filed_on else None,
        "psr_type": request.psr_type,
    }


def changed_on(request: ReportRequest, now: dict[str, str | None]) -> date | None:
    """London day on which they changed last; None while they are those she asked with."""
    used = request.details.get("worked_out")
    if used is None:
        return None
    if any(key in used and used[key] != value for key, value in now.items()):
        return clock.today()
    before = used.get("changed_on")
    return date.fromisoformat(before) if before else None
