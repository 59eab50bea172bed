"""What a PSR author fills in: whom she asks about, her request, her answers. Shape only."""

from datetime import date
from typing import Any

from mhtr.core import clock
from mhtr.core.codes.lists import load
from mhtr.intake.other_trust_field import OtherTrustField
from mhtr.people.identifiers import IdentifierError, parse_crn
from mhtr.suitability.asked import (
    CUSTODY_WORDS,
    OTHER_WORDS,
    PLEA_WORDS,
    PSR_WORDS,
    RISK_WORDS,
    Asked,
    Custody,
    Man,
    OtherRequirement,
    Plea,
    RiskOfHarm,
)
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.which_case import Prosecution
from mhtr.web.fields import (
    CheckboxesField,
    Choice,
    DatePartsField,
    InFuture,
    InPast,
    NameField,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import Form


class CrnField(TextField):
    """A case reference number, read into its canonical form."""

    def read(self, text: str) -> str:
        if not text:
            return ""
        try:
            return parse_crn(text)
        except IdentifierError as fault:
            raise ValueError(fault.reason) from fault


class ManFields(Form):
    """The man, exactly as on probation's own record."""

    crn = CrnField(
        "CRN",
        [Required()],
        hint="One letter and 6 digits, for example X123456",
        width=10,
        spellcheck=False,
    )
    given_name = NameField("Given name", [Required()], max_length=100, width=20, spellcheck=False)
    family_name = NameField("Family name", [Required()], max_length=100, width=20, spellcheck=False)
    born = DatePartsField(
        "Date of birth", [Required(), InPast(clock.today)], hint="For example, 31 3 1990"
    )
    safe = RadioField(
        "Is he safe now, as far as you know?",
        [Required()],
        error_name="whether he is safe now",
        choices=(
            Choice("yes", "Yes"),
            Choice("not_known", "I do not know"),
        ),
        hint="If he may be in danger now, get help first: custody healthcare in custody, anywhere "
        "else 999, the local crisis line or NHS 111. This form is no emergency route.",
    )

    def man(self) -> Man:
        """The man of a valid form."""
        if self.born.data is None:
            raise ValueError("the form was not validated")
        return Man(
            crn=self.crn.data,
            given_name=self.given_name.data,
            family_name=self.family_name.data,
            born=self.born.data,
        )


AFTER_FILING = "The date you need our report must not be after the day you file yours"


class RequestForm(Form):
    """The request itself."""

    plea = RadioField(
        "Plea or finding",
        [Required()],
        choices=[(plea.value, words) for plea, words in PLEA_WORDS.items()],
        hint="A report can be asked for only after a guilty plea or a finding of guilt.",
    )
    court_code = SelectField("Court of the next hearing", [Required()], prompt="Select a court")
    other_trust = OtherTrustField()
    hearing_on = DatePartsField(
        "Date of the next hearing",
        [InFuture(clock.today, or_today=True)],
        hint="Leave empty only while the court has fixed no date",
    )
    psr_type = RadioField(
        "Kind of pre-sentence report",
        [Required()],
        choices=[(kind.value, words) for kind, words in PSR_WORDS.items()],
    )
    psr_filed_on = DatePartsField(
        "When must you file the pre-sentence report?",
        [InFuture(clock.today, or_today=True)],
        error_name="the filing date",
    )
    asked_for_on = DatePartsField(
        "When do you need our report?",
        [InFuture(clock.today, or_today=True)],
        error_name="the date you need our report",
        hint="Leave empty for the usual time",
    )
    custody = RadioField(
        "Where is he until the hearing?",
        [Required()],
        error_name="where he is until the hearing",
        choices=[(custody.value, words) for custody, words in CUSTODY_WORDS.items()],
    )
    risk_of_harm = RadioField(
        "Risk of serious harm",
        [Required()],
        choices=[(risk.value, words) for risk, words in RISK_WORDS.items()],
        hint="As in OASys. It is recorded as your statement.",
    )
    staff_safety = RadioField(
        "Is there a risk to staff who meet him?",
        [Required()],
        error_name="whether there is a risk to staff",
        choices=[("yes", "Yes"), ("no", "None known")],
    )
    staff_safety_reason = TextAreaField(
        "What should staff know, and what should they do?",
        [RevealedBy("staff_safety", "yes", message="Enter what staff should know and do")],
        max_length=1000,
        rows=3,
        hint="Only those who need the reason can read it",
    )
    conditions = CheckboxesField(
        "Bail or other conditions that touch appointments",
        choices=[("no_contact", "Must not contact somebody"), ("exclusion", "Must keep away")],
    )
    no_contact = TextAreaField(
        "Whom must he not contact?",
        [RevealedBy("conditions", "no_contact", message="Enter whom he must not contact")],
        max_length=1000,
        rows=3,
    )
    exclusions = TextAreaField(
        "Where must he not go?",
        [RevealedBy("conditions", "exclusion", message="Enter where he must not go")],
        max_length=1000,
        rows=3,
    )
    other_requirements = CheckboxesField(
        "Other treatment requirement proposed or in force",
        choices=[(kind.value, words) for kind, words in OTHER_WORDS.items()],
    )
    interpreter = RadioField(
        "Does he need an interpreter?",
        [Required()],
        error_name="whether he needs an interpreter",
        choices=[("yes", "Yes"), ("no", "No")],
    )
    language = SelectField(
        "Language",
        [RevealedBy("interpreter", "yes", message="Select the language")],
        prompt="Select a language",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.court_code.set_choices(load("courts").choices(today))
        self.language.set_choices(load("languages").choices(today))

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: filing is not after the hearing, and our report after neither."""
        valid = super().validate(extra_validators)
        hearing_on = self.hearing_on.data
        for field in (self.psr_filed_on, self.asked_for_on):
            if hearing_on and field.data and field.data > hearing_on and not field.errors:
                field.errors = [f"{field.subject} must not be after the hearing"]
                valid = False
        filed_on, wanted = self.psr_filed_on.data, self.asked_for_on
        if filed_on and wanted.data and wanted.data > filed_on and not wanted.errors:
            wanted.errors = [AFTER_FILING]
            valid = False
        return valid

    def asked(self) -> Asked:
        """The request of a valid form."""
        return Asked(
            plea=Plea(self.plea.data or ""),
            court_code=self.court_code.data or "",
            hearing_on=self.hearing_on.data,
            custody=Custody(self.custody.data or ""),
            risk_of_harm=RiskOfHarm(self.risk_of_harm.data or ""),
            psr_type=PsrType(self.psr_type.data or ""),
            psr_filed_on=self.psr_filed_on.data,
            asked_for_on=self.asked_for_on.data,
            staff_safety=self.staff_safety.data == "yes",
            staff_safety_reason=self.staff_safety_reason.data or "",
            no_contact=self.no_contact.data or "",
            exclusions=self.exclusions.data or "",
            other_requirements=tuple(
                OtherRequirement(value) for value in self.other_requirements.data
            ),
            interpreter=self.interpreter.data == "yes",
            language=self.language.data or "",
        )


class AboutForm(ManFields, RequestForm):
    """A request about a man she names."""

    prosecution = RadioField(
        "Is your report about the same prosecution?",
        optional=False,
        choices=[
            Choice(
                Prosecution.SAME.value,
                "The same prosecution",
                hint="Another team is asked to hand it over; your own team’s request is replaced "
                "by yours, with this hearing",
            ),
            Choice(
                Prosecution.OTHER.value,
                "Another prosecution: a case of its own",
                hint="What was asked for the other hearing stays as it is",
            ),
        ],
    )
    """Shown only once it is asked."""

    def says(self) -> Prosecution | None:
        """What she says of the prosecution, where she was asked."""
        return Prosecution(self.prosecution.data) if self.prosecution.data else None


def as_typed(asked: Asked, today: date) -> dict[str, Any]:
    """A request as the form of the next one begins: past dates are left out."""

    def later(day: date | None) -> date | None:
        return day if day and day >= today else None

    conditions = [("no_contact", asked.no_contact), ("exclusion", asked.exclusions)]
    return {
        "plea": asked.plea.value,
        "court_code": asked.court_code,
        "hearing_on": later(asked.hearing_on),
        "psr_type": asked.psr_type.value,
        "psr_filed_on": later(asked.psr_filed_on),
        "asked_for_on": later(asked.asked_for_on),
        "custody": asked.custody.value,
        "risk_of_harm": asked.risk_of_harm.value,
        "staff_safety": "yes" if asked.staff_safety else "no",
        "staff_safety_reason": asked.staff_safety_reason,
        "conditions": [name for name, text in conditions if text],
        "no_contact": asked.no_contact,
        "exclusions": asked.exclusions,
        "other_requirements": [kind.value for kind in asked.other_requirements],
        "interpreter": "yes" if asked.interpreter else "no",
        "language": asked.language,
    }
