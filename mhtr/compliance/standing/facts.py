"""Dated facts from which it follows where an order stands: values, each with its legal day.

Every fact carries the day on which it happened, and the time where it is known. When the program
heard of it plays no part: a fact that arrives late stands where it belongs.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from mhtr.compliance.attendance import Happened
from mhtr.orders.terms import OrderKind

Key = Hashable
"""What tells one session, or one warning, from another."""


class Notice(StrEnum):
    """What is on record of how he was told of a session."""

    PROVEN = "proven"
    NOT_PROVEN = "not_proven"
    """A message failed, or nothing shows that it reached him."""
    NOT_USABLE = "not_usable"
    """It was not in a form he can use: no interpreter, an access need not met."""


class Opinion(StrEnum):
    """What the responsible officer holds of a failure."""

    EXCUSED = "excused"
    """A reasonable excuse: accepted."""
    NO_EXCUSE = "no_excuse"
    """No reasonable excuse: not accepted."""
    UNACCEPTABLE = "unacceptable"
    """Called unacceptable, as an earlier record may be, with the question of excuse unanswered."""
    MORE_WANTED = "more_wanted"
    """Evidence is asked for, by a day."""
    TAKEN_BACK = "taken_back"
    """A decision was overturned, and none stands in its place."""


class Outcome(StrEnum):
    """How a matter that was referred came to its end."""

    NOT_PURSUED = "not_pursued"
    """The enforcement officer considered it and caused no information to be laid."""
    NOT_PROVED = "not_proved"
    WITHDRAWN = "withdrawn"
    CONTINUES = "continues"
    """Proved, and the order goes on, with or without a change."""
    ENDS = "ends"
    """Proved, and the order is revoked or the suspended sentence takes effect."""


class EndedBy(StrEnum):
    """Why an order is over before its last day."""

    REVOKED = "revoked"
    EARLY = "early"
    """The officer specified the day, the other conditions being met (2026 Act ss.38, 39)."""
    ACTIVATED = "activated"
    RESENTENCED = "resentenced"
    MOVED_AWAY = "moved_away"
    """It goes on, supervised elsewhere: over for whoever reads it here."""
    DIED = "died"


@dataclass(frozen=True)
class Order:
    """One order as the court made it. Later changes are facts of their own."""

    kind: OrderKind
    made_on: date


@dataclass(frozen=True, kw_only=True)
class Dated:
    """What every fact has. `number` keeps two of one moment apart, as the record numbers them."""

    on: date
    at: time | None = None
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class TermsHeld(Dated):
    """From this day the order says this: its last day, and the periods of the requirement.

    `operational_last_day` is that of a suspended sentence, after which it cannot be put in force.
    """

    periods: tuple[tuple[date, date], ...]
    last_day: date | None
    operational_last_day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Session(Dated):
    """A session of treatment and what is recorded of it; `happened` None: nothing yet.

    `described`: behaviour is on record as a fact that probation must know.
    """

    key: Key
    required: bool
    happened: Happened | None
    notice: Notice = Notice.PROVEN
    described: bool = False


@dataclass(frozen=True, kw_only=True)
class Decided(Dated):
    """Probation's decision on one session. The latest counts; an earlier one was overturned.

    `notice_counts`: probation recorded why a notice that is not proven should count.
    """

    session: Key
    opinion: Opinion
    until: date | None = None
    notice_counts: bool = False


@dataclass(frozen=True, kw_only=True)
class NoAction(Dated):
    """Probation recorded that nothing follows a failure."""

    session: Key


@dataclass(frozen=True, kw_only=True)
class Warned(Dated):
    """A warning under paragraph 6, as recorded; `on` is the day of the record.

    `about`: the sessions it concerns; none for another requirement of the same order.
    `complete`: it says all three things that it must (paragraph 6(4)).
    """

    key: Key
    about: frozenset[Key] = frozenset()
    requirement: str = ""
    posted_on: date | None = None
    delivered_on: date | None = None
    oral: bool = False
    worded_as: OrderKind | None = None
    complete: bool = True


@dataclass(frozen=True, kw_only=True)
class WarningWithdrawn(Dated):
    """Probation took a warning back."""

    warning: Key


@dataclass(frozen=True, kw_only=True)
class WarningsConfirmed(Dated):
    """Somebody compared the warnings here with those of probation's own system."""

    by: str


@dataclass(frozen=True, kw_only=True)
class Referred(Dated):
    """The officer referred the matter to an enforcement officer."""

    about: frozenset[Key]


@dataclass(frozen=True, kw_only=True)
class InformationLaid(Dated):
    """An information of the breach was laid before the court.

    `about`: the sessions it concerns; none where it is about another requirement of the order.
    """

    about: frozenset[Key] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Concluded(Dated):
    """What became of everything that was referred until now."""

    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class Ended(Dated):
    """The order ended before its last day."""

    by: EndedBy


@dataclass(frozen=True, kw_only=True)
class Unwilling(Dated):
    """He said that he is no longer willing. It starts nothing."""


Fact = (
    TermsHeld
    | Session
    | Decided
    | NoAction
    | Warned
    | WarningWithdrawn
    | WarningsConfirmed
    | Referred
    | InformationLaid
    | Concluded
    | Ended
    | Unwilling
)
