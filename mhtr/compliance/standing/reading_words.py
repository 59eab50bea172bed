"""Each point on which lawyers may differ, and each of its readings, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from mhtr.cases.wording import day_words
from mhtr.compliance.standing.readings import WHY, Readings

TITLES: Mapping[str, str] = {
    "suspended_window": "When the 12 months of a warning end, suspended sentence order",
    "community_anniversary": "The anniversary of a warning, community order",
    "tested_when": "On which day a warning must count",
    "warning_of_overturned": "A warning whose decision is overturned",
    "duty_of_overturned": "A duty to refer whose decision is overturned",
    "after_proved": "Warnings after a breach is proved and the order goes on",
    "warning_day": "Which day is that of a warning",
    "oral_warning": "A warning by word of mouth",
    "other_wording": "A warning worded for the other kind of order",
    "his_cancellation": "A session that he cancelled beforehand",
    "unanswered": "“Unacceptable”, with the question of excuse not answered",
    "proceedings_from": "From when it is called proceedings",
    "after_supervision": "A suspended sentence order after its supervision",
    "early_end_day": "The day on which an order ends early",
}
SAYS: Mapping[str, Mapping[str, str]] = {
    "suspended_window": {
        "corresponding_day": "They end with the same day a year later.",
        "day_before": "They end with the day before that, as for a community order.",
    },
    "community_anniversary": {
        "over": "The 12 months are over when the anniversary begins.",
        "still_inside": "The anniversary still lies inside the 12 months.",
    },
    "tested_when": {
        "opinion": "On the day on which the officer forms the opinion.",
        "failure": "On the day of the failure.",
    },
    "warning_of_overturned": {
        "stays": "It counts until it is formally withdrawn.",
        "falls": "It falls by itself.",
    },
    "duty_of_overturned": {"falls": "It falls with the decision.", "survives": "It survives."},
    "after_proved": {
        "stay": "They go on counting.",
        "restart": "They count no more: the counting begins anew.",
    },
    "warning_day": {
        "recorded": "The day that probation recorded.",
        "posted": "The day on which it was posted, where one is known.",
        "delivered": "The day on which it was delivered, where one is known.",
    },
    "oral_warning": {"counts": "It counts.", "does_not": "It does not count."},
    "other_wording": {"counts": "It counts.", "does_not": "It does not count."},
    "his_cancellation": {
        "to_decide": "It waits for probation’s decision, as a missed session does.",
        "never_counts": "It never counts as a failure.",
    },
    "unanswered": {
        "does_not": "It does not count until the question is answered.",
        "counts": "It counts as a failure.",
    },
    "proceedings_from": {
        "information": "From the information laid before the court.",
        "referral": "From the referral to an enforcement officer.",
    },
    "after_supervision": {
        "supervision_over": "“Supervision is over”, until the operational period ends.",
        "over": "It is called over.",
    },
    "early_end_day": {
        "over": "The order is over on that day.",
        "in_force": "The order is still in force on that day.",
    },
}


@dataclass(frozen=True)
class InForce:
    """The readings in force on a day, and of each that was ever changed, since when it is so."""

    readings: Readings = field(default_factory=Readings)
    since: Mapping[str, date] = field(default_factory=dict)

    def words(self, point: str) -> str:
        """One reading in a line: what it says, why, and since when it is in force."""
        return f"{TITLES[point]}: {said(point, self.value(point))} {self._why(point)}"

    def value(self, point: str) -> str:
        """The reading in force of a point, by its name."""
        return value_of(self.readings, point)

    def _why(self, point: str) -> str:
        since = self.since.get(point)
        why = f"{WHY[point]} " if self.value(point) == value_of(Readings(), point) else ""
        if since is None:
            return f"{why}In force from the start: no change was ever signed."
        return f"{why}In force since {day_words(since)}, by a signed change."


def said(point: str, value: str) -> str:
    """One reading of a point in words."""
    return SAYS[point][value]


def value_of(readings: Readings, point: str) -> str:
    """The name of the reading of a point."""
    value: StrEnum = getattr(readings, point)
    return value.value


def points() -> tuple[str, ...]:
    """Every point, in its order."""
    return tuple(one.name for one in fields(Readings))


def with_value(readings: Readings, point: str, value: str) -> Readings:
    """The same with another reading of one point.

    Raises:
        ValueError: the point has no such reading.
    """
    kind: type[StrEnum] = type(getattr(Readings(), point))
    changed: dict[str, Any] = {point: kind(value)}
    return replace(readings, **changed)
