"""The sections of a sent referral that can be put right, each with its reason."""

from collections.abc import Sequence

from mhtr.intake.agreement_form import AgreementForm
from mhtr.intake.form_base import StepForm
from mhtr.intake.forms import NeedsForm, PersonForm, PlaceForm
from mhtr.intake.referral_values import Safety
from mhtr.intake.safety_form import SafetyForm
from mhtr.intake.steps import FormStep
from mhtr.web.fields import DatePartsField, Required, RevealedBy, TextField


class AmendSafety(SafetyForm):
    """Is he safe now, put right."""

    new_today = False
    told_day = DatePartsField(
        "Day you told them",
        [RevealedBy("safety", Safety.HEALTHCARE_TOLD, required=False)],
        optional=False,
    )
    reason = TextField("Why is this changed?", [Required()], error_name="why this is changed")


class AmendPerson(PersonForm):
    """Who he is, as the referrer knows it, put right."""

    reason = TextField("Why is this changed?", [Required()], error_name="why this is changed")


class AmendPlace(PlaceForm):
    """Who referred him and where he was seen, put right."""

    FIELDS = ("source", "place")
    reason = TextField("Why is this changed?", [Required()], error_name="why this is changed")

    def keep_only_place(self, sources: Sequence[str]) -> None:
        """The two lists; what else the page of the form asks is not amended here."""
        self.offer(sources)
        for name in set(PlaceForm.FIELDS) - set(self.FIELDS):
            del self[name]


class AmendNeeds(NeedsForm):
    """What he needs, put right."""

    reason = TextField("Why is this changed?", [Required()], error_name="why this is changed")


class AmendAgreement(AgreementForm):
    """His agreement, put right."""

    new_today = False
    agreed_on = DatePartsField("Day he said so", optional=False)
    reason = TextField("Why is this changed?", [Required()], error_name="why this is changed")


AMEND_FORMS: dict[FormStep, type[StepForm]] = {
    FormStep.SAFETY: AmendSafety,
    FormStep.PERSON: AmendPerson,
    FormStep.PLACE: AmendPlace,
    FormStep.NEEDS: AmendNeeds,
    FormStep.AGREEMENT: AmendAgreement,
}
AMEND_TITLES = {FormStep.PLACE: "Who referred him, and where he was seen"}
"""Where less is put right than the page of the form asks."""
