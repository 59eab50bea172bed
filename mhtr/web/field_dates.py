"""Dates in three parts and times of day, read tolerantly and refused precisely."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from wtforms.form import BaseForm
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from mhtr.web.field_base import NhsField, clean_text, without_unusable

PARTS = ("day", "month", "year")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateFault:
    """Why three typed parts are not a date: the message and the parts that are wrong."""

    message: str
    parts: frozenset[str]


def read_date(day: str, month: str, year: str, *, subject: str = "Date") -> date | DateFault | None:
    """The date three typed parts stand for; None when all are empty; else what is wrong.

    A month may be a number or a name of at least three letters ("Mar", "March"). A year has four
    figures: a two-figure year is refused, because 26 may mean 1926 or 2026.
    """
    typed = {
        name: unicodedata.normalize("NFKC", text).strip().rstrip(".,").strip()
        for name, text in zip(PARTS, (day, month, year), strict=True)
    }
    missing = [name for name in PARTS if not typed[name]]
    if len(missing) == len(PARTS):
        return None
    if missing:
        needed = " and ".join(f"a {name}" for name in missing)
        return DateFault(f"{subject} must include {needed}", frozenset(missing))
    numbers = {
        "day": _number(typed["day"], 31),
        "month": _month(typed["month"]),
        "year": int(typed["year"]) if re.fullmatch("[1-9][0-9]{3}", typed["year"]) else None,
    }
    wrong = [name for name in PARTS if numbers[name] is None]
    if wrong:
        rules = {
            "day": "a day between 1 and 31",
            "month": "a month between 1 and 12, or its name",
            "year": "a year with 4 numbers, like 1990",
        }
        return DateFault(
            f"{subject} must have " + " and ".join(rules[name] for name in wrong), frozenset(wrong)
        )
    d, m, y = (number for number in numbers.values() if number is not None)
    length = monthrange(y, m)[1]
    if d > length:
        return DateFault(
            f"{subject} must be a real date: {MONTHS[m - 1]} {y} has {length} days",
            frozenset({"day"}),
        )
    return date(y, m, d)


def _number(text: str, highest: int) -> int | None:
    if not re.fullmatch("[0-9]{1,2}", text):
        return None
    return int(text) if 1 <= int(text) <= highest else None


def _month(text: str) -> int | None:
    if len(text) >= 3 and text.isalpha():
        for number, name in enumerate(MONTHS, start=1):
            if name.casefold().startswith(text.casefold()):
                return number
        return 9 if text.casefold() == "sept" else None
    return _number(text, 12)


class DatePartsField(NhsField):
    """A date asked for as day, month and year. `data` is a date or None.

    The inputs are named `<name>-day`, `<name>-month` and `<name>-year`. What was typed is kept
    after an error, and only the parts at fault are marked. `birthday=True` asks the browser to
    offer the person's own birth date: only right on pages about the person using them.
    """

    kind = "date"
    data: date | None

    def __init__(
        self, label: str = "", validators: Any = (), *, birthday: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.birthday = birthday
        self.typed_parts = dict.fromkeys(PARTS, "")
        self.fault_parts: frozenset[str] = frozenset()

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        if self.data is not None:
            values = (self.data.day, self.data.month, self.data.year)
            self.typed_parts = dict(zip(PARTS, map(str, values), strict=True))
        if formdata is not None:
            sent = (formdata.get(f"{self.name}-{part}", "") for part in PARTS)
            self.raw_data = [str(text) for text in sent]
            self._read(self.raw_data)

    def _read(self, raw: list[str]) -> None:
        self.data = None
        self.typed_parts = dict(zip(PARTS, map(without_unusable, raw), strict=True))
        try:
            day, month, year = (clean_text(text, self.subject) for text in raw)
        except ValueError as fault:
            self.process_errors = [str(fault)]
            return
        result = read_date(day, month, year, subject=self.subject)
        if isinstance(result, DateFault):
            self.process_errors = [result.message]
            self.fault_parts = result.parts
        else:
            self.data = result

    @property
    def marked_parts(self) -> frozenset[str]:
        """The parts shown in red: those at fault, or all when the date as a whole is refused."""
        if not self.errors:
            return frozenset()
        return self.fault_parts or frozenset(PARTS)

    @property
    def first_input_id(self) -> str:
        part = next((name for name in PARTS if name in self.marked_parts), PARTS[0])
        return f"{self.id}-{part}"

    def clear(self) -> None:
        self.data = None
        self.typed_parts = dict.fromkeys(PARTS, "")


class _Against:
    """Compares a date with today, asked for at the moment of validation."""

    word = ""

    def __init__(
        self, today: Callable[[], date], *, or_today: bool = False, message: str = ""
    ) -> None:
        self.today = today
        self.or_today = or_today
        self.message = message

    def allows(self, value: date, today: date) -> bool:
        raise NotImplementedError

    def __call__(self, form: BaseForm, field: NhsField) -> None:
        if field.data is None:
            return
        today = self.today()
        if self.allows(field.data, today) or (self.or_today and field.data == today):
            return
        when = f"today or in the {self.word}" if self.or_today else f"in the {self.word}"
        raise ValidationError(self.message or f"{field.subject} must be {when}")


class InPast(_Against):
    """The date lies before today (or is today, with `or_today`)."""

    word = "past"

    def allows(self, value: date, today: date) -> bool:
        return value < today


class InFuture(_Against):
    """The date lies after today (or is today, with `or_today`)."""

    word = "future"

    def allows(self, value: date, today: date) -> bool:
        return value > today


_TIME_EXAMPLE = "like 14:30 or 2:30pm"
_NAMED_TIMES = {"midnight": time(0), "midday": time(12), "noon": time(12)}
_TIME = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?(am|pm)?", re.ASCII)


def read_time(text: str, *, subject: str = "Time") -> time | None:
    """The time of day that a typed text stands for; None when it is empty.

    Reads "14:30", "1430", "2.30pm", "2 pm", "9:15", "midday". ValueError carries the message.
    "2:30" alone is refused: in a day-time service it is more often 14:30 than 02:30.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    if not plain:
        return None
    if plain in _NAMED_TIMES:
        return _NAMED_TIMES[plain]
    plain = re.sub(r"\s*([ap])\.?\s?m\.?$", r"\1m", plain)
    match = _TIME.fullmatch(re.sub(r"\s*([:.])\s*", r"\1", plain))
    if match is None or (match[2] is None and match[3] is None):
        raise ValueError(f"{subject} must be a time, {_TIME_EXAMPLE}")
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half is None and hour < 7 and len(match[1]) == 1:
        raise ValueError(f"{subject} must say am or pm, or use the 24 hour clock, {_TIME_EXAMPLE}")
    contradicts = (half == "am" and hour > 12) or (half == "pm" and hour == 0)
    if half is not None and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if contradicts or hour > 23 or minute > 59:
        raise ValueError(f"{subject} must be a real time, {_TIME_EXAMPLE}")
    return time(hour, minute)


class TimeField(NhsField):
    """A time of day in London, without seconds. `data` is a time or None."""

    data: time | None

    def __init__(self, label: str = "", validators: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("width", 5)
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist:
            self.data = read_time(clean_text(valuelist[0], self.subject), subject=self.subject)

    def typed(self) -> str:
        if self.raw_data or self.data is None:
            return super().typed()
        return self.data.strftime("%H:%M")

    def clear(self) -> None:
        self.data = None
        self.raw_data = None
