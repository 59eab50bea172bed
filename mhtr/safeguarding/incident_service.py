"""Incident records: the only writer of them, and of what a clinical lead makes of them."""

import uuid

from sqlalchemy import select

from mhtr.accounts.leads import lead_ids
from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.queries import stands
from mhtr.core import audit, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused
from mhtr.safeguarding.clinician import clinician_with
from mhtr.safeguarding.incident_models import Incident, IncidentStep, IncidentVersion
from mhtr.safeguarding.incident_queries import find_incident
from mhtr.safeguarding.incident_rules import (
    MEANWHILE,
    NO_LEARNING,
    NO_WHY,
    OVER,
    Happened,
    State,
    StepKind,
    objections,
    why_not_review,
)
from mhtr.tasks import service as tasks

CLINICIANS_ONLY = "Only a clinician records an incident."
WAITS = "An incident record waits to be reviewed by a clinical lead."
PAGE = "safeguarding.incidents_to_review"


def write(*, case_id: int, said: Happened, by: int) -> Incident:
    """Record an incident; the clinical leads who may see the man are told that it waits.

    Raises:
        CannotBe: something is missing, or cannot be.
        NotFound: `by` may not see the case.
        Refused: `by` is no clinician.
    """
    who = clinician_with(case_id, by, refusal=CLINICIANS_ONLY)
    if wrong := objections(said, clock.today()):
        raise CannotBe(*wrong)
    row = Incident(case_id=case_id, by_id=by)
    db.session.add(row)
    db.session.flush()
    _version(row, said, 1, None, by)
    audit.record("incidents.written", by=by, case_id=case_id, incident=row.id)
    for lead in _leads(case_id, who):
        tasks.tell(lead, key=f"incident:{row.id}", text=WAITS, case_id=case_id, endpoint=PAGE)
    return row


def correct(
    *, case_id: int, ref: uuid.UUID, said: Happened, why: str, seen: str, by: int
) -> IncidentVersion:
    """Put a record right: a later version, with a reason.

    Args:
        seen: what of it was there when it was read (`Record.seen`).

    Raises:
        CannotBe: something is missing, or cannot be.
        NotFound: as `write`, or no such record.
        Refused: `by` is no clinician, it is closed, or something was recorded meanwhile.
    """
    clinician_with(case_id, by, refusal=CLINICIANS_ONLY)
    found = find_incident(case_id, ref)
    if found.state is State.CLOSED:
        raise Refused(OVER)
    if found.seen != seen:
        raise Refused(MEANWHILE)
    wrong = objections(said, clock.today()) + ([] if why.strip() else [("why", NO_WHY)])
    if wrong:
        raise CannotBe(*wrong)
    made = _version(found.row, said, found.newest.row.number + 1, why.strip(), by)
    audit.record("incidents.put_right", by=by, case_id=case_id, incident=found.row.id)
    return made


def review(*, case_id: int, ref: uuid.UUID, words: str, seen: str, by: int) -> IncidentStep:
    """Close a record with what was learned, or open it again where it is closed.

    Raises:
        CannotBe: nothing is said of it.
        NotFound: as `correct`.
        Refused: `by` is no clinical lead, wrote of it himself, the duty of candour is still to be
            done, or something was recorded meanwhile.
    """
    who = clinician_with(case_id, by, refusal=CLINICIANS_ONLY)
    found = find_incident(case_id, ref)
    if found.seen != seen:
        raise Refused(MEANWHILE)
    newest = found.newest.row
    reasons = why_not_review(
        is_lead=Role.CLINICAL_LEAD in {row.role for row in who.roles},
        by=by,
        writers=[one.row.by_id for one in found.versions],
        candour=newest.candour,
        state=found.state,
    )
    if reasons:
        raise Refused(*reasons)
    if not words.strip():
        raise CannotBe(("words", NO_LEARNING))
    kind = StepKind.REOPENED if found.state is State.CLOSED else StepKind.CLOSED
    row = IncidentStep(
        incident_id=found.row.id,
        version=newest.number,
        writer_id=newest.by_id,
        kind=kind,
        words=words.strip(),
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        "incidents.reviewed", by=by, case_id=case_id, incident=found.row.id, state=kind.value
    )
    return row


def _version(
    row: Incident, said: Happened, number: int, why: str | None, by: int
) -> IncidentVersion:
    made = IncidentVersion(
        incident_id=row.id,
        number=number,
        on=said.on,
        at=said.at.strip(),
        place=said.place.strip(),
        what=said.what.strip(),
        harmed=said.harmed,
        harm=said.harm,
        harm_words=said.harm_words.strip(),
        done=said.done.strip(),
        reported=said.reported.strip(),
        candour=said.candour,
        candour_words=said.candour_words.strip(),
        why=why,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _leads(case_id: int, writer: Staff) -> list[int]:
    """Principals of the other clinical leads of his trust who may see the man."""
    ids = [one for one in lead_ids(writer.organisation_id) if one != writer.id]
    leads = db.session.scalars(select(Staff).where(Staff.id.in_(ids)).order_by(Staff.id))
    return [one.principal_id for one in leads if stands(viewer_of(one), case_id, Purpose.CLINICAL)]
