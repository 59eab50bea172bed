"""Which times are possible, in which order they are offered, and why another one is not."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from mhtr.cases.wording import day_words
from sessions.availability.shapes import ClinicianOpen, ManLimits, RoomOpen, Span
from sessions.booking.day_by_day import Days
from sessions.booking.gap_rules import beside
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.shapes import (
    Diary,
    Place,
    Score,
    Slot,
    Wanted,
    joined,
    london_day,
    london_minute,
)
from sessions.therapies import THERAPY_WORDS, Gender, SessionMode

PASSED = "That time has passed."
STEP = 15
"""Minutes between the beginnings that are tried, on the clock."""
MODES = (SessionMode.IN_PERSON, SessionMode.VIDEO, SessionMode.TELEPHONE)
"""How he is seen, what is offered first where all are possible."""
BY_MODE = {
    SessionMode.IN_PERSON: "in person",
    SessionMode.TELEPHONE: "by telephone",
    SessionMode.VIDEO: "by video",
}
_ASKED = {
    Gender.FEMALE: "a woman",
    Gender.MALE: "a man",
    Gender.ANOTHER: "a therapist who is neither a man nor a woman",
}
ONE_OF_THEM = " (one of the group)"
TAKEN = (" has another session then", "another session then.", "is taken then.")
"""How the reasons end that a booking by somebody else can cause."""


def why_not(wanted: Wanted, diary: Diary, place: Place) -> tuple[str, ...]:
    """Every reason why a session cannot be held so; empty where it can."""
    clinician = diary.clinicians.get(place.clinician_id)
    if clinician is None:
        return ("Nobody can be booked with this clinician.",)
    found = [
        *_of_the_day(wanted, diary, place.span),
        *_of_him(wanted, diary, place),
        *may_see(wanted, diary.men, clinician, place.mode),
        *_of_clinician(diary, clinician, place),
        *_of_place(wanted, diary, place),
    ]
    return tuple(dict.fromkeys(found))


def possible(
    wanted: Wanted,
    diary: Diary,
    *,
    modes: Sequence[SessionMode] = MODES,
    step: int = STEP,
) -> list[Slot]:
    """Every time that is possible on the days of the diary, the best first.

    Of several rooms of a place the smallest that suits is offered.
    """
    found, days = [], Days(diary)
    for clinician in diary.clinicians.values():
        for mode in modes:
            if any(may_see(wanted, diary.men, clinician, mode)):
                continue
            for site_id, span in _tries(wanted, clinician, mode, step):
                place = Place(clinician.staff_id, mode, span, site_id)
                slot = _slot(wanted, days, clinician, place)
                if slot is not None:
                    found.append(slot)
    return sorted(found, key=rank)


def rank(slot: Slot) -> tuple[object, ...]:
    """What times are put in order by: always the same for the same times."""
    place = slot.place
    mode = MODES.index(place.mode)
    return (*slot.score.key, mode, slot.starts_at, slot.clinician, place.clinician_id)


def nearest(slots: Sequence[Slot], moment: datetime, most: int = 5) -> list[Slot]:
    """The times that lie closest to a moment, the best of those at the same distance first."""
    return sorted(slots, key=lambda slot: (abs(slot.starts_at - moment), *rank(slot)))[:most]


def was_free(reasons: Sequence[str]) -> bool:
    """Whether nothing but another booking stands against a time."""
    return all(reason.removesuffix(ONE_OF_THEM).endswith(TAKEN) for reason in reasons)


def _slot(wanted: Wanted, days: Days, clinician: ClinicianOpen, place: Place) -> Slot | None:
    """The time with its score, and with a room where it needs one; None where it cannot be.

    It lies in the clinician's hours at that place, as `_tries` finds them.
    """
    day = london_day(place.span.starts_at)
    near = days.of(day)
    checks = (_of_the_day(wanted, near, place.span), _of_him(wanted, near, place))
    if any(reason for check in checks for reason in check):
        return None
    if any(_held_by(near, clinician, place.span)):
        return None
    score = score_of(wanted, place)
    if place.mode is not SessionMode.IN_PERSON:
        return Slot(place, score, clinician.name)
    for room in days.rooms(place.site_id, day):
        if not any(_of_room(wanted, near, room, place.span)):
            held = Place(place.clinician_id, place.mode, place.span, place.site_id, room.room_id)
            return Slot(held, score, clinician.name, room.name, room.site_name)
    return None


def score_of(wanted: Wanted, place: Place) -> Score:
    """How good a possible time is."""
    day, usual = london_day(place.span.starts_at), wanted.usual
    other = wanted.therapist_id is not None and place.clinician_id != wanted.therapist_id
    elsewhere = usual is not None and (
        (usual.mode is not None and usual.mode is not place.mode)
        or (usual.site_id is not None and usual.site_id != place.site_id)
    )
    return Score(
        another_therapist=other,
        days_off=abs((day - wanted.ideal).days) if wanted.ideal else 0,
        day=day,
        minutes_off=abs(london_minute(place.span.starts_at) - usual.minute) if usual else 0,
        elsewhere=elsewhere,
    )


def _tries(
    wanted: Wanted, clinician: ClinicianOpen, mode: SessionMode, step: int
) -> Iterator[tuple[int | None, Span]]:
    """Every stretch of the wanted length inside the clinician's hours, on the clock's quarters."""
    length, stride = timedelta(minutes=wanted.minutes), timedelta(minutes=step)
    by_site: dict[int | None, list[Span]] = {}
    for one in clinician.open:
        if mode is not SessionMode.IN_PERSON:
            by_site.setdefault(None, []).append(one.span)
        elif one.site_id is not None:
            by_site.setdefault(one.site_id, []).append(one.span)
    for site_id, spans in by_site.items():
        for span in joined(spans):
            starts = _on_the_clock(max(span.starts_at, wanted.now.astimezone(UTC)), step)
            while starts + length <= span.ends_at:
                yield site_id, Span(starts, starts + length)
                starts += stride


def _on_the_clock(moment: datetime, step: int) -> datetime:
    """The first beginning from a moment on; London's clocks are whole hours from UTC."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    steps = -(-(moment - hour) // timedelta(minutes=step))
    return hour + steps * timedelta(minutes=step)


