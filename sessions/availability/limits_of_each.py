"""What binds the sessions of many men, with as many questions as for one.

It says what `limits_queries` says of one man; a test holds the two together.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select

from mhtr.cases.link_records import linked_pairs, records_of_each
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.orders.requirement_queries import requirement_days
from mhtr.people.models import Permission, Person
from mhtr.people.queries import live_ids
from sessions.availability.limits_queries import APART, cannot_of, modes_of
from sessions.availability.models import HowHeCanCome, PlaceBarred, TimeHeCannot
from sessions.availability.open_rules import he_cannot
from sessions.availability.shapes import ManLimits
from sessions.therapies import Gender

_Row = TypeVar("_Row", HowHeCanCome, PlaceBarred, TimeHeCannot)


def men_limits(cases: Sequence[Case], first: date, last: date) -> dict[int, ManLimits]:
    """What binds each man, by case; times he cannot come are of these days (both included)."""
    ids = [case.id for case in cases]
    live = live_ids([case.person_id for case in cases])
    people = _people(live.values())
    how = {row.case_id: row for rows in _of_each(HowHeCanCome, ids).values() for row in rows}
    barred = _of_each(PlaceBarred, ids, PlaceBarred.ended_at.is_(None))
    cannot = _of_each(
        TimeHeCannot,
        ids,
        TimeHeCannot.ended_at.is_(None),
        TimeHeCannot.first_day <= last,
        or_(TimeHeCannot.last_day.is_(None), TimeHeCannot.last_day >= first),
    )
    within, apart = requirement_days(ids), _must_not_meet(set(live.values()))
    return {
        case.id: ManLimits(
            case_id=case.id,
            person_id=live[case.person_id],
            modes=modes_of(how.get(case.id)),
            therapist_gender=how[case.id].therapist_gender if case.id in how else Gender.NOT_SAID,
            step_free=how[case.id].step_free if case.id in how else False,
            interpreter=people[live[case.person_id]].interpreter is Permission.YES,
            barred_sites=frozenset(row.site_id for row in barred[case.id]),
            must_not_meet=apart[live[case.person_id]],
            cannot=he_cannot((cannot_of(row) for row in cannot[case.id]), first, last),
            within=within[case.id],
            way=how[case.id].travel if case.id in how else "",
        )
        for case in cases
    }


def elsewhere(person_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Records of other trusts that were found to be of each of these men (live records)."""
    return dict(records_of_each(set(person_ids)).linked)


def _people(person_ids: Iterable[int]) -> dict[int, Person]:
    rows = db.session.scalars(select(Person).where(Person.id.in_(set(person_ids))))
    return {row.id: row for row in rows}


def _of_each(
    table: type[_Row], case_ids: Collection[int], *only: ColumnElement[bool]
) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = {case_id: [] for case_id in case_ids}
    query = select(table).where(table.case_id.in_(case_ids), *only).order_by(table.id)
    for row in db.session.scalars(query):
        found[row.case_id].append(row)
    return found


def _must_not_meet(person_ids: set[int]) -> dict[int, frozenset[int]]:
    """For each man the records of everybody he must not meet, as `limits_queries.must_not_meet`."""
    records = records_of_each(person_ids)
    mine = {one: records.all_of(one) for one in person_ids}
    every = {key for ids in mine.values() for key in ids}
    rows: list[Any] = APART.all({"ids": every}) if every else []
    flagged = [{key for key in row if key is not None} for row in rows]
    others = {
        one: {key for ids in flagged if ids & mine[one] for key in ids} - mine[one]
        for one in person_ids
    }
    closures = _closures({key for ids in others.values() for key in ids})
    return {
        one: frozenset(key for other in others[one] for key in closures[other]) - mine[one]
        for one in person_ids
    }


def _closures(ids: set[int]) -> dict[int, set[int]]:
    """Each record with the one it was merged into and the records of other trusts linked to it."""
    live = live_ids(ids)
    found = {one: {one, live[one]} for one in ids}
    pairs = linked_pairs({key for keys in found.values() for key in keys})
    ends = live_ids({key for pair in pairs for key in pair})
    for keys in found.values():
        linked = {key for pair in pairs if keys.intersection(pair) for key in pair}
        keys |= linked | {ends[key] for key in linked}
    return found
