"""From a plan in numbers to times with rooms, each checked as a booking is.

The planner counts rooms and people who must not meet slot by slot; sessions of different slots may
overlap. So every time is looked at once more with the rules of booking. What does not pass is given
back, to be planned again without it. Values only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sessions.availability.shapes import ManLimits, Span
from sessions.booking.finding import why_not
from sessions.booking.shapes import At, Diary, Place
from sessions.booking.spacing import with_taken
from sessions.planning.asked import Asked, ManAsked, Part, mode_of
from sessions.planning.caseload import Question
from sessions.planning.problem import Instance, Man, Plan, Visit
from sessions.therapies import SessionMode


@dataclass(frozen=True, slots=True)
class Given:
    """The time one session is to have."""

    part: Part
    place: Place

    @property
    def changed(self) -> bool:
        """Whether the booking has to change; a room he was not told of counts."""
        return self.part.told != self.place


@dataclass(frozen=True)
class Settled:
    """What of a plan can be booked as it stands."""

    given: Mapping[int, tuple[Given, ...]]
    """By case: his whole course, each session with its time."""
    refused: Mapping[int, tuple[Visit, ...]]
    """By case: the visits of men that cannot be booked though the numbers said so."""


def settle(question: Question, plan: Plan) -> Settled:
    """Give each visit its room and look at it as a booking is looked at, man by man.

    Those who were told of times go first: their times are promised.
    """
    asked = question.asked
    diary, met = asked.diary, _Met(asked)
    given: dict[int, tuple[Given, ...]] = {}
    refused: dict[int, tuple[Visit, ...]] = {}
    order = sorted(asked.men, key=lambda man: (not man.parts[0].told, -man.weight, man.case_id))
    for man in order:
        visits = tuple(sorted(plan.get(man.case_id, ()), key=question.instance.day))
        if not visits:
            continue
        found = _of_man(question, diary, met, man, visits)
        if isinstance(found, Visit):
            refused[man.case_id] = (found,)
            continue
        given[man.case_id] = found
        for one in found:
            diary = with_taken(replace(diary, men=(man.limits,)), one.place)
            met.goes(man.limits, one.place)
    return Settled(given, refused)


class _Met:
    """Where those are whom each man must not meet, as the plan fills up."""

    def __init__(self, asked: Asked) -> None:
        self.at = dict(asked.diary.meets)
        self._of: dict[int, set[int]] = {}
        for man in asked.men:
            for other in man.limits.must_not_meet:
                self._of.setdefault(other, set()).add(man.case_id)

    def goes(self, man: ManLimits, place: Place) -> None:
        """A man will be at a place: those who must not meet him keep away."""
        if place.site_id is not None:
            for case_id in self._of.get(man.person_id, ()):
                at = At(place.span, place.site_id)
                self.at[case_id] = (*self.at.get(case_id, ()), at)


def _of_man(
    question: Question, diary: Diary, met: _Met, man: ManAsked, visits: tuple[Visit, ...]
) -> tuple[Given, ...] | Visit:
    """His sessions with their rooms; a visit that cannot be booked, where there is one."""
    own = replace(diary, men=(man.limits,), meets={man.case_id: met.at.get(man.case_id, ())})
    given: list[Given] = []
    room: int | None = next((p.told.room_id for p in man.parts if p.told), None)
    for part, visit in zip(man.parts, visits, strict=True):
        place = _place(question, own, part, visit, room)
        if place is None:
            return visit
        given.append(Given(part, place))
        room = place.room_id
        own = with_taken(own, place)
    return tuple(given)


def _place(
    question: Question, own: Diary, part: Part, visit: Visit, room: int | None
) -> Place | None:
    starts = question.starts(visit)
    if starts is None:
        return None
    mode, site_id = mode_of(visit.place)
    span = Span(starts, starts + timedelta(minutes=part.wanted.minutes))
    place = Place(visit.clinician, mode, span, site_id)
    told = part.told
    if told is not None and part.stays and told == replace(place, room_id=told.room_id):
        return told  # it is booked so already
    wanted = replace(part.wanted, first=None, ideal=None, last=None, until=None)
    for tried in _with_rooms(own, place, room):
        if not why_not(wanted, own, tried):
            return tried
    return None


def _with_rooms(own: Diary, place: Place, room: int | None) -> Iterator[Place]:
    """The place with each of its rooms: the one he knows, then the smallest."""
    if place.mode is not SessionMode.IN_PERSON:
        yield place
        return
    rooms = [one for one in own.rooms.values() if one.site_id == place.site_id]
    for one in sorted(rooms, key=lambda each: (each.room_id != room, each.capacity, each.name)):
        yield replace(place, room_id=one.room_id)


def without(instance: Instance, refused: Mapping[int, tuple[Visit, ...]]) -> Instance:
    """The same question with those visits taken from the men who could not have them."""

    def less(man: Man) -> Man:
        out = {(visit.week, visit.slot) for visit in refused.get(man.key, ())}
        return replace(man, cannot=man.cannot | out)

    return replace(instance, men=tuple(less(man) for man in instance.men))
