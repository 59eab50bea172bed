"""Men whose booked sessions cannot be held, and everything that binds them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.core.database import db
from sessions.availability.open_rules import less
from sessions.availability.shapes import ManLimits, Open, Span
from sessions.booking.diary_of_many import DiaryOfMany, diary_of_many
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.queries import Booked, coming_of, place_of
from sessions.booking.shapes import LONDON, Diary, london_day
from sessions.booking.wishes import general
from sessions.courses.models import Course
from sessions.planning.ask_rules import Ask, Left
from sessions.planning.asked import Asked, ManAsked, Part, Stand
from sessions.planning.kinds import ProposalKind
from sessions.planning.men_queries import (
    NOTICE,
    PURPOSES,
    WEEKS,
    ManRead,
    able_for,
    days_of,
    read_men,
    standing,
    weight,
)
from sessions.planning.men_read import Read
from sessions.planning.problem import DAYS_A_WEEK

_BEYOND = timedelta(weeks=5)
"""So long after what he was told, beside the absence, a course may end that is mended."""
_A_DAY = timedelta(days=1)


def moving(ask: Ask, viewer: Viewer) -> Read:
    touched = _touched(ask, viewer.organisation_id)
    ids = set(db.session.scalars(_of(touched)))
    open_ids = _in_scope(viewer, ids)
    coming: dict[int, list[Booked]] = defaultdict(list)
    for one in coming_of(open_ids):
        coming[one.place.case_id].append(one)
    pairs = _courses(open_ids)
    men = read_men(pairs)
    left = {case_id: Left.OUTSIDE for case_id in open_ids - {man.case.id for man in men}}
    booked: dict[int, list[Booked]] = {}
    for man in men:
        mine, why = _to_move(man, coming[man.case.id], touched)
        if why is not None:
            left[man.case.id] = why
        if mine:
            booked[man.case.id] = mine
    men = [man for man in men if man.case.id in booked]
    leaving = [one.session.id for mine in booked.values() for one in mine]
    weeks = _weeks_for(booked.values())
    monday, first, last = days_of(weeks)
    found = diary_of_many(
        viewer.organisation_id, [m.case for m in men], first, last, leaving_out=leaving
    )
    able = {man.case.id: _stays_with(man, booked[man.case.id], found) for man in men}
    diary = _lost(ask, found.diary)
    asked = tuple(
        _who_moves(man, booked[man.case.id], found, touched, ask, able[man.case.id]) for man in men
    )
    return Read(Asked(asked, diary, monday, weeks, first + NOTICE), left, len(ids) - len(open_ids))


def _of(touched: Collection[int]):  # type: ignore[no-untyped-def]
    return select(SessionPlace.case_id).where(
        SessionPlace.session_id.in_(touched), SessionPlace.state == BookingState.BOOKED
    )


def _touched(ask: Ask, organisation_id: int) -> set[int]:
    """Booked sessions ahead that cannot be held as they are."""
    assert ask.first is not None and ask.last is not None  # noqa: S101  (`objections`)
    query = select(TreatmentSession.id).where(
        TreatmentSession.organisation_id == organisation_id,
        TreatmentSession.state == BookingState.BOOKED,
        TreatmentSession.starts_at > clock.now(),
        TreatmentSession.starts_at >= _midnight(ask.first),
        TreatmentSession.starts_at < _midnight(ask.last + _A_DAY),
    )
    if ask.kind is ProposalKind.AWAY:
        query = query.where(TreatmentSession.clinician_id == ask.staff_id)
    elif ask.room_id is not None:
        query = query.where(TreatmentSession.room_id == ask.room_id)
    else:
        query = query.where(TreatmentSession.site_id == ask.site_id)
    return set(db.session.scalars(query))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _in_scope(viewer: Viewer, case_ids: Collection[int]) -> set[int]:
    query = select(Case.id).where(Case.id.in_(case_ids), in_scope(viewer, *PURPOSES))
    return set(db.session.scalars(query))


def _courses(case_ids: Collection[int]) -> list[tuple[Case, Course]]:
    query = (
        select(Case, Course)
        .join(Course, (Course.case_id == Case.id) & Course.ended_at.is_(None))
        .where(Case.id.in_(case_ids))
        .order_by(Case.id)
    )
    return [(case, course) for case, course in db.session.execute(query)]


def _to_move(
    man: ManRead, coming: Sequence[Booked], touched: Collection[int]
) -> tuple[list[Booked], Left | None]:
    """What is booked for him of his course that can be mended here, and why something cannot.

    That is all he has alone with whoever is to see him at what cannot be held: it is mended
    around what he has in groups and with others, which stays as it is.
    """
    if why := standing(man):
        return [], why
    known = {one.id for one in man.plan.sessions}
    hit = [one for one in coming if one.session.id in touched]
    left = None
    if any(one.place.course_session_id not in known for one in hit):
        left = Left.OUTSIDE
    if any(one.session.in_group for one in hit):
        left = Left.MEETING
    alone = [one for one in coming if _is_his_alone(one, known)]
    whom = {one.session.clinician_id for one in alone if one.session.id in touched}
    if len(whom) > 1:
        return [], Left.SEVERAL
    return [one for one in alone if one.session.clinician_id in whom], left


def _is_his_alone(one: Booked, known: Collection[int]) -> bool:
    return one.place.course_session_id in known and not one.session.in_group


def _weeks_for(booked: Collection[Sequence[Booked]]) -> int:
    """Enough weeks for everything that was told."""
    monday, _, _ = days_of(1)
    days = [london_day(one.session.starts_at) for mine in booked for one in mine]
    return max([WEEKS, *((day - monday).days // DAYS_A_WEEK + 1 for day in days)])


def _stays_with(man: ManRead, mine: Sequence[Booked], found: DiaryOfMany) -> frozenset[int]:
    """Who may see him: whoever does, once he has begun or has a therapist."""
    held = mine[0].session.clinician_id
    begun = any(row.starts_at <= clock.now() for row in man.plan.held.values())
    if begun or (man.plan.course and man.plan.course.therapist_id):
        return frozenset({held})
    parts = _parts(man, mine, found.men[man.case.id], (), held)
    return able_for(found, found.men[man.case.id], parts) | {held}


def _who_moves(
    man: ManRead,
    mine: Sequence[Booked],
    found: DiaryOfMany,
    touched: Collection[int],
    ask: Ask,
    able: frozenset[int],
) -> ManAsked:
    assert ask.first is not None and ask.last is not None  # noqa: S101  (`objections`)
    limits, span = found.men[man.case.id], ask.last - ask.first + _A_DAY
    lost = ask.kind is ProposalKind.AWAY
    coming = {london_day(one.session.starts_at) for one in mine}
    before = [day for day in man.plan.days.values() if day < min(coming)]
    due = max(coming)
    parts = _parts(man, mine, limits, touched, lost)
    longest = max(part.most for part in parts)
    return ManAsked(
        case_id=man.case.id,
        limits=limits,
        parts=parts,
        clinicians=able,
        weight=weight(man),
        before=max(before, default=None),
        most_gap=longest + span.days,
        last=due + span + _BEYOND,
        stands=_stands(man, mine),
    )


def _stands(man: ManRead, mine: Sequence[Booked]) -> tuple[Stand, ...]:
    """What else of his course is booked after the first of these."""
    own = {one.place.course_session_id for one in mine}
    days = [london_day(one.session.starts_at) for one in mine]
    return tuple(
        Stand(day, session.least_gap, sum(each < day for each in days))
        for session in man.plan.sessions
        if session.id not in own
        and (day := man.plan.days.get(session.id)) is not None
        and day > min(days)
    )


def _parts(
    man: ManRead,
    mine: Sequence[Booked],
    limits: ManLimits,
    touched: Collection[int],
    lost: object,
) -> tuple[Part, ...]:
    wanted = general((limits,), 0)
    parts = []
    for one in sorted(mine, key=lambda each: each.session.starts_at):
        place, session = place_of(one.session), man.plan.session(one.place.course_session_id)
        assert session is not None  # noqa: S101  (`_to_move` keeps those of the course)
        minutes = int((place.span.ends_at - place.span.starts_at).total_seconds() // 60)
        hit = one.session.id in touched
        parts.append(
            Part(
                key=session.id,
                wanted=replace(
                    wanted, minutes=minutes, therapy=session.therapy, required=session.required
                ),
                least=session.least_gap,
                most=session.most_gap,
                told=place,
                kept=not (hit and bool(lost)),
                stays=not hit,
                session_id=one.session.id,
                version=one.session.version,
            )
        )
    return tuple(parts)


def _lost(ask: Ask, diary: Diary) -> Diary:
    """The diary without whoever is away, or the room that is lost, on those days."""
    assert ask.first is not None and ask.last is not None  # noqa: S101  (`objections`)
    gone = [Span(_midnight(ask.first), _midnight(ask.last + _A_DAY))]
    clinicians, rooms = dict(diary.clinicians), dict(diary.rooms)
    if ask.kind is ProposalKind.AWAY and ask.staff_id in clinicians:
        one = clinicians[ask.staff_id]
        left = tuple(
            Open(span, each.site_id) for each in one.open for span in less([each.span], gone)
        )
        clinicians[ask.staff_id] = replace(one, open=left)
    if ask.kind is ProposalKind.ROOM:
        for key, room in rooms.items():
            if ask.room_id == key or (ask.room_id is None and room.site_id == ask.site_id):
                rooms[key] = replace(room, open=less(room.open, gone))
    return replace(diary, clinicians=clinicians, rooms=rooms)
