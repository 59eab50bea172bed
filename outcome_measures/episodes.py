"""An episode of treatment: its sessions, and when it is over. One answer for page and report.

Functions of values and dates.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from mhtr.cases.facts import CaseState
from outcome_measures.series import ScorePoint
from outcome_measures.time_points import TimePoint

OPEN = frozenset({CaseState.SENTENCED_WITH_MHTR, CaseState.INDUCTION, CaseState.IN_TREATMENT})
OVER = frozenset({CaseState.ENDED, CaseState.DISCHARGED, CaseState.CLOSED})
"""An episode ends when the case ends or is closed after it, not with one of his courses."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """A man's treatment sessions on record."""

    number: int
    first_on: date
    last_on: date


ASKED_WITHIN = timedelta(days=14)
"""So long after a session measures may be asked by telephone that are said to be of it."""
Held = tuple[date, int | None]
"""A treatment session: its day, and its number where it has one."""


def sessions_of(points: Iterable[ScorePoint], held: Iterable[Held]) -> Sessions | None:
    """The treatment sessions of a case, each an attended treatment contact; None without any.

    NHS Talking Therapies counts appointments, not days: two sessions of one day are two. A past
    score of a treatment session says that there was one; without a number it is the one of its
    day, where there is one.

    Args:
        held: those recorded as contacts, and those known of attendance alone (`held_besides`).
    """
    every = sessions_known(points, held)
    days = {day for day, _ in every}
    numbered = {(day, number) for day, number in every if number}
    number = len(numbered) + len(days - {day for day, _ in numbered})
    return Sessions(number, min(days), max(days)) if days else None


def held_in(text: str) -> tuple[Held, ...]:
    """The sessions of a text such as `2026-03-02=1,2026-03-09=0`; 0 stands for no number."""
    parts = (part.partition("=") for part in text.split(",") if part)
    return tuple((date.fromisoformat(day), int(number) or None) for day, _, number in parts)


def first_day(text: str) -> date:
    """The first day in a text that `held_in` reads."""
    return date.fromisoformat(min(text.split(",")).partition("=")[0])


def text_of(held: Iterable[Held]) -> str:
    """The text that `held_in` reads."""
    return ",".join(f"{day.isoformat()}={number or 0}" for day, number in held)


def held_besides(attended: Iterable[Held], known: Iterable[Held]) -> tuple[Held, ...]:
    """The sessions at which he was seen that are not among those known of his measures.

    One day may hold both, each with a number of its own: they are the same session, unless he was
    seen more often that day. What was asked in the next days, of a session by its number, is of it.

    Args:
        attended: as attendance says.
        known: contacts at which measures were recorded, and days of past scores.
    """
    seen = sorted(set(attended), key=lambda one: (one[0], one[1] or 0))
    recorded, days = set(known), {day for day, _ in seen}
    later = [one for one in recorded if one[0] not in days]
    found: list[Held] = []
    for day in sorted(days):
        here = [one for one in seen if one[0] == day]
        there = [one for one in recorded if one[0] == day]
        news = [one for one in here if one not in there and not _asked_later(one, later)]
        found += news[: max(0, len(here) - len(there))]
    return tuple(found)


def _asked_later(session: Held, later: Iterable[Held]) -> bool:
    """Whether a contact of a day without a session names the number of this one."""
    on, number = session
    return number is not None and any(
        number == named and timedelta() < day - on <= ASKED_WITHIN for day, named in later
    )


def sessions_known(points: Iterable[ScorePoint], held: Iterable[Held]) -> frozenset[Held]:
    """The treatment sessions that a man's measures tell of: contacts, and past scores of one."""
    return frozenset(
        {(point.on, point.session_number) for point in points if _at_session(point)} | set(held)
    )


def _at_session(point: ScorePoint) -> bool:
    return point.point is TimePoint.SESSION
