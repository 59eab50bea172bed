"""Reading safeguarding referrals of a case the viewer has already been let into."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.safeguarding.kinds import State, StepKind
from mhtr.safeguarding.models import SafeguardingReferral, SafeguardingStep, SafeguardingVersion
from mhtr.safeguarding.rules import possible, state_of


@dataclass(frozen=True)
class Written:
    """A version, and who wrote it."""

    row: SafeguardingVersion
    by: str
    job: str


@dataclass(frozen=True)
class Step:
    """A step, and who recorded it."""

    row: SafeguardingStep
    by: str


@dataclass(frozen=True)
class Referral:
    """A referral with all that is on record of it; versions and steps the first one first."""

    row: SafeguardingReferral
    versions: Sequence[Written]
    steps: Sequence[Step]

    @property
    def newest(self) -> Written:
        """The version that holds."""
        return self.versions[-1]

    @property
    def taken(self) -> list[StepKind]:
        """The steps about the newest version."""
        number = self.newest.row.number
        return [one.row.kind for one in self.steps if one.row.version == number]

    @property
    def state(self) -> State:
        """Where it stands."""
        return state_of(self.taken)

    @property
    def possible(self) -> tuple[StepKind, ...]:
        """What may be recorded next."""
        return possible(self.taken)


def referrals_of(case_id: int) -> list[Referral]:
    """The safeguarding referrals of a case, the newest first."""
    rows = db.session.scalars(
        select(SafeguardingReferral)
        .where(SafeguardingReferral.case_id == case_id)
        .order_by(SafeguardingReferral.id.desc())
    ).all()
    ids = [row.id for row in rows]
    if not ids:
        return []
    written: Any = db.session.execute(
        select(SafeguardingVersion, Staff.name, Staff.job_title)
        .join(Staff, Staff.id == SafeguardingVersion.by_id)
        .where(SafeguardingVersion.referral_id.in_(ids))
        .order_by(SafeguardingVersion.number)
    )
    versions: dict[int, list[Written]] = defaultdict(list)
    for version, name, job in written:
        versions[version.referral_id].append(Written(version, name, job or ""))
    taken: Any = db.session.execute(
        select(SafeguardingStep, Staff.name)
        .join(Staff, Staff.id == SafeguardingStep.by_id)
        .where(SafeguardingStep.referral_id.in_(ids))
        .order_by(SafeguardingStep.id)
    )
    steps: dict[int, list[Step]] = defaultdict(list)
    for step, name in taken:
        steps[step.referral_id].append(Step(step, name))
    return [Referral(row, versions[row.id], steps[row.id]) for row in rows]


def find_referral(case_id: int, ref: uuid.UUID) -> Referral:
    """One of the referrals of a case.

    Raises:
        NotFound: there is no such one.
    """
    for one in referrals_of(case_id):
        if one.row.ref == ref:
            return one
    raise NotFound
