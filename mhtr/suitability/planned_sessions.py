"""How many sessions the suitability report proposes: what is planned until an order says so."""

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, select

from mhtr.core.database import db
from mhtr.suitability.models import Assessment, AssessmentSection
from mhtr.suitability.sections import Section
from outcome_measures import listeners


def proposed_sessions(case_ids: Collection[int]) -> Mapping[int, int]:
    """The number of sessions in each case's latest finished assessment that names one."""
    rows = db.session.execute(_PATHWAYS, {"cases": list(case_ids)})
    found = {case_id: answers.get("sessions") for case_id, answers in rows}
    return {case_id: said for case_id, said in found.items() if type(said) is int and said > 0}


_PATHWAYS = (
    select(Assessment.case_id, AssessmentSection.answers)
    .join(AssessmentSection, AssessmentSection.assessment_id == Assessment.id)
    .where(
        Assessment.case_id.in_(bindparam("cases", expanding=True)),
        Assessment.finished_at.is_not(None),
        AssessmentSection.section == Section.PATHWAY,
    )
    .order_by(Assessment.id)
)

listeners.planned_sessions.append(proposed_sessions)
