"""The scores of one man in their order: which is his baseline, and which two are compared.

Only complete scores count. A score typed in as a total is a complete score. Scores taken after
discharge (follow-up) belong to no outcome.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from outcome_measures.time_points import Origin, TimePoint, contact_name


class BaselineRule(StrEnum):
    """Which score is the baseline: the two readings a service chooses from."""

    LAST_BEFORE_OR_AT_FIRST_SESSION = "last_before_or_at_first_session"
    """The last complete score on or before the day of the first treatment session."""
    FIRST_OF_CASE = "first_of_case"
    """The first complete score of the case, taken before sentence or not."""


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """One score of one instrument on one day.

    ``total`` is ``None`` where the form is incomplete. ``occasion_ref`` says which occasion it was
    taken on; ``order`` decides between scores of one day and one time point.
    """

    occasion_ref: str
    instrument: str
    on: date
    total: int | None
    point: TimePoint
    session_number: int | None = None
    origin: Origin = Origin.ITEMS
    historic: bool = False
    order: int = 0

    @property
    def complete(self) -> bool:
        """Whether it has a total."""
        return self.total is not None

    @property
    def asked_at(self) -> str:
        """The contact at which it was asked, as it is called."""
        return contact_name(self.point, self.session_number)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two complete scores of one instrument, from different occasions on different days."""

    first: ScorePoint
    last: ScorePoint

    @property
    def totals(self) -> tuple[int, int]:
        """The first and the last total, in points."""
        if self.first.total is None or self.last.total is None:
            raise ValueError("a pair is made of complete scores")
        return self.first.total, self.last.total


# On one day, an assessment comes before a treatment session and follow-up comes after it.
_PLACE = {
    TimePoint.PRE_SENTENCE: 0,
    TimePoint.BETWEEN: 1,
    TimePoint.SESSION: 2,
    TimePoint.FOLLOW_UP: 3,
}


def in_order(points: Iterable[ScorePoint]) -> tuple[ScorePoint, ...]:
    """The points as they were taken, whatever order they were recorded in."""
    return tuple(sorted(points, key=_taken))


def of_instrument(points: Iterable[ScorePoint], instrument: str) -> tuple[ScorePoint, ...]:
    """The points of one instrument, by its id, in order."""
    return in_order(point for point in points if point.instrument == instrument)


def baseline(
    points: Iterable[ScorePoint], rule: BaselineRule, first_session_on: date | None
) -> ScorePoint | None:
    """The score that later ones of the same instrument are compared with; None without one.

    Where he had no complete score by his first treatment session, the first complete score after
    it stands in, as NHS Talking Therapies pairs the first valid score of an episode. Before the
    first treatment session the baseline is the last score so far.

    Args:
        points: scores of one instrument; others raise ``ValueError``.
        first_session_on: the day of the first treatment session, None before it.
    """
    return _baseline(_outcome_scores(points), rule, first_session_on)


def _baseline(
    candidates: Sequence[ScorePoint], rule: BaselineRule, first_session_on: date | None
) -> ScorePoint | None:
    if not candidates:
        return None
    if rule is BaselineRule.FIRST_OF_CASE:
        return candidates[0]
    if first_session_on is None:
        return candidates[-1]
    by_then = [point for point in candidates if point.on <= first_session_on]
    return by_then[-1] if by_then else candidates[0]


def pair(
    points: Iterable[ScorePoint], rule: BaselineRule, first_session_on: date | None
) -> Pair | None:
    """The baseline and the latest complete score after it; None where there are no such two.

    The last score comes from another occasion on a later day, and was not taken for the court: two
    assessments before sentence are not an outcome of treatment. Follow-up is left out.

    Args:
        points: scores of one instrument; others raise ``ValueError``.
        first_session_on: as in `baseline`.
    """
    candidates = _outcome_scores(points)
    first = _baseline(candidates, rule, first_session_on)
    if first is None:
        return None
    later = [
        point
        for point in candidates
        if point.on > first.on
        and point.occasion_ref != first.occasion_ref
        and point.point is not TimePoint.PRE_SENTENCE
    ]
    return Pair(first, later[-1]) if later else None


def _outcome_scores(points: Iterable[ScorePoint]) -> tuple[ScorePoint, ...]:
    given = in_order(points)
    if len({point.instrument for point in given}) > 1:
        raise ValueError("scores of different instruments are not compared")
    return tuple(
        point for point in given if point.complete and point.point is not TimePoint.FOLLOW_UP
    )


def _taken(point: ScorePoint) -> tuple[date, int, int, int, str]:
    return (
        point.on,
        _PLACE[point.point],
        point.session_number or 0,
        point.order,
        point.occasion_ref,
    )
