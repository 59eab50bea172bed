"""Imported scores that were taken back: kept in history, and part of nothing else."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.core.access import Role, Viewer
from mhtr.core.database import db
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import ImportedScore, MeasureOccasion, OccasionState


@dataclass(frozen=True)
class Withdrawn:
    """One imported measure that counts for nothing any more, and why."""

    occasion_id: int
    ref: uuid.UUID
    name: str
    on: date
    at: datetime
    by: str
    because: str


def withdrawn_of(case_id: int) -> Sequence[Withdrawn]:
    """Those of a case, the latest taken back first."""
    return [_withdrawn(row) for row in db.session.execute(_of_case(), {"case": case_id})]


def how_withdrawn(occasion: MeasureOccasion) -> Withdrawn | None:
    """Who took this measure back and why; None where nobody did."""
    if occasion.state is not OccasionState.WITHDRAWN:
        return None
    return next(one for one in withdrawn_of(occasion.case_id) if one.ref == occasion.ref)


def may_take_back(viewer: Viewer, occasion: MeasureOccasion) -> bool:
    """Whether it is an imported score and he a clinical lead, or the one who imported it."""
    his = viewer.has(Role.CLINICAL_LEAD) or occasion.entered_by == viewer.staff_id
    return occasion.historic and occasion.state is OccasionState.SUBMITTED and his


@cache
def _of_case() -> Any:
    """Made once: making it takes longer than asking it."""
    row, came = MeasureOccasion, ImportedScore
    return (
        select(
            row.id,
            row.ref,
            row.instrument,
            row.asked_on,
            came.withdrawn_at,
            came.withdrawn_because,
            Staff.name,
        )
        .join(came, came.occasion_id == row.id)
        .join(Staff, Staff.id == came.withdrawn_by)
        .where(row.case_id == bindparam("case"), row.state == OccasionState.WITHDRAWN)
        .order_by(came.withdrawn_at.desc(), row.asked_on, row.id)
    )


def _withdrawn(row: Any) -> Withdrawn:
    return Withdrawn(
        occasion_id=row.id,
        ref=row.ref,
        name=recorded(row.instrument).name,
        on=row.asked_on,
        at=row.withdrawn_at,
        by=row.name,
        because=row.withdrawn_because,
    )
