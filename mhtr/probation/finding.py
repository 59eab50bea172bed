"""An absence, found through the scope of whoever of probation looks at it."""

import uuid

from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import latest
from mhtr.core.access import Purpose, Viewer
from mhtr.core.errors import NotFound
from mhtr.web.reads import shows


def find_absence(
    viewer: Viewer, case_ref: uuid.UUID, subject: uuid.UUID
) -> tuple[Case, Attendance]:
    """A required session of a case that the viewer supervises, and what counts of it.

    Raises:
        NotFound: nothing is recorded of it, it is voluntary, or it is not this viewer's.
    """
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    row = latest(subject)
    if row is None or row.case_id != case.id or not row.required:
        raise NotFound
    shows("attendance", row.id, case_id=case.id)
    return case, row