def _of_the_day(wanted: Wanted, diary: Diary, span: Span) -> Iterator[str]:
    day = london_day(span.starts_at)
    if span.starts_at < wanted.now:
        yield PASSED
    several = ONE_OF_THEM if len(diary.men) > 1 else ""
    for reason in beside(wanted, day):
        yield reason + several
    if wanted.interpreter_from and day < wanted.interpreter_from:
        yield (
            "An interpreter has to be booked, which takes until "
            f"{day_words(wanted.interpreter_from)}."
        )


def _of_him(wanted: Wanted, diary: Diary, place: Place) -> Iterator[str]:
    several = ONE_OF_THEM if len(diary.men) > 1 else ""
    for man in diary.men:
        for reason in _of_one(wanted, diary, man, place):
            yield reason + several


def _of_one(wanted: Wanted, diary: Diary, man: ManLimits, place: Place) -> Iterator[str]:
    span = place.span
    if wanted.required:
        yield from _inside(man, span)
    if any(one.span.overlaps(span) for one in man.cannot):
        yield "He cannot come then."
    if _is_taken(diary, lane_of(Lane.MAN, man.person_id), span):
        yield "He has another session then."
    if diary.company.get(man.case_id, frozenset()) & man.must_not_meet:
        yield "Somebody is in the group whom he must not meet."
    if place.site_id is not None:
        if place.site_id in man.barred_sites:
            yield "He may not go there."
        margin = timedelta(minutes=wanted.apart_minutes)
        near = Span(span.starts_at - margin, span.ends_at + margin)
        for at in diary.meets.get(man.case_id, ()):
            if at.site_id == place.site_id and at.span.overlaps(near):
                yield "Somebody whom he must not meet is there about that time."
                return


def _inside(man: ManLimits, span: Span) -> Iterator[str]:
    day = london_day(span.starts_at)
    if not man.within:
        yield "No order with a treatment requirement is on record."
    elif not any(first <= day <= last for first, last in man.within):
        periods = ", and ".join(
            f"from {day_words(first)} to {day_words(last)}" for first, last in man.within
        )
        yield f"Outside the treatment requirement, which runs {periods}."


