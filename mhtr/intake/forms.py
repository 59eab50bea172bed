"""The pages of the referral form. Shape only: what an answer may be is for `read_referral`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from mhtr.cases.offence import offence_words
from mhtr.core import clock
from mhtr.core.codes import lists
from mhtr.core.codes.lists import CodeEntry
from mhtr.intake.agreement_form import AgreementForm
from mhtr.intake.form_base import StepForm, choices_of, text_of
from mhtr.intake.referral import TEXTS, says_where
from mhtr.intake.referral_values import (
    LEVEL_WORDS,
    HearingPurpose,
    Level,
    PsrKind,
    Urgency,
)
from mhtr.intake.rules import StageOfCase
from mhtr.intake.safety_form import SafetyForm
from mhtr.intake.steps import FormStep
from mhtr.web.fields import (
    CheckboxesField,
    Choice,
    DatePartsField,
    IntegerField,
    NameField,
    RadioField,
    RevealedBy,
    SelectField,
    TextAreaField,
    TextField,
)

SEE_HIM = frozenset(
    entry.code for entry in lists.load("source_of_referral").entries if says_where(entry)
)
"""Sources that see him in custody or at court."""


class PersonForm(StepForm):
    """Who is he?"""

    FIELDS = ("given_name", "family_name", "born", "age", "nhs_number", "crn", "also_known_as")
    given_name = NameField("First name", max_length=100, width=20, optional=False)
    family_name = NameField("Last name", max_length=100, width=20, optional=False)
    born = DatePartsField("Date of birth", hint="For example 15 3 1984", optional=False)
    age = IntegerField("Age, if the date of birth is not known", optional=False)
    nhs_number = TextField("NHS number", max_length=20, width=10, inputmode="numeric")
    crn = TextField("CRN", hint="Probation’s number: a letter and 6 digits", width=10)
    also_known_as = NameField("Another name he uses", max_length=TEXTS["also_known_as"], width=20)


class PlaceForm(StepForm):
    """Where he was seen, and the court case."""

    FIELDS: ClassVar[tuple[str, ...]] = (
        "source",
        "place",
        "stage",
        "court",
        "hearing_on",
        "hearing_purpose",
        "psr_kind",
    )
    source = SelectField("Who is referring?", prompt="Select a source", optional=False)
    place = SelectField("Where did you see him?", prompt="Select a place", optional=False)
    stage = RadioField(
        "How far has the criminal case got?",
        choices=choices_of(StageOfCase),
        hint="Leave it empty if you do not know. Before a plea or a finding this stays a referral "
        "and a health screening.",
        optional=False,
    )
    court = SelectField("Court of the next hearing", prompt="Not known yet")
    hearing_on = DatePartsField("Date of the next hearing")
    hearing_purpose = RadioField("What the hearing is for", choices=choices_of(HearingPurpose))
    psr_kind = RadioField("Pre-sentence report asked for", choices=choices_of(PsrKind))

    def offer(self, sources: Sequence[str]) -> None:
        """Fill the lists: the sources this member of staff may name, places and courts of today."""
        today = clock.today()
        self.source.set_choices(
            [c for c in lists.load("source_of_referral").choices(today) if c[0] in sources]
        )
        courts = lists.load("courts").choices(today)
        places = lists.load("custody_suites").choices(today) + courts
        if not set(sources) <= SEE_HIM:
            places = lists.load("referral_ways").choices(today) + places
            self.place.label.text = "Where was he seen, or how did the referral come?"
            self.place.prompt = "Not said"
        self.place.set_choices(places)
        self.court.set_choices(courts)


STAGES = {
    "identified_on": "Identified",
    "screened_on": "Screened",
    "assessed_on": "Assessed by Liaison and Diversion",
}


def _group(entry: CodeEntry) -> str:
    return entry.extras.get("parent", "") or "other"


_GROUPS = tuple(dict.fromkeys(map(_group, lists.load("vulnerabilities").entries)))


class NeedsForm(StepForm):
    """What he needs: vulnerabilities, need, risk, urgency, and the stages done so far."""

    FIELDS = ("need", "risk", "urgency", "stages_by", "notes")
    need = RadioField(
        "Health need", choices=choices_of(Level, LEVEL_WORDS), inline=True, optional=False
    )
    risk = RadioField("Risk", choices=choices_of(Level, LEVEL_WORDS), inline=True, optional=False)
    urgency = RadioField("How soon", choices=choices_of(Urgency), optional=False)
    stages = CheckboxesField(
        "Done so far",
        choices=[Choice(name, text) for name, text in STAGES.items()],
        hint="Today, by you, unless you say otherwise. The referral is recorded when you send it.",
        optional=False,
    )
    identified_on = DatePartsField(
        "Day, if not today", [RevealedBy("stages", "identified_on", required=False)], optional=False
    )
    screened_on = DatePartsField(
        "Day, if not today", [RevealedBy("stages", "screened_on", required=False)], optional=False
    )
    assessed_on = DatePartsField(
        "Day, if not today", [RevealedBy("stages", "assessed_on", required=False)], optional=False
    )
    stages_by = TextField("Who did it, if not you", max_length=TEXTS["stages_by"], width=20)
    notes = TextAreaField(
        "Anything else we should know",
        hint="Health and practical things only.",
        max_length=TEXTS["notes"],
        rows=3,
    )

    @classmethod
    def shown(cls, answers: Mapping[str, str]) -> dict[str, object]:
        held = [v for v in answers.get("vulnerabilities", "").split(";") if v]
        today = clock.today().isoformat()
        days = {name: answers.get(name, "") for name in STAGES}
        return (
            super().shown(answers)
            | {f"vulnerable_{n}": held for n in range(1, len(_GROUPS) + 1)}
            | {"stages": [name for name, day in days.items() if day]}
            | {n: date.fromisoformat(d) if d and d != today else None for n, d in days.items()}
        )

    def offer(self, stage: StageOfCase | None) -> None:
        """Fill the lists with what may be chosen today, and say the rule about the offence."""
        self.remind(offence_words(stage), "notes")
        current = lists.load("vulnerabilities").current(clock.today())
        for field, group in zip(self.groups(), _GROUPS, strict=True):
            field.set_choices([(e.code, e.label) for e in current if _group(e) == group])

    def given(self) -> dict[str, str]:
        today = clock.today().isoformat()
        days = {
            name: (text_of(self[name]) or today) if name in self.stages.data else ""
            for name in STAGES
        }
        chosen = [code for group in self.groups() for code in group.data]
        return super().given() | days | {"vulnerabilities": ";".join(chosen)}

    def groups(self) -> list[CheckboxesField]:
        """The vulnerabilities, one field a group."""
        return [f for f in self if isinstance(f, CheckboxesField) and f is not self.stages]

    def field_for(self, name: str) -> str:
        return self.groups()[0].name if name == "vulnerabilities" else name


for _number, _name in enumerate(_GROUPS, start=1):
    setattr(
        NeedsForm,
        f"vulnerable_{_number}",
        CheckboxesField(_name[:1].upper() + _name[1:], small=True, optional=False),
    )


FORMS: dict[FormStep, type[StepForm]] = {
    FormStep.SAFETY: SafetyForm,
    FormStep.PERSON: PersonForm,
    FormStep.PLACE: PlaceForm,
    FormStep.NEEDS: NeedsForm,
    FormStep.AGREEMENT: AgreementForm,
}
