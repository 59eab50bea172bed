"""Looking for another time for a meeting of a group: what binds everybody who comes to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from sessions.booking import policy
from sessions.booking.changes import Which
from sessions.booking.diary_of_many import diary_of_group
from sessions.booking.finding import why_not
from sessions.booking.models import TreatmentSession
from sessions.booking.moving import parts_of, those_who_come, wanted_of
from sessions.booking.queries import coming_in_series, place_of, places_in
from sessions.booking.search import Found, look, moving_with
from sessions.booking.shapes import Place, Slot, Usual, Wanted, london_day, london_minute
from sessions.booking.wishes import between

_EARLIER = timedelta(weeks=2)
"""How far before the day that is booked times are looked for."""


@dataclass(frozen=True)
class GroupFound(Found):
    """A search for a meeting of a group."""

    own: Mapping[int, Wanted]
    """By case: what his own course asks of the day."""


def look_for_group(
    session: TreatmentSession, which: Which, days: Sequence[date] = ()
) -> GroupFound:
    """Look for times at which everybody in a meeting can come to it.

    Args:
        which: what moves with it, so that its time counts as free.
        days: days that are looked at too, though nothing may be found on them.
    """
    leaving = moving_with(session, which)
    places = places_in([session.id])
    cases = cases_of([one.case_id for one in places])
    booked, today = london_day(session.starts_at), clock.today()
    last = max(booked, today) + timedelta(weeks=policy.weeks_ahead())
    found = diary_of_group(
        session.organisation_id,
        cases,
        min([max(today, booked - _EARLIER), *days]),
        max([last, *days]),
        leaving_out=leaving,
    )
    own = those_who_come(found, places)
    parts = parts_of(places, {}, leaving).get(session.id, [])
    by_part = {part.id: limits for part, limits in parts}
    was = place_of(session)
    wanted = replace(
        wanted_of(session, own, list(by_part.values())),
        ideal=booked,
        therapist_id=session.clinician_id,
        usual=Usual(london_minute(session.starts_at), was.site_id, was.mode),
    )
    wanted = _beside_its_own(wanted, session, which)
    slots, note = look(wanted, own)
    kept = tuple(one for one in slots if one.place.mode is was.mode and one.place != was)
    limits = {
        one.case_id: by_part[one.course_session_id]
        for one in places
        if one.course_session_id in by_part
    }
    return GroupFound(wanted, own, kept, note, limits)


def _beside_its_own(wanted: Wanted, session: TreatmentSession, which: Which) -> Wanted:
    """After the meeting before it, and before the next one where that does not move with it."""
    others = [one for one in coming_in_series(session) if one.id != session.id]
    before = [london_day(one.starts_at) for one in others if one.starts_at < session.starts_at]
    after = [london_day(one.starts_at) for one in others if one.starts_at > session.starts_at]
    limits = [wanted]
    if before:
        limits.append(replace(wanted, first=max(before) + timedelta(days=1), until=None))
    if after and which is Which.ONE:
        limits.append(replace(wanted, first=None, until=min(after), least_after=1))
    return replace(between(wanted, limits), only_id=wanted.only_id)


def why_good(slot: Slot, wanted: Wanted) -> tuple[str, ...]:
    """How far a time is from where the meeting is now, in words."""
    score, said = slot.score, []
    said.append("another clinician" if score.another_therapist else "the same clinician")
    if wanted.ideal is not None:
        days = f"{score.days_off} day{'' if score.days_off == 1 else 's'}"
        way = "earlier" if score.day < wanted.ideal else "later"
        said.append(f"{days} {way}" if score.days_off else "the same day")
    said.append("another time of day" if score.minutes_off else "the same time of day")
    if score.elsewhere:
        said.append("another place")
    return tuple(said)


def who_cannot(found: GroupFound, place: Place) -> dict[int, tuple[str, ...]]:
    """By case: why each of those who come cannot come then, where that is about him."""
    bare = replace(found.wanted, first=None, until=None)
    everybody = set(why_not(bare, replace(found.diary, men=()), place))
    said = {}
    for man in found.diary.men:
        limits = found.own.get(man.case_id, bare)
        his = replace(bare, first=limits.first, until=limits.until, least_after=limits.least_after)
        reasons = why_not(his, replace(found.diary, men=(man,)), place)
        said[man.case_id] = tuple(one for one in reasons if one not in everybody)
    return {case_id: reasons for case_id, reasons in said.items() if reasons}


def cases_of(case_ids: Sequence[int]) -> list[Case]:
    """These cases, in order, with one question."""
    query = select(Case).where(Case.id.in_(set(case_ids))).order_by(Case.id)
    return list(db.session.scalars(query).unique())
