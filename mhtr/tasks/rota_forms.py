"""Shape of the forms about the duty rota, service hours, closures and leave."""

from mhtr.core import clock
from mhtr.core.working_days import WEEKDAYS
from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    DatePartsField,
    HiddenField,
    InFuture,
    RadioField,
    Required,
    SelectField,
    TextField,
)
from mhtr.web.forms import Form
from mhtr.web.open_hours import OpenHours

ACCEPT = "Save it all the same"


class AcceptingForm(Form):
    """A form whose saving may leave a gap that has to be accepted."""

    accept = CheckboxField(ACCEPT)


class DayForm(AcceptingForm):
    """Who is on duty on a day."""

    people = CheckboxesField("Who is on duty?", error_name="who is on duty")
    seen = HiddenField()


class FillForm(Form):
    """Somebody on duty on some weekdays of a range."""

    person = SelectField("Who?", [Required("Select who is on duty")])
    first = DatePartsField("First day", [Required(), InFuture(clock.today, or_today=True)])
    last = DatePartsField("Last day", [Required()])
    weekdays = CheckboxesField(
        "On which days of the week?",
        [Required("Select at least one day of the week")],
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
        small=True,
    )


class HoursForm(AcceptingForm, OpenHours):
    """Service hours of a week from a day on."""

    valid_from = DatePartsField(
        "From which day?",
        [Required("Enter the day from which the hours hold")],
        error_name="the day from which the hours hold",
    )


class ClosureForm(AcceptingForm):
    """A single day that differs from the rule."""

    day = DatePartsField("Day", [Required(), InFuture(clock.today, or_today=True)])
    kind = RadioField(
        "Is the service open that day?",
        [Required("Select whether the service is open that day")],
        choices=[("closed", "Closed"), ("open", "Open, although it would be closed")],
    )
    label = TextField("What is it?", [Required("Enter what it is")], max_length=120)


class LeaveForm(AcceptingForm):
    """Days somebody is away. `person` is there for those who keep the rota."""

    person = SelectField("Who is away?", [Required("Select who is away")])
    first = DatePartsField("First day away", [Required()])
    last = DatePartsField("Last day away", [Required()])
    cover = SelectField("Who covers?", prompt="Nobody")
