"""Whether a referral fits this service: each criterion with its reason.

Nothing here decides for a person, and the sentence is the court's. Local values arrive frozen in
`EligibilityPolicy`; where the service has not set one, the answer is a question for the clinical
lead, never a guess.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, StageOfCase
from mhtr.cases.wording import day_words
from mhtr.intake.willing import Willingness as Willingness
from mhtr.intake.willing import agrees

NO_PLEA_YET = (
    "No guilty plea or finding is recorded yet. "
    "Until then there is a referral and a health screening, and no suitability report."
)


class Gender(StrEnum):
    MAN = "man"
    WOMAN = "woman"
    NON_BINARY = "non_binary"
    ANOTHER = "another"
    NOT_ASKED = "not_asked"
    DECLINED = "declined"
    UNKNOWN = "unknown"


class GpStatus(StrEnum):
    REGISTERED = "registered"
    WILLING = "willing"
    NO = "no"
    UNKNOWN = "unknown"


class LocalAnswer(StrEnum):
    """A local rule on who the service is for. `ASK` stands until the service has set one."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    ASK = "ask"


class AgeMeasuredOn(StrEnum):
    CONVICTION = "conviction"
    REFERRAL = "referral"


LONGEST_TO_SENTENCE = 3
"""Years: nobody waits longer than this between plea or finding and sentence. Only whoever came of
age within them may have been too young, and only for him the day itself is needed."""


@dataclass(frozen=True)
class EligibilityPolicy:
    """The service's own values.

    `minimum_age` is in whole years on the day named by `age_measured_on`. The gender switches
    have no default answer: the men's service's own rule was not found in any published source.
    """

    minimum_age: int = 18
    age_measured_on: AgeMeasuredOn = AgeMeasuredOn.CONVICTION
    trans_men: LocalAnswer = LocalAnswer.ASK
    trans_women: LocalAnswer = LocalAnswer.ASK
    non_binary: LocalAnswer = LocalAnswer.ASK


@dataclass(frozen=True)
class CoveragePeriod:
    """The service covers a court from `starts` to `ends`, both days included; None: open."""

    court_code: str
    starts: date
    ends: date | None = None

    def covers(self, court_code: str, on: date) -> bool:
        begun = self.court_code == court_code and self.starts <= on
        return begun and (self.ends is None or on <= self.ends)


@dataclass(frozen=True)
class EligibilityFacts:
    """What is known on `as_of`; None means not known.

    `stated_age` is what somebody was told in whole years: it counts only without a date of birth,
    and settles nothing within a year of the limit.

    `born_as_recorded` says whether his gender is the one registered at birth: it is read only
    where somebody volunteered it. `court_code` and `hearing_on` belong to the next hearing.
    `sentence_view` is what the court or probation has said about the sentence, in their words.
    """

    as_of: date
    born_on: date | None = None
    stated_age: int | None = None
    convicted_on: date | None = None
    stage: StageOfCase | None = None
    gender: Gender = Gender.UNKNOWN
    born_as_recorded: bool | None = None
    court_code: str | None = None
    hearing_on: date | None = None
    coverage: tuple[CoveragePeriod, ...] = ()
    willing: Willingness = Willingness.NOT_ASKED
    able_to_agree: bool | None = None
    """Whether he was able to decide on the referral when he was asked."""
    gp: GpStatus = GpStatus.UNKNOWN
    sentence_view: str | None = None


class CriterionName(StrEnum):
    AGE = "age"
    MENS_SERVICE = "mens_service"
    COURT_COVERED = "court_covered"
    WILLING = "willing"
    PLEA_OR_FINDING = "plea_or_finding"
    SENTENCE_RANGE = "sentence_range"
    GP = "gp"


