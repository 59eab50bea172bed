"""Numbers of the programme, for those who see counts and no people."""

from typing import Any

from sqlalchemy import CompoundSelect, func, null, select, union_all

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

_MOST = S.CLOSED
"""The state of most cases, more of them every year: what is left of all without the others."""
# Made once. How many rows a table has is known without reading them one by one.
_COUNTS: CompoundSelect[Any] = union_all(
    select(Case.state, func.count())
    .where(Case.state.in_(sorted(set(S) - {_MOST})))
    .group_by(Case.state),
    select(null(), func.count()).select_from(Case),
)


def counts_for(viewer: Viewer) -> list[Count]:
    """Where the cases stand now. A commissioner is shown no small count, and no total."""
    suppressed = not viewer.has(Role.SERVICE_MANAGER)
    found = {state: number for state, number in db.session.execute(_COUNTS)}
    every = found.pop(None)
    found[_MOST] = every - sum(found.values())
    return [
        Count(
            label,
            shown_count(sum(found.get(state, 0) for state in states), suppressed=suppressed),
        )
        for label, states in STEPS
    ]
