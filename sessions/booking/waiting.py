"""Men with no next appointment, in the order of need; and times that became free."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import and_, bindparam, exists, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.orders.cards import Card, cards_of_each
from mhtr.people.models import Person
from sessions.booking import listeners
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.models import BookingState, SessionPlace, TakenTime, TreatmentSession
from sessions.booking.needs import Waiting, needs_most
from sessions.booking.queries import place_of
from sessions.booking.shapes import Wanted, london_day
from sessions.booking.tokens import Refs, refs_of
from sessions.booking.told import Where, where_each
from sessions.booking.wishes import Plan, plans_of, wanted_for
from sessions.courses.kinds import Priority
from sessions.courses.models import Course, CourseSession

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
PRIORITY_WORDS = {
    Priority.URGENT: "Urgent",
    Priority.SOON: "Soon",
    Priority.ROUTINE: "Routine",
}
MOST = 100
FREED = 10
LOOKED_AT = 100
"""Times given back that are looked at for those that help somebody."""
HELPED = 3
RECENT = timedelta(days=14)
SOON = timedelta(weeks=4)
"""How long after the first day that suits him a time is still offered, where nothing says."""


@dataclass(frozen=True)
class WaitingRow:
    """A man with a course and no next appointment, as the list shows him."""

    case_id: int
    case_ref: uuid.UUID
    name: str
    need: Waiting
    priority: str
    order: str
    next: CourseSession
    plan: Plan
    therapist: str

    @property
    def left(self) -> int:
        """Sessions of his course that no time is booked for."""
        return len(self.plan.unbooked)


@dataclass(frozen=True)
class FreeTime:
    """A time that became free, and who needs it most of those whose course it suits."""

    where: Where
    helped: tuple[tuple[WaitingRow, str], ...]
    """Each with the word for the time as the page that books it reads it."""


_COMING = (
    exists()
    .where(SessionPlace.case_id == Case.id, SessionPlace.state == BookingState.BOOKED)
    .where(
        SessionPlace.session_id == TreatmentSession.id,
        TreatmentSession.starts_at > bindparam("now"),
    )
    .correlate(Case)
)
_WAITING = (
    select(Case.id, Case.ref, Person.given_name, Person.family_name, Course)
    .join(Person, Person.id == Case.person_id)
    .join(Course, and_(Course.case_id == Case.id, Course.ended_at.is_(None)))
    .where(
        visible(ANYBODY, Case.id, Case.restricted),
        Case.state.in_(sorted(UNDER_ORDER)),
        Case.paused.is_(False),
        ~_COMING,
    )
    .order_by(Case.id)
    .limit(MOST)
)
_NAMED = Prepared(
    select(Staff.id, Staff.name).where(Staff.id.in_(bindparam("wanted", expanding=True)))
)
_CLINICIAN: Any = TreatmentSession.clinician_id
_TAKEN = (
    exists()
    .where(
        TakenTime.lane == lane_of(Lane.CLINICIAN, _CLINICIAN),
        # By the index, no further back than a stretch can reach.
        TakenTime.starts_at > bindparam("day_before"),
        TakenTime.ends_at > TreatmentSession.starts_at,
        TakenTime.starts_at < TreatmentSession.ends_at,
    )
    .correlate(TreatmentSession)
)
"""The clinician of a session that was given back has something else then by now."""
_GIVEN_BACK = Prepared(
    select(
        TreatmentSession.id,
        TreatmentSession.clinician_id,
        TreatmentSession.mode,
        TreatmentSession.starts_at,
        TreatmentSession.ends_at,
        TreatmentSession.site_id,
        TreatmentSession.room_id,
    )
    .where(
        TreatmentSession.organisation_id == bindparam("trust"),
        TreatmentSession.state != BookingState.BOOKED,
        TreatmentSession.closed_at > bindparam("lately"),
        TreatmentSession.starts_at > bindparam("now"),
        TreatmentSession.in_group.is_(False),
        ~_TAKEN,
    )
    .order_by(TreatmentSession.starts_at, TreatmentSession.id)
    .limit(LOOKED_AT)
)


def waiting_rows(viewer: Viewer) -> list[WaitingRow]:
    """Men of the viewer's scope who have a course and nothing booked, the neediest first."""
    given = {**asked_by(viewer, *PURPOSES), "now": clock.now()}
    asked = db.session.execute(_WAITING, given).all()
    plans = plans_of([man.Course for man in asked])
    cards = cards_of_each([man.id for man in asked])
    names = _names({man.Course.therapist_id for man in asked})
    found = {
        man.id: _row(man, plans[man.id], cards.get(man.id, []), names)
        for man in asked
        if plans[man.id].unbooked
    }
    return [found[one.case_id] for one in needs_most(row.need for row in found.values())]


