"""Forms of what probation records of warnings and enforcement. Nothing in them is preselected."""

from mhtr.compliance.enforcing import (
    GIVEN_WORDS,
    SAYS_WORDS,
    STEP_WORDS,
    Given,
    GivenWarning,
    Says,
    Step,
    StepKind,
)
from mhtr.core import clock
from mhtr.orders.terms import KIND_WORDS, OrderKind
from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    DatePartsField,
    InPast,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import Form


class StepForm(Form):
    """Something that was done."""

    kind = RadioField(
        "What was done?", [Required("Select what was done")], choices=list(STEP_WORDS.items())
    )
    about = CheckboxesField(
        "Which failures is it about?",
        hint="Where nothing follows, where you referred, or where it went to court",
    )
    elsewhere = CheckboxField(
        "It went to court about another requirement of the order",
        hint="Then who treats him does not hear of it, unless you select sessions as well",
    )
    on = DatePartsField("On which day?", [Required(), InPast(clock.today, or_today=True)])

    def step(self) -> Step:
        """What a valid form says."""
        if self.on.data is None:
            raise ValueError("the form was not valid")
        about = frozenset(self.about.data)
        return Step(StepKind(self.kind.data or ""), self.on.data, about, self.elsewhere.data)


class WarningForm(Form):
    """A warning that was given."""

    about = CheckboxesField("Which failures is it about?")
    requirement = TextField(
        "Or about another requirement of the same order",
        max_length=120,
        hint="For example: unpaid work on 4 November",
    )
    on = DatePartsField(
        "Which day has it in nDelius?", [Required(), InPast(clock.today, or_today=True)]
    )
    given = RadioField(
        "How was it given?",
        [Required("Select how it was given")],
        choices=list(GIVEN_WORDS.items()),
    )
    posted_on = DatePartsField("When was it posted?", optional=True)
    delivered_on = DatePartsField("When was it delivered?", optional=True)
    says = CheckboxesField(
        "What does it say?",
        choices=list(SAYS_WORDS.items()),
        hint="The law asks for all three. One that lacks any is kept, and does not count",
    )
    worded_as = SelectField(
        "Is it worded for the other kind of order by mistake?",
        choices=[
            (kind.value, f"Worded for a {words.lower()}") for kind, words in KIND_WORDS.items()
        ],
        prompt="Worded for this order",
        optional=True,
    )

    def warning(self) -> GivenWarning:
        """What a valid form says."""
        if self.on.data is None:
            raise ValueError("the form was not valid")
        return GivenWarning(
            on=self.on.data,
            given=Given(self.given.data or ""),
            about=frozenset(self.about.data),
            requirement=self.requirement.data,
            posted_on=self.posted_on.data,
            delivered_on=self.delivered_on.data,
            worded_as=OrderKind(self.worded_as.data) if self.worded_as.data else None,
            says=frozenset(map(Says, self.says.data)),
        )


class WithdrawForm(Form):
    """A warning that was withdrawn."""

    on = DatePartsField(
        "On which day was it withdrawn?", [Required(), InPast(clock.today, or_today=True)]
    )
    why = TextAreaField(
        "Why?",
        [Required("Say why it is withdrawn")],
        max_length=1000,
        rows=3,
        hint="Read by probation only",
    )
