"""The only writer of contacts: recording one, asking measures at it, closing it.

A contact closes once every sign of risk from it has a clinician's response. Recording attendance
waits for none of this.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.tasks.models import Task, TaskState
from outcome_measures.contact_rules import Planned, may_record, problems
from outcome_measures.flags import service as flag_service
from outcome_measures.goals.service import GOAL_INSTRUMENT, has_goals
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import MeasureContact, MeasureMode, OccasionState
from outcome_measures.recording import contact_queries as queries
from outcome_measures.recording.ending import close_unfinished
from outcome_measures.recording.service import open_occasion


class CannotStand(Refused):
    """What of a contact cannot stand; `problems` are messages by field."""

    def __init__(self, found: dict[str, str]) -> None:
        super().__init__(*found.values())
        self.problems = found


@dataclass(frozen=True)
class Closing:
    """What became of closing a contact."""

    closed: bool
    ended: int
    """How many forms were closed unfinished."""
    waiting: tuple[Task, ...]
    """The risk reviews that keep it open."""


def record_contact(
    *,
    case_id: int,
    planned: Planned,
    mode: MeasureMode,
    instruments: Collection[str],
    by: int,
    language: str | None = None,
) -> MeasureContact:
    """Record a contact that took place, and open a form for each measure asked at it.

    A measure that he was asked that day already, wherever it was, is not asked again: the
    contact's page shows the first form. `language`: None for that of each instrument.

    Raises:
        CannotStand: the day, the number or the case does not allow it.
    """
    must_be_writing()
    case = lock_all_of_him(case_id)
    found = problems(planned, queries.course_of(case.id), clock.today())
    if found:
        raise CannotStand(dict(found))
    ref = uuid.uuid4()
    contact = MeasureContact(
        ref=ref,
        case_id=case.id,
        context=f"contact:{ref}",
        held_on=planned.held_on,
        point=planned.point,
        session_number=planned.session_number,
        mode=mode,
        by_id=by,
    )
    db.session.add(contact)
    db.session.flush()
    audit.record("measures.contact_recorded", by=by, case_id=case.id, contact=contact.id)
    _open(contact, case, instruments, language, by=by)
    flag_service.look_again(case_id=case.id, by=by)
    return contact


def ask(*, contact_id: int, instruments: Collection[str], version: int, by: int) -> None:
    """Ask further measures at a contact that is open; or again what was taken back at one.

    A closed contact opens again with the form, and is closed anew.

    Raises:
        Refused: it is closed and they were not taken back at it, it is taken back itself, or each
            of them was asked that day already.
        Stale: somebody changed the contact meanwhile.
    """
    contact, case = locked(contact_id, version)
    must_stand(contact)
    closed = contact.closed_at is not None
    if closed:
        _must_open_again(contact, case, instruments)
    taken_in = {form.language for form in queries.forms_of(contact.id)}
    language = taken_in.pop() if len(taken_in) == 1 else None
    if not _open(contact, case, instruments, language, by=by):
        raise Refused(
            "He was asked this on the same day already, or has set no goal that could be rated."
        )
    contact.version += 1
    if closed:
        contact.closed_at = contact.closed_by = None
        audit.record("measures.contact_reopened", by=by, case_id=case.id, contact=contact.id)
        db.session.flush()
        flag_service.look_again(case_id=case.id, by=by)


def close(*, contact_id: int, unfinished: bool, version: int, by: int) -> Closing:
    """Close a contact, or say what it waits for.

    Forms that are closed unfinished are closed whether or not the contact can be: their risk
    questions without an answer open reviews, which then keep it open.

    Args:
        unfinished: he says that forms which are still open are to end as they stand.

    Raises:
        Refused: it is closed or taken back already, or a form is still open and nobody said so.
        Stale: somebody changed the contact meanwhile.
    """
    contact, case = locked(contact_id, version)
    must_stand(contact)
    if contact.closed_at is not None:
        raise Refused("The contact is closed already.")
    forms = queries.forms_of(contact.id)
    still_open = [form for form in forms if form.state is OccasionState.OPEN]
    if still_open and not unfinished:
        names = " and ".join(recorded(form.instrument).name for form in still_open)
        raise Refused(f"{names} not finished. Finish, or say that what is open ends as it stands.")
    for form in still_open:
        close_unfinished(form, case, by=by)
    contact.version += 1
    waiting = tuple(
        task for task in queries.reviews_from(contact, forms) if task.state is TaskState.OPEN
    )
    if not waiting:
        contact.closed_at, contact.closed_by = clock.now(), by
        audit.record("measures.contact_closed", by=by, case_id=case.id, contact=contact.id)
    db.session.flush()
    flag_service.look_again(case_id=case.id, by=by)
    return Closing(not waiting, len(still_open), waiting)


def _open(
    contact: MeasureContact,
    case: Case,
    instruments: Collection[str],
    language: str | None,
    *,
    by: int,
) -> int:
    """Open a form for each measure he was not asked that day; returns how many."""
    asked = queries.has_place(contact, case)
    wanted = [name for name in dict.fromkeys(instruments) if name not in asked]
    if GOAL_INSTRUMENT in wanted and not has_goals(case.id, contact.held_on):
        wanted.remove(GOAL_INSTRUMENT)  # there is nothing to ask: it asks for goals he has set
    for name in wanted:
        open_occasion(
            case_id=case.id,
            context=contact.context,
            instrument=name,
            mode=contact.mode,
            asked_on=contact.held_on,
            point=contact.point,
            session_number=contact.session_number,
            contact_id=contact.id,
            language=language,
            by=by,
        )
    return len(wanted)


def _must_open_again(contact: MeasureContact, case: Case, instruments: Collection[str]) -> None:
    if not set(instruments) <= queries.taken_back_at(contact.id):
        raise Refused("The contact is closed. Record another one for what is asked now.")
    if refused := may_record(queries.course_of(case.id)):
        raise Refused(*refused)


def must_stand(contact: MeasureContact) -> None:
    """Raises `Refused` for one that was taken back."""
    if contact.taken_back:
        raise Refused("The contact was taken back. It is kept as it was.")


def lock_all_of_him(case_id: int) -> Case:
    """His cases, locked in order: two contacts of one day on two cases ask a measure once."""
    must_be_writing()
    same_man = select(Case.person_id).where(Case.id == case_id)
    keys = db.session.scalars(
        select(Case.id).where(Case.person_id == same_man.scalar_subquery()).order_by(Case.id)
    ).all()
    for key in keys:
        cases.lock(key)
    return cases.lock(case_id)


def locked(contact_id: int, version: int) -> tuple[MeasureContact, Case]:
    """A contact and its case, with all his cases locked. Raises `Stale`."""
    must_be_writing()
    contact = db.session.get_one(MeasureContact, contact_id)
    case = lock_all_of_him(contact.case_id)
    db.session.refresh(contact)
    if contact.version != version:
        raise Stale(contact)
    return contact, case
