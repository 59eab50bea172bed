"""Shape of the forms of adjustments agreed with a man."""

from datetime import date

from mhtr.core.working_days import WEEKDAYS
from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    DatePartsField,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TimeField,
)
from sessions.availability.adjust_kinds import (
    AGREED_WORDS,
    WHY_WORDS,
    AdjustReason,
    Agreed,
    AgreedBy,
    How,
)
from sessions.availability.adjust_service import cannot_reason
from sessions.availability.man_forms import DATED, WEEKLY, BarForm
from sessions.availability.man_service import TimeSaid
from sessions.availability.weighing import WeighedForm
from sessions.therapies import MODE_WORDS, SessionMode


class AgreedForm(WeighedForm):
    """What every adjustment is asked: why by category, who agreed, from when and until when."""

    why = RadioField(
        "Why?",
        [Required("Select why")],
        choices=[(one.value, words) for one, words in WHY_WORDS.items()],
        hint="Probation reads the category. Nothing more is asked, and nothing more passes",
    )
    agreed_by = RadioField(
        "Who agreed it with him?",
        [Required("Select who agreed it")],
        choices=[(one.value, words) for one, words in AGREED_WORDS.items()],
    )
    first = DatePartsField("From which day?", [Required()], error_name="the first day")
    last = DatePartsField("Until which day?", hint="Leave it empty where nobody knows yet")

    def agreed(self) -> Agreed:
        """What a valid form says."""
        return Agreed(
            AdjustReason(self.why.data or ""),
            AgreedBy(self.agreed_by.data or ""),
            self.first.data or date.max,
            self.last.data,
        )


class AgreedTimeForm(AgreedForm):
    """Times at which he is not seen."""

    how_often = RadioField(
        "When is he not to be seen?",
        [Required("Select when")],
        choices=[(WEEKLY, "On a day of the week"), (DATED, "Every day")],
    )
    weekday = SelectField(
        "Day of the week",
        [RevealedBy("how_often", WEEKLY, message="Select the day of the week")],
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
    )
    starts = TimeField("From", [Required("Enter from what time")])
    ends = TimeField("Until", [Required("Enter until what time")])

    def said(self) -> TimeSaid:
        """The times of a valid form, as scheduling knows them."""
        first, starts, ends = self.first.data, self.starts.data, self.ends.data
        if first is None or starts is None or ends is None:
            raise ValueError("asked of a form that is not valid")
        weekly = self.how_often.data == WEEKLY
        return TimeSaid(
            weekday=int(self.weekday.data or 0) if weekly else None,
            first_day=first,
            last_day=self.last.data,
            starts=starts,
            ends=ends,
            reason=cannot_reason(self.agreed()),
        )


class AgreedPlaceForm(AgreedForm, BarForm):
    """A place at which he is not seen."""


class AgreedHowForm(AgreedForm):
    """How he is seen."""

    modes = CheckboxesField(
        "How can he be seen?",
        [Required("Select at least one way to see him")],
        choices=[(mode.value, words) for mode, words in MODE_WORDS.items()],
    )
    step_free = CheckboxField("He needs a way without steps")

    def how(self) -> How:
        """What a valid form says."""
        modes = frozenset(SessionMode(one) for one in self.modes.data)
        return How(modes, self.step_free.data)


class AdjustmentEndForm(WeighedForm):
    """An adjustment is taken back."""
