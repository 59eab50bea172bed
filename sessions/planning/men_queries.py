"""Who is asked about, and everything that binds them, read with a bounded number of questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mhtr.cases import away
from mhtr.cases.away_elsewhere import facts_of_each
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock
from mhtr.core.access import Purpose
from mhtr.orders.cards import cards_of_each
from sessions.availability.shapes import ManLimits
from sessions.booking.diary_of_many import DiaryOfMany
from sessions.booking.wishes import Plan, plans_of
from sessions.courses.models import Course
from sessions.planning.ask_rules import Left, weight_of
from sessions.planning.asked import Part
from sessions.planning.free_times import may_see

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
WEEKS = 26
"""So far ahead whole courses are looked for."""
MOST = 400
NOTICE = timedelta(days=2)
"""New times begin so long after today at the soonest: he has to be told of them first."""
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ManRead:
    """One man as far as he was read."""

    case: Case
    plan: Plan
    slack: int | None
    away: bool


def days_of(weeks: int) -> tuple[date, date, date]:
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    return monday, today, monday + timedelta(weeks=weeks) - _A_DAY


def read_men(pairs: Sequence[tuple[Case, Course]]) -> list[ManRead]:
    ids = [case.id for case, _ in pairs]
    plans, cards = plans_of([course for _, course in pairs]), cards_of_each(ids)
    facts, today = facts_of_each([case for case, _ in pairs]), clock.today()
    found = []
    for case, _ in pairs:
        slack = [card.clock.slack_weeks for card in cards.get(case.id, ())]
        known = [weeks for weeks in slack if weeks is not None]
        stays = away.stays(facts[case.id], today)
        gone = bool(stays) and stays[-1].until is None
        found.append(ManRead(case, plans[case.id], min(known) if known else None, gone))
    return found


def standing(man: ManRead) -> Left | None:
    if man.case.state not in UNDER_ORDER or man.case.paused:
        return Left.NOT_UNDER_ORDER
    return Left.AWAY if man.away else None


def weight(man: ManRead) -> int:
    assert man.plan.course is not None  # noqa: S101  (both questions join the course)
    return weight_of(man.plan.course.priority, man.slack)


def able_for(found: DiaryOfMany, limits: ManLimits, parts: Sequence[Part]) -> frozenset[int]:
    """Clinicians who deliver all of it, whom he does not object to, and who may see his record."""
    kept_from = found.kept_from[limits.case_id]
    return frozenset(
        key
        for key, one in found.diary.clinicians.items()
        if key not in kept_from and all(may_see(part.wanted, limits, one) for part in parts)
    )
