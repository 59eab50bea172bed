from datetime import date, time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import FieldList

from mhtr.web.field_dates import MONTHS, DateFault, read_date, read_time
from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    Choice,
    DatePartsField,
    EmailField,
    FileField,
    InFuture,
    InPast,
    IntegerField,
    MaxLength,
    PasswordField,
    Pattern,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TelField,
    TextAreaField,
    TextField,
    TimeField,
)
from mhtr.web.forms import FilterForm, Form

TODAY = date(2026, 11, 21)


def submit(field: Any, **sent: Any) -> Any:
    """The field, named `answer`, of a form validated with what was sent."""
    form_class = type("One", (FilterForm,), {"answer": field})
    sent.setdefault("other", "")
    form = form_class(MultiDict({key.replace("__", "-"): value for key, value in sent.items()}))
    form.validate()
    return form.answer


def message(field: Any, **sent: Any) -> str:
    return str(submit(field, **sent).error_text)


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


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "a\x1bb", "a\x85"])
def test_characters_no_page_can_carry_are_refused_and_never_shown(text: str) -> None:
    for field in (TextField("Name"), TextAreaField("Notes"), PasswordField("Password")):
        bound = submit(field, answer=text)
        if text == "a\x85":
            assert bound.errors == []
            continue
        assert "hidden character" in bound.error_text
        bound.typed().encode()
        assert "\x00" not in bound.typed()


def test_text_is_stripped_and_composed() -> None:
    assert submit(TextField("Name"), answer="  Ana\t de\r\n Sousa ").data == "Ana de Sousa"
    assert submit(TextField("Name"), answer="Zoe\u0308").data == "Zo\u00eb"
    assert submit(TextAreaField("Notes"), answer=" one\r\ntwo ").data == "one\ntwo"
    assert submit(PasswordField("Password"), answer=" two  words ").data == " two  words "


def test_length_counts_a_line_end_once() -> None:
    assert message(TextAreaField("Notes", max_length=3), answer="a\r\nb") == ""
    assert message(TextAreaField("Notes", max_length=3), answer="a\r\nbc") == (
        "Notes must be 3 characters or fewer. Take out 1 character"
    )
    assert message(TextField("Name", [MaxLength(2)]), answer="abcd").endswith("2 characters")
    assert message(TextField("Name"), answer="a" * 201) != ""


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (TextField("Date seen", [Required()]), "Enter the date seen"),
        (TextField("NHS number", [Required()]), "Enter the NHS number"),
        (TextField("Is he safe?", [Required()]), "Enter an answer to “Is he safe?”"),
        (TextField("What happened", [Required()]), "Enter an answer to “What happened”"),
        (TextField("Who?", [Required()], error_name="his name"), "Enter his name"),
        (TextField("Name", [Required("Say who he is")]), "Say who he is"),
        (DatePartsField("Date of birth", [Required()]), "Enter the date of birth"),
        (RadioField("Court", [Required()], choices=[("0", "No")]), "Select the court"),
        (CheckboxesField("Needs", [Required()], choices=[("a", "A")]), "Select the needs"),
        (CheckboxField("He agrees", [Required()]), "Tick the box: He agrees"),
        (SelectField("Court", [Required()], choices=[("a", "A")]), "Select the court"),
        (FileField("Spreadsheet", [Required()]), "Choose the spreadsheet"),
        (IntegerField("Number of sessions", [Required()]), "Enter the number of sessions"),
        (TimeField("Time seen", [Required()]), "Enter the time seen"),
    ],
)
def test_an_empty_required_field_says_what_to_do(field: Any, text: str) -> None:
    assert message(field) == text


def test_labels_say_optional_and_never_required() -> None:
    assert submit(TextField("Alias")).label_text == "Alias (optional)"
    assert submit(TextField("Name", [Required()])).label_text == "Name"
    assert submit(TextField("Name", optional=False)).label_text == "Name"
    assert submit(CheckboxField("He agrees")).label_text == "He agrees"


@pytest.mark.parametrize(
    ("typed", "value", "text"),
    [
        ("12", 12, ""), (" 1,200 ", 1200, ""), ("-3", -3, ""), ("0", 0, ""), ("", None, ""),
        ("12.0", None, "Sessions must be a whole number, like 12"),
        ("9" * 5000, None, "Sessions must be a whole number, like 12"),
        ("two", None, "Sessions must be a whole number, like 12"),
    ],
)  # fmt: skip
def test_whole_numbers(typed: str, value: int | None, text: str) -> None:
    field = submit(IntegerField("Sessions"), answer=typed)
    assert (field.data, field.error_text) == (value, text)
    assert field.typed() == typed


def test_number_limits_and_zero() -> None:
    field = IntegerField("Score", [Required()], minimum=0, maximum=27)
    assert message(field, answer="0") == ""
    assert message(field, answer="28") == "Score must be between 0 and 27"
    assert message(IntegerField("Score", minimum=1), answer="0") == "Score must be 1 or more"
    assert message(IntegerField("Score", maximum=5), answer="6") == "Score must be 5 or less"


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (EmailField("Email"), ["", "a.b@example.nhs.uk"], ["a", "a@b", "a b@example.org"]),
        (TelField("Telephone"), ["", "07700 900 982", "+44 (0)20 7946 0991", "02079460991 x12"],
         ["call me", "123", "07700 900 982 or 07700 900 983"]),
        (TextField("PIN", [Pattern("[0-9]{4}", "PIN must have 4 numbers")]), ["", "0123"],
         ["123", "12345", "abcd"]),
    ],
)  # fmt: skip
def test_formats(field: Any, good: list[str], bad: list[str]) -> None:
    assert [message(field, answer=text) for text in good] == [""] * len(good)
    for text in bad:
        bound = submit(field, answer=text)
        assert bound.error_text != ""
        assert bound.typed() == text


