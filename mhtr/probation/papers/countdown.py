"""By when the papers of a referral to an enforcement officer are sent: rules alone."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.cases.wording import day_words
from mhtr.core.working_days import WorkingCalendar

SOON = 3
"""Working days left from which it is shown as pressing."""


class CountsFrom(StrEnum):
    """What starts the days. Lawyers may differ; the default is the later of the two."""

    DAY_AFTER = "day_after"
    SAME_DAY = "same_day"
    """The day of the referral is the first of them, where it is a working day."""


@dataclass(frozen=True)
class Counting:
    """How many working days there are, and what starts them."""

    days: int = 10
    starts: CountsFrom = CountsFrom.DAY_AFTER


class Stage(StrEnum):
    """Where the papers of a referral are."""

    SENT = "sent"
    NOT_NEEDED = "not_needed"
    """The referral was taken back, or the matter came to its end without them."""
    TO_SEND = "to_send"
    SOON = "soon"
    LATE = "late"


COLOURS = {
    Stage.SENT: "green",
    Stage.NOT_NEEDED: "grey",
    Stage.TO_SEND: "blue",
    Stage.SOON: "orange",
    Stage.LATE: "red",
}


@dataclass(frozen=True)
class Countdown:
    """By when the papers are to be sent, and where that stands on a day."""

    due_on: date
    stage: Stage
    words: str
    short: str
    """The same in a few words, beside the day."""

    @property
    def runs(self) -> bool:
        """Whether they are still to be sent."""
        return self.stage in (Stage.TO_SEND, Stage.SOON, Stage.LATE)

    @property
    def colour(self) -> str:
        """Of its tag."""
        return COLOURS[self.stage]


def due_on(referred_on: date, counting: Counting, calendar: WorkingCalendar) -> date:
    """The last day for the papers of a referral: always a working day.

    A referral on a day when nobody works counts, for the reading that begins with its own day,
    from the next working day.
    """
    if counting.starts is CountsFrom.DAY_AFTER:
        return calendar.add(referred_on, counting.days)
    return calendar.add(calendar.add(referred_on, 0), counting.days - 1)


def countdown(
    due: date, today: date, calendar: WorkingCalendar, *, sent_on: date | None, needed: bool = True
) -> Countdown:
    """Where the papers stand on a day.

    Args:
        sent_on: the day on which a version of them was sent, as recorded.
        needed: whether the referral stands and is not concluded.
    """
    if sent_on is not None:
        late = ", after the last day for them" if sent_on > due else ""
        return Countdown(due, Stage.SENT, f"Papers sent on {day_words(sent_on)}{late}", "Sent")
    if not needed:
        return Countdown(due, Stage.NOT_NEEDED, "No papers are waited for", "Not needed")
    if today > due:
        days = _days(max(1, calendar.between(due, today)))
        said = f"Papers late by {days}: due on {day_words(due)}"
        return Countdown(due, Stage.LATE, said, f"Late by {days}")
    left = calendar.between(today, due)
    stage = Stage.SOON if left <= SOON else Stage.TO_SEND
    if left == 0:
        return Countdown(due, stage, "Papers due today", "Due today")
    left_words = f"{_days(left)} left"
    return Countdown(due, stage, f"Papers due by {day_words(due)}: {left_words}", left_words)


def _days(count: int) -> str:
    return f"{count} working day{'' if count == 1 else 's'}"
