"""What a suitability report says, from an allow-list.

`ReportContent` has one explicit field for each thing a report may hold. There is no field for a
note, a score, a formulation or a free annex, so clinical text has no way in. The page, the PDF
and the paragraph for the pre-sentence report are all made from it. The basis of each item:
`mhtr.suitability.report_basis`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_type_hints

from mhtr.cases.facts import Recommendation
from mhtr.suitability.pronouns import Pronoun
from mhtr.suitability.sections import Pathway


class ReportKind(StrEnum):
    REPORT = "report"
    ADDENDUM = "addendum"


class HowAssessed(StrEnum):
    IN_PERSON = "in_person"
    VIDEO = "video"
    TELEPHONE = "telephone"


class ConditionAnswer(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNCLEAR = "unclear"


class HisAnswer(StrEnum):
    """What he said when he read or heard the report."""

    AGREES = "agrees"
    CORRECTIONS = "corrections"
    DISAGREES = "disagrees"
    WOULD_NOT_HEAR = "would_not_hear"
    NOT_REACHED = "not_reached"
    TOO_UNWELL = "too_unwell"
    NO_INTERPRETER = "no_interpreter"
    COULD_NOT_BE_READ = "could_not_be_read"
    """Without a reason: in older reports only."""
    NOT_YET = "not_yet"


NOT_HEARD_BECAUSE = frozenset(
    {
        HisAnswer.WOULD_NOT_HEAR,
        HisAnswer.NOT_REACHED,
        HisAnswer.TOO_UNWELL,
        HisAnswer.NO_INTERPRETER,
    }
)
"""Why a report goes out that he has not read or heard; see decision record 11."""


@dataclass(frozen=True)
class Meeting:
    """One meeting of the assessment: day, manner, and who met him, with the job title."""

    on: date
    how: HowAssessed
    by: str


@dataclass(frozen=True)
class ConditionStatement:
    """One condition of the law, with the assessor's wording for release."""

    answer: ConditionAnswer
    wording: str


@dataclass(frozen=True, kw_only=True)
class ReportContent:
    """One report or addendum. Every wording here was written to be released.

    The countersigning fields are all set or all None: without them it is a draft. `sessions`
    counts treatment sessions, `requirement_months` is in calendar months; both None where no
    requirement is recommended. Raises ValueError where the fields contradict each other.
    """

    kind: ReportKind
    reference: str
    service_name: str
    written_on: date
    person_name: str
    person_born_on: date | None
    crn: str | None
    court_name: str
    hearing_on: date | None
    requested_by: str
    requested_on: date | None
    assessed_on: tuple[date, ...]
    how_assessed: HowAssessed | None
    """Days and the one manner of all of them: of reports from before `meetings`."""
    interpreter_language: str | None
    told_beforehand: bool
    need: ConditionStatement
    arrangements: ConditionStatement
    willingness: ConditionStatement
    recommendation: Recommendation
    recommendation_wording: str
    when_ready: str | None
    pathways: tuple[Pathway, ...]
    sessions: int | None
    requirement_months: int | None
    institution: str | None
    directing_psychologist: str | None
    directing_hcpc: str | None
    practical_arrangements: str | None
    his_answer: HisAnswer
    his_words: str | None
    addendum_to: str | None
    addendum_wording: str | None
    consent_given_on: date | None
    consent_version: str | None
    author_name: str
    author_title: str
    countersigned_by: str | None
    countersigner_hcpc: str | None
    countersigned_on: date | None
    pronoun: Pronoun = Pronoun.HE
    told_readers: bool | None = None
    told_quoted: bool | None = None
    """Where he was not told both: what was recorded of each; None: nothing was."""
    meetings: tuple[Meeting, ...] | None = None
    """Each meeting; None in older reports."""
    begun_by: str | None = None
    """Who wrote parts of it before its author took it over; None where the author wrote all."""
    corrected: tuple[str, ...] | None = None
    """An addendum's figures of the proposal that are other than before, in the program's words."""
    addendum_answer: HisAnswer | None = None
    """What he says of the addendum; `his_answer` is of its report. None: in addenda from before
    the two were told apart, of which `his_answer` speaks."""
    addendum_words: str | None = None

    def __post_init__(self) -> None:
        signature = (self.countersigned_by, self.countersigner_hcpc, self.countersigned_on)
        if any(signature) and not all(signature):
            raise ValueError("A countersignature needs a name, an HCPC number and a date.")
        if (self.kind is ReportKind.ADDENDUM) != bool(self.addendum_to and self.addendum_wording):
            raise ValueError("An addendum names its report and has its own wording.")
        proposes = self.recommendation in (
            Recommendation.SUITABLE,
            Recommendation.SUITABLE_NOT_READY,
        )
        if proposes and not (self.pathways and self.sessions and self.requirement_months):
            raise ValueError("A requirement needs treatment, sessions and a length.")
        if proposes and not (self.institution or self.directing_psychologist):
            raise ValueError("Name the institution or the registered psychologist directing.")

    @property
    def is_draft(self) -> bool:
        return self.countersigned_by is None


