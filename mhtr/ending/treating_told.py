"""Who treats him hears what the court decided on a report: that it did, and where to read it."""

from mhtr.cases.models import Case
from mhtr.core.transaction import must_be_writing
from mhtr.ending.report_models import ReportStep
from mhtr.orders.treating import treating
from mhtr.tasks import service as tasks

DECIDED = "The court decided on a report on treatment of a man of yours."
PAGE = "ending.treatment_end"


def tell_of_result(case: Case, row: ReportStep) -> None:
    """Let who treats him know of a court's decision, once."""
    must_be_writing()
    for principal_id in sorted(treating(case)):
        tasks.tell(
            principal_id,
            key=f"treatment_report_step:{row.id}",
            text=DECIDED,
            case_id=case.id,
            endpoint=PAGE,
            subject_ref=case.ref,
        )
