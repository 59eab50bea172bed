"""What is recorded of a session, found through the viewer's scope."""

import uuid

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import latest
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.web.reads import shows

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
"""For which the service reads attendance."""


def find_attendance(
    viewer: Viewer, subject: uuid.UUID, *purposes: Purpose
) -> tuple[Case, Attendance]:
    """What is recorded of a session of a man whose case the viewer may see.

    Raises:
        NotFound: nothing is recorded of it, or it is not this viewer's.
    """
    row = latest(subject)
    if row is None:
        raise NotFound
    ref = db.session.scalars(select(Case.ref).where(Case.id == row.case_id)).one()
    case = find_case(viewer, ref, *(purposes or PURPOSES))
    shows("attendance", row.id, case_id=case.id)
    return case, row
