"""The form that names who supervises him for probation."""

from typing import Any

from mhtr.accounts.models import Staff
from mhtr.orders.contact_queries import officers, units
from mhtr.orders.contact_service import Named
from mhtr.orders.models import ProbationContact
from mhtr.web.fields import EmailField, HiddenField, SelectField, TelField, TextField
from mhtr.web.forms import Form, OneOfSeveral


class ContactForm(Form):
    """Somebody who signs in here, or anybody by name; the unit's mailbox stands behind both."""

    seen = HiddenField(default="0")
    unit = SelectField("Probation delivery unit", prompt="Select a unit")
    officer = SelectField(
        "Responsible officer who signs in here",
        prompt="Not on this list",
        hint="He or she may see the case from now on, and whoever was named before may not",
    )
    name = TextField("Or the name of the officer", max_length=120)
    email = EmailField("Email of the officer")
    phone = TelField("Telephone of the officer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {str(unit.ref): unit for unit in units()}
        self._officers = {str(one.ref): one for one in officers()}
        self.unit.set_choices([(ref, unit.name) for ref, unit in self._units.items()])
        self.officer.set_choices(
            [(ref, f"{one.name}, {one.organisation.name}") for ref, one in self._officers.items()]
        )

    def fill(self, row: ProbationContact | None) -> None:
        """Show who is recorded now."""
        if row is None:
            return
        self.seen.data = str(row.id)
        self.unit.data = next((k for k, v in self._units.items() if v.id == row.unit_id), None)
        self.officer.data = next(
            (k for k, v in self._officers.items() if v.id == row.staff_id), None
        )
        self.name.data = row.name or ""
        self.email.data, self.phone.data = row.email or "", row.phone or ""

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: exactly one way of naming somebody is used."""
        valid = super().validate(extra_validators)
        if self.officer.data and self.name.data:
            self.name.errors = ["Take the name out, or select “Not on this list” above"]
            return False
        if not self.officer.data and not self.name.data and not self.name.errors:
            self.name.errors = ["Enter the name of the officer, or select one above"]
            return False
        if not self.officer.data and not self.unit.data:
            self.unit.errors = ["Select the probation delivery unit"]
            return False
        officer = self._officers.get(self.officer.data or "")
        if officer and self.unit.data and self._unit_of(officer) != self.unit.data:
            # Of two of the same name the wrong one would see the case from now on.
            works = f"{officer.name} works at {officer.organisation.name}"
            self.officer.errors = [f"{works}: select that unit, or an officer of the unit selected"]
            return False
        return valid

    @staticmethod
    def _unit_of(officer: Staff) -> str:
        return str(officer.organisation.ref)

    def named(self) -> Named:
        """What a valid form says. Whoever signs in here belongs to his own unit."""
        officer = self._officers.get(self.officer.data or "")
        unit = self._units.get(self.unit.data or "")
        if officer is not None:
            return Named(unit_id=officer.organisation_id, staff_id=officer.id)
        return Named(
            unit_id=unit.id if unit else None,
            name=self.name.data,
            email=self.email.data,
            phone=self.phone.data,
        )

    @property
    def seen_id(self) -> int:
        """Whom the page showed; -1, which is nobody, for nonsense."""
        return int(self.seen.data) if self.seen.data.isdecimal() else -1


class ToldForm(OneOfSeveral):
    """Probation was told by hand."""

    seen = HiddenField(default="")
    """The task that the page showed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.id = f"{field.id}-{self.seen.data}"  # one for each thing to tell
