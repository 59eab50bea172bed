"""Adjustments agreed with a man: what they change, why by category alone, and who agreed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sessions.availability.kinds import CannotReason
from sessions.therapies import MODE_WORDS, SessionMode


class Adjusts(StrEnum):
    """What an adjustment changes."""

    TIME = "time"
    PLACE = "place"
    HOW = "how"


class AdjustReason(StrEnum):
    """Why, as a category. No page asks for more, so that nothing more can pass."""

    HEALTH = "health"
    CARING = "caring"
    WORK = "work"
    TRAVEL = "travel"
    HOUSING = "housing"
    SAFETY = "safety"
    FAITH = "faith"
    OTHER = "other"


class AgreedBy(StrEnum):
    """Who agreed it with him."""

    SERVICE = "service"
    PROBATION = "probation"
    BOTH = "both"


WHY_WORDS: Mapping[AdjustReason, str] = {
    AdjustReason.HEALTH: "Health",
    AdjustReason.CARING: "Family or caring for somebody",
    AdjustReason.WORK: "Work",
    AdjustReason.TRAVEL: "The way there",
    AdjustReason.HOUSING: "Housing",
    AdjustReason.SAFETY: "Safety",
    AdjustReason.FAITH: "Faith",
    AdjustReason.OTHER: "Another reason",
}
AGREED_WORDS: Mapping[AgreedBy, str] = {
    AgreedBy.SERVICE: "The service",
    AgreedBy.PROBATION: "Probation",
    AgreedBy.BOTH: "The service and probation",
}
CANNOT: Mapping[AdjustReason, CannotReason] = {
    AdjustReason.HEALTH: CannotReason.HEALTH,
    AdjustReason.CARING: CannotReason.CARE,
    AdjustReason.WORK: CannotReason.WORK,
    AdjustReason.FAITH: CannotReason.FAITH,
}
"""As scheduling calls it; every other one is another reason there."""


@dataclass(frozen=True)
class Agreed:
    """What was agreed beside the change itself; `last_day` None: until further notice."""

    why: AdjustReason
    by: AgreedBy
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class How:
    """How he can be seen, as far as an adjustment changes it."""

    modes: frozenset[SessionMode]
    step_free: bool

    def words(self) -> str:
        """In words: every way in which he can be seen."""
        ways = [MODE_WORDS[mode].lower() for mode in MODE_WORDS if mode in self.modes]
        steps = ", a way without steps" if self.step_free else ""
        return f"Seen {' or '.join(ways)}{steps}"

    def stored(self) -> dict[str, object]:
        """As it is kept with the adjustment."""
        return {"modes": sorted(mode.value for mode in self.modes), "step_free": self.step_free}


def how_of(stored: Mapping[str, object]) -> How:
    """The same, read again."""
    modes = stored["modes"]
    held = frozenset(SessionMode(one) for one in modes) if isinstance(modes, list) else frozenset()
    return How(held, stored["step_free"] is True)


def put_back(now: How, before: How, after: How) -> How:
    """How he can be seen once an adjustment has ended.

    What was changed since by somebody else stays as it is now.
    """
    return How(
        before.modes if now.modes == after.modes else now.modes,
        before.step_free if now.step_free == after.step_free else now.step_free,
    )


def without(before: How, ended: Iterable[tuple[How, How]]) -> How:
    """How he was seen before an agreement, less what came of others that ended while it ran.

    Args:
        ended: how he was and is seen by each of those, the one agreed last first.
    """
    for was, then in ended:
        before = put_back(before, was, then)
    return before


def is_over(last_day: date | None, today: date) -> bool:
    """Whether the last day of an adjustment has passed."""
    return last_day is not None and last_day < today
