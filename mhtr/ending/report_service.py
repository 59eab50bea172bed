"""Writing, signing and sending a report on treatment: the only writer of it.

Any clinician of his may write it; only whom the law names signs, and signing sends it.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.ending import report_follow, report_queries, report_telling
from mhtr.ending.practitioners import requirement_runs, standing_orders, stands_against
from mhtr.ending.report_build import Built, build, order_of
from mhtr.ending.report_content import content_hash, to_json
from mhtr.ending.report_grounds import Draft, day_objections
from mhtr.ending.report_models import ReportVersion, TreatmentReport
from mhtr.orders.queries import OnRecord
from mhtr.suitability.release_checks import ReleaseWarning

NOT_RUNNING = "No treatment requirement of this order runs, so there is nothing to report on."
ALREADY = "A report on this order is being written already. Open that one."
NO_DRAFT = "Nothing of it is being written. Issue it anew first."
BEING_WRITTEN = "It is being written already."
NEVER_SENT = "It has not been sent yet: write on, and sign it."
CHANGED = "The report changed while you looked at it. Nothing was sent: read it again."
LOOK = "Look at each thing that seems not to belong in the report. Change it, or tick it."
ENDED = "The order has ended, so nothing of it is sent any more."


@dataclass(frozen=True)
class Compiled:
    """A report compiled before the write transaction, with the hash of what was compiled."""

    pdf: bytes
    content_hash: str


def begin(*, case_id: int, order_id: int, by: int) -> TreatmentReport:
    """Begin a report on the treatment under an order.

    Raises:
        Refused: its requirement does not run, or one is being written already.
    """
    must_be_writing()
    case = cases.lock(case_id)
    if all(one.order.id != order_id for one in standing_orders(case_id)):
        raise Refused(NOT_RUNNING)
    if any(
        one.order_id == order_id and one.drafted_at for one in report_queries.reports_of(case_id)
    ):
        raise Refused(ALREADY)
    row = TreatmentReport(case_id=case_id, order_id=order_id, drafted_at=clock.now(), drafted_by=by)
    db.session.add(row)
    db.session.flush()
    audit.record("ending.report_begun", by=by, case_id=case_id, report=row.id)
    report_follow.follow(case, by=by)
    return row


def write(*, report_id: int, draft: Draft, version: int, by: int) -> None:
    """Keep what is written of a report so far.

    Raises:
        CannotBe: a day cannot be so.
        Refused: nothing of it is being written.
        Stale: somebody wrote on it meanwhile.
    """
    row, _ = _locked(report_id, version)
    if row.drafted_at is None:
        raise Refused(NO_DRAFT)
    made_on = order_of(row).terms.made_on
    if wrong := day_objections(draft, made_on=made_on, today=clock.today()):
        raise CannotBe(*wrong)
    row.ground = draft.ground
    row.facts = [{"on": one.on.isoformat(), "words": one.words} for one in draft.facts]
    row.opinion, row.proposed = draft.opinion or None, draft.proposed or None
    row.willing, row.willing_on = draft.willing, draft.willing_on
    row.willing_said, row.why_again = draft.willing_said or None, draft.why_again or None
    row.drafted_by = by
    row.version += 1
    audit.record("ending.report_written", by=by, case_id=row.case_id, report=row.id)


def drop(*, report_id: int, version: int, by: int) -> None:
    """Give up what is being written; what was sent stays.

    Raises:
        Refused: nothing of it is being written. Stale: somebody wrote on it meanwhile.
    """
    row, case = _locked(report_id, version)
    if row.drafted_at is None:
        raise Refused(NO_DRAFT)
    row.drafted_at, row.drafted_by = None, by
    row.version += 1
    db.session.flush()
    audit.record("ending.report_dropped", by=by, case_id=row.case_id, report=row.id)
    report_follow.follow(case, by=by)


def issue_anew(*, report_id: int, version: int, by: int) -> None:
    """Begin another version of a report that was sent, with its words to change.

    Raises:
        Refused: it was never sent, is being written already, or the requirement is over.
        Stale: somebody wrote on it meanwhile.
    """
    row, case = _locked(report_id, version)
    if not report_queries.versions_of_report(row):
        raise Refused(NEVER_SENT)
    if over := _over(order_of(row)):
        raise Refused(*over)
    for other in report_queries.reports_of(row.case_id):
        if other.order_id == row.order_id and other.drafted_at is not None:
            raise Refused(BEING_WRITTEN if other.id == row.id else ALREADY)
    row.drafted_at, row.drafted_by, row.why_again = clock.now(), by, None
    row.version += 1
    db.session.flush()
    audit.record("ending.report_reopened", by=by, case_id=row.case_id, report=row.id)
    report_follow.follow(case, by=by)


def prepare(case: Case, row: TreatmentReport, *, by: int) -> tuple[Built, tuple[str, ...]]:
    """A report as it would be sent now, and everything that stands against sending it."""
    built = build(case, row, by=by)
    against = list(stands_against(built.found, by))
    if row.drafted_at is None:
        against.append(NO_DRAFT)
    return built, (*against, *_over(built.found), *built.lacks)


def _over(found: OnRecord) -> tuple[str, ...]:
    """Why nothing is reported under an order any more; empty while its requirement runs."""
    if found.ending is not None:
        return (ENDED,)
    return () if requirement_runs(found) else (NOT_RUNNING,)


def sign(
    *,
    report_id: int,
    compiled: Compiled,
    version: int,
    by: int,
    looked_at: Collection[str] = (),
) -> ReportVersion:
    """Sign a report and send it to the responsible officer.

    Args:
        compiled: made outside this transaction; refused if the report is another by now.
        looked_at: keys of the prompts that were seen and let stand.

    Raises:
        Refused: with everything that stands against it.
        Stale: somebody wrote on it, or signed it, meanwhile.
    """
    row, case = _locked(report_id, version)
    built, against = prepare(case, row, by=by)
    if against or built.report is None or built.to is None:
        raise Refused(*against)
    if content_hash(built.report) != compiled.content_hash:
        raise Refused(CHANGED)
    if any(warning.key not in looked_at for warning in built.warnings):
        raise Refused(LOOK)
    made = _keep(row, built, compiled, by)
    _record_sent(row, made, case, by)
    report_telling.tell(case, made, by=by)
    report_follow.follow(case, by=by)
    return made


def _record_sent(row: TreatmentReport, made: ReportVersion, case: Case, by: int) -> None:
    row.drafted_at, row.drafted_by = None, by
    row.version += 1
    db.session.flush()
    audit.record(
        "ending.report_sent",
        by=by,
        case_id=case.id,
        report=row.id,
        sent=made.id,
        content_hash=made.content_hash,
        pdf_hash=hashlib.sha256(made.pdf).hexdigest(),
        to=made.to_staff_id,
    )


def _keep(row: TreatmentReport, built: Built, compiled: Compiled, by: int) -> ReportVersion:
    if built.report is None or built.to is None:
        raise ValueError("it was checked before")
    made = ReportVersion(
        report_id=row.id,
        number=built.report.number,
        content=to_json(built.report),
        content_hash=compiled.content_hash,
        pdf=compiled.pdf,
        basis=built.report.basis,
        registration=built.report.registration,
        signed_by=by,
        to_staff_id=built.to.staff_id,
        to_unit_id=built.to.unit_id,
        looked_at=[prompt_words(warning) for warning in built.warnings],
    )
    db.session.add(made)
    db.session.flush()
    return made


def prompt_words(warning: ReleaseWarning) -> str:
    """A prompt with the part of the report that it is about."""
    return f"{warning.field}: {warning.words}"


def _locked(report_id: int, version: int) -> tuple[TreatmentReport, Case]:
    must_be_writing()
    row = db.session.get_one(TreatmentReport, report_id)
    case = cases.lock(row.case_id)
    db.session.flush()
    db.session.refresh(row)
    if row.version != version:
        raise Stale(row)
    return row, case
