"""The forms of a contact at which measures are asked."""

from datetime import date

from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    DatePartsField,
    IntegerField,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import FilterForm, Form, VersionedForm
from outcome_measures.contact_rules import Course, Planned, number_hint, on_that_day, to_ask
from outcome_measures.time_points import MeasureMode, TimePoint

MODES = [(mode.value, mode.words.capitalize()) for mode in MeasureMode]
SESSION = TimePoint.SESSION.value
ENGLISH = "en"
CHANGED = "Somebody changed this meanwhile. Look at it again."


class PlaceForm(Form):
    """When and how a contact took place, and which it is."""

    asking = False
    """Whether the page asks if an unusual number is right."""

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
    language = SelectField(
        "In which language are the answers taken?", [Required("Select the language")]
    )
    surely = CheckboxField("The number and the day are right")

    @property
    def planned(self) -> Planned:
        """The contact as it is typed, once it is valid."""
        assert self.held_on.data is not None  # noqa: S101  (the form requires it)
        point = TimePoint(str(self.point.data))
        number = self.session_number.data if point is TimePoint.SESSION else None
        return Planned(self.held_on.data, point, number)

    def say_how_sessions_count(self, course: Course) -> None:
        """Beside the number, where he has had more than one course."""
        self.session_number.hint = number_hint(course)

    def asks(
        self, course: Course, planned_sessions: int | None, *, number_stands: bool = False
    ) -> bool:
        """Ask beside the number whether it is right, where it is unusual and nobody said so.

        Args:
            number_stands: it is the one on record; only the day is another.
        """
        unusual = () if number_stands else to_ask(self.planned, course, planned_sessions)
        unusual += on_that_day(self.planned, course)
        self.asking = bool(unusual)
        if not unusual or self.surely.data:
            return False
        number = self.session_number.data
        said = f"{'. '.join(unusual)}. Is {number} right? Tick the box below, or change it"
        self.refuse(said, field="session_number")
        return True


class SessionAsked(FilterForm):
    """Which session the page is opened for, where another page leads here from it."""

    day = TextField("Day", max_length=10)
    session = IntegerField("Session", minimum=1, maximum=200)

    @property
    def on(self) -> date | None:
        """Its day; None where none is asked for, or it is no day."""
        try:
            return date.fromisoformat(self.day.data)
        except ValueError:
            return None

    @property
    def number(self) -> int | None:
        """Its number; None where none is asked for, or it is no number of a session."""
        return self.session.data if self.validate() else None


class ContactForm(PlaceForm):
    """A contact that took place, and what is asked at it."""

    instruments = CheckboxesField("What is asked?", [Required("Select what is asked")])


class ContactCorrectionForm(PlaceForm, VersionedForm):
    """A contact put right, with the reason. Answers and totals are corrected by themselves."""

    reason = TextAreaField("Why is it corrected?", [Required("Say why it is corrected")], rows=2)


class FileBackForm(Form):
    """Why everything of a file is taken back."""

    reason = TextAreaField(
        "Why is it taken back?",
        [Required("Say why it is taken back")],
        hint="For example: another man’s form, or the wrong year",
        rows=2,
    )


class TakeBackForm(FileBackForm, VersionedForm):
    """Why a form or a contact is taken back, as its page showed it."""


class PutBackForm(VersionedForm):
    """Why the taking back of something is undone."""

    reason = TextAreaField(
        "Why does it count after all?", [Required("Say why it counts after all")], rows=2
    )


class AskForm(VersionedForm):
    """Further measures at a contact."""

    instruments = CheckboxesField("Ask another measure", [Required("Select what is asked")])


class CloseForm(VersionedForm):
    """Closing a contact."""

    unfinished = CheckboxField("What is not finished ends as it stands")
