"""Closed sessions that are left without a measure, because the one that had it left their day.

A measure is asked once on a day. Where two sessions share one and the other moves away or is taken
back, what it answered for goes with it: the session that stays opens again, so that what it lacks
is on the lists as overdue and can be recorded at it. Where the other one comes back, it is closed
again as it was, unless something was recorded at it meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.tasks.models import TaskState
from outcome_measures.contact_rules import may_record
from outcome_measures.flags.due import DueState, Urgency, due
from outcome_measures.flags.queries import states_of
from outcome_measures.models import MeasureContact
from outcome_measures.recording.contact_queries import course_of, forms_of, reviews_from

Missing = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Lacking:
    """What the closed sessions of a case lacked before something changed: contact and measure."""

    case_id: int
    missing: Missing


def lacking(case_id: int) -> Lacking:
    """As it stands now, for `open_again` after a change."""
    return Lacking(case_id, _missing(case_id))


Opened = dict[str, dict[str, Any]]
"""How contacts that opened again were closed, by their id, as history keeps it."""


def open_again(before: Lacking, *, by: int, but: int | None = None) -> Opened:
    """Open the closed sessions that lack a measure which they did not lack before.

    Args:
        but: a contact that stays closed whatever it lacks now: somebody took back what it had.

    Returns what `close_again` wants, to be kept with the change that made them open.
    """
    case_id, opened = before.case_id, Opened()
    refs = {ref for ref, _ in _missing(case_id) - before.missing}
    if not refs or may_record(course_of(case_id)):
        return opened
    closed = select(MeasureContact).where(
        MeasureContact.case_id == case_id, MeasureContact.closed_at.is_not(None)
    )
    for contact in db.session.scalars(closed.order_by(MeasureContact.id)):
        if str(contact.ref) in refs and contact.id != but and contact.closed_at:
            opened[str(contact.id)] = {
                "at": contact.closed_at.isoformat(),
                "by": contact.closed_by,
                "version": contact.version + 1,
                "lacked": sorted(_of(contact, before.missing)),
            }
            contact.closed_at = contact.closed_by = None
            contact.version += 1
            audit.record("measures.contact_reopened", by=by, case_id=case_id, contact=contact.id)
    db.session.flush()
    return opened


def close_again(opened: Mapping[str, Any], *, by: int) -> None:
    """Close what opened again, as it was closed, now that what opened it is undone.

    One at which somebody did something meanwhile, which still lacks what it did not lack then, or
    whose risk review is open stays open: closing it is for whoever records there.
    """
    for key, was in opened.items():
        contact = db.session.get_one(MeasureContact, int(key), populate_existing=True)
        if contact.closed_at or contact.taken_back or contact.version != was["version"]:
            continue
        if _waits_for_a_response(contact):
            continue
        contact.closed_at, contact.closed_by = datetime.fromisoformat(was["at"]), was["by"]
        contact.version += 1
        db.session.flush()
        if not _of(contact, _missing(contact.case_id)) <= set(was["lacked"]):
            contact.closed_at = contact.closed_by = None
            contact.version -= 1
            db.session.flush()
            continue
        case_id = contact.case_id
        audit.record("measures.contact_closed", by=by, case_id=case_id, contact=contact.id)


def _waits_for_a_response(contact: MeasureContact) -> bool:
    reviews = reviews_from(contact, forms_of(contact.id))
    return any(task.state is TaskState.OPEN for task in reviews)


def _of(contact: MeasureContact, missing: Missing) -> set[str]:
    return {instrument for ref, instrument in missing if ref == str(contact.ref)}


def _missing(case_id: int) -> Missing:
    found = states_of([case_id])[case_id]
    state = DueState(
        schedules=found.schedules,
        contacts=found.contacts,
        asked=found.asked,
        planned_sessions=found.planned_sessions,
        parts=found.parts,
        history=found.history,
    )
    return frozenset(
        (one.contact_ref, one.instrument)
        for one in due(state, clock.today())
        if one.urgency is Urgency.MISSING
    )
