"""A clinician's sessions of today, each one click from recording what happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from mhtr.cases.models import Case
from mhtr.compliance.attendance import in_words
from mhtr.compliance.queries import Recorded, recorded_of
from mhtr.core import clock, formats
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import UtcDateTime
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.overview.links import page_href
from mhtr.overview.rows import Row
from mhtr.overview.task_lists import note_shown
from mhtr.people.models import Person
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.therapies import MODE_WORDS

_PLACES = Prepared(
    select(
        SessionPlace.ref,
        SessionPlace.session_id,
        TreatmentSession.ref.label("session_ref"),
        TreatmentSession.starts_at,
        TreatmentSession.mode,
        TreatmentSession.in_group,
        TreatmentSession.title,
        Case.id.label("case_id"),
        Person.id.label("person_id"),
        Person.given_name,
        Person.family_name,
        Person.born,
    )
    .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
    .join(Case, Case.id == SessionPlace.case_id)
    .join(Person, Person.id == Case.person_id)
    .where(
        TreatmentSession.clinician_id == bindparam("me"),
        TreatmentSession.starts_at >= bindparam("begins", type_=UtcDateTime()),
        TreatmentSession.starts_at < bindparam("ends", type_=UtcDateTime()),
        SessionPlace.state == BookingState.BOOKED,
        visible(ANYBODY, Case.id, Case.restricted),
    )
    .order_by(TreatmentSession.starts_at, SessionPlace.id)
    .limit(bindparam("limit"))
)


def today_rows(viewer: Viewer, *, limit: int) -> list[Row]:
    """His booked sessions of today in order of time; of a group one row."""
    placed = _placed(viewer, limit)
    recorded = recorded_of([one.ref for one in placed])
    groups: dict[int, list[Any]] = {}
    for one in placed:
        groups.setdefault(one.session_id, []).append(one)
    rows = [
        _group(viewer, held, recorded)
        if held[0].in_group
        else _one(viewer, held[0], recorded.get(held[0].ref))
        for held in groups.values()
    ]
    note_shown(rows)
    return rows


def _placed(viewer: Viewer, limit: int) -> Sequence[Any]:
    begins = datetime.combine(clock.today(), time(0), clock.LONDON)
    given = {
        **asked_by(viewer, Purpose.CLINICAL),
        "me": viewer.staff_id,
        "begins": begins,
        "ends": begins + timedelta(days=1),
        "limit": limit,
    }
    return _PLACES.all(given)


def _one(viewer: Viewer, placed: Any, recorded: Recorded | None) -> Row:
    over = placed.starts_at <= clock.now()
    return Row(
        ref=placed.ref,
        who=f"{placed.given_name} {placed.family_name}".strip(),
        born=placed.born,
        what=f"{formats.clock_time(placed.starts_at)}, {MODE_WORDS[placed.mode].lower()}",
        href=page_href(viewer, "register.attendance", placed.ref),
        action="Record" if over and recorded is None else "Open",
        facts=(in_words(recorded.happened, recorded.minutes_late),) if recorded else (),
        case_id=placed.case_id,
        person_id=placed.person_id,
    )


def _group(viewer: Viewer, held: Sequence[Any], recorded: Mapping[UUID, Recorded]) -> Row:
    session = held[0]
    left = sum(one.ref not in recorded for one in held)
    return Row(
        ref=session.session_ref,
        who=session.title or "Group",
        what=f"{formats.clock_time(session.starts_at)}, {len(held)} in the group",
        href=page_href(viewer, "register.group", session.session_ref),
        action="Record" if left and session.starts_at <= clock.now() else "Open",
        facts=(f"{len(held) - left} of {len(held)} recorded",),
    )
