"""Reads of proposed changes of a therapist: always of a case that the viewer may see."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Uuid, bindparam, select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.people.models import Person
from mhtr.suitability.countersigning import Lead, may_countersign
from mhtr.suitability.policy import countersign_policy
from mhtr.tasks.models import Leave
from sessions.booking.listeners import WithAnother
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.queries import Booked, coming_of, place_of
from sessions.booking.shapes import london_day
from sessions.courses.models import Course, CourseSession
from sessions.courses.queries import sessions_of, therapists_for
from sessions.therapists.kinds import Absence, State
from sessions.therapists.models import TherapistAnswer, TherapistChange
from sessions.therapists.policy import long_leave
from sessions.therapists.rules import Given, Who, absence_of

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
_NOBODY = frozenset({-1})
_MOST = 100
_CHANGE = (
    select(TherapistChange, Case.ref)
    .join(Case, Case.id == TherapistChange.case_id)
    .where(TherapistChange.ref == bindparam("ref", type_=Uuid()))
)
_LEADS = Prepared(
    select(StaffRole.staff_id).where(
        StaffRole.staff_id.in_(bindparam("staff", expanding=True)),
        StaffRole.role == Role.CLINICAL_LEAD,
    )
)


def find_change(viewer: Viewer, ref: uuid.UUID, *purposes: Purpose) -> tuple[Case, TherapistChange]:
    """A proposal of a man whose case the viewer may see.

    Raises:
        NotFound: no such proposal, or not this viewer's.
    """
    found = db.session.execute(_CHANGE, {"ref": ref}).one_or_none()
    if found is None:
        raise NotFound
    row, case_ref = found
    return find_case(viewer, case_ref, *(purposes or PURPOSES)), row


def changes_of(course_id: int) -> list[TherapistChange]:
    """Every proposal of a course, the newest first."""
    query = select(TherapistChange).where(TherapistChange.course_id == course_id)
    return list(db.session.scalars(query.order_by(TherapistChange.id.desc())))


def open_change(course_id: int) -> TherapistChange | None:
    """The proposal of a course that is open; None where there is none."""
    return next((row for row in changes_of(course_id) if row.state is State.OPEN), None)


def answers_of(change_id: int) -> list[TherapistAnswer]:
    """What those asked said to a proposal, the first one first."""
    return answers_of_each([change_id])[change_id]


def answers_of_each(change_ids: Collection[int]) -> dict[int, list[TherapistAnswer]]:
    """The same of several proposals, with one question."""
    found: dict[int, list[TherapistAnswer]] = defaultdict(list)
    if not change_ids:
        return found
    query = select(TherapistAnswer).where(TherapistAnswer.change_id.in_(change_ids))
    for row in db.session.scalars(query.order_by(TherapistAnswer.id)):
        found[row.change_id].append(row)
    return found


def given(rows: Collection[TherapistAnswer]) -> list[Given]:
    """Answers as the rules read them."""
    return [Given(row.party, row.answer, row.by_id) for row in rows]


def who(staff_id: int, organisation_id: int) -> Who:
    """Somebody as the rules read him, for proposals of a course of this trust."""
    staff = db.session.get_one(Staff, staff_id)
    roles = {row.role for row in staff.roles}
    return Who(
        staff_id=staff_id,
        of_trust=staff.organisation_id == organisation_id and staff.disabled_at is None,
        clinician=bool(CLINICAL_ROLES & roles),
        lead=Role.CLINICAL_LEAD in roles,
        registered=_registered(staff),
        administrator=Role.ADMINISTRATOR in roles,
    )


def _registered(staff: Staff) -> bool:
    """Whether his number is one of a practitioner psychologist and was checked in time."""
    lead = Lead(staff.id, True, staff.hcpc_number, staff.hcpc_checked_on)
    return may_countersign(lead, _NOBODY, clock.today(), countersign_policy()).allowed


def leads_for(case: Case, organisation_id: int) -> list[Staff]:
    """The registered clinical leads of a trust who may see this case, by name."""
    known = therapists_for(case, organisation_id)
    leads = set(_LEADS.values({"staff": [one.id for one in known]})) if known else set()
    return [one for one in known if one.id in leads and _registered(one)]


def absence(case: Case, organisation_id: int, staff_id: int) -> Absence | None:
    """Why a therapist cannot be asked today, as it is on record; None where he or she can."""
    staff, today = db.session.get_one(Staff, staff_id), clock.today()
    gone = staff.disabled_at is not None or staff.organisation_id != organisation_id
    clinical = bool(CLINICAL_ROLES & {row.role for row in staff.roles})
    able = {one.id for one in therapists_for(case, organisation_id)}
    leave = db.session.execute(
        select(Leave.first_day, Leave.last_day).where(Leave.staff_id == staff_id)
    )
    return absence_of(
        left=gone or not clinical,
        shut_out=staff_id not in able,
        leave=[(first, last) for first, last in leave],
        today=today,
        long_days=long_leave(),
    )


def booked_with(course: Course, staff_id: int, starts_on: date) -> list[Booked]:
    """His own sessions of a course that are booked with somebody from a day on, in order."""
    own = {row.id for row in sessions_of(course.id)}
    return [
        one
        for one in coming_of([course.case_id])
        if one.place.course_session_id in own
        and not one.session.in_group
        and one.session.clinician_id == staff_id
        and london_day(one.session.starts_at) >= starts_on
    ]


_ANOTHER = Prepared(
    select(
        SessionPlace.id.label("place_id"),
        Case.id.label("case_id"),
        Case.ref.label("case_ref"),
        Person.given_name,
        Person.family_name,
        TreatmentSession.id.label("session_id"),
        TreatmentSession.ref.label("session_ref"),
        TreatmentSession.clinician_id,
        TreatmentSession.mode,
        TreatmentSession.starts_at,
        TreatmentSession.ends_at,
        TreatmentSession.site_id,
        TreatmentSession.room_id,
        TherapistChange.starts_on,
        Course.therapist_id,
    )
    .select_from(SessionPlace)
    .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
    .join(CourseSession, CourseSession.id == SessionPlace.course_session_id)
    .join(Course, Course.id == CourseSession.course_id)
    .join(TherapistChange, TherapistChange.course_id == Course.id)
    .join(Case, Case.id == SessionPlace.case_id)
    .join(Person, Person.id == Case.person_id)
    .where(
        TherapistChange.state == State.DONE,
        TherapistChange.from_id == TreatmentSession.clinician_id,
        Course.therapist_id != TreatmentSession.clinician_id,
        Course.ended_at.is_(None),
        SessionPlace.state == BookingState.BOOKED,
        TreatmentSession.organisation_id == bindparam("trust"),
        TreatmentSession.starts_at > bindparam("now"),
        TreatmentSession.in_group.is_(False),
        visible(ANYBODY, Case.id, Case.restricted),
    )
    .order_by(TreatmentSession.starts_at, SessionPlace.id)
    .limit(_MOST)
)


def still_with_another(viewer: Viewer) -> Sequence[WithAnother]:
    """Sessions of men of the viewer's that are booked with the therapist they had before."""
    given = {
        **asked_by(viewer, *PURPOSES),
        "trust": viewer.organisation_id,
        "now": clock.now(),
    }
    found: dict[int, WithAnother] = {}
    for row in _ANOTHER.all(given):
        if row.therapist_id is not None and london_day(row.starts_at) >= row.starts_on:
            found[row.place_id] = WithAnother(
                case_id=row.case_id,
                case_ref=row.case_ref,
                name=f"{row.given_name} {row.family_name}".strip(),
                session_id=row.session_id,
                session_ref=row.session_ref,
                place=place_of(row),
                therapist_id=row.therapist_id,
            )
    return list(found.values())
