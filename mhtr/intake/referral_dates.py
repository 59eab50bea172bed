"""Dates and times of a referral as they arrive in text: one way of writing each, and no other."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

NOT_A_DATE = "Enter a real date as YYYY-MM-DD"
DAYS = ("told_at", "identified_on", "screened_on", "assessed_on", "agreed_on")
"""When something was done with him, or said by him: never before he was born."""
BEFORE_BIRTH = "This day, or his date of birth, is wrong: it lies before he was born"
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII)


class Unreadable(ValueError):
    """An answer that cannot be read; its text is for the person."""


def read_day(text: str) -> date:
    """A day written YYYY-MM-DD.

    Raises:
        Unreadable: written in another way, or not in the calendar.
    """
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise Unreadable(NOT_A_DATE) from None


def read_past_moment(text: str, today: date, now: datetime | None) -> datetime:
    """A moment that is over, in London wall time written YYYY-MM-DDTHH:MM.

    Of a time that comes twice in autumn the first is meant where the second is not over.

    Args:
        now: the present moment in London, aware; without it a time of today is taken.

    Raises:
        Unreadable: written in another way, or not over yet.
    """
    try:
        value = datetime.fromisoformat(text if _MOMENT.fullmatch(text) else "")
    except ValueError:
        raise Unreadable("Enter a date and London time as YYYY-MM-DDTHH:MM") from None
    later = now is not None and value.replace(tzinfo=now.tzinfo).astimezone(UTC) > now
    if later or value.date() > today:
        raise Unreadable("The time must be in the past, in London time")
    return value


def days_before_birth(values: Mapping[str, object]) -> tuple[str, ...]:
    """The fields whose day lies before his date of birth, and `born` with them.

    Args:
        values: the answers as read: dates and moments in London, None where nothing was said.
    """
    born = values.get("born")
    found = {name: values.get(name) for name in DAYS}
    days = {n: v.date() if isinstance(v, datetime) else v for n, v in found.items()}
    if not isinstance(born, date):
        return ()
    early = [name for name, day in days.items() if isinstance(day, date) and day < born]
    return (*early, "born") if early else ()
