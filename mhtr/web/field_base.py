"""What every form field of the service has in common, whatever it asks for.

The wording of labels, hints and messages follows the NHS digital service manual (content style
guide; error message and error summary components).
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import wtforms
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError

from mhtr.core.name_text import is_seen

# Labels that "Enter the ..." cannot take up: questions, with or without their mark.
_QUESTION = re.compile(r".*\?|(?:what|why|how|when|where|who|which)\b.*", re.IGNORECASE | re.DOTALL)
# Control characters (other than tab, line feed and carriage return), lone surrogates and
# noncharacters. None can be typed; they break HTML, PDF and CSV output, and PostgreSQL refuses NUL.
_UNUSABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


class NhsField(wtforms.Field):
    """A field with a label, an optional hint and at most one error message.

    `optional` says whether the label carries "(optional)"; left at None it follows the
    validators: a field is optional unless it has `Required` or a requiring `RevealedBy`.
    `error_name` is what messages call the field when its label is a question
    ("his date of birth"). `width` is in characters: 2, 3, 4, 5, 10, 20 or 30.
    """

    kind: ClassVar[str] = "input"
    input_type: ClassVar[str] = "text"
    verb: ClassVar[str] = "Enter"
    default_inputmode: ClassVar[str] = ""
    default_autocomplete: ClassVar[str] = "off"

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Callable[..., None]] = (),
        *,
        hint: str = "",
        optional: bool | None = None,
        error_name: str = "",
        width: int | None = None,
        autocomplete: str = "",
        inputmode: str = "",
        spellcheck: bool | None = None,
        prefix_text: str = "",
        suffix_text: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, tuple(validators), **kwargs)
        self.hint = hint
        self._optional = optional
        self._error_name = error_name
        self.width = width
        self.autocomplete = autocomplete or self.default_autocomplete
        self.inputmode = inputmode or self.default_inputmode
        self.spellcheck = spellcheck
        self.prefix_text = prefix_text
        self.suffix_text = suffix_text

    @property
    def optional(self) -> bool:
        """True when the person may leave the field empty and its label should say so."""
        if self._optional is not None:
            return self._optional
        return not any(getattr(v, "requires_answer", False) for v in self.validators)

    @property
    def label_text(self) -> str:
        """The label as shown, with "(optional)" where it may be left empty."""
        return f"{self.label.text} (optional)" if self.optional else self.label.text

    @property
    def subject(self) -> str:
        """What messages begin with: "Date of birth" in "Date of birth must be in the past"."""
        if self._error_name:
            return self._error_name[0].upper() + self._error_name[1:]
        return "Your answer" if _QUESTION.fullmatch(self.label.text) else self.label.text

    @property
    def missing_message(self) -> str:
        """The message shown when a required field is left empty."""
        label = self.label.text
        if self._error_name:
            return f"{self.verb} {self._error_name}"
        if _QUESTION.fullmatch(label):
            return f"{self.verb} an answer to “{label}”"
        # Initialisms ("NHS number", "CRN") keep their capitals.
        lower_first = label[:1].lower() + label[1:] if label[1:2].islower() else label
        return f"{self.verb} the {lower_first}"

    @property
    def first_input_id(self) -> str:
        """Id of the element that the error summary's link moves the focus to."""
        return self.id

    @property
    def error_text(self) -> str:
        """The one message shown beside the field, or an empty string."""
        return str(self.errors[0]) if self.errors else ""

    def is_empty(self) -> bool:
        """True when nothing was answered: characters that nobody sees are no answer."""
        if isinstance(self.data, str):
            return not is_seen(self.data)
        return self.data is None or self.data == []

    def clear(self) -> None:
        """Forget the answer: used for a revealed field whose question no longer applies."""
        self.data = None

    def typed(self) -> str:
        """What the input shows: the person's own typing after an error, else the stored value."""
        if self.raw_data:
            return without_unusable(str(self.raw_data[0]))
        return "" if self.data is None else str(self.data)

    def validate(self, form: BaseForm, extra_validators: Any = ()) -> bool:
        """Run the checks and keep the first message only.

        A later check on a value that could not be read would only repeat or contradict it.
        """
        for validator in self.validators:
            applies = getattr(validator, "applies", None)
            if applies is not None and not applies(form):
                self.clear()
                self.errors = []
                return True
        if self.process_errors:
            self.errors = list(self.process_errors)[:1]
            return False
        valid = super().validate(form, extra_validators)
        self.errors = list(self.errors)[:1]
        return valid


