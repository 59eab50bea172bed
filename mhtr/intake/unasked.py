"""A referral that leaves open whether he is safe, and about which no clinician was ever asked.

Since the sign of risk opens with the referral there should be none: what was sent before that, and
waits to be assessed, is found by a job.
"""

from datetime import datetime

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import urgency
from mhtr.intake.models import Referral
from mhtr.intake.signs import for_a_clinician, signs_in
from mhtr.tasks.models import Task

BEFORE_ASSESSMENT = (CaseState.REFERRED, CaseState.SCREENED)


def ask(_now: datetime) -> int:
    """Open the sign of risk of each such case, paused or not; returns how many there were.

    Runs inside the caller's write transaction. Once for each case: one that a clinician has
    closed is not opened again.
    """
    must_be_writing()
    asked = select(Task.id).where(
        Task.case_id == Case.id, Task.key.startswith(urgency.ABOUT_SAFETY)
    )
    waiting = (
        select(Referral)
        .join(Case, Case.id == Referral.case_id)
        .where(Case.state.in_(BEFORE_ASSESSMENT), ~asked.exists())
        .order_by(Referral.id)
    )
    found = [
        referral.case_id
        for referral in db.session.scalars(waiting).all()
        if for_a_clinician(signs_in({**referral.answers, "safety": referral.safety}))
    ]
    for case_id in found:
        urgency.hurry(cases.lock(case_id), look=True, by=None)
    return len(found)
