"""Addenda to a released report: one at a time, signed by another, taken back until it goes out."""

from dataclasses import dataclass, replace

from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.name_text import is_seen
from mhtr.core.transaction import must_be_writing
from mhtr.suitability import addendum_asked
from mhtr.suitability.assessment_content import title_of
from mhtr.suitability.assessment_queries import last_decision, pending_request
from mhtr.suitability.countersign_asking import put_before_leads
from mhtr.suitability.countersign_rules import comment_words
from mhtr.suitability.figures import Figures, corrections, figures_of
from mhtr.suitability.his_answer import about_addendum
from mhtr.suitability.models import Assessment, CountersignRequest, ReportRelease, Verdict
from mhtr.suitability.release_content import release_of, released_report
from mhtr.suitability.release_service import NO_WORDS
from mhtr.suitability.report_content import HisAnswer, ReportContent, ReportKind, from_json
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

ONE_AT_A_TIME = (
    "An addendum is waiting for a countersignature already. Take it back to write another."
)
SIGNED_ONE = "An addendum is signed and not released yet. Release it first, or take it back."
_WORK = (TaskKind.COUNTERSIGN, TaskKind.RELEASE, TaskKind.REVISE)


def under_way(assessment_id: int) -> CountersignRequest | None:
    """The addendum that waits for a signature, or is signed and has not gone out."""
    waiting = pending_request(assessment_id)
    if waiting is not None:
        return waiting if waiting.is_addendum else None
    last = last_decision(assessment_id, addendum=True)
    if last is None or last[1].verdict is not Verdict.COUNTERSIGNED:
        return None
    return last[0] if release_of(last[1].id) is None else None


@dataclass(frozen=True)
class CameBack:
    """An addendum that was returned or taken back: its author writes on where it stopped."""

    text: str
    figures: Figures | None
    said: str
    """What he said to it then, in words. He is asked again, as about a report that came back."""
    comments: tuple[str, ...]
    """The clinical lead's, where one returned it."""


def came_back(assessment_id: int) -> CameBack | None:
    """The last addendum, where it was returned or taken back."""
    asked = select(CountersignRequest).where(
        CountersignRequest.assessment_id == assessment_id, CountersignRequest.is_addendum
    )
    row = db.session.scalars(asked.order_by(CountersignRequest.id.desc())).first()
    if row is None or under_way(assessment_id) is not None:
        return None
    last = last_decision(assessment_id, addendum=True)
    returned = last[1] if last and last[1].verdict is Verdict.RETURNED else None
    if row.withdrawn_at is None and returned is None:
        return None
    content = from_json(row.content)
    said = (*about_addendum(content), content.addendum_words or "")
    comments = comment_words(returned.comments) if returned else ()
    return CameBack(row.addendum_text or "", figures_of(content), " ".join(said).strip(), comments)


def write_addendum(
    *,
    assessment: Assessment,
    text: str,
    his_answer: HisAnswer,
    his_words: str,
    lead_id: int | None,
    by: int,
    figures: Figures | None = None,
) -> CountersignRequest:
    """Write an addendum to a released report and put it before the clinical leads.

    Args:
        figures: what is proposed from now on; None: nothing of it is corrected.

    Raises:
        Refused: no released report, no text, his words are missing, figures of a report that
            proposes nothing, or another addendum has not gone out yet.
    """
    must_be_writing()
    case = cases.lock(assessment.case_id)
    detail = {"author_id": by}
    cases.require(case, FactKind.ADDENDUM_WRITTEN, by=by, detail=detail)
    if not is_seen(text):
        raise Refused("Write what the addendum says.")
    _check_words(his_answer, his_words)
    _only_one(assessment.id)
    content = replace(
        _corrected(_addendum(assessment, text.strip(), by), figures),
        addendum_answer=his_answer,
        addendum_words=his_words.strip() or None,
    )
    cases.add_fact(case, FactKind.ADDENDUM_WRITTEN, by=by, detail=detail)
    tasks.settle(case.id, TaskKind.REVISE, by=by)
    addendum_asked.written(case, by=by)
    return put_before_leads(
        case, assessment, content, lead_id=lead_id, by=by, addendum_text=text.strip()
    )


def _check_words(his_answer: HisAnswer, his_words: str) -> None:
    if his_answer is HisAnswer.COULD_NOT_BE_READ:
        raise Refused("Say why he has not read or heard it.")
    if his_answer is not HisAnswer.AGREES and not is_seen(his_words):
        raise Refused(NO_WORDS)


def _only_one(assessment_id: int) -> None:
    if under_way(assessment_id) is not None:
        waits = pending_request(assessment_id) is not None
        raise Refused(ONE_AT_A_TIME if waits else SIGNED_ONE)


def take_back(*, assessment: Assessment, by: int) -> None:
    """Take back an addendum that has not gone out; another can be written in its place.

    Raises:
        Refused: none is under way, or it is somebody else's.
    """
    must_be_writing()
    case = cases.lock(assessment.case_id)
    row = under_way(assessment.id)
    if row is None:
        raise Refused("No addendum is waiting.")
    if by not in (row.requested_by, assessment.author_id):
        raise Refused("Only its author can take it back. A clinical lead returns it instead.")
    row.withdrawn_at = clock.now()
    db.session.flush()
    for task in tasks.open_tasks(case.id, *_WORK):
        tasks.withdraw(task, by=by, because="suitability.countersign_withdrawn")
    addendum_asked.not_written(case, by=by)
    audit.record("suitability.countersign_withdrawn", by=by, case_id=case.id, request=row.id)


def proposed_now(assessment_id: int) -> Figures | None:
    """What is proposed by the last release; None where no requirement is."""
    # Not the file that goes with it.
    last = db.session.scalars(
        select(ReportRelease.content)
        .where(ReportRelease.assessment_id == assessment_id)
        .order_by(ReportRelease.id.desc())
        .limit(1)
    ).first()
    return figures_of(from_json(last)) if last is not None else None


def _corrected(content: ReportContent, figures: Figures | None) -> ReportContent:
    """With what is proposed from now on, and what of it is corrected in words."""
    if figures is None:
        return content
    before = figures_of(content)
    if before is None:
        raise Refused("The report proposes no requirement: there is no figure to correct.")
    return replace(
        content,
        pathways=figures.pathways,
        sessions=figures.sessions,
        requirement_months=figures.requirement_months,
        corrected=corrections(before, figures) or None,
    )


def _addendum(assessment: Assessment, text: str, by: int) -> ReportContent:
    author = db.session.get_one(Staff, by)
    report = released_report(assessment.id)
    if report is None:
        raise Refused("There is no released report to add to.")
    now = proposed_now(assessment.id)
    if now is not None:
        report = replace(
            report,
            pathways=now.pathways,
            sessions=now.sessions,
            requirement_months=now.requirement_months,
        )
    return replace(
        report,
        kind=ReportKind.ADDENDUM,
        reference=f"{report.reference}/A{_released(assessment.id) + 1}",
        written_on=clock.today(),
        addendum_to=report.reference,
        addendum_wording=text,
        author_name=author.name,
        author_title=title_of(author),
        countersigned_by=None,
        countersigner_hcpc=None,
        countersigned_on=None,
    )


def _released(assessment_id: int) -> int:
    """How many addenda have gone out: with one under way at a time, the numbers are in order."""
    found = db.session.scalar(
        select(func.count()).where(
            ReportRelease.assessment_id == assessment_id, ReportRelease.is_addendum
        )
    )
    return found or 0
