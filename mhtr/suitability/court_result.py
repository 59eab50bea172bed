"""What somebody records of a court's result: its values, what contradicts, and what corrects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.cases.facts import StageOfCase
from mhtr.cases.filing import Filing
from mhtr.suitability.outcome_rules import Side
from mhtr.suitability.sentence_rules import WhyThatDay


class Result(StrEnum):
    """What the court did."""

    CO_MHTR = "co_mhtr"
    SSO_MHTR = "sso_mhtr"
    OTHER_COMMUNITY = "other_community"
    CUSTODY = "custody"
    OTHER = "other"
    ADJOURNED = "adjourned"
    """No sentence yet: a new court date, or none fixed."""


RESULT_WORDS: Mapping[Result, str] = {
    Result.CO_MHTR: "Community order with a mental health treatment requirement",
    Result.SSO_MHTR: "Suspended sentence order with a mental health treatment requirement",
    Result.OTHER_COMMUNITY: "Another community or suspended sentence, without the requirement",
    Result.CUSTODY: "Immediate custody",
    Result.OTHER: "Another result, for example a fine or discharge",
    Result.ADJOURNED: "No sentence yet: adjourned",
}
WITH_MHTR = frozenset({Result.CO_MHTR, Result.SSO_MHTR})


class Correction(StrEnum):
    """Why what was recorded before is wrong. A code: both sides of the wall read it."""

    WRONG_ANSWER = "wrong_answer"
    WRONG_DATE = "wrong_date"
    WRONG_MAN = "wrong_man"
    TOLD_WRONGLY = "told_wrongly"
    COURT_CHANGED_IT = "court_changed_it"
    LATER_REPORT = "later_report"


CORRECTION_WORDS: Mapping[Correction, str] = {
    Correction.WRONG_ANSWER: "The wrong answer was chosen",
    Correction.WRONG_DATE: "The date was wrong",
    Correction.WRONG_MAN: "It was recorded for the wrong man",
    Correction.TOLD_WRONGLY: "We were told wrongly what happened at court",
    Correction.COURT_CHANGED_IT: "The court has changed its decision since",
    Correction.LATER_REPORT: "A later report proposed otherwise",
}


@dataclass(frozen=True)
class Outcome:
    """What somebody records after the hearing. `result` is None while only the PSR is known."""

    proposed: bool | None
    result: Result | None = None
    sentenced_on: date | None = None
    next_hearing_on: date | None = None
    filing: Filing | None = None
    """When the pre-sentence report is filed for the new court date; None: nobody said."""
    note: str = ""
    note_side: Side | None = None
    """The side of the wall that reads the note: the writer's own."""
    stage: StageOfCase | None = None
    convicted_on: date | None = None
    """The plea or finding, where none was recorded before the sentence."""
    why_that_day: WhyThatDay | None = None
    """Why a day of sentence that does not fit the record is right all the same."""
    to_trust: int | None = None
    """Another trust to which a new court date takes the case, where that trust was named."""
    asked_service: bool = False
    """The report may no longer stand; the service was asked, and it is proposed all the same."""
    correction: Correction | None = None
    """Why what was recorded before is wrong, where this puts it right."""


@dataclass(frozen=True)
class Stands:
    """What counts now: whether a sentence is recorded, and what the report proposed."""

    sentence: bool
    proposed: bool | None


def contradictions(said: Outcome) -> tuple[str, ...]:
    """What cannot be true together, in words; empty where everything fits."""
    found = []
    sentence = said.result is not None and said.result is not Result.ADJOURNED
    if said.sentenced_on is not None and not sentence:
        found.append("There is a date of sentence, but no sentence.")
    if said.next_hearing_on is not None and said.result is not Result.ADJOURNED:
        found.append("There is a new court date, but the case is not adjourned.")
    if (said.stage is not None or said.convicted_on is not None) and not sentence:
        found.append("There is a plea or finding, but no sentence. Record it as the stage.")
    return tuple(found)


def corrects(said: Outcome, stands: Stands) -> bool:
    """Whether this puts right what was recorded before, so that a reason is asked for."""
    return _proposal_is_another(said, stands) or _result_is_another(said, stands)


def _proposal_is_another(said: Outcome, stands: Stands) -> bool:
    return None not in (said.proposed, stands.proposed) and said.proposed != stands.proposed


def _result_is_another(said: Outcome, stands: Stands) -> bool:
    return said.result is not None and stands.sentence


def told(said: Outcome, stands: Stands) -> str:
    """What everybody concerned is told of it; empty where it is no news. No name: it is on lists.

    Args:
        stands: what counted before. A first result beside a proposal put right corrects nothing.
    """
    found = [_result_told(said, stands)]
    if _proposal_is_another(said, stands):
        proposed = "proposed" if said.proposed else "not proposed"
        found.append(
            f"What the pre-sentence report proposed is put right: the requirement was {proposed}."
        )
    return " ".join(words for words in found if words)


def _result_told(said: Outcome, stands: Stands) -> str:
    again = _result_is_another(said, stands)
    if said.result is Result.ADJOURNED:
        taken_back = "A sentence was recorded by mistake and is taken back: "
        return f"{taken_back}there is no sentence yet." if again else ""
    if said.result is None:
        return ""
    made = "with" if said.result in WITH_MHTR else "without"
    words = f"he court has sentenced, {made} a mental health treatment requirement."
    return f"The court’s result is put right: t{words}" if again else f"T{words}"
