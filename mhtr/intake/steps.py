"""The steps of the referral form, and which answers belong to each."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from mhtr.intake.referral import Problem


class FormStep(StrEnum):
    """A page of the form, in order."""

    SAFETY = "safety"
    PERSON = "person"
    PLACE = "place"
    NEEDS = "needs"
    AGREEMENT = "agreement"


FIELDS_OF: Mapping[FormStep, tuple[str, ...]] = MappingProxyType(
    {
        FormStep.SAFETY: ("safety", "told_whom", "told_at"),
        FormStep.PERSON: (
            "given_name",
            "family_name",
            "born",
            "age",
            "nhs_number",
            "crn",
            "also_known_as",
        ),
        FormStep.PLACE: (
            "source",
            "place",
            "stage",
            "court",
            "hearing_on",
            "hearing_purpose",
            "psr_kind",
        ),
        FormStep.NEEDS: (
            "vulnerabilities",
            "need",
            "risk",
            "urgency",
            "identified_on",
            "screened_on",
            "assessed_on",
            "stages_by",
            "notes",
        ),
        FormStep.AGREEMENT: (
            "willing",
            "agreed_how",
            "agreed_on",
            "able_to_agree",
            "phone",
            "safe_to_text",
            "language",
            "interpreter",
        ),
    }
)
TITLES: Mapping[FormStep, str] = MappingProxyType(
    {
        FormStep.SAFETY: "His safety",
        FormStep.PERSON: "Who is he?",
        FormStep.PLACE: "Where you saw him, and the court case",
        FormStep.NEEDS: "What he needs",
        FormStep.AGREEMENT: "His agreement and how to reach him",
    }
)
AMENDED: Mapping[FormStep, tuple[str, ...]] = MappingProxyType(
    {**FIELDS_OF, FormStep.PLACE: ("source", "place")}
)
"""Answers of a sent referral that are put right there. The stage and the hearing are on the
hearing's own page, with their own history."""


def problems_of(step: FormStep, problems: Sequence[Problem]) -> list[Problem]:
    """Those problems that belong to one step."""
    return [problem for problem in problems if problem.field in FIELDS_OF[step]]


def next_step(saved: Collection[str], after: FormStep) -> FormStep | None:
    """The next page: the first unsaved one after this, else any unsaved one, else none."""
    order = list(FormStep)
    later = order[order.index(after) + 1 :] + order
    return next((step for step in later if step not in saved), None)
