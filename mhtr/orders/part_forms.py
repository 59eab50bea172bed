"""Forms of what belongs to an order: its end, other requirements, review hearings. Shape only."""

from datetime import date
from typing import Any

from mhtr.core import clock
from mhtr.core.codes.lists import load
from mhtr.orders.endings import BY_HAND, ENDED_WORDS, HowEnded
from mhtr.orders.forms import day_of
from mhtr.orders.terms import OTHER_WORDS, OtherKind
from mhtr.web.fields import (
    DatePartsField,
    HiddenField,
    InPast,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import VersionedForm


class EndForm(VersionedForm):
    """An order ended before its terms say."""

    how = RadioField(
        "How did it end?",
        [Required("Select how it ended")],
        choices=[(how.value, ENDED_WORDS[how]) for how in BY_HAND],
    )
    on = DatePartsField("Last day of the order", [Required(), InPast(clock.today, or_today=True)])

    def ending(self) -> tuple[HowEnded, date]:
        """What a valid form says."""
        return HowEnded(self.how.data or ""), day_of(self.on.data)


class RequirementForm(VersionedForm):
    """Another requirement of the same order."""

    kind = SelectField(
        "Requirement",
        [Required("Select the requirement")],
        prompt="Select a requirement",
        choices=list(OTHER_WORDS.items()),
    )
    amount = TextField(
        "How much, or what",
        max_length=200,
        hint="As the order states it, for example 100 hours, or 7pm to 7am",
    )
    until = DatePartsField("Until", hint="Leave it empty where the order names no day")
    override = TextAreaField("Why is it recorded all the same?", max_length=500, rows=3)

    @property
    def asks_override(self) -> bool:
        """Whether a limit was exceeded, so that a reason is asked for."""
        return bool(self.override.data or self.override.errors)

    def other(self) -> OtherKind:
        return OtherKind(self.kind.data or "")


class ReviewForm(VersionedForm):
    """A review hearing of an order."""

    on = DatePartsField("Date of the review hearing", [Required()])
    court = SelectField("Court", [Required()], prompt="Select a court")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.court.set_choices(load("courts").choices(clock.today()))


class TakeOutForm(VersionedForm):
    """Which of a list does not count, by its place."""

    number = HiddenField(default="")

    @property
    def place(self) -> int:
        """From 1; 0, which is never one, for nonsense."""
        typed = self.number.data
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 0
