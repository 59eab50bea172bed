"""Shape of the forms about how clinicians can be booked, their weeks and one-off changes."""

from datetime import date, timedelta
from typing import Any

from mhtr.core import clock
from mhtr.core.working_days import WEEKDAYS
from mhtr.web.fields import (
    CheckboxesField,
    DatePartsField,
    InFuture,
    IntegerField,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TimeField,
)
from sessions.availability.hours_keeping import Stretch
from sessions.availability.kinds import HoursUse
from sessions.availability.models import Clinician, Qualification, Site, WeeklyHours
from sessions.availability.profile_service import Profile
from sessions.availability.weighing import WeighedForm
from sessions.availability.words import ELSEWHERE, EVERY_WORDS, GENDER_WORDS, USE_WORDS
from sessions.therapies import THERAPY_WORDS, Gender, Therapy

TELEPHONE, VIDEO = "telephone", "video"
NOT_PAST = InFuture(clock.today, or_today=True, message="Choose today or a later day")
CHANGE, END = "change", "end"


class ProfileForm(WeighedForm):
    """How a clinician can be booked."""

    gender = RadioField(
        "Gender, as it is known for booking",
        [Required("Select what is known of it")],
        choices=[(gender.value, words) for gender, words in GENDER_WORDS.items()],
        hint="Some men ask to be seen by a woman or a man",
    )
    daily_most = IntegerField(
        "Sessions a day at most", [Required()], minimum=1, maximum=12, hint="A group counts as one"
    )
    buffer_minutes = IntegerField(
        "Minutes kept free after each session",
        [Required("Enter how many minutes are kept free, or 0")],
        minimum=0,
        maximum=60,
    )
    modes = CheckboxesField(
        "How can people be seen, besides in person?",
        choices=[(TELEPHONE, "By telephone"), (VIDEO, "By video")],
        optional=False,
    )
    delivers = CheckboxesField(
        "What may this clinician deliver?",
        choices=[(one.value, words) for one, words in THERAPY_WORDS.items()],
        optional=False,
    )
    groups = CheckboxesField(
        "Groups of which may this clinician lead?",
        choices=[(one.value, words) for one, words in THERAPY_WORDS.items()],
        optional=False,
    )

    def said(self) -> Profile:
        """What a valid form says. Whoever leads groups of something delivers it."""
        groups = {Therapy(one) for one in self.groups.data}
        delivers = groups | {Therapy(one) for one in self.delivers.data}
        return Profile(
            gender=Gender(self.gender.data or ""),
            daily_most=self.daily_most.data or 0,
            buffer_minutes=self.buffer_minutes.data or 0,
            telephone=TELEPHONE in self.modes.data,
            video=VIDEO in self.modes.data,
            delivers={one: one in groups for one in Therapy if one in delivers},
        )


class _StretchForm(WeighedForm):
    starts = TimeField("Starts", [Required()], hint="Like 09:00")
    ends = TimeField("Ends", [Required()])
    site = SelectField(
        "Where?", prompt=ELSEWHERE, hint="Only for sessions. Opening hours of the place limit it"
    )

    def offers(self, sites: list[Site]) -> None:
        """Let these places be chosen."""
        self.site.set_choices([(str(site.ref), site.name) for site in sites])

    def stretch(self, use: HoursUse, sites: list[Site]) -> Stretch:
        """What a valid form says of the time."""
        ids = {str(site.ref): site.id for site in sites}
        starts, ends = self.starts.data, self.ends.data
        if starts is None or ends is None:
            raise ValueError("asked of a form that is not valid")
        return Stretch(starts, ends, use, ids.get(self.site.data or ""))


class WeeklyForm(_StretchForm):
    """A stretch of the week, from a day on."""

    weekday = SelectField(
        "Day of the week",
        [Required("Select a day of the week")],
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
    )
    use = RadioField(
        "What is it for?",
        [Required("Select what it is for")],
        choices=[(u.value, USE_WORDS[u]) for u in HoursUse if u is not HoursUse.AWAY],
        hint="Supervision, travel and other work take their time out of the hours for sessions",
    )
    every = RadioField(
        "How often?",
        [Required("Select how often")],
        choices=[(str(number), words) for number, words in EVERY_WORDS.items()],
        hint="Counted from the week of the first day",
    )
    valid_from = DatePartsField("First day", [Required(), NOT_PAST])
    valid_to = DatePartsField("Last day", hint="Leave it empty where there is no end")


class WeeklyChangeForm(_StretchForm):
    """A stretch of the week changes from a day on, or ends."""

    happens = RadioField(
        "What happens?",
        [Required("Select what happens")],
        choices=[(CHANGE, "It changes from a day on"), (END, "It ends")],
    )
    since = DatePartsField(
        "From which day?",
        [Required("Enter the day from which it is so"), NOT_PAST],
        error_name="the day from which it is so",
        hint="If it ends: the first day on which it does not hold any more",
    )
    starts = TimeField("Starts", [RevealedBy("happens", CHANGE, message="Enter when it starts")])
    ends = TimeField("Ends", [RevealedBy("happens", CHANGE, message="Enter when it ends")])

    def last_day(self) -> date:
        """The last day on which it holds as it was."""
        if self.since.data is None:
            raise ValueError("asked of a form that is not valid")
        return self.since.data - timedelta(days=1)


class OneOffForm(_StretchForm):
    """A one-off change on one day."""

    day = DatePartsField("Day", [Required(), NOT_PAST])
    use = RadioField(
        "What is it?",
        [Required("Select what it is")],
        choices=[
            (HoursUse.SESSIONS.value, "Hours for sessions, besides the usual ones"),
            (HoursUse.SUPERVISION.value, "Supervision"),
            (HoursUse.TRAVEL.value, "Travel between places"),
            (HoursUse.OTHER.value, "Other work, so no sessions"),
            (HoursUse.AWAY.value, "Away for part of the day"),
        ],
        hint="Whole days away are entered as leave",
    )


def profile_data(row: Clinician | None, qualified: list[Qualification]) -> dict[str, Any]:
    """A profile as its form is filled in from what is recorded, or to begin with."""
    if row is None:
        return {"version": 0, "daily_most": 5, "buffer_minutes": 10, "modes": [TELEPHONE]}
    said = {TELEPHONE: row.telephone, VIDEO: row.video}
    return {
        "version": row.version,
        "gender": row.gender.value,
        "daily_most": row.daily_most,
        "buffer_minutes": row.buffer_minutes,
        "modes": [name for name, can in said.items() if can],
        "delivers": [one.therapy.value for one in qualified],
        "groups": [one.therapy.value for one in qualified if one.groups],
    }


def weekly_data(row: WeeklyHours, sites: list[Site], version: int) -> dict[str, Any]:
    """Weekly hours as the form of their change is filled in."""
    refs = {site.id: str(site.ref) for site in sites}
    return {
        "version": version,
        "starts": row.starts,
        "ends": row.ends,
        "site": refs.get(row.site_id or 0, ""),
    }
