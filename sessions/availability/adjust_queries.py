"""Adjustments agreed with a man, as the service and probation both read them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.web.reads import shows
from sessions.availability.adjust_kinds import AGREED_WORDS, WHY_WORDS, is_over
from sessions.availability.models import AgreedAdjustment


@dataclass(frozen=True)
class AdjustmentLine:
    """One adjustment as pages list it: nothing of it is hidden from one side."""

    row: AgreedAdjustment
    what: str
    why: str
    agreed_by: str
    first_day: date
    last_day: date | None
    by: str
    ended_at: datetime | None
    ended_by: str
    """Whoever took it back, or that it ran out."""
    over: bool


RAN_OUT = "As it was agreed"


def _ran_out(row: AgreedAdjustment) -> bool:
    """Whether the program ended it after its last day, and nobody took it back."""
    return row.ended_at is not None and is_over(
        row.last_day, row.ended_at.astimezone(clock.LONDON).date()
    )


def adjustments_of(case: Case) -> list[AdjustmentLine]:
    """Every adjustment agreed with him, the newest first; that they are shown is audited."""
    ender = aliased(Staff)
    rows = db.session.execute(
        select(AgreedAdjustment, Staff.name, ender.name)
        .join(Staff, Staff.id == AgreedAdjustment.by_id)
        .outerjoin(ender, ender.id == AgreedAdjustment.ended_by)
        .where(AgreedAdjustment.case_id == case.id)
        .order_by(AgreedAdjustment.id.desc())
    ).all()
    shows("adjustment", *(row.id for row, _, _ in rows), case_id=case.id)
    return [
        AdjustmentLine(
            row=row,
            what=row.what,
            why=WHY_WORDS[row.why],
            agreed_by=AGREED_WORDS[row.agreed_by],
            first_day=row.first_day,
            last_day=row.last_day,
            by=by,
            ended_at=row.ended_at,
            ended_by=RAN_OUT if _ran_out(row) else ended_by or "",
            over=row.ended_at is not None or is_over(row.last_day, clock.today()),
        )
        for row, by, ended_by in rows
    ]
