"""What the service says about a report that cannot be ready in time."""

from mhtr.core import clock
from mhtr.suitability.late_report import ARRANGED_WORDS, Arranged
from mhtr.suitability.ready_from import REASON_WORDS, Reason
from mhtr.suitability.request_answer_forms import OfAVersion
from mhtr.web.fields import DatePartsField, InFuture, RadioField, Required


class NotBeforeForm(OfAVersion):
    """From which day on it can be ready, and why, in words that probation may read."""

    earliest_on = DatePartsField(
        "From which day on can the report be ready?",
        [Required(), InFuture(clock.today, or_today=True)],
        error_name="the day",
    )
    reason = RadioField(
        "Why not sooner?",
        [Required()],
        error_name="why not sooner",
        hint="The author of the pre-sentence report reads this, and nothing else",
        choices=[(reason.value, words) for reason, words in REASON_WORDS.items()],
    )

    def why(self) -> Reason:
        """The reason of a valid form."""
        return Reason(self.reason.data or "")


class TakeBackForm(OfAVersion):
    """Takes back what was said."""


class ArrangedForm(OfAVersion):
    """What was arranged about it."""

    how = RadioField(
        "What is arranged?",
        [Required()],
        error_name="what is arranged",
        hint="The author of the pre-sentence report and the assessor are told",
        choices=[(how.value, words) for how, words in ARRANGED_WORDS.items()],
    )

    def arranged(self) -> Arranged:
        """The answer of a valid form."""
        return Arranged(self.how.data or "")
