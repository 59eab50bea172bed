"""Forms of the court case, and of the courts the service covers."""

from datetime import date
from typing import Any

from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, CloseReason, StageOfCase
from mhtr.cases.offence import offence_words
from mhtr.cases.wording import CLOSE_WORDS
from mhtr.core import clock
from mhtr.core.codes import lists
from mhtr.intake import filing_form
from mhtr.intake.court_case import Ending
from mhtr.intake.filing_form import FilingFields
from mhtr.intake.form_base import choices_of
from mhtr.intake.other_trust_field import OtherTrustField
from mhtr.intake.referral_values import HearingPurpose, PsrKind
from mhtr.intake.reopening_rules import WHY_REOPENED
from mhtr.web.fields import (
    Choice,
    DatePartsField,
    HiddenField,
    InFuture,
    InPast,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TextAreaField,
)
from mhtr.web.forms import Form

REASONS = [
    ("court", "The court decided"),
    ("report", "The report needs more time"),
    ("absent", "He did not come"),
    ("party", "The prosecution or the defence asked"),
    ("other", "Another reason"),
]
ENDINGS = [
    Choice(Ending.NO_FURTHER_ACTION, "No further action by the police", hint="Closes the case"),
    Choice(Ending.DISCONTINUED, "The prosecution was discontinued", hint="Closes the case"),
    Choice(Ending.ACQUITTED, "He was acquitted", hint="Closes the case"),
    Choice(Ending.REMANDED, "He was remanded in custody", hint="Pauses the case"),
    Choice(Ending.FAILED_TO_APPEAR, "He did not come to court", hint="Pauses the case"),
    Choice(
        Ending.RELEASED_UNDER_INVESTIGATION,
        "He was released under investigation",
        hint="Pauses the case",
    ),
]


class VersionForm(Form):
    """A form of a page that was read at one version of the case."""

    version = HiddenField(default="0")

    def seen(self) -> int:
        """The version the page was read at."""
        return int(self.version.data) if self.version.data.isdecimal() else 0


class StageForm(VersionForm):
    """How far the criminal case has got."""

    stage = RadioField("Stage of the case", [Required()], choices=choices_of(StageOfCase))
    convicted_on = DatePartsField(
        "Day of the plea or the finding",
        [
            RevealedBy("stage", *AFTER_PLEA_OR_FINDING, required=False),
            InPast(clock.today, or_today=True),
        ],
        hint="His age counts on this day.",
    )


class HearingForm(FilingFields, VersionForm):
    """The next hearing."""

    court = SelectField("Court", [Required()], prompt="Select a court")
    other_trust = OtherTrustField()
    hearing_on = DatePartsField(
        "Date of the hearing",
        [InFuture(clock.today, or_today=True)],
        hint="Leave it empty where the court has not fixed one.",
    )
    purpose = RadioField("What it is for", choices=choices_of(HearingPurpose))
    psr_kind = RadioField("Pre-sentence report asked for", choices=choices_of(PsrKind))
    reason = SelectField("If it was moved, why?", choices=REASONS, prompt="It was not moved")

    before: date | None = None
    """The date that counts until now."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: a later date needs an answer about the filing of the pre-sentence report."""
        valid = super().validate(extra_validators)
        return filing_form.fits(self, self.before, self.hearing_on.data) and valid

    def offer(self) -> None:
        """Fill the list of courts."""
        self.court.set_choices(lists.load("courts").choices(clock.today()))


class EndingForm(VersionForm):
    """What stops the path before sentence."""

    ending = RadioField("What happened?", [Required()], choices=ENDINGS)


class CloseForm(VersionForm):
    """Why the service closes the case."""

    reason = RadioField("Why is the case closed?", [Required("Select why the case is closed")])

    def offer(self, reasons: tuple[CloseReason, ...]) -> None:
        """Fill the reasons that are on record."""
        self.reason.set_choices(
            [
                (each.value, CLOSE_WORDS[each][:1].upper() + CLOSE_WORDS[each][1:])
                for each in reasons
            ]
        )


class ReopenForm(VersionForm):
    """Why a closed case goes on."""

    why = RadioField(
        "Why is the case reopened?",
        [Required("Select why the case is reopened")],
        choices=[(why.value, words) for why, words in WHY_REOPENED.items()],
        hint="It stays in the history of the case.",
    )


class AskAgainForm(VersionForm):
    """What the service should look at again."""

    words = TextAreaField(
        "Ask the service to look again",
        [Required("Write what the service should look at again")],
        hint="Read by the service’s clinical leads and administrators.",
        max_length=1000,
        rows=3,
    )

    def offer(self, stage: StageOfCase | None) -> None:
        """Say the rule about the offence."""
        self.remind(offence_words(stage), "words")


class CoverForm(Form):
    """A court the service covers from a day on."""

    court = SelectField("Court", [Required()], prompt="Select a court")
    trust = SelectField("Trust that assesses", [Required()], prompt="Select a trust")
    team = SelectField("Probation court team", prompt="Not known")
    live_from = DatePartsField("First day", [Required()])
    live_to = DatePartsField("Last day")

    def offer(self, trusts: list[tuple[str, str]], teams: list[tuple[str, str]]) -> None:
        """Fill the lists."""
        self.court.set_choices(lists.load("courts").choices(clock.today()))
        self.trust.set_choices(trusts)
        self.team.set_choices(teams)


class EndCoverForm(Form):
    """The last day of a period."""

    last_day = DatePartsField("Last day", [Required()])
