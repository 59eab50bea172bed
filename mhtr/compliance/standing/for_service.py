"""What who treats a man may know of where an order stands: only what was issued of his sessions.

A fold of its own, not probation's with parts left out. It holds no opinion of probation, no
referral, nothing of another requirement and no state that would betray one of them: a warning
about unpaid work, or a decision that nobody heard of yet, changes nothing here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from mhtr.compliance.attendance import MISSED, Happened
from mhtr.compliance.standing import facts as f
from mhtr.compliance.standing.counting import NO_PERIOD, terms_on, why_not
from mhtr.compliance.standing.known import Known
from mhtr.compliance.standing.readings import Readings
from mhtr.compliance.standing.warnings import Warnings

SPEAKS_OF = (
    "suspended_window",
    "community_anniversary",
    "warning_day",
    "his_cancellation",
    "after_supervision",
    "early_end_day",
)
"""Readings that the service may hear of: those that turn on days and on its own records alone."""
ITS_OWN = (*SPEAKS_OF, "oral_warning", "other_wording")
"""Readings by which its fold reads. Of every other one it reads the default, whatever is in force:
they turn on what probation thought, or on what a court did about other requirements, and a warning
that fell because of one of them would betray it.
"""


class Stands(StrEnum):
    """Where an order stands for who treats him: the last of these that is true."""

    NOT_BEGUN = "not_begun"
    IN_FORCE = "in_force"
    WARNED = "warned"
    """A warning about his sessions counts."""
    SUPERVISION_OVER = "supervision_over"
    OVER = "over"
    COURT = "court"
    """An information was laid because of his sessions, and the court has not decided."""


@dataclass(frozen=True)
class GivenToHim:
    """A warning about a session. `last_day` None: as it is recorded it does not count."""

    number: int
    on: date
    last_day: date | None
    withdrawn_on: date | None


@dataclass(frozen=True)
class Missed:
    """A session of the requirement that he missed, or about which he was warned.

    `never` says, from the service's own records, why it does not count; empty where probation may
    hold it against him, whatever it has decided.
    """

    key: f.Key
    on: date
    happened: Happened | None
    never: str
    warned: tuple[GivenToHim, ...]


@dataclass(frozen=True)
class AtCourt:
    """Something the court or probation did there about his sessions; `outcome` None: it began."""

    number: int
    on: date
    outcome: f.Outcome | None


@dataclass(frozen=True)
class ForService:
    """Where an order stands on a day, as who treats him may know it."""

    on: date
    stands: Stands
    counts_until: date | None
    """The last day of the warning that counts longest; None where none does."""
    missed: tuple[Missed, ...]
    """The latest first."""
    court: tuple[AtCourt, ...]
    """The earliest first."""


def for_service(
    order: f.Order, facts: Iterable[f.Fact], on: date, readings: Readings | None = None
) -> ForService:
    """Where the order stands at the end of a day, by what was issued until then.

    Args:
        readings: None for those in force by default.
    """
    return _Seen(order, frozenset(facts), on, _its_own(readings or Readings())).told()


def mattered_to_service(
    order: f.Order, facts: Iterable[f.Fact], on: date, readings: Readings | None = None
) -> tuple[str, ...]:
    """The points of `SPEAKS_OF` on which another reading would say otherwise here."""
    known, used = frozenset(facts), readings or Readings()
    here = for_service(order, known, on, used)
    return tuple(
        dict.fromkeys(
            point
            for point, other in used.others()
            if point in SPEAKS_OF and for_service(order, known, on, other) != here
        )
    )


def _its_own(readings: Readings) -> Readings:
    kept: dict[str, Any] = {name: getattr(readings, name) for name in ITS_OWN}
    return replace(Readings(), **kept)


class _Seen:
    def __init__(
        self, order: f.Order, facts: frozenset[f.Fact], on: date, readings: Readings
    ) -> None:
        self._readings = readings
        self._known = Known(order, facts, on, readings)
        self._warnings = Warnings(self._known)
        self._withdrawn = {one.warning: one.on for one in self._known.of(f.WarningWithdrawn)}

    def told(self) -> ForService:
        known, missed, court = self._known, tuple(self._missed()), tuple(self._court())
        over = known.over(known.on)
        live = [] if over else [one for one in self._warnings.live_on(known.on) if one.about]
        until = max((self._warnings.last_day(one) for one in live), default=None)
        return ForService(
            on=known.on,
            stands=self._stands(over, bool(live), court),
            counts_until=until,
            missed=tuple(sorted(missed, key=lambda one: (one.on, str(one.key)), reverse=True)),
            court=court,
        )

    def _stands(self, over: bool, warned: bool, court: tuple[AtCourt, ...]) -> Stands:
        if court and court[-1].outcome is None and not self._ended_there(court[-1].on):
            return Stands.COURT
        if over:
            suspended = self._known.still_suspended()
            return Stands.SUPERVISION_OVER if suspended else Stands.OVER
        if warned:
            return Stands.WARNED
        return Stands.IN_FORCE if self._known.begun() else Stands.NOT_BEGUN

    def _ended_there(self, since: date) -> bool:
        """Whether the order ended after the matter went to court, so that nothing waits there."""
        return any(one.on >= since for one in self._known.of(f.Ended))

    def _missed(self) -> Iterator[Missed]:
        for key, session in self._known.sessions.items():
            warned = tuple(self._given(key))
            never = self._never(session)
            missed = session.required and session.happened in MISSED and never != NO_PERIOD
            if missed or warned:
                yield Missed(key, session.on, session.happened, "" if warned else never, warned)

    def _never(self, session: f.Session) -> str:
        """Why it does not count by the service's own records: no decision is looked at."""
        known = self._known
        return (
            why_not(
                session,
                None,
                terms=terms_on(known.terms, session.on),
                over=known.over(session.on),
                readings=self._readings,
            )
            or ""
        )

    def _given(self, key: f.Key) -> Iterator[GivenToHim]:
        for one in self._known.of(f.Warned):
            if key in one.about:
                withdrawn = self._withdrawn.get(one.key)
                counts = withdrawn is None and self._warnings.fault(one) is None
                last = self._warnings.last_day(one) if counts else None
                yield GivenToHim(one.number, self._warnings.given_on(one), last, withdrawn)

    def _court(self) -> Iterator[AtCourt]:
        """From each information about his sessions to what came of it."""
        open_since: date | None = None
        for fact in self._known.facts:
            match fact:
                case f.InformationLaid() if fact.about and not self._known.over(fact.on):
                    open_since = fact.on
                    yield AtCourt(fact.number, fact.on, None)
                case f.Concluded() if open_since is not None:
                    open_since = None
                    yield AtCourt(fact.number, fact.on, fact.outcome)
