"""Forms of booking: the shape of what is asked, booked, moved and cancelled."""

from typing import Any

from mhtr.web.fields import (
    DatePartsField,
    HiddenField,
    IntegerField,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
)
from mhtr.web.forms import FilterForm, Form
from sessions.booking.changes import WHICH_WORDS, Which
from sessions.booking.closing import LONGEST_REASON, Why
from sessions.therapies import MODE_WORDS, SIDE_WORDS, THERAPY_WORDS, SessionMode, Side

ONE = "one"
COURSE = "course"
FROM_HERE = [
    (Which.ONE, "Only this meeting"),
    (Which.FOLLOWING, "This meeting and all that follow it"),
]


class FindForm(FilterForm):
    """With whom and how; and a day and time that somebody asks about."""

    clinician = SelectField("Clinician", prompt="Anybody", optional=False)
    mode = SelectField("How", choices=list(MODE_WORDS.items()), prompt="Any way", optional=False)
    week = HiddenField()
    part = HiddenField()
    move = HiddenField()
    reach = HiddenField()


class AskForm(FilterForm):
    """A time that he or somebody asks for."""

    day = DatePartsField("Day", [Required("Enter the day he asks for")])
    time = TimeField("Time", [Required("Enter the time he asks for")])
    whom = SelectField("With", [Required("Select a clinician")], prompt="Select a clinician")
    by = SelectField(
        "How", [Required("Select how he is seen")], choices=list(MODE_WORDS.items()), prompt=""
    )
    ask = HiddenField(default="yes")
    part = HiddenField()
    move = HiddenField()
    reach = HiddenField()

    @property
    def way(self) -> SessionMode:
        """How he would be seen."""
        return SessionMode(self.by.data or "")


class BookForm(Form):
    """Whether one session or the whole course is booked."""

    slot = HiddenField(max_length=200)
    part = HiddenField(max_length=40)
    plan = HiddenField(max_length=20_000)
    how = RadioField("What do you want to book?", [Required("Select what to book")])

    def offer(self, others: int) -> None:
        """Ask only where there is something to choose."""
        self.how.set_choices(
            [
                (ONE, "Only this session"),
                (COURSE, f"This and the {others} sessions that follow, as listed below"),
            ]
        )


class _WhyForm(Form):
    """Who asked for a change, and why."""

    which = RadioField("Which sessions?", [Required("Select which sessions")])
    side = RadioField(
        "Who asked?",
        [Required("Select who asked")],
        choices=list(SIDE_WORDS.items()),
    )
    reason = TextAreaField(
        "Why?",
        [Required("Say why")],
        max_length=LONGEST_REASON,
        rows=3,
        hint="Clinicians and administrators read it. Probation does not.",
    )

    def offer(self, coming: int) -> None:
        """Ask which sessions only where there are several."""
        if coming < 2:
            del self["which"]
        else:
            self.which.set_choices(list(WHICH_WORDS.items()))

    @property
    def reach(self) -> Which:
        """How far the change reaches."""
        return Which(self.which.data or "") if "which" in self else Which.ONE

    def why(self) -> Why:
        """Who asked and why, as a valid form says."""
        return Why(Side(self.side.data or ""), self.reason.data)


class MoveForm(_WhyForm):
    """Where a session goes; the times of those that go with it travel along."""

    slot = HiddenField(max_length=200)
    plan = HiddenField(max_length=20_000)
    asked = HiddenField(max_length=20)
    """How far the move was to reach when its time was looked for."""


class CancelForm(_WhyForm):
    """A cancellation."""

    version = HiddenField()

    @property
    def read_version(self) -> int:
        """The version that was shown; 0, which is none, for nonsense."""
        return int(self.version.data) if self.version.data.isdigit() else 0


class LeaveForm(_WhyForm):
    """A man gives up his place in a group, or every place from a meeting on."""

    place = HiddenField(max_length=40)

    def offer(self, coming: int) -> None:
        """Ask how far it reaches only where he has places in later meetings too."""
        if coming < 2:
            del self["which"]
        else:
            self.which.set_choices(FROM_HERE)


_NOT_HIM = [(side, words) for side, words in SIDE_WORDS.items() if side is not Side.HIM]


class GroupCancelForm(CancelForm):
    """A cancellation of a group, which none of those who come to it can ask for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.side.set_choices(_NOT_HIM)


class GroupMoveForm(_WhyForm):
    """Where a meeting of a group goes; the times of those that go with it travel along."""

    slot = HiddenField(max_length=200)
    plan = HiddenField(max_length=20_000)
    seen = HiddenField(max_length=40)
    """Versions of what moves, so that whoever got a place meanwhile is noticed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.side.set_choices(_NOT_HIM)

    def offer(self, coming: int) -> None:
        """Ask how far it reaches only where meetings follow."""
        if coming < 2:
            del self["which"]
        else:
            self.which.set_choices(FROM_HERE)


class GroupAskForm(FilterForm):
    """A time that somebody asks for, for a whole group."""

    day = DatePartsField("Day", [Required("Enter the day")])
    time = TimeField("Time", [Required("Enter the time")])
    whom = SelectField("With", [Required("Select a clinician")], prompt="Select a clinician")
    ask = HiddenField(default="yes")
    reach = HiddenField()


class GroupForm(Form):
    """A group that meets once or weekly at one time."""

    title = TextField(
        "Name of the group",
        [Required("Enter a name for the group")],
        max_length=120,
        hint="For staff. He is told the day, time and place, not this name.",
    )
    therapy = RadioField(
        "What is it part of?",
        [Required("Select what it is part of")],
        choices=list(THERAPY_WORDS.items()),
    )
    clinician = SelectField(
        "Who leads it", [Required("Select who leads it")], prompt="Select a clinician"
    )
    room = SelectField("Room", [Required("Select the room")], prompt="Select a room")
    capacity = IntegerField(
        "How many men can come?",
        [Required("Enter how many men can come")],
        minimum=2,
        maximum=40,
        width=2,
    )
    day = DatePartsField("First day", [Required("Enter the first day")])
    time = TimeField("Time", [Required("Enter the time")])
    minutes = IntegerField(
        "Minutes", [Required("Enter how many minutes")], minimum=15, maximum=240, width=3
    )
    weeks = IntegerField(
        "How many weeks in a row?",
        [Required("Enter how many weeks")],
        minimum=1,
        maximum=26,
        width=2,
    )


class JoinForm(Form):
    """A man gets a place in a group, in one meeting or in several."""

    case = SelectField("Who", [Required("Select a man")], prompt="Select a man")
    which = RadioField("In which meetings?", [Required("Select which meetings")])

    def offer(self, coming: int, following: int) -> None:
        """Ask which meetings only where there are several.

        Args:
            coming: meetings of the group that are still to come.
            following: those of them from this one on.
        """
        choices = [(Which.ONE, "Only this meeting")]
        if following > 1:
            choices.append((Which.FOLLOWING, f"This and those that follow: {following} meetings"))
        if coming > following:
            choices.append((Which.ALL, f"All that are still to come: {coming} meetings"))
        if len(choices) == 1:
            del self["which"]
        else:
            self.which.set_choices(choices)

    @property
    def reach(self) -> Which:
        """In which meetings he gets a place."""
        return Which(self.which.data or "") if "which" in self else Which.ONE
