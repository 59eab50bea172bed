"""The page "Is he safe now?", with the day and the time at which healthcare was told."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from wtforms.validators import ValidationError

from mhtr.core import clock
from mhtr.intake.form_base import StepForm, choices_of
from mhtr.intake.referral import TEXTS
from mhtr.intake.referral_values import Safety
from mhtr.web.fields import DatePartsField, RadioField, RevealedBy, TextField, TimeField


class SafetyForm(StepForm):
    """Is he safe now?"""

    FIELDS: ClassVar[tuple[str, ...]] = ("safety", "told_whom")
    safety = RadioField("Is he safe now?", choices=choices_of(Safety), optional=False)
    told_whom = TextField(
        "Who did you tell?",
        [RevealedBy("safety", Safety.HEALTHCARE_TOLD, required=False)],
        hint="Name or role, for example “custody nurse”",
        max_length=TEXTS["told_whom"],
        optional=False,
        width=20,
    )
    told_time = TimeField(
        "When?",
        [RevealedBy("safety", Safety.HEALTHCARE_TOLD, required=False)],
        hint="For example 03:20",
        error_name="time",
        optional=False,
    )
    told_day = DatePartsField(
        "Day you told them",
        [RevealedBy("safety", Safety.HEALTHCARE_TOLD, required=False)],
        hint="Leave it empty if it was within the last 24 hours",
        optional=False,
    )

    @classmethod
    def shown(cls, answers: Mapping[str, str]) -> dict[str, object]:
        told = answers.get("told_at", "")
        at = datetime.fromisoformat(told) if told else None
        return super().shown(answers) | {
            "told_time": at.time() if at else None,
            "told_day": at.date() if at else None,
        }

    def validate_told_day(self, field: DatePartsField) -> None:
        """Today is never put into what was said earlier: there the day is asked for."""
        if field.data is None and self.told_time.data is not None and not self._means_just_now:
            raise ValidationError("Enter the day you told custody healthcare")

    @property
    def _means_just_now(self) -> bool:
        return self.new_today and not self.held.get("told_at")

    def given(self) -> dict[str, str]:
        told = _moment(self.told_day.data, self.told_time.data, self.held.get("told_at", ""))
        return super().given() | {"told_at": told}

    def field_for(self, name: str) -> str:
        return "told_time" if name == "told_at" else name


def _moment(day: date | None, at: time | None, held: str) -> str:
    """The moment in London: without a day that of the earlier answer, else the last such time."""
    if at is None:
        return ""
    if day is None:
        day = datetime.fromisoformat(held).date() if held else _last_day(at)
    return f"{day.isoformat()}T{at:%H:%M}"


def _last_day(at: time) -> date:
    """The last day on which the clock in London showed this time of day."""
    here = clock.now().astimezone(clock.LONDON)
    return here.date() if at <= here.time() else here.date() - timedelta(days=1)
