"""Forms about who directs his treatment now, and the notice of it. Shape only."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from mhtr.core import clock
from mhtr.orders.directing import NOT_A_NUMBER, NUMBER, Practitioner
from mhtr.orders.forms import day_of
from mhtr.web.fields import (
    DatePartsField,
    HiddenField,
    InPast,
    RadioField,
    Required,
    TextField,
)
from mhtr.web.forms import VersionedForm


class DirectingForm(VersionedForm):
    """Who no longer directs, since when, and who does now."""

    was = RadioField("Who no longer directs his treatment?", [Required("Select who")])
    since = DatePartsField(
        "From which day?",
        [Required()],
        hint="The first day on which he or she no longer directs. It can lie ahead",
    )
    now_named = TextField(
        "Who directs it now?", max_length=160, hint="Leave it empty where nobody does yet"
    )
    now_number = TextField(
        "Registration number",
        max_length=20,
        width=10,
        hint="HCPC or GMC. Only a registered practitioner psychologist or doctor may direct",
    )

    def __init__(self, named: Sequence[Practitioner], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._named = {str(place): one for place, one in enumerate(named, start=1)}
        self.was.set_choices([(place, one.words) for place, one in self._named.items()])
        if len(self._named) == 1 and not self.is_submitted():
            self.was.data = "1"

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: whoever directs now is registered."""
        valid = super().validate(extra_validators)
        number = self._number
        if self.now_named.data and not number:
            self.now_number.errors = ["Enter the registration number of who directs now"]
            return False
        if number and not self.now_named.data:
            self.now_named.errors = ["Enter whose registration number this is"]
            return False
        if number and not NUMBER.fullmatch(number):
            self.now_number.errors = [NOT_A_NUMBER]
            return False
        return valid

    @property
    def _number(self) -> str:
        return re.sub(r"\s", "", self.now_number.data or "").upper()

    def was_named(self) -> Practitioner:
        """Who no longer directs, as the order names him."""
        return self._named[self.was.data or ""]

    def now(self) -> Practitioner | None:
        """Who directs instead; None where nobody does yet."""
        name = self.now_named.data
        return Practitioner(name, self._number) if name else None

    def day(self) -> date:
        return day_of(self.since.data)


class NoticeForm(VersionedForm):
    """Written notice was given to the responsible officer."""

    number = HiddenField(default="")
    to = TextField(
        "To whom?",
        [Required("Enter to whom the notice was given")],
        max_length=120,
        hint="The responsible officer, or the mailbox of the delivery unit",
    )
    on = DatePartsField("On which day?", [Required(), InPast(clock.today, or_today=True)])

    @property
    def place(self) -> int:
        """From 1; 0, which is never one, for nonsense."""
        typed = self.number.data
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 0
