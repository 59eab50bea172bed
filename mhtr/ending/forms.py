"""Forms of the end of treatment. Nothing in them is preselected."""

from mhtr.core import clock
from mhtr.ending.finish_rules import FURTHER_WORDS, Further, FurtherAnswer
from mhtr.web.fields import DatePartsField, InPast, RadioField, Required, TextAreaField
from mhtr.web.forms import VersionedForm


class FurtherForm(VersionedForm):
    """Whether he requires more treatment."""

    answer = RadioField(
        "Does he require further treatment under the requirement?",
        [Required("Select whether he requires further treatment")],
        choices=list(FURTHER_WORDS.items()),
    )
    why = TextAreaField(
        "Why?",
        rows=4,
        max_length=2000,
        hint="Read by clinicians only. Say it where further treatment is required",
    )
    reported_on = DatePartsField(
        "On which day was the report given?",
        [InPast(clock.today, or_today=True)],
        optional=True,
        hint="Only where the report was given already, not from here",
    )

    def said(self) -> Further:
        """What a valid form says."""
        answer = FurtherAnswer(self.answer.data or "")
        reported = self.reported_on.data if answer is FurtherAnswer.REPORTED else None
        return Further(answer, self.why.data, reported)
