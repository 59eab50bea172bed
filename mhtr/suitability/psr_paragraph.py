"""The paragraph about a released report that its reader may quote in the pre-sentence report."""

from mhtr.cases.facts import Recommendation
from mhtr.suitability.pronouns import worded
from mhtr.suitability.report_content import ReportContent
from mhtr.suitability.report_view import (
    HIS_ANSWER_WORDS,
    HOW_WORDS,
    months_words,
    paragraphs,
    recommendation_words,
    report_view,
    treatment_words,
)


def psr_paragraph(content: ReportContent) -> str:
    """One paragraph for the pre-sentence report. Raises ValueError for a draft."""
    if content.is_draft:
        raise ValueError("A draft is not quoted in a pre-sentence report.")
    said = recommendation_words(content.recommendation, content.pronoun)
    words = [
        f"{content.person_name} was assessed for a mental health treatment requirement by "
        f"{content.service_name} ({HOW_WORDS[content.how_assessed]}; report {content.reference}, "
        f"countersigned by {content.countersigned_by}, HCPC {content.countersigner_hcpc}).",
        f"Recommendation: {said.lower()}.",
    ]
    answers = "; ".join(
        f"{row.title.lower()}: {row.answer_words.lower()}"
        for row in report_view(content).conditions
    )
    words.append(f"Conditions of the law: {answers}.")
    if content.pathways and content.sessions and content.requirement_months:
        words.append(
            f"Proposed: {content.sessions} sessions of {treatment_words(content.pathways)} within "
            f"a requirement of {months_words(content.requirement_months)}"
            f"{_directed(content)}."
        )
    if content.recommendation is Recommendation.SUITABLE_NOT_READY and content.when_ready:
        ready = " ".join(paragraphs(content.when_ready))
        words.append(worded("When {he} would be ready: ", content.pronoun) + ready)
    words.append(worded(HIS_ANSWER_WORDS[content.his_answer], content.pronoun))
    return " ".join(words)


def _directed(content: ReportContent) -> str:
    at = f", at {content.institution}" if content.institution else ""
    if not content.directing_psychologist:
        return at
    # "Registered" is said only of somebody whose registration is stated.
    number = content.directing_hcpc
    registered = f", registered psychologist (HCPC {number})" if number else ""
    return f"{at}, under the direction of {content.directing_psychologist}{registered}"
