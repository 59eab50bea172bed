"""The paragraph about a released report that its reader may quote in the pre-sentence report."""

from collections.abc import Sequence

from mhtr.cases.facts import Recommendation
from mhtr.cases.wording import day_words
from mhtr.suitability.figures import Addition, corrected_on, figures_of
from mhtr.suitability.meetings import manners
from mhtr.suitability.pronouns import worded
from mhtr.suitability.report_content import HisAnswer, ReportContent, ReportKind
from mhtr.suitability.report_view import (
    HIS_ANSWER_WORDS,
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
            says is read there; a figure it corrects is stated as corrected, and what he says last
            about the report stands at the end.
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
    before = content
    for one in additions:
        words.append(_addition(one, before))
        before = one.content
    words.append(worded(_his_answer(before), content.pronoun))
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


def _addition(one: Addition, before: ReportContent) -> str:
    """That there is an addendum, of which day, and what it changes beside what it adds."""
    said = one.content
    changed = (said.his_answer, said.his_words) != (before.his_answer, before.his_words)
    changes = worded(" and changes what {he} say{s} about it", said.pronoun) if changed else ""
    return (
        f"Addendum {said.reference}, released on {day_words(one.released_on)} (countersigned by "
        f"{said.countersigned_by}, HCPC {said.countersigner_hcpc}), adds to that report{changes}: "
        "it is to be read with it."
    )


def _his_answer(last: ReportContent) -> str:
    """What he says, where his corrections themselves stand elsewhere."""
    if last.his_answer is not HisAnswer.CORRECTIONS:
        return HIS_ANSWER_WORDS[last.his_answer]
    where = "addendum" if last.kind is ReportKind.ADDENDUM else "report"
    return f"{{He}} read or heard this report and asked for corrections, which the {where} states."


def _directed(content: ReportContent) -> str:
    at = f", at {content.institution}" if content.institution else ""
    if not content.directing_psychologist:
        return at
    # "Registered" is said only of somebody whose registration is stated.
    number = content.directing_hcpc
    registered = f", registered psychologist (HCPC {number})" if number else ""
    return f"{at}, under the direction of {content.directing_psychologist}{registered}"
