"""Numbers of the programme, for those who see counts and no people."""

from sqlalchemy import func, select

from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core.access import Role, Viewer
from mhtr.core.database import db
from mhtr.overview.rules import Count, shown_count

S = CaseState
STEPS: tuple[tuple[str, tuple[CaseState, ...]], ...] = (
    ("Referred, not screened or assessed yet", (S.REFERRED,)),
    ("Screened, not assessed yet", (S.SCREENED,)),
    ("Being assessed", (S.ASSESSING,)),
    (
        "Assessed, report not released yet",
        (S.SUITABLE, S.SUITABLE_NOT_READY, S.UNSUITABLE, S.DECLINED, S.COUNTERSIGNED),
    ),
    ("Report released", (S.RELEASED, S.PROPOSED, S.NOT_PROPOSED)),
    ("Waiting for the court's result", (S.AWAITING_RESULT,)),
    (
        "Sentenced with the requirement",
        (S.SENTENCED_WITH_MHTR, S.INDUCTION, S.IN_TREATMENT, S.ENDED, S.DISCHARGED),
    ),
    ("Sentenced without the requirement", (S.SENTENCED_WITHOUT_MHTR,)),
    ("Closed before sentence", (S.CLOSED,)),
)
"""Every state stands in exactly one step, so that no count can be had from two others."""


def counts_for(viewer: Viewer) -> list[Count]:
    """Where the cases stand now. A commissioner is shown no small count, and no total."""
    suppressed = not viewer.has(Role.SERVICE_MANAGER)
    rows = db.session.execute(select(Case.state, func.count()).group_by(Case.state))
    found = {state: number for state, number in rows}
    return [
        Count(
            label,
            shown_count(sum(found.get(state, 0) for state in states), suppressed=suppressed),
        )
        for label, states in STEPS
    ]
