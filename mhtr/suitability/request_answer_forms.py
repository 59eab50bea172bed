"""What is done with a request once it is made: her answer, withdrawing, handing over; the list."""

from werkzeug.datastructures import MultiDict

from mhtr.core import clock
from mhtr.suitability.asked import ANSWER_WORDS, DateAnswer
from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    DatePartsField,
    InFuture,
    OnlyWith,
    RadioField,
    Required,
    SelectField,
)
from mhtr.web.forms import FilterForm, OneOfSeveral, VersionedForm

NOT_ADJOURNED = "A new day for the hearing belongs to “I will ask the court for an adjournment”"


class OfAVersion(OneOfSeveral, VersionedForm):
    """One of several that says which version of the request its page showed."""


class AnswerForm(OfAVersion):
    """What she does about a date that cannot be met."""

    answer = RadioField(
        "What will you do?",
        [Required()],
        error_name="what you will do",
        choices=[
            (answer.value, words)
            for answer, words in ANSWER_WORDS.items()
            if answer is not DateAnswer.WITHDRAWS  # has a form of its own, where it is meant
        ],
    )

    adjourn_to = DatePartsField(
        "To which day will you ask the court to put the hearing off?",
        [
            OnlyWith(
                "answer",
                DateAnswer.SEEKS_ADJOURNMENT.value,
                otherwise=NOT_ADJOURNED,
                required=False,
            ),
            InFuture(clock.today),
        ],
        error_name="the day you will ask for",
        hint="If you know it. Not before the earliest day on which the report can be ready",
    )

    def chosen(self) -> DateAnswer:
        """The answer of a valid form."""
        return DateAnswer(self.answer.data or "")


class FilingForm(OneOfSeveral):
    """When she files her report, after the hearing was brought forward."""

    filed_on = DatePartsField(
        "When must you file the pre-sentence report now?",
        [Required(), InFuture(clock.today, or_today=True)],
        error_name="the filing date",
    )


class WithdrawForm(OfAVersion):
    """Withdraws a request, once it was said that this is meant."""

    sure = CheckboxField(
        "Yes, withdraw my request: no report will follow",
        [Required("Tick the box if you want to withdraw the request")],
    )


class HandOverForm(OneOfSeveral):
    """Hands one request, or those ticked in a list, to somebody else."""

    to = SelectField("Hand over to", [Required()], error_name="whom to hand it to")
    requests = CheckboxesField("Requests", optional=False)


class ListForm(FilterForm):
    """What the list shows. A senior begins with her team's, everybody else with her own."""

    whose = SelectField(
        "Whose",
        choices=[("mine", "Mine"), ("team", "My team's")],
        default="mine",
        optional=False,
    )
    shown = SelectField(
        "State",
        choices=[
            ("waiting", "Report to come"),
            ("released", "Report released"),
            ("finished", "Finished"),
            ("all", "All"),
        ],
        default="waiting",
        optional=False,
    )
    due = SelectField(
        "Due",
        choices=[("any", "Any time"), ("overdue", "Overdue"), ("week", "Next 7 days")],
        default="any",
        optional=False,
    )

    def __init__(self, args: MultiDict[str, str], *, whose: str) -> None:
        asked = MultiDict({"whose": whose, "shown": "waiting", "due": "any"})
        asked = MultiDict({**asked, **{name: args[name] for name in asked if args.get(name)}})
        super().__init__(asked)
