"""A matter referred to an enforcement officer, with its papers, on a case of the matrix."""

from datetime import date
from typing import Any

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.compliance.enforcement_models import EnforcementStep
from mhtr.compliance.enforcing import StepKind
from mhtr.compliance.models import Attendance
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.orders.queries import orders_of
from mhtr.probation.papers.content import content_hash, to_json
from mhtr.probation.papers.making import papers_of
from mhtr.probation.papers.models import PapersSent, ReferralPapers
from mhtr.probation.people_queries import Man as Supervisee
from mhtr.probation.reports.content import Report
from mhtr.probation.reports.making import ONE
from mhtr.probation.reports.models import ComplianceRelease, ComplianceReleaseMan
from mhtr.probation.reports.reading import men_told
from mhtr.probation.reports.release_kinds import To, Way
from mhtr.probation.reports.stored import content_hash as hash_of_report
from mhtr.probation.reports.stored import to_json as to_json_of_report

REFERRED = date(2026, 11, 13)


def papered(case_id: int, by: int) -> dict[str, Any]:
    """Two versions of the papers of a referral, the first of them sent; what has an address."""
    case = db.session.get_one(Case, case_id)
    missed = select(Attendance.subject).where(Attendance.case_id == case_id)
    step = EnforcementStep(
        order_id=orders_of(case_id)[0].id,
        kind=StepKind.REFERRED,
        on=REFERRED,
        about=[str(subject) for subject in db.session.scalars(missed)],
        by_id=by,
    )
    db.session.add(step)
    db.session.flush()
    made = [_version(case, step, number, by) for number in (1, 2)]
    sent = PapersSent(papers_id=made[0].id, on=clock.today(), to="Enforcement", by_id=by)
    db.session.add(sent)
    db.session.flush()
    return {
        "referral_ref": step.ref,
        "papers_ref": made[0].ref,
        "sent_ref": sent.ref,
        "compliance_ref": released(case, by).ref,
    }


def released(case: Case, by: int) -> ComplianceRelease:
    """A compliance report on him that left twice, and was passed on; the later version."""
    name = f"{case.person.given_name} {case.person.family_name}"
    man = Supervisee(case.id, case.person_id, case.ref, name, case.person.sort_name, None)
    report = Report(f"{ONE}: {name}", "A unit", clock.today(), men_told([man]))
    content = to_json_of_report(report)
    first = _left(case, content, report.on, by)
    return _left(case, content, report.on, by, number=2, replaces_id=first.id, why="Said")


def _left(case: Case, content: dict[str, Any], on: date, by: int, **more: Any) -> ComplianceRelease:
    row = ComplianceRelease(
        case_id=case.id,
        way=Way.PAGE,
        format="pdf",
        as_on=on,
        items=content["items"],
        content=content,
        content_hash=hash_of_report(content),
        file=b"%PDF",
        by_id=by,
        to_kind=To.PASSED,
        to_name="A court officer",
        **{"number": 1, **more},
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(ComplianceReleaseMan(release_id=row.id, case_id=case.id))
    db.session.flush()
    return row


def _version(case: Case, step: EnforcementStep, number: int, by: int) -> ReferralPapers:
    papers = papers_of(case, step)
    row = ReferralPapers(
        case_id=case.id,
        step_id=step.id,
        number=number,
        why="Said" if number > 1 else None,
        content=to_json(papers),
        content_hash=content_hash(papers),
        pdf=b"%PDF",
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    return row
