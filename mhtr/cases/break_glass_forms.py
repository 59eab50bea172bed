"""Shape of the forms of emergency access."""

from datetime import date

from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from mhtr.core import clock
from mhtr.people.identifiers import IdentifierError, parse_nhs_number
from mhtr.web.fields import (
    CheckboxField,
    DatePartsField,
    InPast,
    NameField,
    NhsField,
    RadioField,
    Required,
    RevealedBy,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import Form


def _valid_number(_form: BaseForm, field: NhsField) -> None:
    try:
        field.data = parse_nhs_number(field.data)
    except IdentifierError as fault:
        raise ValidationError(str(fault)) from fault


class BreakGlassForm(Form):
    """Who the man is, and why his record is needed now. Nothing of it is shown before."""

    how = RadioField(
        "How do you know who he is?",
        [Required("Select how you know who he is")],
        choices=[("nhs", "NHS number"), ("name", "Full name and date of birth")],
    )
    nhs_number = TextField(
        "NHS number", [RevealedBy("how", "nhs"), _valid_number], width=20, inputmode="numeric"
    )
    given_name = NameField("First name", [RevealedBy("how", "name")], max_length=100)
    family_name = NameField("Last name", [RevealedBy("how", "name")], max_length=100)
    born = DatePartsField("Date of birth", [RevealedBy("how", "name"), InPast(clock.today)])
    reason = TextAreaField(
        "Why do you need his record now?",
        [Required("Say why you need his record now")],
        max_length=1000,
        hint="The privacy officer reads this.",
    )
    understood = CheckboxField(
        "I need this record to care for him now, and I know that every use is reviewed",
        [Required("Tick the box to say that you need this record to care for him now")],
    )

    def birth(self) -> date | None:
        """His birth date, where it was asked for."""
        return self.born.data


class ReviewForm(Form):
    """The privacy officer's finding."""

    finding = RadioField(
        "What did you find?",
        [Required("Select what you found")],
        choices=[
            ("justified", "Justified"),
            ("not_justified", "Not justified"),
            ("follow_up", "Needs follow-up"),
        ],
    )
    note = TextAreaField(
        "Note",
        max_length=2000,
        hint="Needed unless the use was justified. Do not write about his health.",
    )
