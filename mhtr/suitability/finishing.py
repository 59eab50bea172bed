"""What stands against finishing an assessment, and what is kept with it."""

from collections.abc import Sequence

from mhtr.cases import rules
from mhtr.cases.facts import Fact, FactKind, Recommendation
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.errors import Refused
from mhtr.suitability.assessment_queries import read_assessment, section_rows
from mhtr.suitability.consent_asked import standing_consent
from mhtr.suitability.models import Assessment
from mhtr.suitability.sections import Section
from mhtr.suitability.taking_over import to_confirm
from mhtr.suitability.taking_over_rules import look_through_words

NO_RECOMMENDATION = "Record your recommendation first."


def recommended(assessment: Assessment, facts: Sequence[Fact]) -> Recommendation:
    """What its author recommends, once he has looked at all that others wrote before him.

    Raises:
        Refused: no recommendation yet, or a section that he has not looked through.
    """
    answer = read_assessment(assessment.id).get(Section.RECOMMENDATION, "recommendation")
    if not answer:
        raise Refused(NO_RECOMMENDATION)
    unlooked = to_confirm(assessment, section_rows(assessment.id), facts)
    if unlooked:
        raise Refused(look_through_words(unlooked))
    return Recommendation(str(answer))


def finish_detail(
    case: Case, assessment: Assessment, recommendation: Recommendation
) -> dict[str, object]:
    """What the milestone keeps: the recommendation, its author, and that no report is agreed to."""
    detail: dict[str, object] = {
        "recommendation": recommendation.value,
        "author_id": assessment.author_id,
    }
    declined = recommendation is Recommendation.DECLINED
    if declined and standing_consent(case) is None:
        # Declining treatment is what a report says; whoever agreed to no report gets none.
        detail["agreed"] = False
    return detail


def finishing_refused(assessment: Assessment, facts: Sequence[Fact], by: int) -> tuple[str, ...]:
    """Why finishing would be refused now, in words; empty where it would not."""
    try:
        recommendation = recommended(assessment, facts)
    except Refused as refusal:
        return refusal.reasons
    detail = {"recommendation": recommendation.value, "author_id": assessment.author_id}
    kind, today = FactKind.ASSESSMENT_FINISHED, clock.today()
    return rules.can(kind, list(facts), today, by_id=by, detail=detail).reasons
