"""The paragraph about a released report that its reader may quote in the pre-sentence report."""

from collections.abc import Sequence

from mhtr.cases.facts import Recommendation
from mhtr.cases.wording import day_words
from mhtr.suitability.figures import Addition, corrected_on, figures_of
from mhtr.suitability.his_answer import quoted_addendum, quoted_report
from mhtr.suitability.meetings import manners
from mhtr.suitability.pronouns import worded
from mhtr.suitability.report_content import ReportContent
from mhtr.suitability.report_view import (
    months_words,
    paragraphs,
    recommendation_words,
    report_view,
    treatment_words,
)


def psr_paragraph(content: ReportContent, additions: Sequence[Addition] = ()) -> str:
    """One paragraph for the pre-sentence report. Raises ValueError for a draft.

    Args:
        additions: every addendum released after the report, oldest first. Each is named; what it
            says is read there; a figure it corrects is stated as corrected. What he says of it
            stands with it, and never in place of what he says of the report.
    """
    if content.is_draft or any(one.content.is_draft for one in additions):
        raise ValueError("A draft is not quoted in a pre-sentence report.")
    said = recommendation_words(content.recommendation, content.pronoun)
    words = [
        f"{content.person_name} was assessed for a mental health treatment requirement by "
        f"{content.service_name} ({manners(content)}; report {content.reference}, "
        f"countersigned by {content.countersigned_by}, HCPC {content.countersigner_hcpc}).",
        f"Recommendation: {said.lower()}.",
    ]
    answers = "; ".join(
        f"{row.title.lower()}: {row.answer_words.lower()}"
        for row in report_view(content).conditions
    )
    words.append(f"Conditions of the law: {answers}.")
    words += _proposed(content, additions)
    if content.recommendation is Recommendation.SUITABLE_NOT_READY and content.when_ready:
        ready = " ".join(paragraphs(content.when_ready))
        words.append(worded("When {he} would be ready: ", content.pronoun) + ready)
    words.append(quoted_report(content))
    words += [_addition(one) for one in additions]
    return " ".join(words)


def _proposed(content: ReportContent, additions: Sequence[Addition]) -> list[str]:
    """What is proposed, by the last figures that were released."""
    figures = figures_of(additions[-1].content if additions else content)
    if figures is None:
        return []
    on = corrected_on(content, additions)
    corrected = f", as corrected on {day_words(on)}" if on else ""
    return [
        f"Proposed: {figures.sessions} sessions of {treatment_words(figures.pathways)} within "
        f"a requirement of {months_words(figures.requirement_months)}"
        f"{_directed(content)}{corrected}."
    ]


def _addition(one: Addition) -> str:
    """That there is an addendum, of which day, and what he says of it."""
    said = one.content
    return (
        f"Addendum {said.reference} of {day_words(said.written_on)}, released on "
        f"{day_words(one.released_on)} (countersigned by {said.countersigned_by}, "
        f"HCPC {said.countersigner_hcpc}), adds to that report: it is to be read with it. "
        f"{quoted_addendum(said)}"
    )


def _directed(content: ReportContent) -> str:
    at = f", at {content.institution}" if content.institution else ""
    if not content.directing_psychologist:
        return at
    # "Registered" is said only of somebody whose registration is stated.
    number = content.directing_hcpc
    registered = f", registered psychologist (HCPC {number})" if number else ""
    return f"{at}, under the direction of {content.directing_psychologist}{registered}"
