"""Which dates a due date was worked out from, as kept with the request; when they last changed."""

from datetime import date

from mhtr.core import clock
from mhtr.suitability import ready_from
from mhtr.suitability.change_of_dates import COUNTED_ANEW, Dates
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
    if changed_now(request, now):
        return clock.today()
    return _day(_used(request), "changed_on")


def changed_now(request: ReportRequest, now: dict[str, str | None]) -> bool:
    """Whether they are others than those it was worked out from last."""
    used = _used(request)
    return any(key in used and used[key] != value for key, value in now.items())


def anew(request: ReportRequest) -> date | None:
    """Since which day the time counts anew, as decided when the dates changed; None: it does not.

    Until that was kept, only the reasons told it.
    """
    used = _used(request)
    if "anew" not in used and any(COUNTED_ANEW in reason for reason in request.due_reasons):
        return _day(used, "changed_on")
    return _day(used, "anew")


def named(request: ReportRequest) -> date | None:
    """The day that the service had named when the time began to count anew, kept since then."""
    used, since = _used(request), anew(request)
    if "named" in used or since is None:
        return _day(used, "named")
    return ready_from.stood_on(request.case_id, since)  # counted before that was kept


def before(request: ReportRequest) -> Dates:
    """The dates it was worked out from last."""
    return dates(_used(request))


def dates(used: dict[str, str | None]) -> Dates:
    """The days among what is kept."""
    return Dates(_day(used, "hearing_on"), _day(used, "filed_on"))


def _used(request: ReportRequest) -> dict[str, str | None]:
    used: dict[str, str | None] = request.details.get("worked_out", {})
    return used


def _day(used: dict[str, str | None], key: str) -> date | None:
    said = used.get(key)
    return date.fromisoformat(said) if said else None
