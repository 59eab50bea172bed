"""The treatment sessions of cases as they are on record: held here, or known from past scores."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, func, literal, select, union

from mhtr.core.prepared import Prepared
from outcome_measures.models import MeasureContact, MeasureOccasion, OccasionState
from outcome_measures.time_points import TimePoint

IS_SESSION = and_(MeasureContact.point == TimePoint.SESSION, MeasureContact.taken_back.is_(False))
"""The condition that a `MeasureContact` of a query is a treatment session of the course."""


_CASES: Any = bindparam("cases", expanding=True)
_NUMBERED = Prepared(
    union(
        select(
            MeasureContact.case_id,
            MeasureContact.session_number.label("number"),
            MeasureContact.held_on.label("day"),
            literal(False).label("imported"),
        ).where(MeasureContact.case_id.in_(_CASES), IS_SESSION),
        select(
            MeasureOccasion.case_id,
            MeasureOccasion.session_number,
            MeasureOccasion.asked_on,
            literal(True),
        ).where(
            MeasureOccasion.case_id.in_(_CASES),
            MeasureOccasion.point == TimePoint.SESSION,
            # Not said as "is null": most forms have no contact, and their index would be read.
            func.coalesce(MeasureOccasion.contact_id, 0) == 0,
            MeasureOccasion.state != OccasionState.WITHDRAWN,
        ),
    ).order_by("number", "day", "imported")
)


@dataclass(frozen=True, slots=True)
class Session:
    """A treatment session on record. `imported`: only scores from the past say that it was."""

    number: int
    day: date
    imported: bool


def numbered_sessions(case_ids: Collection[int]) -> Mapping[int, tuple[Session, ...]]:
    """The numbered treatment sessions of each case, in the order of their numbers."""
    found: dict[int, list[Session]] = {case_id: [] for case_id in case_ids}
    for case_id, number, day, imported in _NUMBERED.all({"cases": case_ids}) if case_ids else ():
        if number is not None:
            found[case_id].append(Session(number, day, bool(imported)))
    return {case_id: tuple(sessions) for case_id, sessions in found.items()}
