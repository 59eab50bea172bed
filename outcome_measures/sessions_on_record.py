"""The treatment sessions of cases as they are on record: held here, or known from past scores."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, literal, select, union

from mhtr.core.database import db
from outcome_measures.models import MeasureContact, MeasureOccasion, OccasionState
from outcome_measures.time_points import TimePoint

IS_SESSION = and_(MeasureContact.point == TimePoint.SESSION, MeasureContact.taken_back.is_(False))
"""The condition that a `MeasureContact` of a query is a treatment session of the course."""


@dataclass(frozen=True, slots=True)
class Session:
    """A treatment session on record. `imported`: only scores from the past say that it was."""

    number: int
    day: date
    imported: bool


def numbered_sessions(case_ids: Collection[int]) -> Mapping[int, tuple[Session, ...]]:
    """The numbered treatment sessions of each case, in the order of their numbers."""
    held = select(
        MeasureContact.case_id,
        MeasureContact.session_number.label("number"),
        MeasureContact.held_on.label("day"),
        literal(False).label("imported"),
    ).where(MeasureContact.case_id.in_(case_ids), IS_SESSION)
    measured = select(
        MeasureOccasion.case_id,
        MeasureOccasion.session_number,
        MeasureOccasion.asked_on,
        literal(True),
    ).where(
        MeasureOccasion.case_id.in_(case_ids),
        MeasureOccasion.point == TimePoint.SESSION,
        # Not said as "is null": most forms have no contact, and their index would be read for it.
        func.coalesce(MeasureOccasion.contact_id, 0) == 0,
        MeasureOccasion.state != OccasionState.WITHDRAWN,
    )
    found: dict[int, list[Session]] = {case_id: [] for case_id in case_ids}
    rows = db.session.execute(union(held, measured).order_by("number", "day", "imported"))
    for case_id, number, day, imported in rows:
        if number is not None:
            found[case_id].append(Session(number, day, bool(imported)))
    return {case_id: tuple(sessions) for case_id, sessions in found.items()}
