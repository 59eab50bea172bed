"""What he answers about consent in an assessment becomes the itemised consent on his record.

The section is where he is asked, so that a report never rests on an answer without a version of
the text, a way, a day and a name; see `mhtr.cases.consent_service` for what each answer does.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from mhtr.cases import consent_service
from mhtr.cases.consent_queries import standing_of
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.errors import Refused
from mhtr.people.models import ConsentDecision, ConsentEvent, ConsentItem
from mhtr.suitability.meetings import read
from mhtr.suitability.models import Assessment
from mhtr.suitability.report_content import HowAssessed
from mhtr.suitability.sections import Answer, Answers, Section

ITEMS: Mapping[Section, Mapping[str, ConsentItem]] = MappingProxyType(
    {
        Section.TOLD: {"agrees": ConsentItem.ASSESSMENT},
        Section.WILLINGNESS_CONSENT: {
            "consent_report": ConsentItem.ASSESSMENT,
            "consent_treatment": ConsentItem.TREATMENT,
        },
    }
)
"""Questions about consent by section, and what each asks him to agree to. The first is asked
before the assessment; what he says of the report at its end may be another answer."""
HOW: Mapping[HowAssessed, str] = MappingProxyType(
    {
        HowAssessed.IN_PERSON: "face_to_face",
        HowAssessed.VIDEO: "video",
        HowAssessed.TELEPHONE: "telephone",
    }
)
NO_MEETING = (
    "Say first how and on which day he was assessed: his consent is recorded with it. "
    "What you typed is still here."
)


def record_answers(
    case: Case,
    assessment: Assessment,
    section: Section,
    before: Answers,
    answers: Answers,
    *,
    by: int,
) -> None:
    """Record what is new in the answers of the section, each item once for one answer.

    A no after he had agreed takes it back; any other no is a refusal. An answer that was in the
    section before says nothing new: what he said since, elsewhere, holds.

    Raises:
        Refused: it is not said yet how and on which day he was assessed.
    """
    held = standing_of(case)
    for key, item in ITEMS[section].items():
        last = held.get(item)
        decision = _decision(answers.get(key), before.get(key), last, case)
        if decision is None:
            continue
        if not assessment.meetings:
            raise Refused(NO_MEETING)
        consent_service.record_consent(
            case_id=case.id,
            item=item,
            decision=decision,
            how=HOW[read(assessment.meetings)[-1].how],
            at=_moment(assessment, last, first=not isinstance(before.get(key), bool)),
            by=by,
        )


def _decision(
    answer: Answer, before: Answer, last: ConsentEvent | None, case: Case
) -> ConsentDecision | None:
    """What is to be recorded, None where nothing new was said."""
    if not isinstance(answer, bool) or (last is not None and answer is before):
        return None
    agreed = last is not None and last.decision is ConsentDecision.GIVEN
    if answer:
        # What he agreed to on an earlier case was for that one: he is asked again now.
        for_this_case = agreed and last is not None and last.at >= case.opened_at
        return None if for_this_case else ConsentDecision.GIVEN
    if agreed:
        return ConsentDecision.WITHDRAWN
    return ConsentDecision.REFUSED if last is None else None


def _moment(assessment: Assessment, last: ConsentEvent | None, *, first: bool) -> datetime:
    """When he said it: on the day he was seen, at an hour nobody recorded; changed later, now."""
    now, day = clock.now(), read(assessment.meetings)[-1].on
    if not first or day >= clock.today():
        return now
    said = clock.some_time_on(day)
    return said if last is None or last.at <= said else now


def standing_consent(case: Case) -> ConsentEvent | None:
    """His agreement to the assessment and the report on this case, where it holds."""
    last = standing_of(case).get(ConsentItem.ASSESSMENT)
    return last if last is not None and last.decision is ConsentDecision.GIVEN else None
