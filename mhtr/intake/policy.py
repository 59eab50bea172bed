"""What a service sets for itself at intake."""

from mhtr.core.policy import PolicyValue, declare, values
from mhtr.intake.eligibility import AgeMeasuredOn, EligibilityPolicy, LocalAnswer

TRIAGE_DAYS = declare(
    PolicyValue(
        key="intake.triage_days",
        label="Time to triage a referral",
        default=1,
        unit="a whole number of working days",
        source="Local default; no published figure was found",
        maximum=20,
    )
)
SAFETY_HOURS = declare(
    PolicyValue(
        key="intake.safety_hours",
        label="Time for which a draft's answer to “Is he safe now?” holds",
        default=4,
        unit="a whole number of hours; after it the question is asked again before sending",
        source="Local decision; no published figure was found",
        minimum=1,
        maximum=24,
    )
)
API_CALLS_A_MINUTE = declare(
    PolicyValue(
        key="intake.api_calls_a_minute",
        label="Calls of one API token in a minute",
        default=60,
        unit="a whole number of calls",
        source="Local default; a custody suite sends a few referrals an hour",
        minimum=1,
        maximum=6000,
    )
)
ONWARD_DAYS = declare(
    PolicyValue(
        key="intake.onward_days",
        label="Time before an onward referral is followed up",
        default=5,
        unit="a whole number of working days",
        source="Local default; no published figure was found",
        minimum=1,
        maximum=60,
    )
)
QUESTION_DAYS = declare(
    PolicyValue(
        key="intake.question_days",
        label="Time for the referrer to answer a question about a referral",
        default=1,
        unit="a whole number of working days; 0: until the end of the day",
        source="Local default: a referral is to be triaged in a working day",
        maximum=20,
    )
)
CHASE_DAYS = declare(
    PolicyValue(
        key="intake.chase_days",
        label="Time before a missing hearing, plea or report type is chased",
        default=3,
        unit="a whole number of working days",
        source="Local default; no published figure was found",
        maximum=30,
    )
)
ALLOCATE_DAYS = declare(
    PolicyValue(
        key="intake.allocate_days",
        label="Time to allocate an accepted referral",
        default=1,
        unit="a whole number of working days",
        source="Local default; no published figure was found",
        maximum=20,
    )
)
ASSESS_DAYS = declare(
    PolicyValue(
        key="intake.assess_days",
        label="Time to begin the assessment after allocation",
        default=5,
        unit="a whole number of working days",
        source="Local default; a date for the report that falls earlier goes first",
        maximum=60,
    )
)
URGENT_ASSESS_DAYS = declare(
    PolicyValue(
        key="intake.urgent_assess_days",
        label="Time to begin the assessment of an urgent case after allocation",
        default=1,
        unit="a whole number of working days; 0: until the end of the day",
        source="Local default; whether he is safe is looked at before that, as a sign of risk",
        maximum=10,
    )
)
PAUSED_DAYS = declare(
    PolicyValue(
        key="intake.paused_days",
        label="Time before a paused case is looked at again",
        default=10,
        unit="a whole number of working days",
        source="Local default; no published figure was found",
        minimum=1,
        maximum=60,
    )
)
HAND_OVER_DAYS = declare(
    PolicyValue(
        key="intake.hand_over_days",
        label="Time in which the former assessor of a case that moved to another trust can open it",
        default=2,
        unit="a whole number of working days; 0: until the end of the day",
        source="Local default: long enough for one conversation between two clinicians",
        maximum=10,
    )
)
DAY_ENDS = declare(
    PolicyValue(
        key="intake.day_ends",
        label="Hour by which a task is due on its day",
        default=17,
        unit="an hour of the day in London, 0 to 23",
        source="Local default",
        maximum=23,
    )
)
DEFAULT_TRUST = declare(
    PolicyValue(
        key="intake.default_trust",
        label="Trust that takes referrals no coverage decides",
        default="",
        unit="the ODS code of a treating trust, or nothing",
        source="Local: to be agreed between the trusts",
    )
)
MINIMUM_AGE = declare(
    PolicyValue(
        key="intake.minimum_age",
        label="Youngest age",
        default=18,
        unit="a whole number of years",
        source="The London men's service is for men over 18 (West London NHS Trust, 2025)",
        maximum=30,
    )
)
AGE_ON = declare(
    PolicyValue(
        key="intake.age_on",
        label="The day on which age counts",
        default=AgeMeasuredOn.CONVICTION.value,
        unit="conviction or referral",
        source="Local reading; to be confirmed",
        choices=tuple(day.value for day in AgeMeasuredOn),
    )
)


def _gender(key: str, label: str) -> PolicyValue:
    return declare(
        PolicyValue(
            key=f"intake.{key}",
            label=f"Whether the men's service takes {label}",
            default=LocalAnswer.ASK.value,
            unit="eligible, not_eligible or ask",
            source="No published rule of the men's service was found: set it locally",
            choices=tuple(answer.value for answer in LocalAnswer),
        )
    )


TRANS_MEN = _gender("trans_men", "trans men")
TRANS_WOMEN = _gender("trans_women", "trans women")
NON_BINARY = _gender("non_binary", "non-binary people")


def eligibility_policy() -> EligibilityPolicy:
    """The eligibility values in force today, frozen."""
    held = values(MINIMUM_AGE, AGE_ON, TRANS_MEN, TRANS_WOMEN, NON_BINARY)
    return EligibilityPolicy(
        minimum_age=int(held["minimum_age"]),
        age_measured_on=AgeMeasuredOn(str(held["age_on"])),
        trans_men=LocalAnswer(str(held["trans_men"])),
        trans_women=LocalAnswer(str(held["trans_women"])),
        non_binary=LocalAnswer(str(held["non_binary"])),
    )