def _row(
    man: Any, plan: Plan, cards: Sequence[Card], names: Mapping[int | None, str]
) -> WaitingRow:
    course: Course = man.Course
    slack = [card.clock.slack_weeks for card in cards if card.clock.slack_weeks is not None]
    in_time = all(card.clock.in_time for card in cards)
    need = Waiting(
        case_id=man.id,
        priority=course.priority,
        slack_weeks=min(slack) if slack else None,
        in_time=in_time,
        since=max(plan.days.values(), default=_day(course)),
    )
    reasons = [reason for card in cards for reason in card.clock.reasons]
    return WaitingRow(
        case_id=man.id,
        case_ref=man.ref,
        name=f"{man.given_name} {man.family_name}".strip(),
        need=need,
        priority=PRIORITY_WORDS[course.priority],
        order=" ".join(reasons) or "No order is recorded.",
        next=plan.unbooked[0],
        plan=plan,
        therapist=names.get(course.therapist_id, "Nobody yet"),
    )


def _day(course: Course) -> date:
    return london_day(course.created_at)


def _names(staff_ids: Collection[int | None]) -> dict[int | None, str]:
    wanted = [one for one in staff_ids if one]
    return dict(_NAMED.all({"wanted": wanted})) if wanted else {}


@dataclass(frozen=True)
class AgainRow:
    """A session to be booked anew: its clinician is not his therapist any more."""

    booked: listeners.WithAnother
    where: Where
    therapist: str


def with_another(viewer: Viewer) -> list[AgainRow]:
    """Sessions of the viewer's men that are booked with the therapist they had before."""
    found = [one for ask in listeners.with_another for one in ask(viewer)]
    names = _names({one.therapist_id for one in found})
    wheres = where_each([one.place for one in found])
    return [
        AgainRow(one, said, names[one.therapist_id])
        for one, said in zip(found, wheres, strict=True)
    ]


def free_times(viewer: Viewer, rows: Sequence[WaitingRow]) -> list[FreeTime]:
    """Times given back lately that are still to come, with those whom each helps most."""
    now = clock.now()
    given = {
        "trust": viewer.organisation_id,
        "lately": now - RECENT,
        "now": now,
        "day_before": now - timedelta(days=1),
    }
    free = _once(_GIVEN_BACK.all(given)) if rows else []
    refs = refs_of({one.clinician_id for one in free}, {one.room_id for one in free if one.room_id})
    asks = [(row, wanted_for(row.plan, row.next, [])) for row in rows if not row.next.in_group]
    helps = ((session, _helped(session, asks, refs)) for session in free)
    found = list(islice((pair for pair in helps if pair[1]), FREED))
    wheres = where_each([place_of(session) for session, _ in found])
    return [FreeTime(said, helped) for said, (_, helped) in zip(wheres, found, strict=True)]


def _once(given_back: Sequence[Any]) -> list[Any]:
    """One for each clinician and time, the first of them."""
    found = {(row.clinician_id, row.starts_at): row for row in reversed(given_back)}
    return sorted(found.values(), key=lambda row: (row.starts_at, row.id))


def _helped(
    session: Any, asks: Collection[tuple[WaitingRow, Wanted]], refs: Refs
) -> tuple[tuple[WaitingRow, str], ...]:
    """The first of those who wait whose course this time suits."""
    place, day = place_of(session), london_day(session.starts_at)
    word = refs.token(place)
    minutes = int((session.ends_at - session.starts_at).total_seconds() // 60)
    suited = (row for row, one in asks if _suits(row, one, place.clinician_id, day, minutes))
    return tuple((row, word) for row in islice(suited, HELPED))


def _suits(row: WaitingRow, wanted: Wanted, clinician_id: int, day: date, minutes: int) -> bool:
    """Whether a time suits his course: the length, the therapist and the days between sessions.

    What else binds him is looked at when it is booked, so that the list stays quick.
    """
    therapist = row.plan.course.therapist_id if row.plan.course else None
    if row.next.minutes != minutes or therapist not in (None, clinician_id):
        return False
    first = max(wanted.first or clock.today(), clock.today())
    last = wanted.last or first + SOON
    return first <= day <= last and (wanted.latest is None or day <= wanted.latest)
