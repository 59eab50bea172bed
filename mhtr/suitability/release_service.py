"""He reads or hears the report; then it is released, once; afterwards only addenda."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.name_text import is_seen
from mhtr.core.transaction import must_be_writing
from mhtr.suitability import readings, said_earlier
from mhtr.suitability.models import (
    Assessment,
    CountersignDecision,
    ReportRelease,
    ReportRequest,
    WarningSeen,
)
from mhtr.suitability.release_checks import ReleaseWarning
from mhtr.suitability.release_content import prepare, release_of, released_report
from mhtr.suitability.release_readers import open_to_author
from mhtr.suitability.report_basis import held_back
from mhtr.suitability.report_content import (
    NOT_HEARD_BECAUSE,
    HisAnswer,
    ReportContent,
    ReportKind,
    content_hash,
    to_json,
)
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

NOT_LOOKED_AT = (
    "Look at each thing that seems not to belong in the report. Change the wording, or tick that "
    "it may stay."
)
HELD_BACK = "The report holds something that may not go to probation. Nothing was released."
NO_WORDS = "Record his words, or what was tried."


OTHERWISE = "He said otherwise of this report before. Say in the words why that changed."


class Heard(StrEnum):
    """How he came to know the report before it is released."""

    READ = "read"
    READ_TO_HIM = "read_to_him"
    TELEPHONE = "telephone"
    VIDEO = "video"
    INTERPRETER = "interpreter"
    NOT_DONE = "not_done"


@dataclass(frozen=True)
class Compiled:
    """A report compiled before the write transaction, with the hash of what was compiled."""

    pdf: bytes
    content_hash: str


class AlreadyReleased(Refused):
    """It went out before; nothing was sent a second time."""


def record_heard(
    *,
    assessment: Assessment,
    how: Heard,
    answer: HisAnswer,
    words: str,
    version: int,
    by: int,
) -> None:
    """Record that he read or heard the report, and what he said.

    His words go into the report. Where it could not be done the answer is the reason, from a
    closed list, and the words say what was tried; both stand in the report.

    Raises:
        Refused: not finished, words missing, or against the rules.
        Stale: changed meanwhile.
    """
    must_be_writing()
    case = cases.lock(assessment.case_id)
    db.session.refresh(assessment)
    if assessment.version != version:
        raise Stale(assessment)
    if assessment.finished_at is None:
        raise Refused("Finish the assessment first: he hears the report as it will be sent.")
    if released_report(assessment.id) is not None:
        raise Refused("The report has gone out. What he says now goes into an addendum.")
    _check_answer(assessment, how, answer, words)
    cases.require(case, FactKind.REPORT_HEARD, by=by)
    assessment.heard_at, assessment.heard_how = clock.now(), how.value
    before = said_earlier.earlier(_said(assessment), assessment.his_words)
    assessment.his_words = said_earlier.together(answer, words, before)
    assessment.his_answer = answer.value
    assessment.version += 1
    readings.keep(assessment.id, how=how.value, answer=answer.value, words=words, by=by)
    cases.add_fact(case, FactKind.REPORT_HEARD, by=by, detail={"answer": answer.value})


def _check_answer(assessment: Assessment, how: Heard, answer: HisAnswer, words: str) -> None:
    if answer is HisAnswer.NOT_YET:
        raise Refused("Record his answer.")
    if answer is HisAnswer.COULD_NOT_BE_READ:
        raise Refused("Say why he has not read or heard it.")
    if (answer in NOT_HEARD_BECAUSE) != (how is Heard.NOT_DONE):
        raise Refused("How he heard it and his answer do not fit together.")
    if answer is not HisAnswer.AGREES and not is_seen(words):
        raise Refused(NO_WORDS)
    if assessment.heard_at and _said(assessment) in said_earlier.EARLIER and not is_seen(words):
        raise Refused(OTHERWISE)


def _said(assessment: Assessment) -> HisAnswer:
    return HisAnswer(assessment.his_answer or HisAnswer.NOT_YET.value)


def release(
    *,
    case_id: int,
    assessment: Assessment,
    compiled: Compiled,
    by: int,
    addendum: bool = False,
    looked_at: Collection[str] = (),
) -> ReportRelease:
    """Release the signed report (or addendum) to its author and her court team, once.

    `compiled` was made outside this transaction; it is refused if the report is another by now.
    `looked_at`: keys of the prompts he saw and lets stand; each is kept with the release.

    Raises:
        AlreadyReleased: it went out before.
        Refused: with everything that stands against it.
    """
    must_be_writing()
    case = cases.lock(case_id)
    db.session.refresh(assessment)
    prepared = prepare(case, assessment, by=by, addendum=addendum)
    content, decision, request = prepared.content, prepared.decision, prepared.request
    if decision is not None:
        _once(decision)
    if prepared.against or content is None or decision is None or request is None:
        raise Refused(*prepared.against)
    if content_hash(content) != compiled.content_hash:
        raise Refused("The report changed while you looked at it. Nothing was released.")
    _must_be_fit(content, prepared.warnings, looked_at)
    kind = FactKind.ADDENDUM_RELEASED if addendum else FactKind.RELEASED
    detail = {"content_hash": prepared.signed_hash}
    cases.require(case, kind, by=by, detail=detail)
    row = _row(case, assessment, decision, request, content, compiled, by)
    _keep_looked_at(row, prepared.warnings, by)
    cases.add_fact(case, kind, by=by, detail=detail)
    open_to_author(case, request, row, by)
    _nothing_due(case.id, by)
    return row


def _must_be_fit(
    content: ReportContent, warnings: Iterable[ReleaseWarning], looked_at: Collection[str]
) -> None:
    if any(warning.key not in looked_at for warning in warnings):
        raise Refused(NOT_LOOKED_AT)
    if held_back(content):
        raise Refused(HELD_BACK)


def _nothing_due(case_id: int, by: int) -> None:
    tasks.settle(case_id, TaskKind.RELEASE, TaskKind.REPORT_DUE, by=by)
    for task in tasks.open_tasks(case_id, TaskKind.ANSWER_DATE, TaskKind.REPORT_LATE):
        tasks.withdraw(task, by=by, because="suitability.released")


def _keep_looked_at(row: ReportRelease, warnings: Iterable[ReleaseWarning], by: int) -> None:
    for warning in warnings:
        db.session.add(
            WarningSeen(
                release_id=row.id,
                field=warning.field,
                words=warning.words,
                by_id=by,
                at=clock.now(),
            )
        )


def _once(decision: CountersignDecision) -> None:
    earlier = release_of(decision.id)
    if earlier is not None:
        name = db.session.get_one(Staff, earlier.released_by).name
        raise AlreadyReleased(f"{name} released it already. It was not sent a second time.")


def _row(
    case: Case,
    assessment: Assessment,
    decision: CountersignDecision,
    request: ReportRequest,
    content: ReportContent,
    compiled: Compiled,
    by: int,
) -> ReportRelease:
    row = ReportRelease(
        case_id=case.id,
        assessment_id=assessment.id,
        decision_id=decision.id,
        is_addendum=content.kind is ReportKind.ADDENDUM,
        released_at=clock.now(),
        released_by=by,
        to_author_id=request.author_id,
        to_team_id=request.team_id,
        content=to_json(content),
        content_hash=compiled.content_hash,
        pdf=compiled.pdf,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        "suitability.released",
        by=by,
        case_id=case.id,
        release=row.id,
        content_hash=compiled.content_hash,
        pdf_hash=hashlib.sha256(compiled.pdf).hexdigest(),
        to_author=request.author_id,
        to_team=request.team_id,
    )
    return row
