"""The short form of each section of a record, and what travels between it and the record."""

from collections.abc import Mapping
from typing import Any, ClassVar

from mhtr.core import clock
from mhtr.core.codes import lists
from mhtr.people.models import Answered
from mhtr.people.rules import Accepts
from mhtr.people.sections import (
    CHARACTERISTICS,
    FIELDS,
    KNOWN_HOW,
    NEED_LISTS,
    Section,
    Value,
)
from mhtr.people.values import ANSWERED_WORDS, CODE, GP_WORDS, PERMISSION_WORDS
from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    Choice,
    DatePartsField,
    EmailField,
    HiddenField,
    InFuture,
    NameField,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TelField,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import Form

SAFE = [(key.value, text) for key, text in PERMISSION_WORDS.items()]
REASON_HINT = "Needed where something already recorded is put right"


def reason_field() -> TextField:
    """Why something recorded is put right."""
    return TextField("Why is it changed?", max_length=300, hint=REASON_HINT)


class SectionForm(Form):
    """A section's form. `seen` is the mark of what it was filled in from."""

    section: ClassVar[Section]
    seen = HiddenField()

    def offer(self, settings: Accepts) -> None:
        """Fit the form to what this installation accepts."""

    @classmethod
    def initial(cls, values: Mapping[str, Value]) -> dict[str, Any]:
        """What the fields show, from the section's values."""
        return dict(values)

    def values(self) -> dict[str, Value]:
        """What was answered, as the section's values."""
        return {name: self[name].data for name in FIELDS[self.section] if name in self}

    @property
    def why(self) -> str:
        """The reason given, where the form asks for one."""
        return str(self["reason"].data or "") if "reason" in self else ""


class NamesForm(SectionForm):
    section = Section.NAMES
    given_name = NameField("Given name", max_length=100, optional=True)
    family_name = NameField("Family name", max_length=100, optional=True)
    known_as = NameField("Likes to be called", max_length=100)
    pronouns = TextField("Pronouns", max_length=40, width=10)
    aliases = TextAreaField("Other names", max_length=500, rows=3, hint="One on each line")
    reason = reason_field()

    @classmethod
    def initial(cls, values: Mapping[str, Value]) -> dict[str, Any]:
        aliases = values["aliases"]
        return {**values, "aliases": "\n".join(aliases) if isinstance(aliases, tuple) else ""}

    def values(self) -> dict[str, Value]:
        lines = (" ".join(line.split()) for line in self.aliases.data.splitlines())
        return {**super().values(), "aliases": tuple(dict.fromkeys(line for line in lines if line))}


class BirthForm(SectionForm):
    section = Section.BIRTH
    born = DatePartsField("Date of birth", hint="For example, 27 3 1988", optional=True)
    died_on = DatePartsField("Date of death")
    reason = reason_field()


class IdentifiersForm(SectionForm):
    section = Section.IDENTIFIERS
    nhs = TextField("NHS number", max_length=20, width=10, inputmode="numeric")
    crn = TextField("CRN", max_length=20, width=10, hint="A letter and 6 digits", spellcheck=False)
    pnc = TextField("PNC number", max_length=20, width=20, spellcheck=False)
    cro = TextField("CRO number", max_length=20, width=20, spellcheck=False)
    reason = reason_field()

    def offer(self, settings: Accepts) -> None:
        for kind in ("pnc", "cro"):
            if not settings.takes(kind):
                del self[kind]


class AddressForm(SectionForm):
    section = Section.ADDRESS
    no_fixed_abode = CheckboxField(
        "He has no fixed abode", hint="The address is then where his post may go, if anywhere"
    )
    address = TextAreaField(
        "Address",
        max_length=400,
        rows=4,
        hint="With a new one, ask him again whether a letter is safe: a yes for the old one ends",
    )
    postcode = TextField(
        "Postcode",
        max_length=12,
        width=10,
        hint="With no fixed abode: that of the address above; his own becomes ZZ99 3VZ",
    )


class ContactForm(SectionForm):
    section = Section.CONTACT
    phone = TelField(
        "Telephone",
        width=20,
        hint="With a new number, ask him again what is safe: a yes for the old one ends",
    )
    email = EmailField("Email")
    safe_to_text = RadioField("Is it safe to text him?", [Required()], choices=SAFE, inline=True)
    safe_to_voicemail = RadioField(
        "Is it safe to leave a voicemail?", [Required()], choices=SAFE, inline=True
    )
    safe_to_write = RadioField(
        "Is it safe to send a letter?", [Required()], choices=SAFE, inline=True
    )
    contact_known_how = RadioField(
        "How do we know?",
        choices=list(KNOWN_HOW.items()),
        optional=True,
        hint="Only he can say that a way of reaching him is safe",
    )
    contact_phrase = TextField(
        "Phrase he chose",
        max_length=80,
        hint="We say it, so that he knows it is us. It should mean nothing to anybody else",
    )
    contact_note = TextAreaField("About contacting him", max_length=500, rows=2)


