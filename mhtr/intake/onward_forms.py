"""Forms of onward referrals."""

from datetime import datetime

from mhtr.core import clock
from mhtr.core.codes import lists
from mhtr.core.errors import Refused
from mhtr.intake.onward_rules import CHOSEN, NEXT, NO_TIME, ONWARD_WORDS, OnwardState
from mhtr.people.consent import HOW
from mhtr.web.fields import (
    Choice,
    DatePartsField,
    HiddenField,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
)
from mhtr.web.forms import FilterForm, Form

NOTE_HINT = (
    "Read by clinicians, link workers and administrators. The least that is needed, and no"
    " therapy detail"
)


class RouteOnForm(Form):
    """Where he is to be referred, and who follows it up."""

    service = SelectField(
        "Service", validators=[Required("Select the service")], prompt="Select one"
    )
    service_name = TextField(
        "Name of the service", hint="For example the team or the agency", optional=True
    )
    owner = SelectField(
        "Who follows it up", validators=[Required("Select who follows it up")], prompt="Select one"
    )
    agreed = RadioField(
        "Does he agree to it?",
        choices=[Choice("yes", "Yes"), Choice("no", "No")],
        validators=[Required("Say whether he agrees to it")],
    )
    how = RadioField(
        "How did he say so?",
        hint="Needed where a link worker follows it up: his agreement to a link worker is recorded "
        "under Consent, once.",
        choices=[Choice(key, words) for key, words in HOW.items()],
        validators=[RevealedBy("agreed", "yes", required=False)],
    )
    note = TextAreaField(
        "What they need to know",
        hint=NOTE_HINT,
        max_length=1000,
        optional=True,
    )

    def offer(self, owners: list[tuple[int, str]]) -> None:
        """Fill the two lists."""
        services = lists.load("onward_services").current(clock.today())
        self.service.set_choices([Choice(entry.code, entry.label) for entry in services])
        self.owner.set_choices([Choice(str(principal), name) for principal, name in owners])


class StepForm(Form):
    """What became of it."""

    version = HiddenField("Version")
    state = RadioField("What became of it?", validators=[Required("Say what became of it")])
    appointment_on = DatePartsField(
        "Date of the first appointment",
        validators=[
            RevealedBy(
                "state",
                OnwardState.FIRST_APPOINTMENT_BOOKED.value,
                message="Enter the date of the first appointment",
            )
        ],
    )
    appointment_time = TimeField(
        "Time",
        hint="For example 14:30",
        validators=[
            RevealedBy(
                "state",
                OnwardState.FIRST_APPOINTMENT_BOOKED.value,
                message="Enter the time of the first appointment",
            )
        ],
    )
    note = TextAreaField("Note", hint=NOTE_HINT, max_length=1000, optional=True)

    def offer(self, state: OnwardState) -> None:
        """Only the steps that may follow."""
        self.state.set_choices([Choice(s.value, ONWARD_WORDS[s]) for s in NEXT[state]])

    def appointment_at(self) -> datetime | None:
        """The appointment as a moment; None where none was given.

        Raises:
            NoSuchTime: clocks skipped that time.
        """
        day, at = self.appointment_on.data, self.appointment_time.data
        if self.state.data != OnwardState.FIRST_APPOINTMENT_BOOKED.value or not day or not at:
            return None
        return clock.from_london(datetime.combine(day, at))


class CorrectForm(Form):
    """What was recorded by mistake, put right."""

    version = HiddenField("Version")
    state = RadioField(
        "What is right?",
        choices=[Choice(state.value, ONWARD_WORDS[state]) for state in CHOSEN],
        validators=[Required("Say what is right")],
    )
    appointment_on = DatePartsField(
        "Date of the first appointment", hint="Where there is or was one", optional=True
    )
    appointment_time = TimeField("Time", hint="For example 14:30", optional=True)
    reason = TextAreaField(
        "Why is what is recorded wrong?",
        hint=f"Stays in the history. {NOTE_HINT}",
        max_length=1000,
        validators=[Required("Say why what is recorded is wrong")],
    )

    def appointment_at(self) -> datetime | None:
        """The appointment as a moment; None where none was given.

        Raises:
            NoSuchTime: clocks skipped that time.
            Refused: half of it is missing.
        """
        day, at = self.appointment_on.data, self.appointment_time.data
        if (day is None) != (at is None):
            raise Refused(NO_TIME)
        return clock.from_london(datetime.combine(day, at)) if day and at else None


class HandOverForm(Form):
    """Who follows it up from now on."""

    version = HiddenField("Version")
    owner = SelectField(
        "Who follows it up", validators=[Required("Select who follows it up")], prompt="Select one"
    )

    def offer(self, owners: list[tuple[int, str]], present: int) -> None:
        """Everybody but whoever has it."""
        self.owner.set_choices([Choice(str(one), name) for one, name in owners if one != present])


class OnwardFilter(FilterForm):
    """Which onward referrals to list."""

    whose = SelectField(
        "Whose",
        choices=[Choice("mine", "Only mine")],
        prompt="All I can see",
        optional=False,
    )
    state = SelectField(
        "State",
        choices=[Choice(s.value, w) for s, w in ONWARD_WORDS.items()],
        prompt="Any state",
        optional=False,
    )
    ended = SelectField(
        "Open or ended", choices=[Choice("yes", "Ended")], prompt="Still open", optional=False
    )
