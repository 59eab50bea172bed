"""Dates in three parts and times: read tolerantly, refused precisely."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from mhtr.web.field_dates import MONTHS, DateFault, read_date, read_time
from mhtr.web.fields import (
    DatePartsField,
    InFuture,
    InPast,
)
from mhtr.web.forms import FilterForm
from tests.web.answering import message, submit

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("3", "4", "1990"), date(1990, 4, 3)),
        (("03", "04", "1990"), date(1990, 4, 3)),
        ((" 3 ", "Mar", "1990"), date(1990, 3, 3)),
        (("3", "march", "1990"), date(1990, 3, 3)),
        (("3", "MAR.", "1990"), date(1990, 3, 3)),
        (("1", "Sept", "2026"), date(2026, 9, 1)),
        (("29", "2", "2028"), date(2028, 2, 29)),
        (("\uff13", "\uff14", "\uff11\uff19\uff19\uff10"), date(1990, 4, 3)),
        (("", " ", ""), None),
    ],
)
def test_dates_are_read_tolerantly(parts: tuple[str, str, str], expected: date | None) -> None:
    assert read_date(*parts) == expected


@pytest.mark.parametrize(
    ("parts", "wrong", "text"),
    [
        (("", "4", "1990"), {"day"}, "Date must include a day"),
        (("3", "", ""), {"month", "year"}, "Date must include a month and a year"),
        (("32", "4", "1990"), {"day"}, "a day between 1 and 31"),
        (("0", "4", "1990"), {"day"}, "a day between 1 and 31"),
        (("3", "13", "1990"), {"month"}, "a month between 1 and 12, or its name"),
        (("3", "Ma", "1990"), {"month"}, "a month between 1 and 12, or its name"),
        (("3", "Marz", "1990"), {"month"}, "a month between 1 and 12, or its name"),
        (("3", "4", "90"), {"year"}, "a year with 4 numbers, like 1990"),
        (("3", "4", "0090"), {"year"}, "a year with 4 numbers, like 1990"),
        (("x", "4", "90"), {"day", "year"}, "a day between 1 and 31 and a year with 4 numbers"),
        (("29", "Feb", "2027"), {"day"}, "must be a real date: February 2027 has 28 days"),
        (("31", "4", "1990"), {"day"}, "must be a real date: April 1990 has 30 days"),
        (("²³", "4", "1990"), set(), ""),
        (("-3", "4", "1990"), {"day"}, "a day between 1 and 31"),
    ],
)
def test_dates_are_refused_by_part(parts: tuple[str, str, str], wrong: set[str], text: str) -> None:
    result = read_date(*parts)
    if not wrong:
        assert result == date(1990, 4, 23)
        return
    assert isinstance(result, DateFault)
    assert result.parts == wrong
    assert text in result.message


@given(st.dates(min_value=date(1000, 1, 1)), st.booleans())
def test_every_date_can_be_typed_with_number_or_name(value: date, by_name: bool) -> None:
    month = MONTHS[value.month - 1] if by_name else str(value.month)
    assert read_date(str(value.day), month, str(value.year)) == value


@given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
def test_anything_typed_is_a_date_a_fault_or_nothing(day: str, month: str, year: str) -> None:
    assert isinstance(read_date(day, month, year), date | DateFault | None)


def test_date_field_keeps_typing_and_marks_only_the_wrong_part() -> None:
    field = submit(
        DatePartsField("Date of birth"), answer__day="31", answer__month="Feb", answer__year="1990"
    )
    assert field.data is None
    assert field.typed_parts == {"day": "31", "month": "Feb", "year": "1990"}
    assert field.marked_parts == {"day"}
    assert field.first_input_id == "answer-day"


def test_date_field_marks_every_part_when_the_whole_date_is_refused() -> None:
    field = submit(
        DatePartsField("Date of birth", [InPast(lambda: TODAY)]),
        answer__day="22", answer__month="11", answer__year="2026",
    )  # fmt: skip
    assert field.error_text == "Date of birth must be in the past"
    assert field.marked_parts == {"day", "month", "year"}


def test_date_field_shows_a_stored_date() -> None:
    form_class = type("One", (FilterForm,), {"answer": DatePartsField("Hearing")})
    form = form_class(MultiDict(), data={"answer": date(2026, 12, 1)})
    assert form.answer.typed_parts == {"day": "1", "month": "12", "year": "2026"}


@pytest.mark.parametrize(
    ("validator", "day", "text"),
    [
        (InPast(lambda: TODAY), "21", "Hearing must be in the past"),
        (InPast(lambda: TODAY, or_today=True), "21", ""),
        (InPast(lambda: TODAY, or_today=True), "22", "Hearing must be today or in the past"),
        (InFuture(lambda: TODAY), "21", "Hearing must be in the future"),
        (InFuture(lambda: TODAY), "22", ""),
        (InFuture(lambda: TODAY, or_today=True), "21", ""),
        (InFuture(lambda: TODAY, message="No"), "20", "No"),
    ],
)
def test_dates_against_today(validator: Any, day: str, text: str) -> None:
    sent = {"answer__day": day, "answer__month": "11", "answer__year": "2026"}
    assert message(DatePartsField("Hearing", [validator]), **sent) == text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("14:30", time(14, 30)), ("1430", time(14, 30)), ("2.30pm", time(14, 30)),
        ("2:30 p.m.", time(14, 30)), ("2 PM", time(14)), ("02:30", time(2, 30)),
        ("9:15", time(9, 15)), ("930", time(9, 30)), ("9am", time(9)), ("12am", time(0)),
        ("12pm", time(12)), ("midday", time(12)), ("Midnight", time(0)), ("0:05 am", time(0, 5)),
        ("00:05", time(0, 5)), ("23:59", time(23, 59)), ("", None),
    ],
)  # fmt: skip
def test_times_are_read_tolerantly(typed: str, expected: time | None) -> None:
    assert read_time(typed) == expected


@pytest.mark.parametrize(
    "typed", ["9", "half past two", "24:00", "14:60", "14:3", "13:00am", "0:10pm", "1:2"]
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="must be a"):
        read_time(typed)


@pytest.mark.parametrize("typed", ["2:30", "2.30", "230"])
def test_an_ambiguous_hour_is_asked_back(typed: str) -> None:
    with pytest.raises(ValueError, match="am or pm"):
        read_time(typed)


@given(st.times())
def test_every_minute_can_be_typed(value: time) -> None:
    minute = value.replace(second=0, microsecond=0)
    assert read_time(minute.strftime("%H:%M")) == minute == read_time(minute.strftime("%H%M"))
    assert read_time(minute.strftime("%I:%M%p")) == minute
