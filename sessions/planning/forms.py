"""The shape of what is sent back to book a planned course."""

from mhtr.web.fields import HiddenField
from mhtr.web.forms import Form


class CourseForm(Form):
    """The times that were shown: they are booked, or refused, as they were."""

    plan = HiddenField(max_length=20_000)
