"""Forms for warnings, and for what he agreed to."""

from datetime import datetime

from mhtr.core import clock
from mhtr.people.consent import HOW
from mhtr.people.models import FlagKind
from mhtr.web.fields import (
    Choice,
    DatePartsField,
    HiddenField,
    InFuture,
    InPast,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
)
from mhtr.web.forms import Form

KIND_CHOICES = (
    Choice(FlagKind.RISK, "Risk", "To himself or to others"),
    Choice(FlagKind.STAFF_SAFETY, "Staff safety", "How to see him safely"),
    Choice(FlagKind.MUST_NOT_MEET, "Must not meet", "Somebody he must not be here with"),
    Choice(FlagKind.SAFEGUARDING, "Safeguarding", "A child or an adult at risk"),
)
UNKNOWN_HERE = "name"
"""Answer to "Is it one of these men?": none, keep the name."""


class FlagForm(Form):
    """A new warning."""

    kind = RadioField("What is it about?", [Required()], choices=KIND_CHOICES)
    other_name = TextField(
        "Whom must he not meet?",
        [RevealedBy("kind", FlagKind.MUST_NOT_MEET, message="Enter whom he must not meet")],
        max_length=120,
        hint="We look whether he has a record here",
        error_name="whom he must not meet",
    )
    other = RadioField("Is it one of these men?", optional=False)
    shown = HiddenField()
    """References of the men this page offers: what is said is said of them."""
    fact = TextField(
        "What everybody who meets him needs to know",
        max_length=160,
        hint="Everybody who works with him sees this, also those who may not know the reason. "
        "For example: see him with a second member of staff",
        optional=False,
    )
    reason = TextAreaField(
        "Reason", [Required()], max_length=2000, hint="Only clinicians see this", rows=4
    )
    owner = SelectField("Who looks after it?", [Required()], error_name="who looks after it")
    review_on = DatePartsField(
        "When is it looked at again?",
        [Required(), InFuture(clock.today)],
        error_name="the review date",
        hint="A task reminds its owner on that day",
    )


class ReviewForm(Form):
    """A warning looked at again: still needed, or ended."""

    answer = RadioField(
        "Is it still needed?", [Required()], choices=[("keep", "Yes"), ("end", "No, end it")]
    )
    review_on = DatePartsField(
        "When is it looked at again?",
        [RevealedBy("answer", "keep"), InFuture(clock.today)],
        error_name="the review date",
    )
    owner = SelectField(
        "Who looks after it?",
        [RevealedBy("answer", "keep", message="Select who looks after it")],
        error_name="who looks after it",
    )
    reason = TextAreaField("Why?", [Required()], max_length=1000, rows=3, error_name="why")


class ManForm(Form):
    """Whether a man on record is the one a warning names."""

    same = RadioField(
        "Is this the man?",
        [Required()],
        choices=[
            Choice("yes", "Yes, it is he", "The warning then shows on both records"),
            Choice("no", "No, it is somebody else", "This is remembered and not asked again"),
        ],
    )


class ToldForm(Form):
    """He was told what goes to probation."""

    how = RadioField("How was he told?", [Required()], choices=list(HOW.items()), inline=True)


class ConsentForm(Form):
    """What he said about one item."""

    decision = RadioField("What did he say?", [Required()], error_name="what he said")
    scope = TextAreaField("What exactly may be told? In his words", max_length=300, rows=3)
    how = RadioField("How did he say it?", [Required()], choices=list(HOW.items()))
    said_on = DatePartsField(
        "On which day?", [Required(), InPast(clock.today, or_today=True)], error_name="the day"
    )
    said_at = TimeField("At what time?", [Required()], hint="For example, 14:30")

    def moment(self) -> datetime:
        """When he said it. Raises NoSuchTime for an hour that the clocks skipped."""
        day, time = self.said_on.data, self.said_at.data
        if day is None or time is None:
            raise ValueError("the form was not validated")
        return clock.from_london(datetime.combine(day, time))
