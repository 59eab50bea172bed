"""Why each item of a suitability report may be released, by field of `ReportContent`."""

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType

from mhtr.suitability.report_content import ReportContent
from mhtr.wall.items import goes
from mhtr.wall.kinds import Side

_ORDER = "The court's request to probation for a pre-sentence report (Sentencing Act 2020)."
# Pages that show one report put its day and version in the place of this sentence.
CONSENT = "His explicit consent to this report, recorded with date and version."
_LAW = "The court must be satisfied of it before it makes the requirement (Sch 9 para 17)."
_NAMED = "The order must name it (Sentencing Act 2020 Sch 9 para 16)."
_ACCOUNT = "Who answers for the report, so that the court can weigh it."
_FORM = "Form of the report; says nothing about him."
_HIS = "His right to have his own view put beside ours; his consent."
_IDENTITY = "Identifies him to the court that asked; the NHS number is not used outside health."

BASIS: Mapping[str, str] = MappingProxyType(
    {
        "kind": _FORM,
        "reference": _FORM,
        "service_name": _ACCOUNT,
        "written_on": _FORM,
        "person_name": _IDENTITY,
        "pronoun": "So that the court speaks of the person as recorded.",
        "person_born_on": _IDENTITY,
        "crn": _IDENTITY,
        "court_name": _ORDER,
        "hearing_on": _ORDER,
        "requested_by": _ORDER,
        "requested_on": _ORDER,
        "assessed_on": _ACCOUNT,
        "how_assessed": _ACCOUNT,
        "meetings": _ACCOUNT,
        "interpreter_language": f"{_ACCOUNT} {CONSENT}",
        "told_beforehand": "Shows that he knew who would read it before he spoke.",
        "told_readers": "Shows what he was not told before he spoke.",
        "told_quoted": "Shows what he was not told before he spoke.",
        "need": f"{_LAW} {CONSENT}",
        "arrangements": f"{_LAW} {CONSENT}",
        "willingness": f"{_LAW} {CONSENT}",
        "recommendation": f"{_ORDER} {CONSENT}",
        "recommendation_wording": f"{_ORDER} {CONSENT}",
        "when_ready": f"{_ORDER} {CONSENT}",
        "pathways": f"{_LAW} {CONSENT}",
        "sessions": f"{_LAW} {CONSENT}",
        "requirement_months": _NAMED,
        "institution": _NAMED,
        "directing_psychologist": _NAMED,
        "directing_hcpc": _NAMED,
        "practical_arrangements": f"{_LAW} {CONSENT}",
        "his_answer": _HIS,
        "his_words": _HIS,
        "addendum_to": _FORM,
        "addendum_wording": f"{_ORDER} {CONSENT}",
        "corrected": f"{_LAW} {CONSENT}",
        "addendum_answer": _HIS,
        "addendum_words": _HIS,
        "consent_given_on": "Shows the basis on which health information is released.",
        "consent_version": "Shows the basis on which health information is released.",
        "author_name": _ACCOUNT,
        "author_title": _ACCOUNT,
        "begun_by": _ACCOUNT,
        "countersigned_by": _ACCOUNT,
        "countersigner_hcpc": _ACCOUNT,
        "countersigned_on": _ACCOUNT,
    }
)

_WHO, _ASKED, _CONSENT = "who_he_is", "request", "consent"
WALL: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(BASIS, "report"),
        **dict.fromkeys(("person_name", "pronoun", "person_born_on", "crn"), _WHO),
        **dict.fromkeys(("court_name", "hearing_on", "requested_by", "requested_on"), _ASKED),
        **dict.fromkeys(("consent_given_on", "consent_version"), _CONSENT),
    }
)
"""The row of the disclosure wall by which each field may reach the author and her court team."""


def held_back(content: ReportContent) -> tuple[str, ...]:
    """Fields that say something and that the wall does not let through to the court team."""
    return tuple(
        one.name
        for one in fields(content)
        if getattr(content, one.name) not in (None, "", ())
        and not (one.name in WALL and goes(WALL[one.name], Side.COURT_TEAM))
    )
