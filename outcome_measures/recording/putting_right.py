"""Putting a contact right that was recorded with a wrong day, number, mode, language or occasion.

Its forms follow it. What it was is kept, with who and why; no risk review closes. A session of its
old day that is left without the measures it had opens again, until they are back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from outcome_measures.contact_rules import DAY, Course, Planned, kept_problems, states_since
from outcome_measures.flags import service as flag_service
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import (
    TAKES_ITS_DAY,
    ChangeKind,
    MeasureChange,
    MeasureContact,
    MeasureMode,
    MeasureOccasion,
)
from outcome_measures.recording import contact_queries as queries
from outcome_measures.recording.contacts import CannotStand, locked, must_stand
from outcome_measures.recording.left_without import Opened, close_again, lacking, open_again


def correct_contact(
    *,
    contact_id: int,
    planned: Planned,
    mode: MeasureMode,
    language: str | None,
    reason: str,
    version: int,
    by: int,
) -> None:
    """Put a contact and its forms right.

    Args:
        language: in which the answers were taken; None leaves it.

    Raises:
        CannotStand: the day, the number or what he was asked that day does not allow it.
        Refused: no reason, nothing is changed, or it was taken back.
        Stale: somebody changed the contact meanwhile.
    """
    contact, case = locked(contact_id, version)
    must_stand(contact)
    if not reason.strip():
        raise Refused("Say why it is corrected.")
    forms = queries.forms_of(contact.id)
    before = _differing(contact, forms, _said(planned, mode, language if forms else None))
    if not before:
        raise Refused("This is what is on record.")
    if found := dict(misfits(contact, case, planned)) or _asked_elsewhere(contact, case, planned):
        raise CannotStand(found)
    flags, lacked = flag_service.standing_now(case.id), lacking(case.id)
    opened_before = _opened_by_corrections(contact)
    _write(contact, forms, planned, mode, language)
    db.session.flush()
    opened = open_again(lacked, by=by)
    _note(contact, before, opened, reason, by=by)
    close_again(opened_before, by=by)
    flag_service.look_again_moved(case_id=case.id, before=flags, by=by)


def _opened_by_corrections(contact: MeasureContact) -> Mapping[str, Any]:
    """What the last correction that opened a session opened."""
    query = select(MeasureChange.before).where(
        MeasureChange.contact_id == contact.id, MeasureChange.kind == ChangeKind.CORRECTED
    )
    kept = db.session.scalars(query.order_by(MeasureChange.id.desc()))
    return next((before["opened"] for before in kept if before.get("opened")), {})


def _note(
    contact: MeasureContact, before: dict[str, Any], opened: Opened, reason: str, *, by: int
) -> None:
    kept = {**before, "opened": opened} if opened else before
    change = MeasureChange(contact_id=contact.id, kind=ChangeKind.CORRECTED, before=kept)
    change.by_id, change.reason = by, reason.strip()
    db.session.add(change)
    db.session.flush()
    told: dict[str, Any] = {"contact": contact.id, "fields": [*before]}
    audit.record("measures.contact_corrected", by=by, case_id=contact.case_id, **told)


def _differing(
    contact: MeasureContact, forms: Sequence[MeasureOccasion], now: Mapping[str, Any]
) -> dict[str, Any]:
    """What was otherwise before."""
    language = forms[0].language if forms and now["language"] else None
    was = _said(_place(contact), contact.mode, language)
    return {name: value for name, value in was.items() if now[name] != value}


def _write(
    contact: MeasureContact,
    forms: Sequence[MeasureOccasion],
    planned: Planned,
    mode: MeasureMode,
    language: str | None,
) -> None:
    contact.held_on, contact.mode = planned.held_on, mode
    contact.point, contact.session_number = planned.point, planned.session_number
    contact.version += 1
    for form in forms:
        form.asked_on, form.mode = planned.held_on, mode
        form.point, form.session_number = planned.point, planned.session_number
        form.language = language or form.language


def misfits(
    contact: MeasureContact, case: Case, planned: Planned | None = None
) -> Mapping[str, str]:
    """What of a contact cannot stand at a place, or at its own, by the field it is about."""
    wanted, today = planned or _place(contact), clock.today()
    states = states_since(cases.facts_of(case.id), wanted.held_on, today)
    return kept_problems(wanted, course_without(contact), states, today)


def course_without(contact: MeasureContact) -> Course:
    """The course as the other contacts of the case make it."""
    course, own = queries.course_of(contact.case_id), (contact.session_number, contact.held_on)
    if contact.taken_back:
        return course
    return replace(course, sessions=[one for one in course.sessions if one != own])


def _asked_elsewhere(contact: MeasureContact, case: Case, planned: Planned) -> dict[str, str]:
    """Its forms are asked once on their new day too."""
    mine = [f.instrument for f in queries.forms_of(contact.id) if f.state in TAKES_ITS_DAY]
    that_day = queries.asked_on_day(case.person_id, planned.held_on, mine)
    names = [recorded(n).name for n in mine if n in that_day and not _own(that_day[n], contact)]
    if not names:
        return {}
    said = f"{' and '.join(names)} was asked on {day_words(planned.held_on)} at another contact"
    return {DAY: f"{said}: take one of the two back first"}


def _own(form: Any, contact: MeasureContact) -> bool:
    return bool(form.contact_id == contact.id)


def _place(contact: MeasureContact) -> Planned:
    return Planned(contact.held_on, contact.point, contact.session_number)


def _said(planned: Planned, mode: MeasureMode, language: str | None) -> dict[str, Any]:
    """As history keeps it."""
    return {
        "held_on": planned.held_on.isoformat(),
        "point": planned.point.value,
        "session_number": planned.session_number,
        "mode": mode.value,
        "language": language,
    }
