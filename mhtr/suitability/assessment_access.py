"""Finding an assessment through the viewer's clinical scope, for every page of it."""

import uuid

from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.core.access import Purpose, Role, Viewer
from mhtr.core.errors import NotFound
from mhtr.suitability.assessment_queries import latest_assessment
from mhtr.suitability.models import Assessment
from mhtr.web.reads import shows

ASSESSORS = (Role.ASSESSOR, Role.CLINICAL_LEAD)


def find_assessment(viewer: Viewer, case_ref: uuid.UUID) -> tuple[Case, Assessment]:
    """The case in the viewer's clinical scope, with its assessment. Raises NotFound."""
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    assessment = latest_assessment(case.id)
    if assessment is None:
        raise NotFound
    shows("assessment", assessment.id)
    return case, assessment
