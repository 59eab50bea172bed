"""What those whom a report concerns are told when its case moves. Neutral words."""

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.report_due import is_at_rest
from mhtr.cases.standing import BEFORE_SENTENCE, HEARINGS
from mhtr.core.database import db
from mhtr.intake.concerned import leads_holding, report_authors, those_concerned
from mhtr.suitability.concerned import asker_of, assessing, current_request, no_report_since
from mhtr.suitability.models import ReportRequest
from mhtr.tasks import service as tasks

PAGE = "suitability.request_page"
TOLD = {
    FactKind.CLOSED: "A case you asked about was closed. No report will follow.",
    FactKind.DECLINED_BY_SERVICE: (
        "The service declined a case you asked about. No report will follow."
    ),
    FactKind.PAUSED: "A case you asked about is paused.",
    FactKind.RESUMED: "A case you asked about goes on.",
    FactKind.REOPENED: "A case you asked about is open again.",
}

NO_PLEA = " No guilty plea or finding is recorded: no report can follow until one is."
"""Added where it goes on, and the work on its report rests still."""
CLOSED_AFTER = "A case whose report you have was closed."


def tell(principal_id: int, case: Case, key: str, text: str) -> None:
    """A notice that leads to the request."""
    tasks.tell(
        principal_id, key=key, text=text, case_id=case.id, endpoint=PAGE, subject_ref=case.ref
    )


def report_people(case: Case, request: ReportRequest) -> set[int]:
    """Whom its due date concerns: the author, who writes it, and the lead who has it."""
    return {asker_of(request).principal_id, assessing(case).principal_id} | leads_holding(case.id)


def follow(case_id: int, kind: FactKind, by: int | None) -> None:
    """Tell who is concerned after a milestone: a court date however it was entered, or the end."""
    if kind in HEARINGS:
        _tell_hearing(cases.lock(case_id), by)
    elif kind in TOLD:
        case = cases.lock(case_id)
        over = kind is FactKind.CLOSED and case.progress is ReportProgress.RELEASED
        text = CLOSED_AFTER if over else TOLD[kind]
        _tell_author(case, kind, text + (NO_PLEA if is_at_rest(case) else ""), by)


def _tell_hearing(case: Case, by: int | None) -> None:
    """Who waits for a report hears from its due date, with what follows from the court date."""
    told = those_concerned(case)
    request = current_request(case.id)
    if request is not None and case.state in BEFORE_SENTENCE and not no_report_since(case.id):
        told -= report_people(case, request)
    if by is not None:
        told.discard(db.session.get_one(Staff, by).principal_id)
    for principal_id in told:
        tasks.tell(
            principal_id,
            key=f"hearing:{case.id}:{case.version}",
            text="A court hearing was set or moved",
            case_id=case.id,
            endpoint="intake.hearing",
            subject_ref=case.ref,
        )


def _tell_author(case: Case, kind: FactKind, text: str, by: int | None) -> None:
    """Who asked, and whoever else writes a report of it by name."""
    request = current_request(case.id)
    told = set(report_authors(case.id)) if kind in TOLD else set()
    if request is not None:
        told.add(asker_of(request).principal_id)
    if by is not None:
        told.discard(db.session.get_one(Staff, by).principal_id)
    for principal_id in told:
        tell(principal_id, case, f"{kind.value}:{case.id}:{case.version}", text)
