from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import FieldList

from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    Choice,
    DatePartsField,
    EmailField,
    FileField,
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
from tests.web.answering import message, submit


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
