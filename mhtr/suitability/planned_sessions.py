"""How many sessions the suitability report proposes: what is planned until an order says so."""

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, select

from mhtr.core.prepared import Prepared
from mhtr.suitability.models import Assessment, AssessmentSection, ReportRelease
from mhtr.suitability.sections import Section
from outcome_measures import listeners


def proposed_sessions(case_ids: Collection[int]) -> Mapping[int, int]:
    """The number of sessions in each case's latest finished assessment that names one, or as an
    addendum to its report has corrected it since."""
    given = {"cases": list(case_ids)}
    rows = [*_PATHWAYS.all(given), *_ADDENDA.all(given)]
    found = {case_id: said.get("sessions") for case_id, said in rows}
    return {case_id: said for case_id, said in found.items() if type(said) is int and said > 0}


_PATHWAYS = Prepared(
    select(Assessment.case_id, AssessmentSection.answers)
    .join(AssessmentSection, AssessmentSection.assessment_id == Assessment.id)
    .where(
        Assessment.case_id.in_(bindparam("cases", expanding=True)),
        Assessment.finished_at.is_not(None),
        AssessmentSection.section == Section.PATHWAY,
    )
    .order_by(Assessment.id)
)
_ADDENDA = Prepared(
    select(ReportRelease.case_id, ReportRelease.content)
    .where(
        ReportRelease.case_id.in_(bindparam("cases", expanding=True)),
        ReportRelease.is_addendum,
    )
    .order_by(ReportRelease.id)
)

listeners.planned_sessions.append(proposed_sessions)
