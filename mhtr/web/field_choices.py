"""Fields answered by choosing: radios, checkboxes and select lists. Values are strings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from mhtr.web.field_base import NhsField


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: the value sent, the text shown, and an optional line that explains it.

    `exclusive` marks "none of these" among checkboxes: it excludes every other answer.
    `divider` puts the word "or" before this choice.
    """

    value: str
    text: str
    hint: str = ""
    exclusive: bool = False
    divider: bool = False


Choices = Sequence[Choice | tuple[str, str]]


class _ChoicesField(NhsField):
    verb = "Select"

    def __init__(
        self,
        label: str = "",
        validators: Any = (),
        *,
        choices: Choices = (),
        inline: bool = False,
        small: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.choices: list[Choice] = []
        self.set_choices(choices)
        self.inline = inline
        self.small = small

    def set_choices(self, choices: Choices) -> None:
        """Replace the answers offered, for lists known only at the time of the request."""
        self.choices = [
            item if isinstance(item, Choice) else Choice(str(item[0]), str(item[1]))
            for item in choices
        ]

    def values(self) -> frozenset[str]:
        """The values that may be sent."""
        return frozenset(choice.value for choice in self.choices)


class RadioField(_ChoicesField):
    """One answer of a few. `data` is the chosen value or None; nothing is chosen beforehand."""

    kind = "radios"
    data: str | None

    def process_data(self, value: Any) -> None:
        self.data = None if value is None or value == "" else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]) if valuelist and valuelist[0] != "" else None

    def pre_validate(self, form: BaseForm) -> None:
        if self.data is not None and self.data not in self.values():
            self.data = None
            raise ValidationError(f"{self.subject} must be one of the answers shown")


class SelectField(RadioField):
    """One answer of a long list, shown as a drop-down list that begins with an empty entry."""

    kind = "select"

    def __init__(
        self, label: str = "", validators: Any = (), *, prompt: str = "Select", **kwargs: Any
    ) -> None:
        self.prompt = prompt
        super().__init__(label, validators, **kwargs)


class CheckboxesField(_ChoicesField):
    """Any number of answers. `data` is a list of values in the order of the choices."""

    kind = "checkboxes"
    data: list[str]

    def process_data(self, value: Any) -> None:
        self.data = [str(item) for item in value or ()]

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [str(item) for item in valuelist]

    def pre_validate(self, form: BaseForm) -> None:
        sent = set(self.data)
        known = sent & self.values()
        self.data = [choice.value for choice in self.choices if choice.value in known]
        if sent - known:
            raise ValidationError(f"{self.subject} must be among the answers shown")
        alone = [c.text for c in self.choices if c.exclusive and c.value in known]
        if alone and len(known) > 1:
            raise ValidationError(f"Select either “{alone[0]}” or the answers that apply")

    def clear(self) -> None:
        self.data = []


class CheckboxField(NhsField):
    """One box to tick. `data` is a bool; `Required` means that it must be ticked."""

    kind = "checkbox"
    verb = "Tick"
    data: bool

    def __init__(self, label: str = "", validators: Any = (), **kwargs: Any) -> None:
        # A lone box may always be left empty, so "(optional)" would only be noise.
        kwargs.setdefault("optional", False)
        super().__init__(label, validators, **kwargs)

    @property
    def missing_message(self) -> str:
        return f"Tick the box: {self.label.text}"

    def process_data(self, value: Any) -> None:
        self.data = bool(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = "yes" in valuelist

    def is_empty(self) -> bool:
        return not self.data

    def clear(self) -> None:
        self.data = False
