"""Forms of what happened at a session: of one man, and of everybody of a group."""

from collections.abc import Mapping, Sequence
from typing import Any

from mhtr.compliance.attendance import (
    BEFOREHAND,
    HAPPENED_WORDS,
    REASON_WORDS,
    Happened,
    ReasonGiven,
    Told,
)
from mhtr.compliance.models import Attendance
from mhtr.core import formats
from mhtr.web.fields import (
    CheckboxField,
    IntegerField,
    RadioField,
    Required,
    RevealedBy,
    TextAreaField,
)
from mhtr.web.fields import SelectField as Select
from mhtr.web.forms import Form, VersionedForm
from sessions.register.queries import Placed

LATE = Happened.SEEN_LATE.value
SHORT: Mapping[Happened, str] = {
    Happened.SEEN: "Here",
    Happened.SEEN_LATE: "Late",
    Happened.TOO_LATE: "Too late",
    Happened.DID_NOT_COME: "Not here",
    Happened.HE_CANCELLED: "He cancelled",
    Happened.NOT_SEEN_BY_US: "We could not",
    Happened.OTHERS_CANCELLED: "Court or probation",
    Happened.WE_CANCELLED: "We cancelled",
}
"""The question tree as one key each."""
NOBODY = "Select what happened for at least one man"


def choices_now(words: Mapping[Happened, str], *, begun: bool) -> list[tuple[str, str]]:
    """What can be recorded: before the session begins nothing but a cancellation."""
    return [(one.value, said) for one, said in words.items() if begun or one in BEFOREHAND]


class OfficeForm(VersionedForm):
    """What happened at one man's session, as administrators record it."""

    happened = RadioField(
        "What happened?",
        [Required("Select what happened")],
        choices=list(HAPPENED_WORDS.items()),
    )
    minutes_late = IntegerField(
        "How many minutes late?",
        [RevealedBy("happened", LATE, message="Enter how many minutes late he was")],
        width=3,
    )
    reason = Select(
        "If he missed it: which reason was given?",
        choices=list(REASON_WORDS.items()),
        optional=False,
        hint="Probation reads the kind of reason and decides what follows from it",
    )
    somebody_there = CheckboxField("Somebody else was there to see him")
    described = TextAreaField(
        "Behaviour that probation must know",
        max_length=1000,
        rows=3,
        hint="What he did, as a fact. Probation reads this. Nothing he said, and nothing about how "
        "he took part",
    )
    why = TextAreaField(
        "Why is it put right?",
        max_length=500,
        rows=2,
        hint="Read by everybody of the service who may see his attendance",
    )

    def offer(self, *, begun: bool) -> None:
        """Show what can be recorded now."""
        self.happened.set_choices(choices_now(HAPPENED_WORDS, begun=begun))

    def told(self) -> Told:
        """What a valid form says."""
        return Told(
            Happened(self.happened.data or ""),
            self.minutes_late.data,
            ReasonGiven(self.reason.data or ReasonGiven.NONE_YET),
            described=self.described.data,
        )


class ClinicalForm(OfficeForm):
    """As clinicians record it."""

    reason_detail = TextAreaField(
        "What he said about it",
        max_length=1000,
        rows=2,
        hint="Read by clinicians only",
    )
    concern = TextAreaField(
        "A concern about him",
        max_length=2000,
        rows=3,
        hint="Read by clinicians only",
    )

    def told(self) -> Told:
        """What a valid form says."""
        told = super().told()
        return Told(
            told.happened,
            told.minutes_late,
            told.reason,
            self.reason_detail.data,
            told.described,
            self.concern.data,
        )


def from_row(row: Attendance | None) -> dict[str, Any]:
    """A form filled in from what is recorded."""
    if row is None:
        return {"version": 0, "reason": ReasonGiven.NONE_YET}
    return {
        "version": row.number,
        "happened": row.happened,
        "minutes_late": row.minutes_late,
        "reason": row.reason,
        "reason_detail": row.reason_detail,
        "described": row.described,
        "concern": row.concern,
    }


class RegisterForm(Form):
    """What happened for each man of a group whose row has no record yet. See `register_form`."""

    somebody_there = CheckboxField("Somebody else was there to hold the group")
    places: Sequence[Placed] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: something is told of at least one man."""
        valid = super().validate(extra_validators)
        if valid and not self.told():
            self.form_errors.append(NOBODY)
            return False
        return valid

    def told(self) -> dict[int, Told]:
        """By place, what happened for each man of whom something is said."""
        return {
            one.place.id: Told(Happened(happened), self[late_name(one)].data)
            for one in self.places
            if (happened := self[happened_name(one)].data)
        }


def happened_name(one: Placed) -> str:
    """The name of the field of a man's row."""
    return f"happened_{one.place.ref.hex}"


def late_name(one: Placed) -> str:
    """The name of the field of how late he was."""
    return f"minutes_{one.place.ref.hex}"


def register_form(places: Sequence[Placed], *, begun: bool) -> RegisterForm:
    """The form of a register: a row for each of these men."""
    fields: dict[str, Any] = {"places": places}
    for one in places:
        name, born = one.case.person.name, formats.day(one.case.person.born)
        fields[happened_name(one)] = RadioField(
            f"{name}, born {born}" if born else name,
            error_name="what happened",
            choices=choices_now(SHORT, begun=begun),
            inline=True,
            small=True,
            optional=False,
        )
        fields[late_name(one)] = IntegerField(
            f"Minutes late: {name}",
            [
                RevealedBy(
                    happened_name(one), LATE, message=f"Enter how many minutes late {name} was"
                )
            ],
            width=3,
            minimum=1,
            maximum=240,
        )
    made: RegisterForm = type("RegisterOfGroup", (RegisterForm,), fields)()
    return made
