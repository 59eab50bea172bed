"""Closed sessions that are left without a measure, because the one that had it left their day.

A measure is asked once on a day. Where two sessions share one and the other moves away or is taken
back, what it answered for goes with it: the session that stays opens again, so that what it lacks
is on the lists as overdue and can be recorded at it.
"""

from dataclasses import dataclass

from sqlalchemy import select

from mhtr.core import audit, clock
from mhtr.core.database import db
from outcome_measures.contact_rules import may_record
from outcome_measures.flags.due import DueState, Urgency, due
from outcome_measures.flags.queries import states_of
from outcome_measures.models import MeasureContact
from outcome_measures.recording.contact_queries import course_of

Missing = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Lacking:
    """What the closed sessions of a case lacked before something changed: contact and measure."""

    case_id: int
    missing: Missing


def lacking(case_id: int) -> Lacking:
    """As it stands now, for `open_again` after a change."""
    return Lacking(case_id, _missing(case_id))


def open_again(before: Lacking, *, by: int, but: int | None = None) -> None:
    """Open the closed sessions that lack a measure which they did not lack before.

    Args:
        but: a contact that stays closed whatever it lacks now: somebody took back what it had.
    """
    case_id = before.case_id
    refs = {ref for ref, _ in _missing(case_id) - before.missing}
    if not refs or may_record(course_of(case_id)):
        return
    closed = select(MeasureContact).where(
        MeasureContact.case_id == case_id, MeasureContact.closed_at.is_not(None)
    )
    for contact in db.session.scalars(closed.order_by(MeasureContact.id)):
        if str(contact.ref) in refs and contact.id != but:
            contact.closed_at = contact.closed_by = None
            contact.version += 1
            audit.record("measures.contact_reopened", by=by, case_id=case_id, contact=contact.id)
    db.session.flush()


def _missing(case_id: int) -> Missing:
    found = states_of([case_id])[case_id]
    state = DueState(
        schedules=found.schedules,
        contacts=found.contacts,
        asked=found.asked,
        planned_sessions=found.planned_sessions,
        history=found.history,
    )
    return frozenset(
        (one.contact_ref, one.instrument)
        for one in due(state, clock.today())
        if one.urgency is Urgency.MISSING
    )
