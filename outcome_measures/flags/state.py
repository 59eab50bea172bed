"""What the flags of one man are made from, and what a flag is. Values only."""

from dataclasses import dataclass, field, replace
from datetime import date

from outcome_measures.answers import NOT_KNOWN
from outcome_measures.course_parts import Parts
from outcome_measures.definitions import RiskTo
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags.due import (
    Asked,
    Contact,
    History,
    Schedule,
    Schedules,
    in_force_on,
)
from outcome_measures.series import BaselineRule, ScorePoint


@dataclass(frozen=True, slots=True)
class Measured:
    """An instrument of the outcome with the numbers in force for it, in points."""

    instrument: str
    name: str
    cut_off: int
    reliable: int
    schedule: Schedule = Schedule.EACH_SESSION


@dataclass(frozen=True, slots=True)
class RiskAnswer:
    """The answer to one question about risk on one occasion that was submitted or closed.

    ``value`` is None where it was not answered, declined, or is not known behind a typed total.
    """

    instrument: str
    name: str
    item: int
    on: date
    value: int | None
    occasion_ref: str
    order: int = 0
    historic: bool = False
    to: RiskTo = RiskTo.SELF
    beside_total: bool = False

    @property
    def question(self) -> str:
        """Which question it is, and whom it asks about."""
        return f"question {self.item} of {self.name} ({self.to.words})"

    @property
    def said(self) -> str:
        """What became of it, in words."""
        if self.value is not None:
            return f"was answered {self.value}"
        return f"is {NOT_KNOWN}" if self.beside_total else "was not answered"

    @property
    def signs(self) -> bool:
        """Above zero, or not answered."""
        return self.value is None or self.value > 0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Local policy: sessions from which, and how near the end, a flag is raised."""

    no_change_from: int = 5
    near_end: int = 2
    pair_by: int = 2


@dataclass(frozen=True, slots=True)
class CaseMeasures:
    """Everything the flags of one man are made from, as it stands today.

    Args:
        planned_sessions: the number of the last treatment session planned; None where nobody has
            said, and then "near the end" is not judged.
        parts: his courses, where he has had more than one.
        today: a session held today whose contact is open is not judged yet.
    """

    measures: tuple[Measured, ...]
    today: date
    points: tuple[ScorePoint, ...] = ()
    contacts: tuple[Contact, ...] = ()
    risk_answers: tuple[RiskAnswer, ...] = ()
    planned_sessions: int | None = None
    parts: Parts = ()
    rule: BaselineRule = BaselineRule.LAST_BEFORE_OR_AT_FIRST_SESSION
    thresholds: Thresholds = field(default_factory=Thresholds)
    asked: tuple[Asked, ...] = ()
    """Every measure that was asked, whether or not it has a score: for what is due."""
    schedules: Schedules = field(default_factory=dict)
    """Those in force today."""
    history: History = ()
    """Those of earlier days."""

    def schedule_on(self, measure: Measured, day: date) -> Schedule:
        """When an instrument of the outcome was asked, by what was in force on a day."""
        if not self.history:
            return measure.schedule
        return in_force_on(self.history, day, self.schedules).get(
            measure.instrument, Schedule.NEVER
        )


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag that holds: what it is, its rule, and what in the scores met it."""

    kind: FlagKind
    instrument: str | None
    key: str
    rule: str
    reason: str
    since: date
    """The first day of the unbroken time in which its rule holds."""
    occasion_ref: str = ""
    """The occasion of the score or answer that meets it, where it is one."""
    contact_ref: str = ""
    """The session that lacks a score, where that is what meets it."""


def until(state: CaseMeasures, on: date) -> CaseMeasures:
    """The man's measures as far as they went on a day, judged with what is known of it today."""
    return replace(
        state,
        points=tuple(point for point in state.points if point.on <= on),
        contacts=tuple(contact for contact in state.contacts if contact.held_on <= on),
        risk_answers=tuple(answer for answer in state.risk_answers if answer.on <= on),
    )