def may_see(
    wanted: Wanted, men: Sequence[ManLimits], clinician: ClinicianOpen, mode: SessionMode
) -> Iterator[str]:
    """Whether this clinician may see them like this at all, whenever it is."""
    if wanted.only_id not in (None, clinician.staff_id):
        yield f"{clinician.name} is not his therapist, and his first session was held."
    if wanted.therapy is not None:
        words = THERAPY_WORDS[wanted.therapy]
        if wanted.in_group and wanted.therapy not in clinician.leads_groups:
            yield f"{clinician.name} does not lead groups of this therapy: {words}."
        elif wanted.therapy not in clinician.therapies and not wanted.in_group:
            yield f"{clinician.name} does not deliver this therapy: {words}."
    if mode is SessionMode.TELEPHONE and not clinician.telephone:
        yield f"{clinician.name} sees nobody by telephone."
    if mode is SessionMode.VIDEO and not clinician.video:
        yield f"{clinician.name} sees nobody by video."
    several = ONE_OF_THEM if len(men) > 1 else ""
    for man in men:
        if man.therapist_gender not in (Gender.NOT_SAID, clinician.gender):
            yield f"He asks to be seen by {_ASKED[man.therapist_gender]}{several}."
        if mode not in man.modes:
            yield f"He cannot be seen {BY_MODE[mode]}{several}."


def _of_clinician(diary: Diary, clinician: ClinicianOpen, place: Place) -> Iterator[str]:
    span, name = place.span, clinician.name
    if not any(one.holds(span) for one in joined([each.span for each in clinician.open])):
        yield f"{name} does not see people then."
    elif place.mode is SessionMode.IN_PERSON:
        there = [each.span for each in clinician.open if each.site_id == place.site_id]
        if not any(one.holds(span) for one in joined(there)):
            yield f"{name} is not at that place then."
    yield from _held_by(diary, clinician, span)


def _held_by(diary: Diary, clinician: ClinicianOpen, span: Span) -> Iterator[str]:
    """What he has already, then and on that day."""
    name = clinician.name
    lane, day = lane_of(Lane.CLINICIAN, clinician.staff_id), london_day(span.starts_at)
    held = sum(london_day(one.starts_at) == day for one in diary.taken.get(lane, ()))
    if held >= clinician.daily_most:
        yield f"{name} has {held} sessions that day already, which is the most."
    if _is_taken(diary, lane, stretch(clinician, span)):
        yield f"{name} has another session then."


def stretch(clinician: ClinicianOpen, span: Span) -> Span:
    """What a session takes of a clinician's time: the time kept free after it, too."""
    after = timedelta(minutes=clinician.buffer_minutes)
    return Span(span.starts_at, span.ends_at.astimezone(UTC) + after)


def _of_place(wanted: Wanted, diary: Diary, place: Place) -> Iterator[str]:
    if place.mode is not SessionMode.IN_PERSON:
        return
    room = diary.rooms.get(place.room_id or 0)
    if room is not None and room.site_id == place.site_id:
        yield from _of_room(wanted, diary, room, place.span)
        return
    there = [one for one in diary.rooms.values() if one.site_id == place.site_id]
    if place.room_id is not None or not there:
        yield "There is no such room at that place."
    elif all(any(_of_room(wanted, diary, one, place.span)) for one in there):
        yield f"No room that suits is free at {there[0].site_name} then."
    else:
        yield "A room has to be chosen."


def _of_room(wanted: Wanted, diary: Diary, room: RoomOpen, span: Span) -> Iterator[str]:
    if not any(one.holds(span) for one in joined(room.open)):
        yield f"{room.name} at {room.site_name} cannot be used then."
    if _is_taken(diary, lane_of(Lane.ROOM, room.room_id), span):
        yield f"{room.name} at {room.site_name} is taken then."
    if room.capacity < wanted.places + 1:
        people = f"{wanted.places + 1} people"
        yield f"{room.name} holds {room.capacity}: too few for {people}."
    if any(man.step_free for man in diary.men) and not room.step_free:
        yield f"He needs a way without steps, and there is none to {room.name}."


def _is_taken(diary: Diary, lane: int, span: Span) -> bool:
    return any(one.overlaps(span) for one in diary.taken.get(lane, ()))
