"""Form fields in the design system's terms: single inputs. See also choices and dates.

`mhtr.web.fields` is the one place features import fields and validators from.
"""

import re
import unicodedata
from typing import Any

from email_validator import EmailNotValidError, validate_email
from werkzeug.datastructures import FileStorage
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from mhtr.core.name_text import clean_name, has_letters
from mhtr.web.field_base import (
    MaxLength,
    NhsField,
    OnlyWith,
    Pattern,
    Required,
    RevealedBy,
    clean_text,
)
from mhtr.web.field_choices import (
    CheckboxesField,
    CheckboxField,
    Choice,
    RadioField,
    SelectField,
)
from mhtr.web.field_dates import DatePartsField, InFuture, InPast, TimeField

__all__ = [
    "CheckboxField",
    "CheckboxesField",
    "Choice",
    "DatePartsField",
    "EmailField",
    "FileField",
    "HiddenField",
    "InFuture",
    "InPast",
    "IntegerField",
    "MaxLength",
    "NameField",
    "NhsField",
    "OnlyWith",
    "PasswordField",
    "Pattern",
    "RadioField",
    "Required",
    "RevealedBy",
    "SelectField",
    "TelField",
    "TextAreaField",
    "TextField",
    "TimeField",
]

_DEFAULT_MAX_LENGTH = 200
_MAX_INTEGER_DIGITS = 15


class TextField(NhsField):
    """One line of text. `data` is a string, empty when nothing was typed.

    Runs of white space become one space. `max_length` counts characters (200 unless given).
    `suggestions`: the id of a `datalist` on the page, offered while somebody types.
    """

    data: str

    def __init__(
        self,
        label: str = "",
        validators: Any = (),
        *,
        max_length: int | None = None,
        suggestions: str = "",
        **kwargs: Any,
    ) -> None:
        self.suggestions = suggestions
        self.max_length = _DEFAULT_MAX_LENGTH if max_length is None else max_length
        super().__init__(label, (*validators, MaxLength(self.max_length)), **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = ""
        if valuelist:
            self.data = self.read(clean_text(valuelist[0], self.subject))

    def read(self, text: str) -> str:
        """The value of cleaned text; ValueError carries a message for the person."""
        return re.sub(r"\s+", " ", text)

    def clear(self) -> None:
        self.data = ""
        self.raw_data = None


class NameField(TextField):
    """A name of somebody: letters of any script; what nobody can see is taken out of it."""

    def read(self, text: str) -> str:
        if text and not has_letters(text):
            raise ValueError(f"{self.subject} must have letters")
        return clean_name(text)


class TextAreaField(TextField):
    """Several lines of text with a character count; line ends are line feeds."""

    kind = "textarea"

    def __init__(
        self,
        label: str = "",
        validators: Any = (),
        *,
        max_length: int = 4000,
        rows: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.rows = rows
        super().__init__(label, validators, max_length=max_length, **kwargs)

    def read(self, text: str) -> str:
        return text


class EmailField(TextField):
    """An email address; only its form is checked, never that it exists."""

    input_type = "email"
    default_inputmode = "email"

    def __init__(self, label: str = "", validators: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 254)
        kwargs.setdefault("spellcheck", False)
        super().__init__(label, validators, **kwargs)

    def read(self, text: str) -> str:
        if not text:
            return ""
        try:
            return validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError as fault:
            raise ValueError(
                "Enter an email address in the correct format, like name@example.nhs.uk"
            ) from fault


class TelField(TextField):
    """A telephone number as typed; the feature that stores it puts it in canonical form."""

    input_type = "tel"
    default_inputmode = "tel"
    _ALLOWED = re.compile(r"[0-9+() .\-/]*(?:(?:ext\.?|x) ?[0-9]{1,6})?", re.IGNORECASE)

    def read(self, text: str) -> str:
        text = unicodedata.normalize("NFKC", super().read(text))
        digits = sum(character.isdigit() for character in text)
        if text and (not self._ALLOWED.fullmatch(text) or not 7 <= digits <= 21):
            raise ValueError(
                "Enter a telephone number, like 07700 900 982, 020 7946 0991 or +44 808 157 0192"
            )
        return text


class PasswordField(NhsField):
    """A password exactly as typed. It is never sent back in a page."""

    kind = "password"
    input_type = "password"
    default_autocomplete = "current-password"
    data: str

    # Hashing cost grows with length; far beyond any passphrase.
    _LIMIT = 1000

    def process_data(self, value: Any) -> None:
        self.data = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = ""
        if valuelist:
            clean_text(valuelist[0], self.subject)
            self.data = str(valuelist[0])
        if len(self.data) > self._LIMIT:
            self.data = ""
            raise ValueError(f"{self.subject} must be {self._LIMIT:,} characters or fewer")

    def typed(self) -> str:
        return ""

    def clear(self) -> None:
        self.data = ""


class IntegerField(NhsField):
    """A whole number between `minimum` and `maximum`, both included. `data` is int or None."""

    default_inputmode = "numeric"
    data: int | None

    def __init__(
        self,
        label: str = "",
        validators: Any = (),
        *,
        minimum: int | None = None,
        maximum: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.minimum = minimum
        self.maximum = maximum
        kwargs.setdefault("width", 5)
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        text = clean_text(valuelist[0], self.subject) if valuelist else ""
        text = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
        if not text:
            return
        if not re.fullmatch(rf"[+\-\u2212]?[0-9]{{1,{_MAX_INTEGER_DIGITS}}}", text):
            raise ValueError(f"{self.subject} must be a whole number, like 12")
        self.data = int(text.replace("\u2212", "-"))

    def pre_validate(self, form: BaseForm) -> None:
        if self.data is None:
            return
        low, high = self.minimum, self.maximum
        if (low is None or self.data >= low) and (high is None or self.data <= high):
            return
        if low is not None and high is not None:
            raise ValidationError(f"{self.subject} must be between {low:,} and {high:,}")
        limit = f"{low:,} or more" if low is not None else f"{high:,} or less"
        raise ValidationError(f"{self.subject} must be {limit}")

    def clear(self) -> None:
        self.data = None
        self.raw_data = None


class FileField(NhsField):
    """One uploaded file. `accept` lists extensions with their dot, such as (".csv",).

    `data` is None when no file was chosen. A browser never shows a chosen file again, so an error
    elsewhere means choosing it once more.
    """

    input_type = "file"
    verb = "Choose"
    data: FileStorage | None

    def __init__(
        self, label: str = "", validators: Any = (), *, accept: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        self.accept = accept
        super().__init__(label, validators, **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        files = [item for item in valuelist if isinstance(item, FileStorage) and item.filename]
        self.data = files[0] if files else None

    def pre_validate(self, form: BaseForm) -> None:
        if self.data is None or not self.accept:
            return
        if not (self.data.filename or "").lower().endswith(self.accept):
            kinds = " or ".join(suffix.lstrip(".").upper() for suffix in self.accept)
            raise ValidationError(f"The chosen file must be a {kinds} file")

    def typed(self) -> str:
        return ""


class HiddenField(TextField):
    """A value carried along unseen; an error on it is shown in the summary only."""

    kind = "hidden"
    input_type = "hidden"

    def __init__(self, label: str = "", validators: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("optional", False)
        super().__init__(label or "This page", validators, **kwargs)

    def carry(self, value: object) -> None:
        """The page that is shown next carries this value, whatever was sent with the last."""
        self.data, self.raw_data = str(value), None

    @property
    def first_input_id(self) -> str:
        return "maincontent"