ANSWERS: list[Choice | tuple[str, str]] = [
    Choice("0", "Not at all"),
    Choice("1", "Some days", hint="Up to 6"),
    ("2", "Most days"),
]


def test_nothing_is_chosen_beforehand_and_zero_is_an_answer() -> None:
    field = RadioField("How often", [Required()], choices=ANSWERS)
    assert submit(field).data is None
    assert submit(field, answer="0").data == "0"
    assert submit(field, answer="0").errors == []


@pytest.mark.parametrize("kind", [RadioField, SelectField, CheckboxesField])
def test_an_answer_not_offered_is_refused(kind: Any) -> None:
    field = submit(kind("Court", choices=ANSWERS), answer="9")
    assert field.errors
    assert not field.data


def test_none_of_these_excludes_the_others() -> None:
    field = CheckboxesField("Needs", choices=[*ANSWERS, Choice("n", "None", exclusive=True)])
    assert submit(field, answer="n").errors == []
    both = submit(field, **{"answer": ["0", "n"]})
    assert both.error_text == "Select either “None” or the answers that apply"


def test_ticks_come_in_the_order_of_the_page() -> None:
    assert submit(CheckboxesField("Needs", choices=ANSWERS), answer=["2", "0"]).data == ["0", "2"]


@pytest.mark.parametrize(
    ("sent", "text", "errors"),
    [
        ({"safe": "other", "why": "fell"}, "fell", []),
        ({"safe": "other", "why": ""}, "", ["Say why"]),
        ({"safe": "yes", "why": "stale"}, "", []),
        ({"safe": "yes", "why": "bad\x00"}, "", []),
        ({"why": "stale"}, "", []),
    ],
)
def test_a_revealed_field_counts_only_with_its_answer(
    sent: dict[str, str], text: str, errors: list[str]
) -> None:
    class Safety(FilterForm):
        safe = RadioField("Safe?", choices=[("yes", "Yes"), ("other", "Other")])
        why = TextField("Why", [RevealedBy("safe", "other", message="Say why")])

    form = Safety(MultiDict(sent))
    form.validate()
    assert (form.why.data, list(form.why.errors)) == (text, errors)


def test_files_by_extension() -> None:
    field = FileField("Spreadsheet", accept=(".csv",))
    assert submit(field, answer=FileStorage(filename="men.CSV")).errors == []
    wrong = submit(field, answer=FileStorage(filename="men.xlsx"))
    assert wrong.error_text == "The chosen file must be a CSV file"
    assert submit(field, answer="not a file").data is None


class Referral(Form):
    name = TextField("Name", [Required()])
    born = DatePartsField("Date of birth", [Required()])
    phones = FieldList(TelField("Telephone"), min_entries=2)


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    return app


def test_submission_key_is_new_for_each_page_and_kept_after_an_error(app: Flask) -> None:
    with app.test_request_context():
        first, second = Referral().submission_key.data, Referral().submission_key.data
    assert UUID(first) != UUID(second)
    with app.test_request_context(method="POST", data={"submission_key": first}):
        form = Referral()
        assert not form.validate()
        assert form.submission_key.typed() == first


def test_an_empty_body_is_no_submission(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        form = Form()
        assert not form.validate()
        assert "open too long" in form.submission_key.error_text


def test_a_filter_without_a_query_shows_its_defaults(app: Flask) -> None:
    class ByState(FilterForm):
        state = SelectField("State", choices=[("open", "Open"), ("shut", "Shut")], default="open")

    with app.test_request_context("/"):
        assert ByState().state.data == "open"
    with app.test_request_context("/?state="):
        assert ByState().state.data is None
    with app.test_request_context("/?state=shut"):
        assert ByState().state.data == "shut"


@pytest.mark.parametrize("sent", [{}, {"submission_key": "../x"}, {"submission_key": "\x00"}])
def test_a_missing_or_false_submission_key_is_refused_and_replaced(
    app: Flask, sent: dict[str, str]
) -> None:
    with app.test_request_context(method="POST", data={"name": "A", **sent}):
        form = Referral()
        form.validate()
        assert "open too long" in form.submission_key.error_text
        UUID(form.submission_key.typed())


def test_summary_links_each_message_to_its_input(app: Flask) -> None:
    data = {"born-day": "3", "born-month": "13", "born-year": "1990"}
    data |= {"phones-0": "", "phones-1": "x"}
    with app.test_request_context(method="POST", data=data):
        form = Referral()
        assert not form.validate()
        form.refuse("Somebody else changed this record")
    assert [href for _, href in form.summary()] == [
        "#maincontent", "#maincontent", "#name", "#born-month", "#phones-1",
    ]  # fmt: skip


def test_a_refusal_of_the_service_stands_beside_its_field(app: Flask) -> None:
    with app.test_request_context(method="POST", data={}):
        form = Referral()
        form.refuse("That name is taken", field="name")
    assert form.summary() == [("That name is taken", "#name")]
    assert form.errors