class NeedsForm(SectionForm):
    section = Section.NEEDS
    needs_asked = RadioField(
        "Was he asked about his needs?",
        [Required()],
        choices=[(key.value, text) for key, text in ANSWERED_WORDS.items()],
    )
    communication_support = CheckboxesField("Help to communicate", small=True)
    contact_method = CheckboxesField("How to contact him", small=True)
    information_format = CheckboxesField("How information is given", small=True)
    professional_required = CheckboxesField("Somebody who must be there", small=True)
    needs_note = TextAreaField("In his words", max_length=1000, rows=3)
    needs_review_on = DatePartsField(
        "When are the needs looked at again?",
        [
            RevealedBy(
                "needs_asked", Answered.GIVEN.value, message="Enter when the needs are reviewed"
            ),
            InFuture(clock.today),
        ],
        error_name="the review date",
    )

    def offer(self, settings: Accepts) -> None:
        for field in self:
            if isinstance(field, CheckboxesField):
                field.set_choices(lists.load(field.name).choices(clock.today()))

    @classmethod
    def initial(cls, values: Mapping[str, Value]) -> dict[str, Any]:
        held = values["needs"]
        needs = [item.partition(":") for item in held] if isinstance(held, tuple) else []
        by_list = {name: [code for own, _, code in needs if own == name] for name in NEED_LISTS}
        return {**values, **by_list}

    def values(self) -> dict[str, Value]:
        needs = (f"{name}:{code}" for name in NEED_LISTS for code in self[name].data)
        return {**super().values(), "needs": tuple(sorted(needs))}


def language_choices() -> list[tuple[str, str]]:
    """Every language with its code: English first, then those common in London."""
    entries = lists.load("languages").current(clock.today())
    common = [e for e in entries if e.extras.get("common_in_london") == "true"]
    rest = [e for e in entries if e not in common and e.code != "en"]
    english = [e for e in entries if e.code == "en"]
    first = [*english, *(e for e in common if e.code != "en")]
    return [(e.code, e.label) for e in (*first, *rest)]


class LanguageForm(SectionForm):
    section = Section.LANGUAGE
    language = SelectField("Language he speaks best", prompt="Not known")
    interpreter = RadioField("Does he need an interpreter?", [Required()], choices=SAFE)

    def offer(self, settings: Accepts) -> None:
        self.language.set_choices(language_choices())

    def values(self) -> dict[str, Value]:
        return {**super().values(), "language": self.language.data or ""}


class GpForm(SectionForm):
    section = Section.GP
    gp_status = RadioField(
        "Is he registered with a GP?",
        [Required()],
        choices=[(key.value, text) for key, text in GP_WORDS.items()],
        hint="Having no GP never holds up an assessment",
    )
    gp_name = TextField("Name of the practice", max_length=160)
    gp_practice_code = TextField(
        "Practice code", max_length=12, width=10, hint="A letter and 5 digits, if you know it"
    )


ABSENT = [
    (Answered.NOT_ASKED.value, "Not asked"),
    (Answered.DECLINED.value, "Asked, prefers not to say"),
    (Answered.UNKNOWN.value, "Asked, not known"),
]


class EqualityForm(SectionForm):
    section = Section.EQUALITY
    ethnic_category = RadioField("Ethnic group", small=True, optional=False)
    religion = RadioField("Religion or belief", small=True, optional=False)
    disability = RadioField("Disability", small=True, optional=False)
    sexual_orientation = RadioField("Sexual orientation", small=True, optional=False)
    sex_at_birth = RadioField("Sex at birth", small=True, optional=False)
    gender_identity = RadioField("Gender identity", small=True, optional=False)
    gender_reassignment = RadioField(
        "Is his gender the same as at birth?", small=True, optional=False
    )
    marital_status = RadioField("Marriage or civil partnership", small=True, optional=False)
    pregnancy_maternity = RadioField("Pregnancy and maternity", small=True, optional=False)

    def offer(self, settings: Accepts) -> None:
        for field in self:
            if not isinstance(field, RadioField):
                continue
            entries = lists.load(field.name).current(clock.today())
            given = [
                Choice(f"{CODE}{e.code}", e.label) for e in entries if not e.extras.get("absence")
            ]
            absent = [Choice(v, t, divider=not n) for n, (v, t) in enumerate(ABSENT)]
            field.set_choices([*given, *absent])

    def values(self) -> dict[str, Value]:
        return {name: self[name].data or Answered.NOT_ASKED.value for name in CHARACTERISTICS}


FORMS: dict[Section, type[SectionForm]] = {
    form.section: form
    for form in (
        NamesForm,
        BirthForm,
        IdentifiersForm,
        AddressForm,
        ContactForm,
        NeedsForm,
        LanguageForm,
        GpForm,
        EqualityForm,
    )
}
