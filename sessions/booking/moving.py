"""What binds sessions that are about to move: who comes to each, and what lies beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.booking.shapes import Diary, Wanted
from sessions.booking.wishes import between, general, plans_of, wanted_for, with_days
from sessions.courses.models import CourseSession
from sessions.courses.queries import open_courses

_ALWAYS = ((date.min, date.max),)


def those_who_come(found: Diary, coming: Sequence[SessionPlace]) -> Diary:
    """The diary of those who come to one of several sessions."""
    required = {one.case_id: one.required for one in coming}
    men = tuple(
        # A voluntary session may lie outside the requirement.
        man if required[man.case_id] else replace(man, within=_ALWAYS)
        for man in found.men
        if man.case_id in required
    )
    people = frozenset(man.person_id for man in men)
    return replace(found, men=men, company={man.case_id: people - {man.person_id} for man in men})


def parts_of(
    places: Sequence[SessionPlace], days: Mapping[int, date], leaving_out: Sequence[int]
) -> dict[int, list[tuple[CourseSession, Wanted]]]:
    """By session: what it is of the courses of those who come, and what each asks of its day.

    Args:
        days: by session that moves, its new day where that counts already.
        leaving_out: every session that moves.
    """
    moved: dict[int, dict[int, date]] = {}
    for one in places:
        of_case = moved.setdefault(one.case_id, {})
        if one.course_session_id is not None and one.session_id in days:
            of_case[one.course_session_id] = days[one.session_id]
    plans = {
        case_id: with_days(plan, moved[case_id])
        for case_id, plan in plans_of(open_courses(moved), leaving_out=leaving_out).items()
    }
    found: dict[int, list[tuple[CourseSession, Wanted]]] = {}
    for one in places:
        plan = plans.get(one.case_id)
        part = plan.session(one.course_session_id) if plan is not None else None
        if plan is not None and part is not None:
            asks = part, wanted_for(plan, part, ())
            found.setdefault(one.session_id, []).append(asks)
    return found


def wanted_of(row: TreatmentSession, own: Diary, limits: Sequence[Wanted]) -> Wanted:
    """What a booked session has to keep to elsewhere, beside its neighbours."""
    minutes = int((row.ends_at - row.starts_at).total_seconds() // 60)
    wanted = replace(
        general(own.men, minutes),
        therapy=row.therapy,
        in_group=row.in_group,
        places=row.capacity,
        # Who comes voluntarily is bound by no requirement: `those_who_come`.
        required=True,
    )
    return between(wanted, limits)
