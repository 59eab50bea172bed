"""The report as it grows while the assessment is written, gaps included."""

from dataclasses import dataclass

from mhtr.suitability.named_in_order import said
from mhtr.suitability.rules import Assessment
from mhtr.suitability.sections import (
    PATHWAY_WORDS,
    RECOMMENDATIONS,
    Answer,
    Pathway,
    Section,
)

_ANSWERS = {"met": "Met", "not_met": "Not met", "unclear": "Not clear yet"}
_NO_COURSE = ("unsuitable", "declined")


@dataclass(frozen=True)
class Part:
    """One part of the report to be. Without paragraphs it is not written yet."""

    section: Section
    heading: str
    answer: str
    paragraphs: tuple[str, ...]


def growing_report(assessment: Assessment) -> tuple[Part, ...]:
    """Every part the report will have, in its order, from released answers only."""
    get = assessment.get
    recommended = get(Section.RECOMMENDATION, "recommendation")
    parts = [
        Part(
            Section.RECOMMENDATION,
            "Recommendation",
            dict(RECOMMENDATIONS).get(str(recommended), ""),
            _lines(get(Section.RECOMMENDATION, "recommendation_released"))
            + _lines(get(Section.RECOMMENDATION, "when_ready")),
        )
    ]
    for key in ("need", "arrangements", "willingness"):
        parts.append(
            Part(
                Section.CONDITIONS,
                key.capitalize(),
                _ANSWERS.get(str(get(Section.CONDITIONS, key)), ""),
                _lines(get(Section.CONDITIONS, f"{key}_released")),
            )
        )
    if recommended not in _NO_COURSE:
        parts.append(Part(Section.PATHWAY, "Proposed requirement", "", _proposal(assessment)))
    practical = _lines(get(Section.PRACTICAL, "practical_released"))
    if practical:
        parts.append(Part(Section.PRACTICAL, "Practical arrangements", "", practical))
    return tuple(parts)


def _lines(answer: Answer) -> tuple[str, ...]:
    if not isinstance(answer, str):
        return ()
    return tuple(line.strip() for line in answer.splitlines() if line.strip())


def _proposal(assessment: Assessment) -> tuple[str, ...]:
    def get(key: str) -> Answer:
        return assessment.get(Section.PATHWAY, key)

    found: list[str] = []
    pathways = get("pathways")
    if isinstance(pathways, (list, tuple)) and pathways:
        words = ", then ".join(PATHWAY_WORDS[Pathway(key)] for key in pathways)
        found.append(words[0].upper() + words[1:])
    if get("sessions"):
        found.append(f"{get('sessions')} sessions")
    if get("requirement_months"):
        found.append(f"Requirement of {get('requirement_months')} months")
    found += _lines(get("institution"))
    number = said(get("directing_hcpc"))
    found += [
        f"{n} (HCPC {number})" if number else n for n in _lines(get("directing_psychologist"))
    ]
    return tuple(found)
