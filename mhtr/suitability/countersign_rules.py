"""What a clinical lead sees changed since a report was last returned, and where comments go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from mhtr.cases.wording import day_words
from mhtr.suitability.his_answer import addendum_answer_words
from mhtr.suitability.meetings import HOW_WORDS, meeting_words
from mhtr.suitability.report_content import (
    AFTER_SIGNING,
    ConditionStatement,
    HisAnswer,
    Meeting,
    ReportContent,
    ReportKind,
)
from mhtr.suitability.report_view import (
    ANSWER_WORDS,
    recommendation_words,
    treatment_words,
)
from mhtr.suitability.sections import Section


class AddendumPlace(StrEnum):
    """A part of an addendum; the sections of the report can be changed no more."""

    TEXT = "addendum_text"
    FIGURES = "addendum_figures"
    ANSWER = "addendum_answer"


Place = Section | AddendumPlace
COMMENTABLE: Mapping[Place, str] = MappingProxyType(
    {
        Section.RECOMMENDATION: "Recommendation",
        Section.CONDITIONS: "The three conditions",
        Section.PATHWAY: "Treatment, sessions and length",
        Section.PRACTICAL: "Practical arrangements",
        Section.RISK_NOW: "Risk and anything clinical",
    }
)
"""Sections a comment can be pinned to from the report's page."""
IN_AN_ADDENDUM: Mapping[Place, str] = MappingProxyType(
    {
        AddendumPlace.TEXT: "What the addendum says",
        AddendumPlace.FIGURES: "Treatment, sessions and length",
        AddendumPlace.ANSWER: "What he says to it",
    }
)
"""Parts a comment can be pinned to from an addendum's page."""
PLACES: Mapping[Place, str] = MappingProxyType({**COMMENTABLE, **IN_AN_ADDENDUM})

_COMMENTED: Mapping[str, str] = {place.value: name for place, name in PLACES.items()}

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "person_name": "Name",
        "person_born_on": "Date of birth",
        "crn": "CRN",
        "assessed_on": "Days of the assessment",
        "how_assessed": "How he was assessed",
        "meetings": "Meetings",
        "interpreter_language": "Interpreter",
        "told_beforehand": "Told beforehand who reads it",
        "told_readers": "Told who reads it",
        "told_quoted": "Told that it may be quoted",
        "need": "Need",
        "arrangements": "Arrangements",
        "willingness": "Willingness",
        "recommendation": "Recommendation",
        "recommendation_wording": "Why",
        "when_ready": "When he would be ready",
        "pathways": "Kind of treatment",
        "sessions": "Sessions",
        "requirement_months": "Length in months",
        "institution": "Institution",
        "directing_psychologist": "Psychologist directing",
        "directing_hcpc": "HCPC number of the psychologist directing",
        "practical_arrangements": "Practical arrangements",
        "addendum_wording": "What is added",
        "corrected": "Figures corrected",
        "addendum_answer": "What he says to the addendum",
        "addendum_words": "His words on the addendum",
        "consent_given_on": "Consent",
        "consent_version": "Version of the consent",
        "author_name": "Author",
        "author_title": "Author's title",
        "begun_by": "Begun by",
        "pronoun": "Pronoun",
    }
)
# They change with every rewriting and say nothing about the words.
_NOT_SHOWN = AFTER_SIGNING | {"written_on"}


@dataclass(frozen=True)
class Change:
    """One part of the report that reads otherwise than before."""

    field: str
    name: str
    before: str
    after: str


def changes(before: ReportContent, after: ReportContent) -> tuple[Change, ...]:
    """What reads otherwise, part by part, in the order of the report."""
    found = []
    for name in ReportContent.__dataclass_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if name not in _NOT_SHOWN and old != new:
            found.append(Change(name, NAMES.get(name, name), words(name, old), words(name, new)))
    return tuple(found)


def comment_words(comments: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """A lead's comments as stored, each with what it is about."""
    named = ((_COMMENTED.get(one["section"], ""), one["text"]) for one in comments)
    return tuple(f"{name}: {text}" if name else text for name, text in named)


def words(name: str, value: object) -> str:
    """A part of the report as plain words; empty where it is left out."""
    if value is None or value == ():
        return ""
    if isinstance(value, ConditionStatement):
        return f"{ANSWER_WORDS[value.answer]}: {value.wording}"
    if name == "recommendation":
        return recommendation_words(value)  # type: ignore[arg-type]  # the field's own type
    if isinstance(value, ReportKind):
        return "Addendum" if value is ReportKind.ADDENDUM else "Suitability report"
    if isinstance(value, HisAnswer):
        return addendum_answer_words(value)
    if name == "how_assessed":
        return HOW_WORDS[value]  # type: ignore[index]  # the field's own type
    if isinstance(value, Meeting):
        return meeting_words(value)
    if name == "pathways":
        return treatment_words(value)  # type: ignore[arg-type]  # the field's own type
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, tuple):
        return " and ".join(words(name, item) for item in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value)
