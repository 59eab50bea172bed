"""A group that has met for some weeks: who was there is on record of each meeting but the last."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

from mhtr.cases.models import Case
from mhtr.compliance import contact_service
from mhtr.compliance.attendance import Happened, Told
from mhtr.compliance.contact_rules import Attempt, Reached, Way
from mhtr.core import clock
from mhtr.demo.acts import booking
from mhtr.demo.pathways import pathway_called
from mhtr.demo.simulation import Story, at
from mhtr.demo.world import World
from mhtr.orders.queries import all_on_record
from sessions.booking import group_service
from sessions.booking.group_service import Group
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.booking.queries import coming_of, places_in
from sessions.courses import service as courses
from sessions.courses.kinds import Priority
from sessions.courses.queries import open_course
from sessions.notes import service as notes
from sessions.register import service as register
from sessions.register.service import Entry
from sessions.therapies import Therapy

MADE = -22
MEETINGS, CAPACITY = 8, 6
ON_THE_PATHWAY, BESIDE = 2, 2
"""Men whose course it is, and men who come beside the sessions of their own."""
H = Happened
CAME = (
    (H.SEEN, H.SEEN, H.SEEN, H.DID_NOT_COME),
    (H.SEEN, H.SEEN_LATE, H.SEEN, H.SEEN),
    (H.DID_NOT_COME, H.SEEN, H.SEEN, H.SEEN),
)
"""Of each man in turn, meeting by meeting."""
WORK = (
    "Naming feelings: he found words for two of them",
    "Riding it out: practised with the others, quietly at first",
    "Stopping before he acts: told of one evening when he did",
)
RISK = "Asked each man in the break, none said."


def meets(world: World) -> Story:
    """Set up by the administrator; men join, and it meets each week."""
    yield at(world.day(MADE), 10)
    by = world.staff("admin")
    group = Group("Managing strong feelings", Therapy.SKILLS, CAPACITY)
    today = clock.today()
    monday = today + timedelta(days=7 - today.weekday())
    trust = world.cast.organisations[booking.TRUST]
    places = booking.weekly(trust, group, monday, MEETINGS)
    made = group_service.make_group(group=group, places=places, by=by)
    men = [*_with_a_course_of_it(world, made, by), *_beside(world, made, by)]
    for number, meeting in enumerate(made[: len(CAME)]):
        yield meeting.ends_at + timedelta(minutes=10)
        _register(meeting, [case.id for case in men], number)


def _with_a_course_of_it(world: World, made: Sequence[TreatmentSession], by: int) -> list[Case]:
    """Those sentenced last whose order is on record, and who have no course yet."""
    under = [case for case in booking.men(world.cast) if all_on_record(case.id)]
    waiting = [case for case in under if open_course(case.id) is None]
    found = waiting[: -ON_THE_PATHWAY - 1 : -1]
    pathway = pathway_called(made[0].organisation_id, "group")
    for case in found:
        courses.make_course(
            case_id=case.id,
            pathway_id=pathway.id,
            therapist_id=made[0].clinician_id,
            priority=Priority.ROUTINE,
            by=world.staff("lead"),
        )
    return [case for case in found if booking.joins(case, made, by)]


def _beside(world: World, made: Sequence[TreatmentSession], by: int) -> list[Case]:
    booked = (case for case in booking.men(world.cast) if coming_of([case.id]))
    others = (case for case in booked if not _is_in(case, made))
    return list(islice((case for case in others if booking.joins(case, made, by)), BESIDE))


def _is_in(case: Case, made: Sequence[TreatmentSession]) -> bool:
    return any(one.case_id == case.id for one in places_in([made[0].id]))


def _register(meeting: TreatmentSession, men: Sequence[int], number: int) -> None:
    """The register of one meeting, with a note of each man who came."""
    by = meeting.clinician_id
    there = {place.case_id: place for place in places_in([meeting.id])}
    came = dict(zip(men, CAME[number], strict=False))
    entries = {there[case_id].id: Entry(_told(came[case_id])) for case_id in men}
    register.record_group(entries=entries, by=by)
    for case_id in men:
        if came[case_id] is H.DID_NOT_COME:
            _rang(there[case_id], by)
        else:
            _noted(there[case_id], number, by)


def _told(happened: Happened) -> Told:
    return Told(happened, 15) if happened is H.SEEN_LATE else Told(happened)


def _rang(place: SessionPlace, by: int) -> None:
    contact_service.record_attempt(
        case_id=place.case_id,
        subject=place.ref,
        attempt=Attempt(Way.TELEPHONE, Reached.SPOKE),
        at=clock.now(),
        note="He mixed up the days; he comes next week.",
        by=by,
    )


def _noted(place: SessionPlace, number: int, by: int) -> None:
    said = {"agenda": "The session of the group", "work": WORK[number], "risk": RISK}
    said |= {"plan": "The sheet of this week"}
    notes.write(place_id=place.id, parts=said, finish=True, version=0, by=by)


STORIES = (meets,)
