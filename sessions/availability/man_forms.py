"""Shape of the forms about when, where and how a man can come."""

from typing import Any

from mhtr.core import clock
from mhtr.core.working_days import WEEKDAYS
from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    DatePartsField,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
)
from sessions.availability.kinds import CannotReason
from sessions.availability.limits_queries import modes_of
from sessions.availability.man_service import HowSaid, TimeSaid
from sessions.availability.models import HowHeCanCome, Site
from sessions.availability.weighing import WeighedForm
from sessions.availability.words import ASKS_FOR, REASON_WORDS
from sessions.therapies import MODE_WORDS, Gender, SessionMode

WEEKLY, DATED = "weekly", "dated"


class TimeForm(WeighedForm):
    """A time at which he cannot come."""

    reason = RadioField(
        "What is it?",
        [Required("Select what it is")],
        choices=[(reason.value, words) for reason, words in REASON_WORDS.items()],
    )
    how_often = RadioField(
        "When is it?",
        [Required("Select when it is")],
        choices=[
            (WEEKLY, "On a day of the week"),
            (DATED, "Every day from a day until another"),
        ],
    )
    weekday = SelectField(
        "Day of the week",
        [RevealedBy("how_often", WEEKLY, message="Select the day of the week")],
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
    )
    first = DatePartsField("First day", [Required()])
    last = DatePartsField("Last day", hint="Leave it empty where nobody knows yet")
    starts = TimeField("From", [Required("Enter from what time")])
    ends = TimeField(
        "Until",
        [Required("Enter until what time")],
        hint="For a time over midnight, such as a curfew, the time of the next morning",
    )

    def said(self) -> TimeSaid:
        """What a valid form says."""
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
            reason=CannotReason(self.reason.data or ""),
        )


class BarForm(WeighedForm):
    """A place he may not go to, for whoever may not read why."""

    site = SelectField("Which place?", [Required("Select the place")])

    def offers(self, sites: list[Site]) -> None:
        """Let the places be chosen that are still used."""
        today = clock.today()
        used = [site for site in sites if site.closed_on is None or site.closed_on > today]
        self.site.set_choices([(str(site.ref), site.name) for site in used])


class ReasonedBarForm(BarForm):
    """A place he may not go to, for a clinician."""

    reason = TextAreaField(
        "Why may he not go there?",
        max_length=500,
        rows=3,
        hint="Only clinicians read this. Administrators see the place, not why",
    )


class HowForm(WeighedForm):
    """How he can be seen, and by whom."""

    modes = CheckboxesField(
        "How can he be seen?",
        [Required("Select at least one way to see him")],
        choices=[(mode.value, words) for mode, words in MODE_WORDS.items()],
    )
    therapist_gender = RadioField(
        "Whom does he ask to be seen by?",
        [Required("Select whom he asks for")],
        choices=[(gender.value, words) for gender, words in ASKS_FOR.items()],
    )
    step_free = CheckboxField("He needs a way without steps")
    travel = TextField(
        "What is there to know of his way?",
        max_length=300,
        hint="For example the fare, or a bus that takes long. Not where he may not go",
    )

    def said(self) -> HowSaid:
        """What a valid form says."""
        return HowSaid(
            modes=frozenset(SessionMode(one) for one in self.modes.data),
            therapist_gender=Gender(self.therapist_gender.data or ""),
            step_free=self.step_free.data,
            travel=self.travel.data,
        )


def how_data(row: HowHeCanCome | None) -> dict[str, Any]:
    """What was said, as the form is filled in; what holds where nobody has said anything."""
    return {
        "version": row.version if row else 0,
        "modes": [mode.value for mode in SessionMode if mode in modes_of(row)],
        "therapist_gender": (row.therapist_gender if row else Gender.NOT_SAID).value,
        "step_free": row.step_free if row else False,
        "travel": row.travel if row else "",
    }
