"""The answer to a question about a referral."""

from mhtr.web.fields import Required, TextAreaField
from mhtr.web.forms import Form


class QuestionForm(Form):
    """What the referrer answers."""

    answer = TextAreaField(
        "Your answer",
        [Required("Write the answer")],
        max_length=1000,
        rows=3,
        hint="Nothing about the offence. What belongs in the referral itself, change there.",
    )
