"""Numbers of the programme, for those who see counts and no people."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import bindparam, func, select, union_all

from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Role, Viewer
from mhtr.core.prepared import Prepared
from mhtr.overview.rules import Count, shown_count

S = CaseState
Steps = tuple[tuple[str, tuple[CaseState, ...]], ...]
GOING_ON: Steps = (
    ("Referred, not screened or assessed yet", (S.REFERRED,)),
    ("Screened, not assessed yet", (S.SCREENED,)),
    ("Being assessed", (S.ASSESSING,)),
    (
        "Assessed, report not released yet",
        (S.SUITABLE, S.SUITABLE_NOT_READY, S.UNSUITABLE, S.DECLINED, S.COUNTERSIGNED),
    ),
    ("Report released", (S.RELEASED, S.PROPOSED, S.NOT_PROPOSED)),
    ("Waiting for the court's result", (S.AWAITING_RESULT,)),
    ("Sentenced with the requirement, not in treatment yet", (S.SENTENCED_WITH_MHTR, S.INDUCTION)),
    ("In treatment", (S.IN_TREATMENT,)),
    ("At the end of treatment, not discharged yet", (S.ENDED,)),
)
"""Where cases that go on stand."""
OVER: Steps = (
    ("Discharged", (S.DISCHARGED,)),
    ("Sentenced without the requirement", (S.SENTENCED_WITHOUT_MHTR,)),
    ("Closed before sentence", (S.CLOSED,)),
)
"""How cases ended, which are more every year: those of the last year are counted.

Every state stands in exactly one step of the two, so that no count can be had from two others.
"""
YEAR = timedelta(days=365)


def _states(steps: Steps) -> list[CaseState]:
    return sorted(state for _, states in steps for state in states)


_COUNTS = Prepared(
    union_all(
        select(Case.state, func.count())
        .where(Case.state.in_(_states(GOING_ON)))
        .group_by(Case.state),
        select(Case.state, func.count())
        .where(Case.state.in_(_states(OVER)), Case.state_since > bindparam("after"))
        .group_by(Case.state),
    )
)


def counts_for(viewer: Viewer) -> tuple[list[Count], list[Count]]:
    """Where the cases stand now, and how those ended that ended within a year.

    A commissioner is shown no small count, and no total.
    """
    suppressed = not viewer.has(Role.SERVICE_MANAGER)
    found = dict(_COUNTS.all({"after": clock.today() - YEAR}))
    return _counts(GOING_ON, found, suppressed), _counts(OVER, found, suppressed)


def _counts(steps: Steps, found: Mapping[CaseState, int], suppressed: bool) -> list[Count]:
    return [
        Count(
            label,
            shown_count(sum(found.get(state, 0) for state in states), suppressed=suppressed),
        )
        for label, states in steps
    ]
