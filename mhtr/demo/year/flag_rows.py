"""The flags that the scores of many men raise, as the rules of flags say, and most answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from mhtr.core.database import db
from mhtr.demo.simulation import at, working_day
from mhtr.demo.year.board import day_of
from mhtr.demo.year.person import Person
from mhtr.demo.year.rows import Rows
from outcome_measures.flags.queries import states_of
from outcome_measures.flags.standing import flags
from outcome_measures.flags.state import Flag
from outcome_measures.models import MeasureContact, MeasureFlag, MeasureOccasion

WAITS = timedelta(days=6)
"""How long a flag may have waited."""
SAID = (
    "Talked through with him: a hard month. We stay with the plan and look at the next score.",
    "Taken to supervision. Two sessions on sleep first, then back to the ladder.",
    "Asked for both forms at the next session.",
    "Good news told to him; the last sessions go to keeping it.",
)


def add(rows: Rows, men: Sequence[Person], now: datetime) -> None:
    """Add the flags of these men, whose scores are written."""
    states = states_of([man.case_id for man in men])
    ids: dict[str, int] = {}
    for model in (MeasureOccasion, MeasureContact):
        query = select(model.ref, model.id).where(model.case_id.in_(states))
        ids |= {str(ref): key for ref, key in db.session.execute(query)}
    for man in men:
        for flag in flags(states[man.case_id]):
            _raise(rows, man, flag, ids, now)


def _raise(rows: Rows, man: Person, flag: Flag, ids: dict[str, int], now: datetime) -> None:
    moment = min(at(flag.since, 17), now - timedelta(minutes=30))
    row = rows.add(
        MeasureFlag,
        case_id=man.case_id,
        key=f"{man.case_id}:{flag.key}",
        kind=flag.kind,
        instrument=flag.instrument,
        said={"rule": flag.rule, "reason": flag.reason},
        occasion_id=ids.get(flag.occasion_ref),
        contact_id=ids.get(flag.contact_ref),
        created_at=moment,
    )
    said: dict[str, Any] = {"by": man.by, "case_id": man.case_id, "flag": row["id"]}
    rows.note(moment, "measures.flag_raised", **said, kind=flag.kind.value)
    answered = at(working_day(day_of(moment), 2), 12)
    if moment > now - WAITS or answered > now:
        return
    row |= {
        "response": rows.chance.choice(SAID),
        "responded_at": answered,
        "responded_by": man.by,
        "in_supervision": rows.chance.random() < 0.4,
    }
    rows.note(answered, "measures.flag_answered", **said, kind=flag.kind.value)
