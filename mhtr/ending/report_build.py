"""A report as it would be sent now: what was written, and what the record says of him."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import attendance_of
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.ending import queries, report_queries
from mhtr.ending.practitioners import reports_as, signer_of
from mhtr.ending.report_content import Report
from mhtr.ending.report_grounds import Draft, Ground, lacks
from mhtr.ending.report_models import TreatmentReport
from mhtr.messages.links import reference
from mhtr.orders import contact_queries
from mhtr.orders.models import Order
from mhtr.orders.page import court_name
from mhtr.orders.queries import OnRecord, contacts_of, on_record
from mhtr.people.queries import crn_of
from mhtr.suitability.release_checks import ReleaseWarning, look_through
from mhtr.suitability.release_prompts import forbidden_of
from mhtr.suitability.result_owner import trust_of
from sessions.notes.models import SessionNote

NOBODY = "Nobody is named who supervises him: name his probation contact first."
_SHORT = 12


@dataclass(frozen=True)
class Addressed:
    """To whom a report goes."""

    name: str
    unit: str
    staff_id: int | None
    unit_id: int | None


@dataclass(frozen=True)
class Built:
    """A report as it would be sent; `report` is None while something is lacking.

    `warnings`: things that look as if they should not be in it; each is to be looked at.
    """

    found: OnRecord
    to: Addressed | None
    report: Report | None
    lacks: tuple[str, ...]
    warnings: tuple[ReleaseWarning, ...]


def order_of(report: TreatmentReport) -> OnRecord:
    """The order that a report is about."""
    return on_record(db.session.get_one(Order, report.order_id))


def addressed(case_id: int) -> Addressed | None:
    """The responsible officer as he is on record; None where nobody is."""
    row = next((one for one in contacts_of(case_id) if one.ended_at is None), None)
    if row is None:
        return None
    shown = contact_queries.shown(row)
    return Addressed(shown.name, shown.unit, row.staff_id, row.unit_id)


def build(case: Case, report: TreatmentReport, *, by: int) -> Built:
    """A report as it would be sent now by somebody."""
    draft, found = report_queries.draft_of(report), order_of(report)
    sent = report_queries.versions_of_report(report)
    missing = list(lacks(draft, again=bool(sent)))
    to, basis = addressed(case.id), reports_as(found, by)
    if to is None:
        missing.append(NOBODY)
    warnings = _prompts(case, draft)
    if missing or to is None or draft.ground is None or basis is None:
        return Built(found, to, None, tuple(missing), warnings)
    made = _report(case, found, draft, draft.ground, to, number=len(sent) + 1, by=by)
    return Built(found, to, made, (), warnings)


def _report(
    case: Case,
    found: OnRecord,
    draft: Draft,
    ground: Ground,
    to: Addressed,
    *,
    number: int,
    by: int,
) -> Report:
    author, basis = db.session.get_one(Staff, by), reports_as(found, by)
    if basis is None:
        raise ValueError("it is not his to report")
    return Report(
        **_of_record(case, found),
        number=number,
        written_on=clock.today(),
        to_name=to.name or "The responsible officer",
        to_unit=to.unit,
        ground=ground,
        facts=tuple(sorted(draft.facts, key=lambda one: one.on)),
        opinion=draft.opinion.strip(),
        proposed=draft.proposed.strip(),
        willing=draft.willing,
        willing_on=draft.willing_on,
        willing_said=draft.willing_said.strip(),
        author=author.name,
        author_title=author.job_title,
        registration=signer_of(by).registration,
        basis=basis,
        why_again=draft.why_again.strip() if number > 1 else "",
    )


def _of_record(case: Case, found: OnRecord) -> dict[str, Any]:
    """What a report says of him and his order without anybody writing it."""
    starts = min(one.starts_on for one in found.terms.periods)
    held = [row.on for row in attendance_of(case.id) if _counts(row) and row.on >= starts]
    finished = queries.last_finished(case.id)
    return {
        "reference": f"{reference(case.ref)}/{found.order.ref.hex[:4].upper()}",
        "service": trust_of(case).name,
        "person_name": case.person.name,
        "person_born_on": case.person.born,
        "crn": crn_of(case.person) or "",
        "order_kind": found.terms.kind,
        "order_made_on": found.terms.made_on,
        "court": court_name(found.row.court_code),
        "periods": tuple((one.starts_on, one.ends_on) for one in found.terms.periods),
        "held": len(held),
        "expected": found.row.sessions_expected,
        "last_held_on": max(held, default=None),
        "finished_on": finished.on if finished is not None else None,
    }


def _counts(row: Attendance) -> bool:
    """Whether it is a session of the requirement that took place."""
    return row.required and row.happened in TOOK_PLACE


def _prompts(case: Case, draft: Draft) -> tuple[ReleaseWarning, ...]:
    written = [
        *((f"Fact {number}", one.words) for number, one in enumerate(draft.facts, 1)),
        ("Why", draft.opinion),
        ("What is asked of the court", draft.proposed),
        ("His willingness", draft.willing_said),
        ("Why it is issued anew", draft.why_again),
    ]
    forbidden = forbidden_of(case, _clinical(case.id))
    return tuple(dict.fromkeys(look_through(written, forbidden, case.person.name)))


def _clinical(case_id: int) -> Iterator[str]:
    """What clinicians wrote of his sessions for each other."""
    query = select(SessionNote).where(SessionNote.case_id == case_id).order_by(SessionNote.id)
    texts = [text for note in db.session.scalars(query) for text in (note.parts or {}).values()]
    for row in attendance_of(case_id):
        texts += [row.reason_detail or "", row.concern or ""]
    yield from (text for text in texts if len(text.strip()) >= _SHORT)
