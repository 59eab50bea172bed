"""What probation said in a request, in words, and what it says otherwise than the one before."""

from dataclasses import dataclass

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.wording import day_words
from mhtr.core.codes.lists import load
from mhtr.core.database import db
from mhtr.suitability.asked import (
    CUSTODY_WORDS,
    OTHER_WORDS,
    PLEA_WORDS,
    PSR_WORDS,
    RISK_WORDS,
    from_json,
)
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.models import ReportRequest


@dataclass(frozen=True)
class Changed:
    """One thing that probation says otherwise than before."""

    key: str
    before: str
    now: str


def said_words(found: ReportRequest) -> dict[str, str]:
    """What the request says, by its heading."""
    asked = from_json(found.details)
    kind = PSR_WORDS[PsrType(found.psr_type)]
    if asked.psr_type != found.psr_type:
        kind += " (recorded since)" if asked.psr_type is PsrType.NOT_KNOWN else " (changed since)"
    language = load("languages").get(asked.language) if asked.language else None
    return {
        "Plea or finding": PLEA_WORDS[asked.plea],
        "Kind of pre-sentence report": kind,
        "Where he is until the hearing": CUSTODY_WORDS[asked.custody],
        "Risk of serious harm, as stated by probation": RISK_WORDS[asked.risk_of_harm],
        "Risk to staff": asked.staff_safety_reason if asked.staff_safety else "None known",
        "Must not contact": asked.no_contact or "Nobody stated",
        "Must keep away from": asked.exclusions or "Nowhere stated",
        "Other treatment requirement": ", ".join(
            OTHER_WORDS[kind] for kind in asked.other_requirements
        )
        or "None stated",
        "Interpreter": language.label if language else "Not needed",
    }


def history(case_id: int) -> list[tuple[ReportRequest, str]]:
    """Every request on a case with its author's name, newest first."""
    rows = db.session.execute(
        select(ReportRequest, Staff.name)
        .join(Staff, Staff.id == ReportRequest.author_id)
        .where(ReportRequest.case_id == case_id)
        .order_by(ReportRequest.id.desc())
    )
    return [(request, name) for request, name in rows]


def changed_since(found: ReportRequest) -> tuple[Changed, ...]:
    """What it says otherwise than the request before it, with court and hearing."""
    earlier = db.session.scalars(
        select(ReportRequest)
        .where(ReportRequest.case_id == found.case_id, ReportRequest.id < found.id)
        .order_by(ReportRequest.id.desc())
    ).first()
    if earlier is None:
        return ()
    before, now = _all(earlier), _all(found)
    return tuple(
        Changed(key, before[key], said) for key, said in now.items() if said != before[key]
    )


def _all(request: ReportRequest) -> dict[str, str]:
    asked = from_json(request.details)
    court = load("courts").get(asked.court_code) if asked.court_code else None
    return {
        **said_words(request),
        "Court": court.label if court else "Not stated",
        "Hearing": day_words(asked.hearing_on) if asked.hearing_on else "Not stated",
        "Wanted by": day_words(asked.asked_for_on) if asked.asked_for_on else "Not stated",
    }
