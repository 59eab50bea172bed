"""Shape of the forms about places, their hours, rooms and closures."""

from datetime import date
from typing import Any

from mhtr.core import clock
from mhtr.web.fields import (
    CheckboxField,
    DatePartsField,
    InFuture,
    IntegerField,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
)
from mhtr.web.open_hours import OpenHours
from sessions.availability.kinds import SiteKind
from sessions.availability.models import Room, Site, SiteHours
from sessions.availability.place_service import RoomSaid, SiteSaid
from sessions.availability.weighing import WeighedForm
from sessions.availability.words import SITE_WORDS

WHOLE = ""
CLOSES = "Leave it empty while it is in use"


class SiteForm(WeighedForm):
    """A place."""

    name = TextField("Name of the place", [Required()], max_length=120)
    kind = RadioField(
        "What kind of place is it?",
        [Required("Select what kind of place it is")],
        choices=[(kind.value, words) for kind, words in SITE_WORDS.items()],
    )
    address = TextAreaField("Address", [Required()], max_length=400, rows=3)
    postcode = TextField("Postcode", max_length=10, width=10)
    directions = TextAreaField(
        "How does he get there, and where does he report?",
        max_length=500,
        rows=3,
        hint="He is told this as you write it. Nothing about health or offences",
    )
    step_free = CheckboxField("There is a way in without steps")
    closed_on = DatePartsField("First day on which it is not used any more", hint=CLOSES)

    def said(self) -> SiteSaid:
        """What a valid form says."""
        return SiteSaid(
            name=self.name.data,
            kind=SiteKind(self.kind.data or ""),
            address=self.address.data,
            postcode=self.postcode.data.upper(),
            directions=self.directions.data,
            step_free=self.step_free.data,
            closed_on=self.closed_on.data,
        )


class RoomForm(WeighedForm):
    """A room of a place."""

    name = TextField("Name of the room", [Required()], max_length=60)
    capacity = IntegerField(
        "How many people may be in it?",
        [Required("Enter how many people may be in it")],
        minimum=1,
        maximum=60,
        hint="The clinician counts too",
    )
    step_free = CheckboxField("There is a way to it without steps")
    closed_on = DatePartsField("First day on which it is not used any more", hint=CLOSES)

    def said(self) -> RoomSaid:
        """What a valid form says."""
        return RoomSaid(
            self.name.data, self.capacity.data or 0, self.step_free.data, self.closed_on.data
        )


class ClosureForm(WeighedForm):
    """Days on which a place, or a room of it, cannot be used."""

    room = SelectField("What is closed?", prompt="The whole place")
    first = DatePartsField("First day", [Required(), InFuture(clock.today, or_today=True)])
    last = DatePartsField("Last day", [Required()])
    label = TextField("Why?", [Required("Enter why it is closed")], max_length=120)


class SiteHoursForm(WeighedForm, OpenHours):
    """Opening hours of a week from a day on."""

    valid_from = DatePartsField(
        "From which day?",
        [
            Required("Enter the day from which the hours hold"),
            InFuture(clock.today, or_today=True, message="Choose today or a later day"),
        ],
        error_name="the day from which the hours hold",
    )


def site_data(site: Site) -> dict[str, Any]:
    """A place as its form is filled in from what is recorded."""
    return {
        "version": site.version,
        "name": site.name,
        "kind": site.kind.value,
        "address": site.address,
        "postcode": site.postcode,
        "directions": site.directions,
        "step_free": site.step_free,
        "closed_on": site.closed_on,
    }


def room_data(room: Room) -> dict[str, Any]:
    """A room as its form is filled in from what is recorded."""
    return {
        "version": room.version,
        "name": room.name,
        "capacity": room.capacity,
        "step_free": room.step_free,
        "closed_on": room.closed_on,
    }


def hours_data(site: Site, rows: list[SiteHours], today: date) -> dict[str, Any]:
    """The hours that hold today, to begin with."""
    data: dict[str, Any] = {"version": site.version}
    for row in rows:
        if row.valid_from <= today and (row.valid_to is None or row.valid_to >= today):
            data[f"opens_{row.weekday}"], data[f"closes_{row.weekday}"] = row.opens, row.closes
    return data
