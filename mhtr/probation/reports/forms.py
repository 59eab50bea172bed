"""Forms of releasing compliance reports: the shape of input only."""

from collections.abc import Sequence

from mhtr.accounts.models import Staff
from mhtr.probation.people_queries import Man
from mhtr.probation.reports.release_kinds import FORMAT_WORDS, To
from mhtr.probation.reports.service import LEAVE, WHOM, WHY, Recipient
from mhtr.web.field_choices import Choice
from mhtr.web.fields import (
    HiddenField,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import FilterForm, Form, OneOfSeveral


class ReleaseForm(Form):
    """A report leaves as the page shows it."""

    content_hash = HiddenField()
    """The fingerprint of what its page showed."""
    format = RadioField(
        "In which format?",
        [Required("Select a format")],
        choices=tuple(FORMAT_WORDS.items()),
    )
    to = RadioField("Who gets it?", [Required("Select who gets it")])
    name = TextField(
        "To whom do you pass it on?",
        max_length=120,
        optional=True,
        hint="Only where you pass it on: for example a court officer, and how it goes",
    )
    colleague = SelectField("Which colleague?", prompt="Select a colleague", optional=True)

    def offer(self, unit: str, mailbox: bool, colleagues: Sequence[Staff]) -> None:
        """Those who can get it."""
        choices = [
            Choice(To.MYSELF.value, "I do", hint="You download it from the page that follows"),
            Choice(To.PASSED.value, "I pass it on", hint="You download it and send it yourself"),
        ]
        if colleagues:
            hint = "He or she is told, with a link; only who supervises everybody in it opens it"
            choices.append(Choice(To.COLLEAGUE.value, "A colleague", hint=hint))
        else:
            del self.colleague
        if mailbox:
            hint = "It gets a mail with a link behind sign-in, and nothing of the report"
            choices.append(Choice(To.UNIT.value, f"The mailbox of {unit}", hint=hint))
        self.to.set_choices(choices)
        if colleagues:
            self.colleague.set_choices([(str(one.ref), one.name) for one in colleagues])

    def recipient(self, colleagues: Sequence[Staff]) -> Recipient:
        """Who was chosen."""
        kind = To(self.to.data or "")
        ref = self.colleague.data if "colleague" in self else None
        chosen = next((one.id for one in colleagues if str(one.ref) == ref), None)
        return Recipient(kind, self.name.data or "", chosen)

    def complete(self) -> bool:
        """Whether what belongs to the answer is said; what is not is refused beside its field."""
        if self.to.data == To.PASSED.value and not (self.name.data or "").strip():
            self.refuse(WHOM, field="name")
            return False
        if self.to.data == To.COLLEAGUE.value and not self.colleague.data:
            self.refuse("Select a colleague", field="colleague")
            return False
        return True


class AgainForm(Form):
    """A later version of a report leaves."""

    content_hash = HiddenField()
    why = TextAreaField(
        "Why is it issued again?",
        [Required(WHY)],
        max_length=500,
        rows=3,
        hint="Read by probation alone. For example: the record of 4 November was put right",
    )


class LeaveForm(OneOfSeveral):
    """What was asked about a release is seen to without a new version."""

    done = TextAreaField(
        "Why is no new version needed, or what did you do?",
        [Required(LEAVE)],
        max_length=500,
        rows=2,
    )


class LogForm(FilterForm):
    """What the log is narrowed to, for whoever supervises."""

    man = SelectField("Who is in it", prompt="Anybody", optional=False)
    to = TextField("Who got it", max_length=100, optional=False)

    def offer(self, men: Sequence[Man]) -> None:
        """Those whom the viewer supervises."""
        self.man.set_choices([(str(one.ref), one.name) for one in men])


class OversightForm(FilterForm):
    """What the log is narrowed to, for oversight."""

    called = TextField("Reference of a case", max_length=40, optional=False)
    to = TextField("Who got it", max_length=100, optional=False)
