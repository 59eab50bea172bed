"""What a referral says, and reading it from text: one reader for the form, the CSV and the API.

Every answer arrives as a string, under the names in `FIELDS`. Dates are ISO 8601, moments are
London wall time `YYYY-MM-DDTHH:MM`, several codes are separated by semicolons. There is no field
for the offence: nothing about it belongs in a referral, at any stage of the criminal case.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mhtr.cases.facts import StageOfCase
from mhtr.core.codes.lists import CodeEntry, CodeList
from mhtr.intake.eligibility import Willingness
from mhtr.intake.referral_dates import (
    BEFORE_BIRTH,
    Unreadable,
    days_before_birth,
    read_day,
    read_past_moment,
)
from mhtr.intake.referral_texts import NO_LETTERS, read_text
from mhtr.intake.referral_texts import TEXTS as TEXTS
from mhtr.intake.referral_values import (
    Answer,
    HearingPurpose,
    HowAgreed,
    Level,
    PsrKind,
    Safety,
    Urgency,
)
from mhtr.intake.signs import signs
from mhtr.people.contact_rules import PhoneError, parse_phone
from mhtr.people.identifiers import IdentifierError, NhsNumberRange, parse_crn, parse_nhs_number
from mhtr.people.names import PersonName, has_words


@dataclass(frozen=True)
class ReferralSubmission:
    """A referral in canonical values. Empty text and None mean: not said."""

    safety: Safety
    given_name: str
    family_name: str
    source: str
    willing: Willingness
    place: str = ""
    """Where he was seen, or in what way the referral came."""
    told_whom: str = ""
    told_at: datetime | None = None
    born: date | None = None
    age: int | None = None
    nhs_number: str = ""
    crn: str = ""
    also_known_as: str = ""
    stage: StageOfCase | None = None
    court: str = ""
    hearing_on: date | None = None
    hearing_purpose: HearingPurpose | None = None
    psr_kind: PsrKind | None = None
    vulnerabilities: tuple[str, ...] = ()
    need: Level = Level.NOT_KNOWN
    risk: Level = Level.NOT_KNOWN
    urgency: Urgency = Urgency.ROUTINE
    notes: str = ""
    identified_on: date | None = None
    screened_on: date | None = None
    assessed_on: date | None = None
    stages_by: str = ""
    agreed_how: HowAgreed | None = None
    agreed_on: date | None = None
    able_to_agree: Answer = Answer.UNKNOWN
    phone: str = ""
    safe_to_text: Answer = Answer.UNKNOWN
    language: str = ""
    interpreter: Answer = Answer.UNKNOWN
    external_reference: str = ""

    @property
    def urgent(self) -> bool:
        """Whether it is flagged, for any of its `signs`."""
        return bool(signs(self.safety, self.vulnerabilities, self.risk, self.urgency))

    @property
    def names(self) -> tuple[PersonName, ...]:
        """His name, then the other name he uses if one was given."""
        known_as = self.also_known_as.rpartition(" ")
        others = (PersonName(known_as[0], known_as[2]),) if self.also_known_as else ()
        return (PersonName(self.given_name, self.family_name), *others)

    @property
    def identifiers(self) -> dict[str, str]:
        """Identifiers by kind, in canonical form."""
        return {k: v for k, v in (("nhs", self.nhs_number), ("crn", self.crn)) if v}


@dataclass(frozen=True)
class Problem:
    """What is wrong with one answer, in words for whoever gave it."""

    field: str
    message: str


@dataclass(frozen=True)
class CodeLists:
    """The lists a referral is read against, and what kind of data this installation takes."""

    suites: CodeList
    courts: CodeList
    ways: CodeList
    """How a referral came that nobody made in custody or at court."""
    sources: CodeList
    vulnerabilities: CodeList
    languages: CodeList
    fictional: bool = False
    """Only made-up telephone numbers and NHS numbers are taken (demonstration and tests)."""


def says_where(source: CodeEntry) -> bool:
    """Whether whoever refers from this source sees him in custody or at court, and says where."""
    return source.extras.get("place") == "needed"


REQUIRED = {
    "safety": "Say whether he is safe now",
    "given_name": "Enter his first name, or Unknown",
    "family_name": "Enter his last name, or Unknown",
    "source": "Say who is referring",
    "willing": "Say whether he agrees to this referral",
}

WHERE = "Select where you saw him"

FIELDS: tuple[str, ...] = (
    "safety", "told_whom", "told_at", "given_name", "family_name", "born", "age", "nhs_number",
    "crn", "also_known_as", "source", "place", "stage", "court", "hearing_on", "hearing_purpose",
    "psr_kind", "vulnerabilities", "need", "risk", "urgency", "notes", "identified_on",
    "screened_on", "assessed_on", "stages_by", "willing", "agreed_how", "agreed_on",
    "able_to_agree", "phone", "safe_to_text", "language", "interpreter", "external_reference",
)  # fmt: skip
"""Every name that `read_referral` understands, in the order of the form."""

OLDEST = 110


def read_referral(
    answers: Mapping[str, str], today: date, codes: CodeLists, now: datetime | None = None
) -> ReferralSubmission | list[Problem]:
    """The referral that these answers make, or everything that is wrong with them.

    Unknown names are refused too, so that a misspelt column is not silently lost.

    Args:
        now: the present moment in London; without it a time of today is not held against it.
    """
    reader = _Reader(answers, today, codes, now)
    values = {name: reader.read(name) for name in FIELDS}
    for name in answers:
        if name not in FIELDS:
            reader.problems.append(Problem(name, "This is not a field of a referral"))
    reader.together(values)
    if reader.problems:
        return reader.problems
    given = {name: value for name, value in values.items() if value is not None}
    return ReferralSubmission(**given)  # type: ignore[arg-type]  # read by name just above


class _Reader:
    def __init__(
        self, answers: Mapping[str, str], today: date, codes: CodeLists, now: datetime | None
    ) -> None:
        self.answers, self.today, self.codes, self.now = answers, today, codes, now
        self.problems: list[Problem] = []

    def read(self, name: str) -> object:
        text = self.answers.get(name, "").strip()
        if not text:
            if name in REQUIRED:
                self.problems.append(Problem(name, REQUIRED[name]))
            return None
        try:
            if name in TEXTS:
                return read_text(name, text)
            return _READERS[name](self, text)
        except (Unreadable, IdentifierError, PhoneError) as fault:
            self.problems.append(Problem(name, str(fault)))
            return None

    def together(self, values: Mapping[str, object]) -> None:
        """What only two answers together can show."""
        told = values["safety"] is Safety.HEALTHCARE_TOLD
        if told and not values["told_whom"]:
            self.problems.append(Problem("told_whom", "Enter who in custody healthcare you told"))
        if told and not values["told_at"] and not self._has_problem("told_at"):
            self.problems.append(Problem("told_at", "Enter when you told custody healthcare"))
        if self._needs_place(values):
            self.problems.append(Problem("place", WHERE))
        words = PersonName(str(values["given_name"] or ""), str(values["family_name"] or ""))
        if values["given_name"] and values["family_name"] and not has_words(words):
            self.problems.append(Problem("given_name", NO_LETTERS))
        if values["willing"] is Willingness.WILLING and not values["agreed_how"]:
            self.problems.append(Problem("agreed_how", "Say how he agreed"))
        for name in days_before_birth(values):
            self.problems.append(Problem(name, BEFORE_BIRTH))

    def _needs_place(self, values: Mapping[str, object]) -> bool:
        """Whether the source sees him in custody or at court, and no such place is said."""
        source = self.codes.sources.get(str(values["source"] or ""))
        unsaid = not (place := values["place"]) or self.codes.ways.get(str(place)) is not None
        says = source is not None and says_where(source)
        return says and unsaid and not self._has_problem("place")

    def _has_problem(self, name: str) -> bool:
        return any(problem.field == name for problem in self.problems)

    def day(self, text: str, *, future: bool = False) -> date:
        value = read_day(text)
        if future and not 0 <= (value - self.today).days <= 730:
            raise Unreadable("The hearing must be today or within the next two years")
        if not future and value > self.today:
            raise Unreadable("The date must be today or in the past")
        if value.year < self.today.year - OLDEST:
            raise Unreadable("Check the year")
        return value

    def birthday(self, text: str) -> date:
        value = self.day(text)
        if value == self.today:
            raise Unreadable("The date of birth must be in the past")
        return value

    def moment(self, text: str) -> datetime:
        return read_past_moment(text, self.today, self.now)

    def age(self, text: str) -> int:
        if not text.isdecimal() or not 10 <= int(text) <= OLDEST:
            raise Unreadable(f"Enter his age in years, between 10 and {OLDEST}")
        return int(text)

    def code(self, text: str, *lists: CodeList) -> str:
        for codes in lists:
            entry = codes.find(text, on=self.today)
            if entry is not None and entry.is_current(self.today):
                return entry.code
        raise Unreadable(f"“{text[:40]}” is not on the list of {lists[0].name.replace('_', ' ')}")

    def several(self, text: str) -> tuple[str, ...]:
        parts = [part.strip() for part in text.split(";") if part.strip()]
        return tuple(dict.fromkeys(self.code(p, self.codes.vulnerabilities) for p in parts))

    def nhs(self, text: str) -> str:
        wanted = NhsNumberRange.TEST if self.codes.fictional else NhsNumberRange.ISSUED
        return parse_nhs_number(text, accept=wanted)


def _one_of(kind: type[StrEnum]) -> Callable[[_Reader, str], StrEnum]:
    def read(_reader: _Reader, text: str) -> StrEnum:
        try:
            return kind(text.casefold())
        except ValueError:
            raise Unreadable(f"Choose one of: {', '.join(kind)}") from None

    return read


_READERS: Mapping[str, Callable[[_Reader, str], object]] = {
    "safety": _one_of(Safety),
    "told_at": _Reader.moment,
    "born": _Reader.birthday,
    "age": _Reader.age,
    "nhs_number": _Reader.nhs,
    "crn": lambda _reader, text: parse_crn(text),
    "source": lambda reader, text: reader.code(text, reader.codes.sources),
    "place": lambda reader, text: reader.code(
        text, reader.codes.suites, reader.codes.courts, reader.codes.ways
    ),
    "stage": _one_of(StageOfCase),
    "court": lambda reader, text: reader.code(text, reader.codes.courts),
    "hearing_on": lambda reader, text: reader.day(text, future=True),
    "hearing_purpose": _one_of(HearingPurpose),
    "psr_kind": _one_of(PsrKind),
    "vulnerabilities": _Reader.several,
    "need": _one_of(Level),
    "risk": _one_of(Level),
    "urgency": _one_of(Urgency),
    "identified_on": _Reader.day,
    "screened_on": _Reader.day,
    "assessed_on": _Reader.day,
    "willing": _one_of(Willingness),
    "agreed_how": _one_of(HowAgreed),
    "agreed_on": _Reader.day,
    "able_to_agree": _one_of(Answer),
    "phone": lambda reader, text: parse_phone(text, allow_fictional=reader.codes.fictional).e164,
    "safe_to_text": _one_of(Answer),
    "language": lambda reader, text: reader.code(text, reader.codes.languages),
    "interpreter": _one_of(Answer),
}
