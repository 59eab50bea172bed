"""Induction: from the sentence to the first session. What is confirmed with him again, by when.

Pure. Days are London days, deadlines working days after the sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.cases.wording import day_words
from mhtr.core.working_days import WorkingCalendar


class Item(StrEnum):
    """One thing to be seen to before treatment begins."""

    PROBATION = "probation"
    SPOKEN = "spoken"
    REACHING = "reaching"
    NEEDS = "needs"
    RISK = "risk"
    TIMES = "times"
    CONSENT = "consent"
    MEASURES = "measures"


ITEM_WORDS: Mapping[Item, str] = {
    Item.PROBATION: "Probation has seen him",
    Item.SPOKEN: "We have spoken with him",
    Item.REACHING: "How he may be reached",
    Item.NEEDS: "Communication, access and language",
    Item.RISK: "How safe he is now",
    Item.TIMES: "Times he cannot come",
    Item.CONSENT: "He agrees to the treatment",
    Item.MEASURES: "PHQ-9 and GAD-7 anew",
}
FROM_THE_RECORD = frozenset({Item.CONSENT, Item.MEASURES})
"""Done where the record shows it since the sentence; the others somebody says are done."""
BY_HAND = tuple(item for item in Item if item not in FROM_THE_RECORD)


class Outcome(StrEnum):
    """What came of it."""

    CONFIRMED = "confirmed"
    CHANGED = "changed"
    COULD_NOT = "could_not"
    """Tried, and not done: it stays to be done."""


OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.CONFIRMED: "Done, and what is on record is right",
    Outcome.CHANGED: "Done, and the record was changed",
    Outcome.COULD_NOT: "Tried, and could not be done",
}


@dataclass(frozen=True)
class Step:
    """Somebody recorded one item. `on` is the day on which it was done or tried."""

    item: Item
    outcome: Outcome
    on: date


@dataclass(frozen=True)
class Targets:
    """Working days after the sentence: for probation's first contact, and the first session."""

    probation_days: int
    first_session_days: int


@dataclass(frozen=True)
class Line:
    """One item as the page shows it: since when it is done, or how often it was tried."""

    item: Item
    done_on: date | None
    changed: bool
    tried: int
    last_tried_on: date | None


@dataclass(frozen=True)
class Induction:
    """How an induction stands."""

    lines: tuple[Line, ...]
    probation_by: date
    first_session_by: date
    begun: bool

    @property
    def left(self) -> tuple[Item, ...]:
        """What is still to be seen to."""
        return tuple(line.item for line in self.lines if line.done_on is None)

    @property
    def done(self) -> bool:
        return not self.left


def induction_of(
    sentenced_on: date,
    steps: Sequence[Step],
    on_record: Mapping[Item, date],
    targets: Targets,
    calendar: WorkingCalendar,
) -> Induction:
    """How it stands. What was said before the sentence does not count.

    Args:
        steps: in the order in which they were recorded.
        on_record: for items of `FROM_THE_RECORD`, the day on which the record shows each.
    """
    since = [step for step in steps if step.on >= sentenced_on]
    lines = tuple(_line(item, since, on_record.get(item), sentenced_on) for item in Item)
    return Induction(
        lines=lines,
        probation_by=calendar.add(sentenced_on, targets.probation_days),
        first_session_by=calendar.add(sentenced_on, targets.first_session_days),
        begun=bool(since),
    )


def _line(item: Item, steps: Sequence[Step], shown: date | None, sentenced_on: date) -> Line:
    if item in FROM_THE_RECORD:
        done = shown if shown is not None and shown >= sentenced_on else None
        return Line(item, done, False, 0, None)
    own = [step for step in steps if step.item is item]
    tried = [step for step in own if step.outcome is Outcome.COULD_NOT]
    done_steps = [step for step in own if step.outcome is not Outcome.COULD_NOT]
    last = done_steps[-1] if done_steps else None
    return Line(
        item,
        last.on if last else None,
        last is not None and last.outcome is Outcome.CHANGED,
        len(tried),
        tried[-1].on if tried else None,
    )


def objections(item: Item, on: date, sentenced_on: date, today: date) -> tuple[str, ...]:
    """Why a step cannot have been taken on that day, in words; empty where it can."""
    if on > today:
        return ("The day cannot be in the future.",)
    if on < sentenced_on:
        return (f"That is before the sentence on {day_words(sentenced_on)}.",)
    if item in FROM_THE_RECORD:
        return ("This is done where it is recorded.",)
    return ()
