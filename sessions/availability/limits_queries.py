"""What binds the sessions of one man, read from everything on record of him."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, or_, select, union_all

from mhtr.cases.link_queries import linked_ids
from mhtr.cases.link_records import linked_pairs
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.orders.queries import OnRecord
from mhtr.orders.requirement_queries import requirement_days
from mhtr.people.models import Flag, FlagKind, FlagQuestion, Permission, Person
from mhtr.people.queries import live_id, live_ids, record_ids
from sessions.availability.models import HowHeCanCome, PlaceBarred, TimeHeCannot
from sessions.availability.open_rules import DaysRange, HeCannot, he_cannot
from sessions.availability.shapes import ManLimits
from sessions.therapies import Gender, SessionMode

_IDS: Any = bindparam("ids", expanding=True)
# Each column is looked up by its own index: one condition over all three would read every flag.
_CONCERNED = union_all(
    select(Flag.id).where(Flag.person_id.in_(_IDS)),
    select(Flag.id).where(Flag.other_person_id.in_(_IDS)),
    select(FlagQuestion.flag_id).where(
        FlagQuestion.person_id.in_(_IDS), FlagQuestion.answered_at.is_(None)
    ),
)
APART = Prepared(
    select(Flag.person_id, Flag.other_person_id, FlagQuestion.person_id)
    .outerjoin(
        FlagQuestion,
        (FlagQuestion.flag_id == Flag.id) & FlagQuestion.answered_at.is_(None),
    )
    .where(Flag.kind == FlagKind.MUST_NOT_MEET, Flag.ended_at.is_(None), Flag.id.in_(_CONCERNED))
)
_HOW = select(HowHeCanCome).where(HowHeCanCome.case_id == bindparam("case"))
_BARRED = Prepared(
    select(PlaceBarred.site_id).where(
        PlaceBarred.case_id == bindparam("case"), PlaceBarred.ended_at.is_(None)
    )
)
_CANNOT = (
    select(TimeHeCannot)
    .where(
        TimeHeCannot.case_id == bindparam("case"),
        TimeHeCannot.ended_at.is_(None),
        TimeHeCannot.first_day <= bindparam("last", type_=Date()),
        or_(
            TimeHeCannot.last_day.is_(None),
            TimeHeCannot.last_day >= bindparam("first", type_=Date()),
        ),
    )
    .order_by(TimeHeCannot.id)
)


def man_limits(case: Case, first: date, last: date) -> ManLimits:
    """What binds one man's sessions; times he cannot come are those of these days (both included).

    Where nobody has said how he can come, he is seen in person by either gender.
    """
    person = db.session.get_one(Person, live_id(case.person_id))
    how = how_he_can_come(case.id)
    return ManLimits(
        case_id=case.id,
        person_id=person.id,
        modes=modes_of(how),
        therapist_gender=how.therapist_gender if how else Gender.NOT_SAID,
        step_free=how.step_free if how else False,
        interpreter=person.interpreter is Permission.YES,
        barred_sites=barred_sites(case.id),
        must_not_meet=must_not_meet(person.id),
        cannot=he_cannot(
            (cannot_of(row) for row in times_he_cannot(case.id, first, last)), first, last
        ),
        within=requirement_days([case.id])[case.id],
        way=how.travel if how else "",
    )


def how_he_can_come(case_id: int) -> HowHeCanCome | None:
    """What was said of how he can come; None where nobody has."""
    return db.session.scalars(_HOW, {"case": case_id}).one_or_none()


def modes_of(how: HowHeCanCome | None) -> frozenset[SessionMode]:
    """How he can be seen: in person unless somebody said otherwise."""
    if how is None:
        return frozenset({SessionMode.IN_PERSON})
    said = {
        SessionMode.IN_PERSON: how.in_person,
        SessionMode.TELEPHONE: how.telephone,
        SessionMode.VIDEO: how.video,
    }
    return frozenset(mode for mode, can in said.items() if can)


def barred_sites(case_id: int) -> frozenset[int]:
    """Places he may not go to now, by site id."""
    return frozenset(_BARRED.values({"case": case_id}))


def times_he_cannot(case_id: int, first: date, last: date) -> list[TimeHeCannot]:
    """The times recorded that touch these days and have not been taken back."""
    given = {"case": case_id, "first": first, "last": last}
    return list(db.session.scalars(_CANNOT, given))


def must_not_meet(person_id: int) -> frozenset[int]:
    """Records of everybody he must not meet, and who must not meet him.

    A flag on either record counts for both, on records merged into theirs and records of other
    trusts found to be theirs. While it is a question whether somebody on record is the man whom
    a flag names, he counts too: it is safer to keep two strangers apart.
    """
    own = set(record_ids(person_id))
    own |= linked_ids(person_id, own)
    others = {
        one
        for pair in APART.all({"ids": own})
        for one in pair
        if one is not None and one not in own
    }
    return _every_record(others) - own


def _every_record(person_ids: Collection[int]) -> frozenset[int]:
    """These records, those they were merged into, and records of other trusts linked to them."""
    if not person_ids:
        return frozenset()
    found = {*person_ids, *live_ids(person_ids).values()}
    linked = {one for pair in linked_pairs(found) for one in pair}
    return frozenset({*found, *linked, *live_ids(linked).values()})


def cannot_of(row: TimeHeCannot) -> HeCannot:
    """A stored time as the rules read it."""
    days = DaysRange(row.first_day, row.last_day)
    return HeCannot(row.weekday, days, row.starts, row.ends, row.reason)


def periods_of(orders: Iterable[OnRecord]) -> tuple[tuple[date, date], ...]:
    """The first and last days between which required sessions may be held."""
    return tuple(within for found in orders if not found.never_was for within in _periods(found))


def _periods(found: OnRecord) -> list[tuple[date, date]]:
    """The periods of its requirement, none longer than the order itself lasts."""
    over = found.order.ended_on or found.terms.last_day
    return [
        (one.starts_on, one.ends_on)
        if over is None or one.ends_on <= over
        else (min(one.starts_on, over), over)
        for one in found.terms.periods
    ]
