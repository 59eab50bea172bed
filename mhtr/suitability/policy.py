"""What a service sets for itself about reports: deadlines, chasing results, access after sentence.

Periods are in working days of England unless the label says otherwise.
"""

from collections.abc import Mapping

from mhtr.core.policy import PolicyValue, Value, declare, values
from mhtr.suitability.countersigning import CountersignPolicy
from mhtr.suitability.deadlines import DeadlinePolicy, OnNonWorkingDay
from mhtr.suitability.rules import PathwayPolicy

_DAYS = "a whole number of working days"
_CARD = (
    "Sentencing Council pronouncement card on adjournments for pre-sentence reports; "
    "parliamentary question 98201"
)
_LOCAL = "Local agreement of the trust and probation"
_READING = "A reading of the rule"

ORAL_DAYS = declare(
    PolicyValue(
        "suitability.oral_days", "Report for an oral pre-sentence report", 0, _DAYS, _CARD, True
    )
)
SHORT_DAYS = declare(
    PolicyValue(
        "suitability.short_days", "Report for a short pre-sentence report", 5, _DAYS, _CARD, True
    )
)
STANDARD_DAYS = declare(
    PolicyValue(
        "suitability.standard_days",
        "Report for a standard pre-sentence report",
        15,
        _DAYS,
        _CARD,
        True,
    )
)
UNKNOWN_TYPE_DAYS = declare(
    PolicyValue(
        "suitability.unknown_type_days",
        "Report while the kind of pre-sentence report is not known",
        5,
        _DAYS,
        _LOCAL,
    )
)
DAYS_BEFORE_PSR = declare(
    PolicyValue(
        "suitability.days_before_psr",
        "Report before the pre-sentence report is filed",
        1,
        _DAYS,
        _LOCAL,
    )
)
LEAST_DAYS = declare(
    PolicyValue(
        "suitability.least_days", "Least time the service needs for a report", 0, _DAYS, _LOCAL
    )
)
SOON_DAYS = declare(
    PolicyValue("suitability.soon_days", "A due date is shown as soon", 2, _DAYS, _LOCAL)
)
CLOSING_HOUR = declare(
    PolicyValue(
        "suitability.closing_hour",
        "Hour from which a request counts as made the next working day",
        17,
        "an hour of the day, London time",
        _READING,
        maximum=24,
    )
)
LATE_SAME_DAY = declare(
    PolicyValue(
        "suitability.late_request_counts_same_day",
        "A request after closing counts from the same day",
        False,
        "yes or no",
        _READING,
    )
)
START_NEXT_WORKING_DAY = declare(
    PolicyValue(
        "suitability.start_next_working_day",
        "A request on a non-working day counts from the next working day",
        True,
        "yes or no",
        _READING,
    )
)
DUE_ON_NON_WORKING_DAY = declare(
    PolicyValue(
        "suitability.due_on_non_working_day",
        "A due date on a day when nobody works",
        OnNonWorkingDay.DAY_BEFORE.value,
        "one of the choices",
        _READING,
        choices=tuple(choice.value for choice in OnNonWorkingDay),
    )
)
ACCESS_AFTER_SENTENCE = declare(
    PolicyValue(
        "suitability.access_after_sentence",
        "The court team's access ends after sentence",
        28,
        "a whole number of calendar days",
        _LOCAL,
        maximum=365,
    )
)
SENTENCE_ASKED_AFTER = declare(
    PolicyValue(
        "suitability.sentence_asked_after",
        "A day of sentence is asked about when it is longer ago than",
        28,
        "a whole number of calendar days",
        _LOCAL,
        maximum=365,
    )
)
ACCESS_AFTER_WITHDRAWAL = declare(
    PolicyValue(
        "suitability.access_after_withdrawal",
        "The court team's access ends after it withdrew its request",
        7,
        "a whole number of calendar days",
        _LOCAL,
        maximum=365,
    )
)
FLAG_REVIEW_DAYS = declare(
    PolicyValue(
        "suitability.flag_review_days",
        "A warning from probation is reviewed after",
        28,
        "a whole number of calendar days",
        _LOCAL,
        minimum=1,
        maximum=365,
    )
)

CHECK_VALID_DAYS = declare(
    PolicyValue(
        "suitability.check_valid_days",
        "A check of a clinical lead's HCPC registration holds for",
        365,
        "a whole number of calendar days",
        _LOCAL,
        minimum=1,
        maximum=1095,
    )
)
_SESSIONS = "a whole number of sessions"
FEWEST_SESSIONS = declare(
    PolicyValue(
        "suitability.fewest_sessions", "A course has usually at least", 10, _SESSIONS, _LOCAL,
        minimum=1, maximum=120,
    )
)  # fmt: skip
USUAL_MOST_SESSIONS = declare(
    PolicyValue(
        "suitability.usual_most_sessions", "A course has usually at most", 12, _SESSIONS, _LOCAL,
        minimum=1, maximum=120,
    )
)  # fmt: skip
MOST_SESSIONS = declare(
    PolicyValue(
        "suitability.most_sessions", "The service offers at most", 20, _SESSIONS, _LOCAL,
        minimum=1, maximum=120,
    )
)  # fmt: skip

DEADLINE_VALUES = (
    ORAL_DAYS,
    SHORT_DAYS,
    STANDARD_DAYS,
    UNKNOWN_TYPE_DAYS,
    DAYS_BEFORE_PSR,
    LEAST_DAYS,
    SOON_DAYS,
    CLOSING_HOUR,
    LATE_SAME_DAY,
    START_NEXT_WORKING_DAY,
    DUE_ON_NON_WORKING_DAY,
)


def deadline_policy(in_force: Mapping[str, Value]) -> DeadlinePolicy:
    """The values in force (by the last part of their key) as the rules take them."""
    given = dict(in_force)
    moved = OnNonWorkingDay(str(given.pop("due_on_non_working_day")))
    flags = {k: v for k, v in given.items() if isinstance(v, bool)}
    numbers = {k: v for k, v in given.items() if isinstance(v, int) and not isinstance(v, bool)}
    return DeadlinePolicy(**flags, **numbers, due_on_non_working_day=moved)  # type: ignore[arg-type]


def pathway_policy() -> PathwayPolicy:
    """The numbers of sessions in force today."""
    found = values(FEWEST_SESSIONS, USUAL_MOST_SESSIONS, MOST_SESSIONS)
    return PathwayPolicy(**{key: int(value) for key, value in found.items()})


def countersign_policy() -> CountersignPolicy:
    """How long a check of the register holds today."""
    return CountersignPolicy(check_valid_days=int(values(CHECK_VALID_DAYS)["check_valid_days"]))
