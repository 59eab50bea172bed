"""What was put right of contacts and forms: taken back, put back or corrected, by whom and why.

What is taken back is kept in history, and part of nothing else.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, literal, or_, select, union_all

from mhtr.accounts.models import Staff
from mhtr.cases.wording import day_words
from mhtr.core.access import Role, Viewer
from mhtr.core.database import db
from mhtr.people.values import label
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import (
    ChangeKind,
    MeasureChange,
    MeasureContact,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.time_points import MeasureMode, TimePoint, contact_name

ASSESSMENT = "assessment:"


@dataclass(frozen=True)
class Withdrawn:
    """One form or contact that counts for nothing any more, and why."""

    occasion_id: int | None
    """None for a contact."""
    ref: uuid.UUID
    name: str
    on: date
    at: datetime
    by: str
    because: str


@dataclass(frozen=True)
class Change:
    """One thing put right. `was`: what was corrected, in words; empty for a taking back."""

    kind: ChangeKind
    was: str
    by: str
    at: datetime
    reason: str


def withdrawn_of(case_id: int) -> Sequence[Withdrawn]:
    """Those of a case, the latest taken back first. A contact stands for the forms at it."""
    found = {(row.contact, row.id): row for row in db.session.execute(_of(), {"case": case_id})}
    return sorted(map(_withdrawn, found.values()), key=lambda one: one.at, reverse=True)


def changes_of(*, contact_id: int | None, occasion_id: int | None = None) -> Sequence[Change]:
    """What was put right of a form and of its contact, the first thing first."""
    mine = [MeasureChange.contact_id == contact_id] if contact_id is not None else []
    if occasion_id is not None:
        mine.append(MeasureChange.occasion_id == occasion_id)
    rows = db.session.execute(
        select(MeasureChange, Staff.name)
        .join(Staff, Staff.id == MeasureChange.by_id)
        .where(or_(*mine))
        .order_by(MeasureChange.id)
    )
    return [
        Change(row.kind, _was(row.before), name, row.created_at, row.reason)
        for row, name in rows
        # A form taken back or put back with its contact: the contact's line says it.
        if not (row.occasion_id and row.before.get("with_contact"))
    ]


def last_taken_back(
    *, occasion_id: int | None = None, contact_id: int | None = None
) -> MeasureChange | None:
    """The last taking back of a form or a contact; None where it never was."""
    one = (
        MeasureChange.occasion_id == occasion_id
        if contact_id is None
        else MeasureChange.contact_id == contact_id
    )
    query = select(MeasureChange).where(one, MeasureChange.kind == ChangeKind.TAKEN_BACK)
    return db.session.scalars(query.order_by(MeasureChange.id.desc())).first()


def may_take_back(viewer: Viewer, occasion: MeasureOccasion) -> bool:
    """Whether he is a clinical lead, or the one who entered it. One of an assessment stays."""
    if occasion.state is OccasionState.WITHDRAWN or occasion.context.startswith(ASSESSMENT):
        return False
    return _his(viewer, occasion.entered_by)


def may_put_back(viewer: Viewer, occasion: MeasureOccasion) -> bool:
    """Whether it was taken back by itself, and he is a lead, entered it or took it back."""
    if occasion.state is not OccasionState.WITHDRAWN:
        return False
    if occasion.contact_id is not None:
        contact = db.session.get_one(MeasureContact, occasion.contact_id)
        if contact.taken_back:
            return False
    change = last_taken_back(occasion_id=occasion.id)
    return change is not None and _his(viewer, occasion.entered_by, change.by_id)


def may_take_contact_back(viewer: Viewer, contact: MeasureContact) -> bool:
    """Whether he is a clinical lead, or the one who recorded it."""
    return not contact.taken_back and _his(viewer, contact.by_id)


def may_put_contact_back(viewer: Viewer, contact: MeasureContact) -> bool:
    """Whether he is a clinical lead, recorded it or took it back."""
    change = last_taken_back(contact_id=contact.id) if contact.taken_back else None
    return change is not None and _his(viewer, contact.by_id, change.by_id)


def _his(viewer: Viewer, *staff: int) -> bool:
    return viewer.has(Role.CLINICAL_LEAD) or viewer.staff_id in staff


def _was(before: Mapping[str, Any]) -> str:
    said = []
    if before.get("session_number") or "point" in before:
        point = TimePoint(before.get("point", TimePoint.SESSION))
        said.append(contact_name(point, before.get("session_number")))
    if "held_on" in before:
        said.append(day_words(date.fromisoformat(before["held_on"])))
    if "mode" in before:
        said.append(MeasureMode(before["mode"]).words)
    if before.get("language"):
        said.append(f"in {label('languages', before['language'])}")
    return ", ".join(said)


@cache
def _of() -> Any:
    """Made once: making it takes longer than asking it. The last taking back of each comes last."""
    row, contact, change = MeasureOccasion, MeasureContact, MeasureChange
    said = (change.created_at, change.reason, Staff.name, change.id.label("change"))
    of_forms = (
        select(
            literal(False).label("contact"), row.id, row.ref, row.instrument,
            row.asked_on.label("day"), row.point, row.session_number, *said,
        )
        .join(change, change.occasion_id == row.id)
        .join(Staff, Staff.id == change.by_id)
        .outerjoin(contact, contact.id == row.contact_id)
        .where(
            row.case_id == bindparam("case"),
            row.state == OccasionState.WITHDRAWN,
            change.kind == ChangeKind.TAKEN_BACK,
            or_(contact.id.is_(None), contact.taken_back.is_(False)),
        )
    )  # fmt: skip
    of_contacts = (
        select(
            literal(True), contact.id, contact.ref, literal(""), contact.held_on,
            contact.point, contact.session_number, *said,
        )
        .join(change, change.contact_id == contact.id)
        .join(Staff, Staff.id == change.by_id)
        .where(
            contact.case_id == bindparam("case"),
            contact.taken_back.is_(True),
            change.kind == ChangeKind.TAKEN_BACK,
        )
    )  # fmt: skip
    return union_all(of_forms, of_contacts).order_by("change")


def _withdrawn(row: Any) -> Withdrawn:
    of_contact = bool(row.contact)
    return Withdrawn(
        occasion_id=None if of_contact else row.id,
        ref=row.ref,
        name=contact_name(row.point, row.session_number)
        if of_contact
        else recorded(row.instrument).name,
        on=row.day,
        at=row.created_at,
        by=row.name,
        because=row.reason,
    )
