"""What probation told the service of a man, through a case that the viewer may see."""

import uuid
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.core.database import db
from mhtr.probation.word_models import ProbationWord, ProbationWordStep
from mhtr.probation.word_rules import OPEN, State, StepKind, state_of

_WORDS = (
    select(ProbationWord, Staff.name)
    .join(Staff, Staff.id == ProbationWord.by_id)
    .where(ProbationWord.case_id == bindparam("case"))
    .order_by(ProbationWord.id.desc())
)
_STEPS = (
    select(ProbationWordStep, Staff.name)
    .join(Staff, Staff.id == ProbationWordStep.by_id)
    .join(ProbationWord, ProbationWord.id == ProbationWordStep.word_id)
    .where(ProbationWord.case_id == bindparam("case"))
    .order_by(ProbationWordStep.id)
)


@dataclass(frozen=True)
class Step:
    """One thing that was done with it, and by whom."""

    row: ProbationWordStep
    by: str


@dataclass(frozen=True)
class Word:
    """One thing that probation told, with what became of it."""

    row: ProbationWord
    by: str
    steps: tuple[Step, ...]

    @property
    def state(self) -> State:
        """Where it stands."""
        return state_of(step.row.kind for step in self.steps)

    @property
    def is_open(self) -> bool:
        """Whether the service is to do something with it."""
        return self.state in OPEN

    def last(self, *kinds: StepKind) -> Step | None:
        """The last step of one of these kinds."""
        return next((one for one in reversed(self.steps) if one.row.kind in kinds), None)


def words_of(case_id: int) -> list[Word]:
    """Everything that probation told of a case, the newest first."""
    steps: dict[int, list[Step]] = defaultdict(list)
    for row, name in db.session.execute(_STEPS, {"case": case_id}):
        steps[row.word_id].append(Step(row, name))
    found = db.session.execute(_WORDS, {"case": case_id})
    return [Word(row, by, tuple(steps[row.id])) for row, by in found]


def word_of(case_id: int, ref: uuid.UUID) -> Word | None:
    """One thing that probation told of a case; None where there is no such thing of it."""
    return next((one for one in words_of(case_id) if one.row.ref == ref), None)
