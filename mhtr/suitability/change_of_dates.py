"""What a change of dates leaves: a report is never due before the day on which they changed.

Days are calendar days in London; working days are those of a `WorkingCalendar`.
"""

from datetime import date

from mhtr.cases.wording import day_words
from mhtr.core.working_days import WorkingCalendar


def left_no_day(on: date, asked_on: date, hearing_on: date | None, changed_on: date) -> bool:
    """Whether a change left no day: due before it, or the hearing is on the very day of it."""
    at_once = on == hearing_on == changed_on and changed_on > asked_on
    return on < changed_on or at_once


def as_named(
    anew: date, named: date | None, limit: date | None, calendar: WorkingCalendar
) -> tuple[date, str]:
    """The time counted anew, or the later day that the service had named; and that it is its day.

    A named day after the last one on which the report is of use changes nothing (`limit`).
    """
    day = calendar.add(named, 0) if named else anew
    if day <= anew or (limit is not None and day > limit):
        return anew, ""
    return day, f"The service had said that it cannot be ready before {day_words(day)}."


def due_from(
    on: date,
    anew: date,
    said: str,
    changed_on: date,
    hearing_on: date | None,
    calendar: WorkingCalendar,
    reasons: list[str],
    *,
    lost: bool,
) -> tuple[date, bool]:
    """When it is due after a change, where `on` is `lost` or cannot be met; whether time was won.

    A hearing put off gives the time anew (`anew`: had she asked on the day of the change, or the
    day its writer had named, as `said`).
    Otherwise a lost day becomes that of the change, a working day unless the hearing comes first.
    Adds why.
    """
    at_once = calendar.add(changed_on, 0)
    day = day_words(changed_on)
    if anew > max(on, at_once):
        counted = f"The dates changed on {day}: the time is counted anew from that day."
        reasons[:0] = [counted, said] if said else [counted]
        return anew, True
    if not lost:
        return on, False
    reasons.insert(0, f"The dates changed on {day}, too late for an earlier day.")
    return (hearing_on if hearing_on and at_once > hearing_on >= changed_on else at_once), False
