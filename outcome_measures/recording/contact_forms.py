"""The forms of a contact at which measures are asked."""

from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    DatePartsField,
    IntegerField,
    RadioField,
    Required,
    RevealedBy,
)
from mhtr.web.forms import Form, VersionedForm
from outcome_measures.models import MeasureMode
from outcome_measures.time_points import TimePoint

MODES = (
    (MeasureMode.IN_PERSON.value, "In person"),
    (MeasureMode.TELEPHONE.value, "By telephone"),
    (MeasureMode.VIDEO.value, "By video"),
    (MeasureMode.PAPER.value, "On paper, entered afterwards"),
    (MeasureMode.SELF.value, "By himself"),
)
MODE_WORDS = dict(MODES)
SESSION = TimePoint.SESSION.value


class ContactForm(Form):
    """A contact that took place, and what is asked at it."""

    held_on = DatePartsField(
        "When was it?",
        [Required("Enter the day of the contact")],
        error_name="the day of the contact",
    )
    mode = RadioField(
        "How are the answers taken?", [Required("Select how the answers are taken")], choices=MODES
    )
    point = RadioField(
        "Which contact is it?",
        [Required("Select which contact it is")],
        choices=(
            (SESSION, "A treatment session"),
            (TimePoint.BETWEEN.value, "Between sessions: induction, a telephone call, by post"),
            (TimePoint.FOLLOW_UP.value, "Follow-up after treatment"),
        ),
    )
    session_number = IntegerField(
        "Number of the session",
        [RevealedBy("point", SESSION, message="Enter the number of the treatment session")],
        width=2,
    )
    instruments = CheckboxesField("What is asked?", [Required("Select what is asked")])


class AskForm(VersionedForm):
    """Further measures at a contact."""

    instruments = CheckboxesField("Ask another measure", [Required("Select what is asked")])


class CloseForm(VersionedForm):
    """Closing a contact."""

    unfinished = CheckboxField("What is not finished ends as it stands")
