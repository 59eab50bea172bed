"""The facts of one order by a day, in the order in which they happened, and what they say alone."""

from collections.abc import Iterable, Iterator
from datetime import date, time
from typing import TypeVar

from mhtr.compliance.standing import facts as f
from mhtr.compliance.standing.counting import terms_on, why_not
from mhtr.compliance.standing.readings import (
    AfterSupervision,
    EarlyEndDay,
    Readings,
    Unanswered,
)
from mhtr.orders.terms import OrderKind

F = TypeVar("F")

RANK = {
    kind: rank
    for rank, kind in enumerate(
        (
            f.TermsHeld,
            f.Session,
            f.Decided,
            f.NoAction,
            f.Warned,
            f.WarningWithdrawn,
            f.Referred,
            f.InformationLaid,
            f.Concluded,
            f.Ended,
            f.Unwilling,
            f.WarningsConfirmed,
        )
    )
}
"""Which of two facts of one day stands first where no time tells them apart."""


def in_order(facts: Iterable[f.Fact], on: date) -> list[f.Fact]:
    """What had happened by the end of a day, each once, in the order in which it happened."""
    return sorted({one for one in facts if one.on <= on}, key=_when)


def _when(one: f.Fact) -> tuple[date, int, time, int, str]:
    return one.on, RANK[type(one)], one.at or time.min, one.number, repr(one)


class Known:
    """The facts of one order by a day, asked."""

    def __init__(
        self, order: f.Order, facts: Iterable[f.Fact], on: date, readings: Readings
    ) -> None:
        self.order, self.on, self.readings = order, on, readings
        self.facts = in_order(facts, on)
        self.terms = list(self.of(f.TermsHeld))
        self.sessions = {one.key: one for one in self.of(f.Session)}
        self.decided: dict[f.Key, list[f.Decided]] = {}
        for decided in self.of(f.Decided):
            self.decided.setdefault(decided.session, []).append(decided)
        self.concluded = list(self.of(f.Concluded))
        self.referred = list(self.of(f.Referred))

    def of(self, kind: type[F]) -> Iterator[F]:
        """The facts of one kind."""
        return (one for one in self.facts if isinstance(one, kind))

    def why_not(self, session: f.Session) -> str | None:
        """Why this session can be no failure; None where it can."""
        return why_not(
            session,
            self.current(session.key),
            terms=terms_on(self.terms, session.on),
            over=self.over(session.on),
            readings=self.readings,
        )

    def current(self, key: f.Key) -> f.Decided | None:
        """Probation's decision that counts; None where there is none."""
        found = self.decided.get(key)
        return found[-1] if found else None

    def fails(self, decided: f.Decided | None) -> bool:
        """Whether a decision is the opinion that there was no reasonable excuse."""
        if decided is None:
            return False
        if decided.opinion is f.Opinion.UNACCEPTABLE:
            return self.readings.unanswered is Unanswered.COUNTS
        return decided.opinion is f.Opinion.NO_EXCUSE

    def is_failure(self, key: f.Key) -> bool:
        """Whether probation holds that this session was failed without reasonable excuse."""
        return self.fails(self.current(key))

    def over(self, day: date) -> bool:
        """Whether the order was over on a day."""
        for ended in self.of(f.Ended):
            early = ended.by is f.EndedBy.EARLY
            still = early and self.readings.early_end_day is EarlyEndDay.IN_FORCE
            if day > ended.on or (day == ended.on and not still):
                return True
        if any(one.outcome is f.Outcome.ENDS and one.on <= day for one in self.concluded):
            return True
        terms = terms_on(self.terms, day)
        return terms is not None and terms.last_day is not None and day > terms.last_day

    def referral_open(self) -> bool:
        """Whether something that was referred has not come to its end."""
        return any(not self._ended_since(one.on) for one in self.referred)

    def laid_open(self) -> bool:
        """Whether an information laid while the order was in force waits for the court."""
        laid = self.of(f.InformationLaid)
        return any(not self.over(one.on) and not self._ended_since(one.on) for one in laid)

    def _ended_since(self, day: date) -> bool:
        return any(one.on >= day for one in self.concluded)

    def begun(self) -> bool:
        """Whether a period of the requirement has begun."""
        return any(first <= self.on for terms in self.terms for first, _ in terms.periods)

    def still_suspended(self) -> bool:
        """Whether only the supervision of a suspended sentence is over."""
        if self.readings.after_supervision is AfterSupervision.OVER:
            return False
        ended = any(True for _ in self.of(f.Ended))
        terms = terms_on(self.terms, self.on)
        return (
            self.order.kind is OrderKind.SUSPENDED
            and not ended
            and not any(one.outcome is f.Outcome.ENDS for one in self.concluded)
            and terms is not None
            and terms.operational_last_day is not None
            and self.on <= terms.operational_last_day
        )
