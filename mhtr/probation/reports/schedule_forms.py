"""The form of a compliance report by time: the shape of input only."""

from collections.abc import Sequence

from mhtr.accounts.models import Staff
from mhtr.probation.people_queries import Man
from mhtr.probation.reports.release_kinds import FORMAT_WORDS, To
from mhtr.probation.reports.schedule_rules import BEFORE, DAYS, LAST, Every
from mhtr.probation.reports.schedule_service import NOBODY, ONE_MAN, Wanted
from mhtr.web.fields import IntegerField, RadioField, Required, SelectField
from mhtr.web.forms import Form


class ScheduleForm(Form):
    """Whom it is about, how often it is made, and who gets it."""

    man = SelectField("About", prompt="Everybody for whom I am named", optional=True)
    every = RadioField(
        "How often?",
        [Required("Select how often")],
        choices=(
            (Every.WEEK.value, "Every week"),
            (Every.MONTH.value, "Every month"),
            (Every.COURT.value, "Before his next day in court: a review by the court or a hearing"),
            (Every.REVIEW.value, "Before his next three-way review"),
        ),
    )
    weekday = SelectField(
        "On which weekday?",
        prompt="Select a weekday",
        optional=True,
        choices=[(str(number), name) for number, name in enumerate(DAYS)],
        hint="Only where it is made every week",
    )
    number = IntegerField(
        "On which day of the month, or how many days before?",
        optional=True,
        minimum=1,
        maximum=60,
        hint=f"Every month: 1 to {LAST}. Before a day in court or a review: 1 to 60 days",
    )
    format = RadioField(
        "In which format?", [Required("Select a format")], choices=tuple(FORMAT_WORDS.items())
    )
    to = RadioField("Who gets it?", [Required("Select who gets it")])
    colleague = SelectField("Which colleague?", prompt="Select a colleague", optional=True)

    def offer(self, men: Sequence[Man], unit: str, colleagues: Sequence[Staff]) -> None:
        """Whom it can be about, and who can get it. `unit`: empty where it has no mailbox."""
        self.man.set_choices([(str(one.ref), one.name) for one in men])
        choices = [(To.MYSELF.value, "I do: a notice with a link")]
        if colleagues:
            choices.append((To.COLLEAGUE.value, "A colleague: a notice with a link"))
            self.colleague.set_choices([(str(one.ref), one.name) for one in colleagues])
        else:
            del self.colleague
        if unit:
            choices.append((To.UNIT.value, f"The mailbox of {unit}: a mail with a link"))
        self.to.set_choices(choices)

    def complete(self) -> bool:
        """Whether what belongs to the answers is said; what is not is refused beside its field."""
        every = self.every.data
        if every == Every.WEEK.value and not self.weekday.data:
            self.refuse("Select a weekday", field="weekday")
        elif every != Every.WEEK.value and self.number.data is None:
            self.refuse("Enter a number of days", field="number")
        elif every in BEFORE and not self.man.data:
            self.refuse(ONE_MAN, field="man")
        elif self.to.data == To.COLLEAGUE.value and not self.colleague.data:
            self.refuse(NOBODY, field="colleague")
        else:
            return True
        return False

    def wanted(self, men: Sequence[Man], colleagues: Sequence[Staff]) -> Wanted:
        """What was asked for, once it is complete."""
        every = Every(self.every.data or "")
        number = int(self.weekday.data or 0) if every is Every.WEEK else self.number.data or 0
        ref = self.colleague.data if "colleague" in self else None
        return Wanted(
            next((one.case_id for one in men if str(one.ref) == self.man.data), None),
            every,
            number,
            self.format.data or "",
            To(self.to.data or ""),
            next((one.id for one in colleagues if str(one.ref) == ref), None),
        )
