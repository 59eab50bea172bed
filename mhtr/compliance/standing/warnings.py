"""Which warnings count, on which days, and what they bind to."""

from datetime import date, time

from mhtr.compliance.standing import facts as f
from mhtr.compliance.standing.known import Known
from mhtr.compliance.standing.readings import (
    AfterProved,
    DutyOfOverturned,
    OralWarning,
    OtherWording,
    TestedWhen,
    WarningDay,
    WarningOfOverturned,
)
from mhtr.compliance.standing.windows import last_day

WITHDRAWN = "It was withdrawn."
NOT_COMPLETE = "It does not say all that a warning must say."
BY_MOUTH = "It was given by word of mouth."
OTHER_KIND = "It is worded for the other kind of order."
OVERTURNED = "The decision it rests on was overturned."


class Warnings:
    """The warnings of one order, asked."""

    def __init__(self, known: Known) -> None:
        self._known, self._readings = known, known.readings
        self._withdrawn = {one.warning for one in known.of(f.WarningWithdrawn)}
        self._count = [one for one in known.of(f.Warned) if self.fault(one) is None]

    def last_day(self, warned: f.Warned) -> date:
        """The last day on which it counts."""
        return last_day(self._known.order.kind, self.given_on(warned), self._readings)

    def given_on(self, warned: f.Warned) -> date:
        """The day of a warning, by the reading in force; the recorded one where none is known."""
        if self._readings.warning_day is WarningDay.POSTED:
            return warned.posted_on or warned.on
        if self._readings.warning_day is WarningDay.DELIVERED:
            return warned.delivered_on or warned.on
        return warned.on

    def fault(self, warned: f.Warned) -> str | None:
        """Why a warning does not count; None where it does, as long as it is live."""
        if warned.key in self._withdrawn:
            return WITHDRAWN
        if not warned.complete:
            return NOT_COMPLETE
        if warned.oral and self._readings.oral_warning is OralWarning.DOES_NOT:
            return BY_MOUTH
        other = warned.worded_as is not None and warned.worded_as is not self._known.order.kind
        if other and self._readings.other_wording is OtherWording.DOES_NOT:
            return OTHER_KIND
        falls = self._readings.warning_of_overturned is WarningOfOverturned.FALLS
        if falls and warned.about and not any(map(self._known.is_failure, warned.about)):
            return OVERTURNED
        return None

    def live_on(self, day: date) -> list[f.Warned]:
        """Warnings that count at the end of a day."""
        return [one for one in self._count if self.given_on(one) <= day and self._runs(one, day)]

    def binding(self, session: f.Session, day: date, at: time | None) -> list[f.Warned]:
        """Warnings given before a moment that counted then, other than about this failure itself.

        Of two things on one day of which no times are known, the warning is taken to follow the
        opinion, as it does in law.
        """
        return [
            one
            for one in self._count
            if session.key not in one.about and self._before(one, day, at) and self._runs(one, day)
        ]

    def _runs(self, warned: f.Warned, day: date) -> bool:
        return day <= self.last_day(warned) and not self._restarted(warned, day)

    def _before(self, warned: f.Warned, day: date, at: time | None) -> bool:
        given = self.given_on(warned)
        if given != day:
            return given < day
        return warned.at is not None and at is not None and warned.at < at

    def _restarted(self, warned: f.Warned, day: date) -> bool:
        if self._readings.after_proved is AfterProved.STAY:
            return False
        proved = [one.on for one in self._known.concluded if one.outcome is f.Outcome.CONTINUES]
        return any(self.given_on(warned) <= on < day for on in proved)

    def duty(self, session: f.Session) -> f.Warned | None:
        """The warning because of which a failure must be referred; None where none binds."""
        survives = self._readings.duty_of_overturned is DutyOfOverturned.SURVIVES
        decisions = self._known.decided.get(session.key, [])
        bound = (self.bound_by(one, session) for one in decisions[0 if survives else -1 :])
        return next((one for one in bound if one is not None), None)

    def bound_by(self, decided: f.Decided, session: f.Session) -> f.Warned | None:
        """The warning because of which this decision asks for a referral; None where none does."""
        if not self._known.fails(decided):
            return None
        moment: f.Decided | f.Session = decided
        if self._readings.tested_when is TestedWhen.FAILURE:
            moment = session
        return next(iter(self.binding(session, moment.on, moment.at)), None)
