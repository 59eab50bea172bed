"""Forms of triage."""

from collections.abc import Sequence

from mhtr.cases.facts import StageOfCase
from mhtr.cases.offence import offence_words
from mhtr.core import clock
from mhtr.core.codes import lists
from mhtr.intake.form_base import choices_of
from mhtr.intake.office_rules import CLINICIANS_ONLY
from mhtr.intake.other_trust_field import OtherTrustField
from mhtr.intake.rules import DeclineReason, TriageOutcome
from mhtr.intake.triage_queries import Assessor
from mhtr.intake.triage_words import DECLINED
from mhtr.web.fields import (
    CheckboxField,
    HiddenField,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TextAreaField,
)
from mhtr.web.forms import FilterForm, Form

OUTCOMES = [
    (TriageOutcome.ACCEPT.value, "Accept it"),
    (TriageOutcome.DECLINE.value, "Decline it"),
    (TriageOutcome.ASK_REFERRER.value, "Ask the referrer first"),
]


class TriageForm(Form):
    """Accept, decline or ask. Nothing is chosen beforehand."""

    version = HiddenField(default="0")
    outcome = RadioField("Decision", [Required("Select a decision")], choices=OUTCOMES)
    assessor = SelectField(
        "Allocate to",
        [RevealedBy("outcome", TriageOutcome.ACCEPT, required=False)],
        prompt="Nobody yet",
    )
    other_trust = OtherTrustField()
    reason = SelectField(
        "Why is it declined?",
        [RevealedBy("outcome", TriageOutcome.DECLINE, message="Select why it is declined")],
        choices=choices_of(DeclineReason, DECLINED),
        prompt="Select a reason",
    )
    words = TextAreaField(
        "More about the reason",
        [RevealedBy("outcome", TriageOutcome.DECLINE, required=False)],
        hint="The referrer reads this unless he is probation staff.",
        max_length=1000,
        rows=3,
    )
    question = TextAreaField(
        "Question for the referrer",
        [
            RevealedBy(
                "outcome", TriageOutcome.ASK_REFERRER, message="Write the question for the referrer"
            )
        ],
        max_length=1000,
        rows=3,
    )

    def for_the_office(self, *, look_first: bool) -> None:
        """Take away what is a clinician's: some reasons, or all while he is to be looked at."""
        reasons = choices_of(DeclineReason, DECLINED)
        self.reason.set_choices([one for one in reasons if one[0] not in CLINICIANS_ONLY])
        if look_first:
            self.outcome.set_choices([o for o in OUTCOMES if o[0] != TriageOutcome.DECLINE])

    def offer(self, assessors: Sequence[Assessor], stage: StageOfCase | None) -> None:
        """Fill the list of assessors, and say the rule about the offence."""
        self.assessor.set_choices([(str(a.id), a.words) for a in assessors])
        self.remind(offence_words(stage), "words", "question")


class AllocateForm(Form):
    """Give a case to an assessor."""

    version = HiddenField(default="0")
    assessor = SelectField(
        "Allocate to", [Required("Select an assessor")], prompt="Select an assessor"
    )
    other_trust = OtherTrustField()

    def offer(self, assessors: Sequence[Assessor], _stage: StageOfCase | None) -> None:
        """Fill the list of assessors."""
        self.assessor.set_choices([(str(a.id), a.words) for a in assessors])


class TriageFilter(FilterForm):
    """What the triage list is narrowed to."""

    court = SelectField("Court", prompt="Any court", optional=False)
    stage = SelectField(
        "Stage", choices=choices_of(StageOfCase), prompt="Any stage", optional=False
    )
    waiting = SelectField(
        "Waiting",
        choices=[("1", "Over 1 day"), ("3", "Over 3 days"), ("7", "Over a week")],
        prompt="Any time",
        optional=False,
    )
    urgent = CheckboxField("Urgent only")

    def offer(self) -> None:
        """Fill the list of courts."""
        self.court.set_choices(lists.load("courts").choices(clock.today()))