# Fixed only after the clinical lead has read the rest: her signature, his answer to it, and who
# asked for which hearing, which follows the court and probation until the day of release.
AFTER_SIGNING = frozenset(
    {
        "countersigned_by",
        "countersigner_hcpc",
        "countersigned_on",
        "his_answer",
        "his_words",
        "crn",
        "court_name",
        "hearing_on",
        "requested_by",
        "requested_on",
    }
)


_LATER = (
    "told_readers",
    "told_quoted",
    "meetings",
    "begun_by",
    "corrected",
    "addendum_answer",
    "addendum_words",
)
"""Fields that older reports do not have."""


def to_json(content: ReportContent) -> dict[str, Any]:
    """The content as JSON values, dates as ISO text; `from_json` reads it back.

    The usual pronoun and what older reports have no field for are left out where they say
    nothing: the fingerprints of reports from before they were asked stay true.
    """
    made = {field.name: _plain(getattr(content, field.name)) for field in fields(content)}
    if content.pronoun is Pronoun.HE:
        del made["pronoun"]
    return {name: value for name, value in made.items() if name not in _LATER or value is not None}


def _plain(value: object) -> object:
    if isinstance(value, ConditionStatement):
        return {"answer": value.answer.value, "wording": value.wording}
    if isinstance(value, Meeting):
        return {"on": value.on.isoformat(), "how": value.how.value, "by": value.by}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def from_json(stored: Mapping[str, Any]) -> ReportContent:
    """The content of stored JSON. Raises ValueError for an unknown or a missing field."""
    hints = get_type_hints(ReportContent)
    stored = {"pronoun": Pronoun.HE.value, **dict.fromkeys(_LATER), **stored}
    if set(stored) != set(hints):
        raise ValueError(f"Not a report's fields: {sorted(set(stored) ^ set(hints))}")
    return ReportContent(**{name: _typed(hints[name], stored[name]) for name in hints})


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(hint, UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if hint is date:
        return date.fromisoformat(value)
    if hint is Meeting:
        on, how = date.fromisoformat(value["on"]), HowAssessed(value["how"])
        return Meeting(on, how, value["by"])
    if hint is ConditionStatement:
        return ConditionStatement(ConditionAnswer(value["answer"]), value["wording"])
    if get_args(hint):
        return tuple(_typed(get_args(hint)[0], item) for item in value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value)
    return value


def content_hash(content: ReportContent) -> str:
    """SHA-256 (hex) of the whole content as canonical JSON: what a release is logged with."""
    return _digest(to_json(content))


def signed_hash(content: ReportContent) -> str:
    """SHA-256 (hex) of what the clinical lead signs: all but `AFTER_SIGNING`.

    Put it into the facts `COUNTERSIGNED` and `RELEASED`; a report that has changed since is
    then refused.
    """
    kept = {name: value for name, value in to_json(content).items() if name not in AFTER_SIGNING}
    return _digest(kept)


def _digest(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
