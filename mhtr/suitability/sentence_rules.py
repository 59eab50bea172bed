"""What is asked before a sentence is recorded: is the day right, and was he convicted at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.cases.wording import day_words
from mhtr.core.working_days import bank_holidays


class WhyThatDay(StrEnum):
    """Why a day of sentence that looks wrong is right. A code: both sides of the wall read it."""

    HEARD_LATE = "heard_late"
    BEFORE_REFERRAL = "before_referral"
    OTHER_DATE_WRONG = "other_date_wrong"
    EARLIER_HEARING = "earlier_hearing"
    COURT_SAT = "court_sat"


WHY_WORDS: Mapping[WhyThatDay, str] = {
    WhyThatDay.HEARD_LATE: "We heard of the sentence late",
    WhyThatDay.BEFORE_REFERRAL: "He was sentenced before he was referred",
    WhyThatDay.EARLIER_HEARING: "He was heard earlier than the hearing on record",
    WhyThatDay.COURT_SAT: "The court sat on that Sunday or bank holiday",
    WhyThatDay.OTHER_DATE_WRONG: "Another date on his record is wrong, not this one",
}
NO_PLEA = (
    "No guilty plea or finding is recorded, and nobody is sentenced without one. "
    "Say whether he pleaded guilty or was found guilty, and on which day."
)
NOTHING_TO_PROPOSE = (
    "“Proposed” cannot be recorded: nobody asked for a report on him, and none was released. "
    "Choose “No, not proposed”, or leave it empty."
)
_SUNDAY = 6


@dataclass(frozen=True)
class OnRecord:
    """What the record says on the day on which a sentence is recorded.

    `convicted_on` is the day of the plea or finding where it is known, `heard_on` the earliest
    hearing on record, `most_days` how many days back a sentence may lie without a question.
    """

    today: date
    referred_on: date
    convicted_on: date | None
    most_days: int
    heard_on: date | None = None


def questions(sentenced_on: date, record: OnRecord) -> tuple[str, ...]:
    """Every reason to ask whether a day of sentence is right, in words; empty where there is none.

    The days of the referral, of the plea and of the hearing themselves, and a day exactly
    `most_days` back, are not asked about. Courts sit on some Saturdays; the holidays are those of
    England.
    """
    said = f"The date of sentence, {day_words(sentenced_on)}, is"
    found = []
    if sentenced_on < record.referred_on:
        found.append(f"{said} before he was referred on {day_words(record.referred_on)}.")
    if record.convicted_on is not None and sentenced_on < record.convicted_on:
        found.append(f"{said} before his plea or finding on {day_words(record.convicted_on)}.")
    if record.heard_on is not None and sentenced_on < record.heard_on:
        found.append(f"{said} before the first hearing on record, {day_words(record.heard_on)}.")
    if sentenced_on.weekday() == _SUNDAY:
        found.append(f"{said} a Sunday.")
    elif sentenced_on in bank_holidays(sentenced_on.year):
        found.append(f"{said} a bank holiday.")
    if (record.today - sentenced_on).days > record.most_days:
        found.append(f"{said} more than {record.most_days} days ago.")
    return tuple(found)
