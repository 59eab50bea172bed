"""What every page of the referral form has in common: answers in, answers out, problems shown."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, Self

from wtforms import Field

from mhtr.intake.referral import Problem
from mhtr.intake.referral_values import WORDS
from mhtr.web.fields import HiddenField
from mhtr.web.forms import Form


def choices_of(kind: Iterable[StrEnum], words: Mapping[Any, str] = WORDS) -> list[tuple[str, str]]:
    """Every member of an enumeration as an answer, with its words."""
    return [(member.value, words[member]) for member in kind]


class StepForm(Form):
    """A page of the form. `version` says which saving of the step the page was made from."""

    FIELDS: ClassVar[tuple[str, ...]] = ()
    new_today: ClassVar[bool] = True
    """Whether an answer given for the first time may be taken as one of today."""
    held: Mapping[str, str] = MappingProxyType({})
    """The answers saved so far."""
    version = HiddenField(default="0")

    @classmethod
    def from_answers(cls, answers: Mapping[str, str], version: int = 0) -> Self:
        """The page with the answers saved so far; what the request brings goes before them."""
        form = cls(data={**cls.shown(answers), "version": str(version)})
        form.held = answers
        return form

    @classmethod
    def shown(cls, answers: Mapping[str, str]) -> dict[str, object]:
        """The saved answers as the fields hold them."""
        return {name: _value(name, answers.get(name, "")) for name in cls.FIELDS}

    def given(self) -> dict[str, str]:
        """What was typed, as `read_referral` reads it."""
        return {name: text_of(self[name]) for name in self.FIELDS}

    def show(self, problems: Sequence[Problem]) -> None:
        """Put each problem beside its field."""
        for problem in problems:
            name = self.field_for(problem.field)
            self.refuse(problem.message, field=name if name in self else None)

    def field_for(self, name: str) -> str:
        """The field of this page in which an answer is typed."""
        return name


def _value(name: str, text: str) -> object:
    if name == "born" or name.endswith("_on"):
        return date.fromisoformat(text) if text else None
    if name == "age":
        return int(text) if text else None
    return text


def text_of(field: Field) -> str:
    """A field's answer as text."""
    if isinstance(field.data, date):
        return field.data.isoformat()
    if isinstance(field.data, list):
        return ";".join(field.data)
    return "" if field.data is None else str(field.data)