def without_unusable(text: str) -> str:
    """The text with characters that no page can carry shown as U+FFFD."""
    return _UNUSABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def clean_text(raw: object, subject: str) -> str:
    """Composed (NFC) text without surrounding space; line ends become a line feed.

    Raises ValueError with a message for the person when the text holds characters that cannot
    be stored or shown: NUL and other control characters, or lone surrogates.
    """
    text = str(raw)
    if _UNUSABLE.search(text):
        raise ValueError(
            f"{subject} has a hidden character that cannot be saved. Delete it or type it again"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text).strip()


class Required:
    """The field must be answered. Without `message`, the field's own wording is used."""

    requires_answer = True

    def __init__(self, message: str = "") -> None:
        self.message = message

    def __call__(self, form: BaseForm, field: NhsField) -> None:
        if field.is_empty():
            raise StopValidation(self.message or field.missing_message)


class RevealedBy:
    """The field belongs to some answers of another field of the same form.

    For any other answer whatever was sent is forgotten, so that a hidden or stale text is never
    saved; this also holds without JavaScript, where the field is always visible.
    `required` makes it compulsory for those answers.
    """

    def __init__(
        self, parent: str, *answers: str, required: bool = True, message: str = ""
    ) -> None:
        self.parent = parent
        self.answers = frozenset(answers)
        self.requires_answer = required
        self.message = message

    def applies(self, form: BaseForm) -> bool:
        """True when the parent's answer is one that reveals this field."""
        data = form[self.parent].data
        if isinstance(data, bool):
            return data
        given = data if isinstance(data, list) else [data]
        return any(str(value) in self.answers for value in given)

    def __call__(self, form: BaseForm, field: NhsField) -> None:
        if self.requires_answer and field.is_empty():
            raise StopValidation(self.message or field.missing_message)


class OnlyWith(RevealedBy):
    """The field belongs to some answers of another field, and contradicts every other.

    What was sent with another answer is refused with `otherwise` and kept, where `RevealedBy`
    would forget it. `left_out` is an answer that says that there is none.
    """

    def __init__(
        self, parent: str, *answers: str, otherwise: str, left_out: str = "", **kwargs: Any
    ) -> None:
        super().__init__(parent, *answers, **kwargs)
        self.otherwise = otherwise
        self.left_out = left_out

    def applies(self, form: BaseForm) -> bool:
        """True: the field is looked at whatever the parent's answer is."""
        return True

    def __call__(self, form: BaseForm, field: NhsField) -> None:
        if super().applies(form):
            super().__call__(form, field)
        elif field.is_empty() or field.data == self.left_out:
            raise StopValidation
        else:
            raise StopValidation(self.otherwise)


class MaxLength:
    """At most `limit` characters, counted as typed with one character for a line end."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: BaseForm, field: NhsField) -> None:
        over = len(field.data or "") - self.limit
        if over > 0:
            many = "character" if over == 1 else "characters"
            raise ValidationError(
                f"{field.subject} must be {self.limit:,} characters or fewer. "
                f"Take out {over:,} {many}"
            )


class Pattern:
    """The whole answer must match the regular expression; an empty answer passes."""

    def __init__(self, pattern: str, message: str) -> None:
        self.pattern = re.compile(pattern)
        self.message = message

    def __call__(self, form: BaseForm, field: NhsField) -> None:
        if not field.is_empty() and not self.pattern.fullmatch(str(field.data)):
            raise ValidationError(self.message)
