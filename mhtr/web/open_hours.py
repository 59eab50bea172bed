"""Opening hours of a week: two times for each weekday, or none."""

from datetime import time

from mhtr.core.working_days import WEEKDAYS
from mhtr.web.fields import TimeField
from mhtr.web.forms import Form


class OpenHours(Form):
    """The part of a form that asks for them."""

    def hours(self) -> dict[int, tuple[time, time]]:
        """The open weekdays with their hours; half an answer is refused beside its field."""
        found = {}
        for number in range(len(WEEKDAYS)):
            opens, closes = self[f"opens_{number}"], self[f"closes_{number}"]
            if opens.data and closes.data:
                found[number] = (opens.data, closes.data)
            elif opens.data or closes.data:
                empty = closes if opens.data else opens
                self.refuse("Enter both times, or neither for a closed day", field=empty.name)
        return found


for _number, _name in enumerate(WEEKDAYS):
    setattr(OpenHours, f"opens_{_number}", TimeField(f"{_name}: opens", optional=False))
    setattr(OpenHours, f"closes_{_number}", TimeField(f"{_name}: closes", optional=False))
