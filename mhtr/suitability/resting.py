"""A plea or finding is taken back or recorded again: what is due, and what probation hears."""

from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.intake import resting
from mhtr.suitability import due_service
from mhtr.suitability.concerned import current_request, no_report_since
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.stopping import tell_asker

RESTS = (
    "No guilty plea or finding is recorded any more for a man you asked about. The assessment"
    " rests: no report can follow until one is."
)
GOES_ON = (
    "A plea or finding is recorded again for a man you asked about. The assessment goes on."
    " The report is due on "
)


def follow(case_id: int, rests: bool, by: int | None) -> None:
    """Put back what is due once it goes on; where no report will follow nobody is told of one."""
    case, request = cases.lock(case_id), current_request(case_id)
    if request is None or no_report_since(case_id):
        return
    if not rests:
        due_service.put_back(case, request, by=by)
    if resting.is_told(cases.facts_of(case_id)):
        _tell(case, request, rests, by)


def _tell(case: Case, request: ReportRequest, rests: bool, by: int | None) -> None:
    due = f"{request.due_on:%A} {day_words(request.due_on)}."
    text = RESTS if rests else GOES_ON + due
    tell_asker(case, request, f"rests:{case.id}:{case.version}", text, but=by)


listeners.report_rests.append(follow)
