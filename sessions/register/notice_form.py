"""The form of how he was told of his sessions."""

from datetime import datetime

from mhtr.compliance import notice_service
from mhtr.compliance.contact_rules import WAY_WORDS, Way
from mhtr.compliance.notice_service import Telling
from mhtr.compliance.notices import CAME_WORDS, Came
from mhtr.core import clock
from mhtr.web.fields import (
    CheckboxesField,
    DatePartsField,
    InPast,
    RadioField,
    Required,
    TextAreaField,
    TimeField,
)
from mhtr.web.forms import Form


class TellingForm(Form):
    """How he was told, and of which sessions."""

    sessions = CheckboxesField(
        "Which sessions was he told of?",
        [Required(notice_service.WHICH)],
        error_name="the sessions that he was told of",
    )
    way = RadioField(
        "How was he told?", [Required("Select how he was told")], choices=list(WAY_WORDS.items())
    )
    came = RadioField(
        "What shows that it reached him?",
        [Required("Select what shows that it reached him")],
        choices=list(CAME_WORDS.items()),
    )
    usable = RadioField(
        "Was it in a form he can use?",
        [Required("Select whether it was in a form he can use")],
        choices=(("yes", "Yes"), ("no", "No")),
        hint="His language or an interpreter, easy words, large print: as his needs say",
    )
    on = DatePartsField("On which day?", [Required(), InPast(clock.today, or_today=True)])
    at = TimeField("At what time?", [Required("Enter the time")])
    note = TextAreaField(
        "Note",
        max_length=300,
        rows=2,
        hint="Probation reads this. For example: the letter came back on 3 November",
    )

    def telling(self) -> Telling:
        """What a valid form says."""
        if self.on.data is None or self.at.data is None:
            raise ValueError("the form was not valid")
        return Telling(
            at=clock.from_london(datetime.combine(self.on.data, self.at.data)),
            way=Way(self.way.data or ""),
            came=Came(self.came.data or ""),
            usable=self.usable.data == "yes",
            note=self.note.data,
        )
