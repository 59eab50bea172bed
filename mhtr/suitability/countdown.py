"""How long is left until a report is due, in working days and in words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.core.working_days import WorkingCalendar
from mhtr.suitability.deadlines import full_day, in_working_days


class CountdownState(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True)
class Countdown:
    """Working days left (negative once overdue) and the words that stand on every page."""

    working_days_left: int
    state: CountdownState
    words: str


def countdown(
    due_on: date, today: date, calendar: WorkingCalendar, soon_days: int = 2
) -> Countdown:
    """How long is left. Overdue starts the day after the due date, working day or not."""
    left = calendar.between(today, due_on)
    if today > due_on:
        late = calendar.between(due_on, today)
        words = f"{in_working_days(late)} overdue" if late else "Overdue since the last working day"
        return Countdown(-late, CountdownState.OVERDUE, words)
    if today == due_on:
        return Countdown(0, CountdownState.TODAY, "Due today")
    if left == 0 and (due_on - today).days > 1:
        words = f"Due on {full_day(due_on)}, with no working day before it"
        return Countdown(0, CountdownState.SOON, words)
    tomorrow = (due_on - today).days == 1
    words = "Due tomorrow" if tomorrow else f"{in_working_days(left)} left, due {full_day(due_on)}"
    state = CountdownState.SOON if left <= soon_days else CountdownState.LATER
    return Countdown(left, state, words)
