"""The sections of a sent referral that can be put right, each with its reason."""

from collections.abc import Sequence

from mhtr.intake.agreement_form import AgreementForm
from mhtr.intake.form_base import StepForm
from mhtr.intake.forms import NeedsForm, PersonForm, PlaceForm
from mhtr.intake.referral_values import Safety
from mhtr.intake.safety_form import SafetyForm
from mhtr.intake.steps import FormStep
from mhtr.web.fields import CheckboxField, DatePartsField, Required, RevealedBy, TextField


class Amending(StepForm):
    """What every one of them asks besides: why, and whether it settles an open question."""

    reason = TextField("Why is this changed?", [Required()], error_name="why this is changed")
    settles = CheckboxField("This change answers the service's question")

    def ask_whether_it_settles(self, question: str) -> None:
        """Show the open question beside its tick; without one there is nothing to tick."""
        if question:
            self.settles.hint = f"They asked: {question}"
        else:
            del self["settles"]

    @property
    def answers_it(self) -> bool:
        """Whether the referrer says that the change answers the question."""
        return "settles" in self and bool(self.settles.data)


class AmendSafety(Amending, SafetyForm):
    """Is he safe now, put right."""

    new_today = False
    told_day = DatePartsField(
        "Day you told them",
        [RevealedBy("safety", Safety.HEALTHCARE_TOLD, required=False)],
        optional=False,
    )


class AmendPerson(Amending, PersonForm):
    """Who he is, as the referrer knows it, put right."""


class AmendPlace(Amending, PlaceForm):
    """Who referred him and where he was seen, put right."""

    FIELDS = ("source", "place")

    def keep_only_place(self, sources: Sequence[str]) -> None:
        """The two lists; what else the page of the form asks is not amended here."""
        self.offer(sources)
        for name in set(PlaceForm.FIELDS) - set(self.FIELDS):
            del self[name]


class AmendNeeds(Amending, NeedsForm):
    """What he needs, put right."""


class AmendAgreement(Amending, AgreementForm):
    """His agreement, put right."""

    new_today = False
    agreed_on = DatePartsField("Day he said so", optional=False)


AMEND_FORMS: dict[FormStep, type[Amending]] = {
    FormStep.SAFETY: AmendSafety,
    FormStep.PERSON: AmendPerson,
    FormStep.PLACE: AmendPlace,
    FormStep.NEEDS: AmendNeeds,
    FormStep.AGREEMENT: AmendAgreement,
}
AMEND_TITLES = {FormStep.PLACE: "Who referred him, and where he was seen"}
"""Where less is put right than the page of the form asks."""
