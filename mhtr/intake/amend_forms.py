"""The sections of a sent referral that can be put right, each with its reason."""

from mhtr.intake.form_base import StepForm
from mhtr.intake.forms import AgreementForm, NeedsForm, SafetyForm
from mhtr.intake.steps import FormStep
from mhtr.web.fields import Required, TextField


class AmendSafety(SafetyForm):
    """Is he safe now, put right."""

    reason = TextField("Why is this changed?", [Required()], error_name="why this is changed")


class AmendNeeds(NeedsForm):
    """What he needs, put right."""

    reason = TextField("Why is this changed?", [Required()], error_name="why this is changed")


class AmendAgreement(AgreementForm):
    """His agreement, put right."""

    reason = TextField("Why is this changed?", [Required()], error_name="why this is changed")


AMEND_FORMS: dict[FormStep, type[StepForm]] = {
    FormStep.SAFETY: AmendSafety,
    FormStep.NEEDS: AmendNeeds,
    FormStep.AGREEMENT: AmendAgreement,
}
