"""How dates and times are written for people. Moments are shown in London time."""

from datetime import date, datetime

from mhtr.core.clock import LONDON, hour_is_known, today

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that spreadsheets take for a formula (OWASP, CSV injection)."""


_MONTHS = tuple(f"{date(2000, month, 1):%B}" for month in range(1, 13))
"""Looked up: a page of lists writes a hundred days, and `strftime` takes ten times as long."""


def safe_cell(text: object) -> str:
    """A cell of a CSV file; one that a spreadsheet would calculate begins with an apostrophe."""
    said = "" if text is None else str(text)
    return f"'{said}" if said.startswith(_DANGEROUS) else said


def day(value: date | datetime | None) -> str:
    """`3 February 2026`; an empty string for None."""
    if value is None:
        return ""
    local = value.astimezone(LONDON) if isinstance(value, datetime) else value
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def short_day(value: date | datetime | None) -> str:
    """`Tue 3 Feb 2026`."""
    if value is None:
        return ""
    local = value.astimezone(LONDON) if isinstance(value, datetime) else value
    return f"{local:%a} {local.day} {local:%b %Y}"


def moment(value: datetime | None) -> str:
    """`3 February 2026 at 14:05`; the day only where nobody recorded the hour."""
    if value is None:
        return ""
    local = value.astimezone(LONDON)
    if not hour_is_known(value):
        return day(local)
    return f"{day(local)} at {local:%H:%M}"


def short_moment(value: datetime | None) -> str:
    """`3 Feb 14:05`; the day only where nobody recorded the hour.

    In another year than this one also the year: `3 Feb 2025 14:05`.
    """
    if value is None:
        return ""
    local = value.astimezone(LONDON)
    on = f"{local.day} {local:%b}" + ("" if local.year == today().year else f" {local.year}")
    return f"{on} {local:%H:%M}" if hour_is_known(value) else on


def clock_time(value: datetime | None) -> str:
    """`14:05`."""
    return "" if value is None else f"{value.astimezone(LONDON):%H:%M}"


def age_on(born: date | None, on: date) -> int | None:
    """Age in whole years on a date; someone born on 29 February ages on 1 March."""
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def ago(value: datetime, now: datetime) -> str:
    """How long ago, coarsely: `just now`, `25 minutes`, `3 hours`, `2 days`."""
    minutes = int((now - value).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {word}{'s' if count != 1 else ''}"
    raise AssertionError("unreachable")
