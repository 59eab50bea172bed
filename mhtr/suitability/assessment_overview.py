"""What stands beside every page of an assessment."""

from typing import Any

from mhtr.cases.facts import ReportProgress
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.codes.lists import load
from mhtr.suitability import first_asked, rules
from mhtr.suitability.assessment_preview import growing_report
from mhtr.suitability.assessment_queries import as_rules, section_rows
from mhtr.suitability.assessment_steps import SPECS, finished_words
from mhtr.suitability.concerned import current_request, no_request_words
from mhtr.suitability.fitting_rules import inconsistencies
from mhtr.suitability.models import Assessment
from mhtr.suitability.policy import pathway_policy
from mhtr.suitability.risk_answered import risk_answered
from mhtr.suitability.sections import Section


def overview(case: Case, assessment: Assessment) -> dict[str, Any]:
    """What stands beside every page of an assessment: the growing report and what it lacks."""
    answers = as_rules(section_rows(assessment.id))
    return {
        "case": case,
        "assessment": assessment,
        "parts": growing_report(answers),
        **pointed_out(case, assessment, answers),
        "request_": current_request(case.id),
        "no_request": no_request_words(case.id),
        **finished_state(case),
        "ask_first": ask_first(answers),
        "refuses": first_asked.refuses(answers.answers.get(Section.TOLD, {})),
    }


def pointed_out(case: Case, assessment: Assessment, answers: rules.Assessment) -> dict[str, Any]:
    """What is missing or does not fit together, for the author and for the lead who signs."""
    return {
        "missing": rules.missing(answers),
        "inconsistent": inconsistencies(
            answers,
            pathway_policy(),
            clock.today(),
            language_asked=_language_asked(case.id),
            risk_answered=risk_answered(assessment) if _no_crisis(answers) else "",
        ),
        "titles": {section: spec.title for section, spec in SPECS.items()},
    }


def _no_crisis(answers: rules.Assessment) -> bool:
    return answers.get(Section.EXCLUSIONS, "crisis") == "no"


def _language_asked(case_id: int) -> str:
    """For which language probation says he needs an interpreter; empty where it does not."""
    request = current_request(case_id)
    if request is None or not request.details.get("interpreter"):
        return ""
    code = str(request.details.get("language") or "")
    language = load("languages").get(code) if code else None
    return language.label if language else "language not given"


def finished_state(case: Case) -> dict[str, Any]:
    """What a page says of a finished assessment, and whether only an addendum can follow."""
    released = case.progress is ReportProgress.RELEASED
    return {"finished": finished_words(case.progress), "released": released}


def ask_first(answers: rules.Assessment) -> str:
    """What comes before the rest, while nobody has asked him; otherwise empty."""
    told, later = (answers.answers.get(s, {}) for s in (Section.TOLD, Section.WILLINGNESS_CONSENT))
    return first_asked.ASK_FIRST if first_asked.not_asked(told, later) else ""
