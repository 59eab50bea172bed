"""What clinicians told probation of risk, through a case that the viewer may see."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Organisation, Staff
from mhtr.core.database import db
from mhtr.probation.risk_models import RiskStatement, RiskStatementStep
from mhtr.probation.risk_rules import OVER, State, StepKind, state_of

_APPROVER, _TO = aliased(Staff), aliased(Staff)
_TOLD = (
    select(RiskStatement, Staff.name, _APPROVER.name, _TO.name, Organisation.name)
    .join(Staff, Staff.id == RiskStatement.by_id)
    .outerjoin(_APPROVER, _APPROVER.id == RiskStatement.approver_id)
    .outerjoin(_TO, _TO.id == RiskStatement.to_staff_id)
    .outerjoin(Organisation, Organisation.id == RiskStatement.to_unit_id)
    .where(RiskStatement.case_id == bindparam("case"))
    .order_by(RiskStatement.id.desc())
)
_STEPS = (
    select(RiskStatementStep, Staff.name)
    .join(Staff, Staff.id == RiskStatementStep.by_id)
    .join(RiskStatement, RiskStatement.id == RiskStatementStep.statement_id)
    .where(RiskStatement.case_id == bindparam("case"))
    .order_by(RiskStatementStep.id)
)
NOBODY = "Nobody who signs in: told by telephone or mail"


@dataclass(frozen=True)
class Step:
    """One thing that became of it, and by whom."""

    row: RiskStatementStep
    by: str

    @property
    def at(self) -> datetime:
        """When."""
        return self.row.created_at


@dataclass(frozen=True)
class Told:
    """One thing that probation was told, with what became of it."""

    row: RiskStatement
    by: str
    approver: str
    to: str
    steps: tuple[Step, ...]

    @property
    def state(self) -> State:
        """How it stands."""
        return state_of(step.row.kind for step in self.steps)

    @property
    def is_read(self) -> bool:
        """Whether probation reads its words: while it holds, and afterwards where it had them."""
        return self.state not in OVER or self.last(StepKind.ACKNOWLEDGED) is not None

    def last(self, *kinds: StepKind) -> Step | None:
        """The last step of one of these kinds."""
        return next((one for one in reversed(self.steps) if one.row.kind in kinds), None)


def told_of(case_id: int) -> list[Told]:
    """Everything that probation was told of a case, the newest first."""
    steps: dict[int, list[Step]] = defaultdict(list)
    for row, name in db.session.execute(_STEPS, {"case": case_id}):
        steps[row.statement_id].append(Step(row, name))
    return [
        Told(
            row,
            by,
            approver or "",
            ", ".join(one for one in (to, unit) if one) or NOBODY,
            tuple(steps[row.id]),
        )
        for row, by, approver, to, unit in db.session.execute(_TOLD, {"case": case_id})
    ]


def told_one(case_id: int, ref: uuid.UUID) -> Told | None:
    """One thing that probation was told of a case; None where there is no such thing of it."""
    return next((one for one in told_of(case_id) if one.row.ref == ref), None)
