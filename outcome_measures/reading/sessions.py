"""The treatment sessions of a case, and those at which a measure was not asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import bindparam, select

from mhtr.core.prepared import Prepared
from outcome_measures.counting import attended
from outcome_measures.episodes import Held as Session
from outcome_measures.episodes import held_besides, sessions_known
from outcome_measures.models import MeasureContact
from outcome_measures.policy import EACH_SESSION
from outcome_measures.reading.rules import Held
from outcome_measures.series import ScorePoint
from outcome_measures.sessions_on_record import IS_SESSION
from outcome_measures.signing.offered import asked_when_by_day
from outcome_measures.time_points import TimePoint

_SESSIONS = Prepared(
    select(MeasureContact.held_on, MeasureContact.session_number).where(
        MeasureContact.case_id == bindparam("case"), IS_SESSION
    )
)


class HasPoint(Protocol):
    """A form of any state."""

    @property
    def point(self) -> ScorePoint:
        """When it was asked, and of what."""


def session_days(case_id: int, forms: Iterable[HasPoint]) -> Mapping[date, int | None]:
    """The days of the treatment sessions of a case that are on record, with their numbers."""
    contacts = [(on, n) for on, n in _SESSIONS.all({"case": case_id})]
    return numbers_by_day(held_with_him(case_id, contacts, forms))


def held_with_him(
    case_id: int, contacts: Sequence[Session], forms: Iterable[HasPoint]
) -> tuple[Session, ...]:
    """The sessions recorded as contacts, and those of which attendance alone says he was seen.

    Args:
        forms: of every measure, also past scores: they too say that a session was held.
    """
    known = sessions_known((form.point for form in forms), contacts)
    return (*contacts, *held_besides(attended(case_id), known))


def numbers_by_day(sessions: Iterable[tuple[date, int | None]]) -> Mapping[date, int | None]:
    """The days of treatment sessions with their numbers; of several on a day, the last number."""
    return dict(sorted(sessions, key=lambda one: (one[0], one[1] or 0)))


def held_without(
    forms: Iterable[HasPoint], days: Mapping[date, int | None]
) -> Callable[[str], Iterator[Held]]:
    """Of any measure, the sessions on whose day no form of it is on record, begun or finished.

    Args:
        forms: of every measure, also past scores: they too say that a session was held.
        days: as `session_days` finds them.
    """
    points = [form.point for form in forms]
    there = {(point.instrument, point.on) for point in points}
    known = {one.on: one.session_number for one in points if one.point is TimePoint.SESSION}
    sessions, asked = {**known, **days}, asked_when_by_day()

    def wanted(name: str, day: date) -> bool:
        return [when for since, when in asked if since <= day][-1].get(name) == EACH_SESSION

    def of(name: str) -> Iterator[Held]:
        for day, number in sessions.items():
            if (name, day) not in there:
                yield Held(day, number, wanted(name, day))

    return of