class CriterionStatus(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_FOR_YOU = "not_for_this_person_to_decide"


_STATUS = {
    True: CriterionStatus.MET,
    False: CriterionStatus.NOT_MET,
    None: CriterionStatus.UNKNOWN,
}


@dataclass(frozen=True)
class Criterion:
    """One criterion, with its reason in words. `blocks`: it stands in the way of acceptance."""

    name: CriterionName
    status: CriterionStatus
    reason: str
    blocks: bool = False


def eligibility(facts: EligibilityFacts, policy: EligibilityPolicy) -> tuple[Criterion, ...]:
    """Every criterion, in the order in which a page shows them."""
    return (
        _age(facts, policy),
        _mens_service(facts, policy),
        _court(facts),
        _willing(facts),
        _plea(facts),
        _sentence_range(facts),
        _gp(facts),
    )


def _age_on(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


_NOT_CONVICTED = "Age counts at conviction, which has not happened yet."
_MAYBE_CONVICTED = "Age counts at conviction, and whether he was convicted is not recorded."


def _age(facts: EligibilityFacts, policy: EligibilityPolicy) -> Criterion:
    name, least = CriterionName.AGE, policy.minimum_age
    if facts.born_on is None:
        return _stated_age(facts, policy)
    if facts.born_on > facts.as_of:
        words = "The date of birth lies in the future. Check it."
        return Criterion(name, CriterionStatus.UNKNOWN, words)
    by_conviction = policy.age_measured_on is AgeMeasuredOn.CONVICTION
    measured = facts.convicted_on if by_conviction else facts.as_of
    age = _age_on(facts.born_on, measured or facts.as_of)
    if measured is not None:
        what = "convicted" if by_conviction else "referred"
        reason = f"He was {age} when he was {what} on {day_words(measured)}."
        if age >= least:
            return Criterion(name, CriterionStatus.MET, reason)
        return Criterion(
            name, CriterionStatus.NOT_MET, f"{reason} The service is for {least} and over.", True
        )
    if facts.stage is None and age < least:
        return Criterion(name, CriterionStatus.UNKNOWN, f"He is {age}. {_MAYBE_CONVICTED}")
    if facts.stage in AFTER_PLEA_OR_FINDING or facts.stage is None:
        if age < least:
            words = f"He is {age}. The service is for {least} and over."
            return Criterion(name, CriterionStatus.NOT_MET, words, True)
        if age - least >= LONGEST_TO_SENTENCE:
            words = (
                f"He is {age}. The day of conviction, when age counts, is not recorded, but he was "
                f"{least} or over at any that still waits for sentence."
            )
            return Criterion(name, CriterionStatus.MET, words)
        words = f"He is {age}; the date of conviction, when age counts, is not recorded."
        return Criterion(name, CriterionStatus.UNKNOWN, words)
    if age >= least:
        words = f"He is {age} and not yet convicted, so he will be {least} or over by then."
        return Criterion(name, CriterionStatus.MET, words)
    words = f"He is {age}. {_NOT_CONVICTED}"
    return Criterion(name, CriterionStatus.UNKNOWN, words)


def _stated_age(facts: EligibilityFacts, policy: EligibilityPolicy) -> Criterion:
    name, age, least = CriterionName.AGE, facts.stated_age, policy.minimum_age
    if age is None:
        return Criterion(name, CriterionStatus.UNKNOWN, "His date of birth is not known.")
    rests = f"His date of birth is not known; this rests on his stated age of {age} at referral."
    if age > least:
        return Criterion(name, CriterionStatus.MET, rests)
    limit = f"The service is for {least} and over."
    # A year either way, and the birthdays until conviction: this close, only a date settles it.
    if age >= least - 1:
        return Criterion(name, CriterionStatus.UNKNOWN, f"{rests} {limit} Find out the date.")
    convicted = facts.convicted_on is not None or facts.stage in AFTER_PLEA_OR_FINDING
    if policy.age_measured_on is AgeMeasuredOn.CONVICTION and not convicted:
        words = _MAYBE_CONVICTED if facts.stage is None else _NOT_CONVICTED
        return Criterion(name, CriterionStatus.UNKNOWN, f"{rests} {words}")
    return Criterion(name, CriterionStatus.NOT_MET, f"{rests} {limit}", True)


def _mens_service(facts: EligibilityFacts, policy: EligibilityPolicy) -> Criterion:
    name = CriterionName.MENS_SERVICE
    if facts.gender in (Gender.NOT_ASKED, Gender.DECLINED, Gender.UNKNOWN):
        return Criterion(name, CriterionStatus.UNKNOWN, "Gender is not recorded.")
    if facts.gender is Gender.MAN and facts.born_as_recorded is not False:
        return Criterion(name, CriterionStatus.MET, "Recorded as a man.")
    if facts.gender is Gender.WOMAN and facts.born_as_recorded is not False:
        words = "Recorded as a woman. London has a women's service: route the referral there."
        return Criterion(name, CriterionStatus.NOT_MET, words, True)
    answers = {Gender.MAN: policy.trans_men, Gender.WOMAN: policy.trans_women}
    answer = answers.get(facts.gender, policy.non_binary)
    if answer is LocalAnswer.ELIGIBLE:
        return Criterion(name, CriterionStatus.MET, "Eligible under this service's policy.")
    if answer is LocalAnswer.NOT_ELIGIBLE:
        words = "Not eligible under this service's policy. Offer the service that is."
        return Criterion(name, CriterionStatus.NOT_MET, words, True)
    words = "This service has set no policy on this. Ask the clinical lead."
    return Criterion(name, CriterionStatus.NOT_FOR_YOU, words)


def _court(facts: EligibilityFacts) -> Criterion:
    name = CriterionName.COURT_COVERED
    if facts.court_code is None:
        return Criterion(name, CriterionStatus.UNKNOWN, "The court is not known yet.")
    on = facts.hearing_on or facts.as_of
    if any(period.covers(facts.court_code, on) for period in facts.coverage):
        words = f"The service covers this court on {day_words(on)}."
        return Criterion(name, CriterionStatus.MET, words)
    words = f"The service does not cover this court on {day_words(on)}."
    return Criterion(name, CriterionStatus.NOT_MET, words, True)


def _willing(facts: EligibilityFacts) -> Criterion:
    agreed, words = agrees(facts.willing, facts.able_to_agree)
    # Only his own no stands in the way: a yes that cannot count is asked for again.
    refused = facts.willing is Willingness.NOT_WILLING
    return Criterion(CriterionName.WILLING, _STATUS[agreed], words, refused)


def _plea(facts: EligibilityFacts) -> Criterion:
    name = CriterionName.PLEA_OR_FINDING
    if facts.stage is None:
        words = "The stage of the criminal case is not recorded."
        return Criterion(name, CriterionStatus.UNKNOWN, words)
    if facts.stage in AFTER_PLEA_OR_FINDING:
        return Criterion(name, CriterionStatus.MET, "A guilty plea or a finding is recorded.")
    return Criterion(name, CriterionStatus.NOT_MET, NO_PLEA_YET)


def _sentence_range(facts: EligibilityFacts) -> Criterion:
    words = "Whether a community or suspended sentence order is possible is for the court."
    if facts.sentence_view:
        words = f"{words} Said so far: {facts.sentence_view}"
    return Criterion(CriterionName.SENTENCE_RANGE, CriterionStatus.NOT_FOR_YOU, words)


def _gp(facts: EligibilityFacts) -> Criterion:
    name = CriterionName.GP
    if facts.gp is GpStatus.REGISTERED:
        return Criterion(name, CriterionStatus.MET, "Registered with a GP.")
    if facts.gp is GpStatus.WILLING:
        words = "Not registered, but willing to register before treatment starts."
        return Criterion(name, CriterionStatus.MET, words)
    if facts.gp is GpStatus.NO:
        words = "No GP, and not willing to register yet. The assessment can go ahead."
        return Criterion(name, CriterionStatus.NOT_MET, words)
    words = "Not known whether he has a GP. The assessment can go ahead."
    return Criterion(name, CriterionStatus.UNKNOWN, words)
