"""What an adjournment, transfer or advance did to a due date, in words for those concerned."""

from dataclasses import dataclass

from mhtr.core.working_days import WorkingCalendar
from mhtr.suitability.deadlines import Due, full_day, in_working_days


@dataclass(frozen=True)
class DueChange:
    """What an adjournment, transfer or advance did to a due date.

    `days` counts the working days that the report is due later; negative: earlier.
    """

    changed: bool
    days: int
    words: str


def change_of_due(before: Due | None, after: Due, calendar: WorkingCalendar) -> DueChange:
    """Compare a due date with the one worked out again, in words for those concerned."""
    new = full_day(after.on)
    warning = "" if after.feasible else f" It cannot be met before {full_day(after.earliest)}."
    if before is None:
        return DueChange(True, 0, f"The report is due on {new}.{warning}")
    if before.on == after.on:
        return DueChange(False, 0, f"The report is still due on {new}.{warning}")
    days = calendar.between(before.on, after.on)
    direction = "later" if after.on > before.on else "earlier"
    by = in_working_days(abs(days)).lower()
    words = f"The report is now due on {new}, {by} {direction}.{warning}"
    return DueChange(True, days, words)
