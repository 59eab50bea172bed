"""Who covers for whom at probation: now, ahead, and before."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, bindparam, or_, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.orders.cover_models import OfficerCover
from mhtr.orders.cover_rules import Cover
from mhtr.orders.queries import contact_of

_OFFICER, _COVER, _BY, _BACK = (aliased(Staff) for _ in range(4))
_SHOWN = (
    select(OfficerCover, _OFFICER.name, _COVER.name, _BY.name, _BACK.name)
    .join(_OFFICER, _OFFICER.id == OfficerCover.officer_id)
    .join(_COVER, _COVER.id == OfficerCover.cover_id)
    .join(_BY, _BY.id == OfficerCover.by_id)
    .outerjoin(_BACK, _BACK.id == OfficerCover.taken_back_by)
    .order_by(OfficerCover.first_day.desc(), OfficerCover.id.desc())
)
_STANDING = select(OfficerCover).where(
    OfficerCover.taken_back_at.is_(None),
    OfficerCover.last_day >= bindparam("today", type_=Date()),
)
_OF_OFFICER = _STANDING.where(OfficerCover.officer_id == bindparam("officer")).order_by(
    OfficerCover.id
)
_OF_BOTH = _STANDING.where(
    or_(
        OfficerCover.officer_id.in_(bindparam("people", expanding=True)),
        OfficerCover.cover_id.in_(bindparam("people", expanding=True)),
    )
).order_by(OfficerCover.first_day, OfficerCover.id)
_NOW = (
    select(OfficerCover, _OFFICER)
    .join(_OFFICER, _OFFICER.id == OfficerCover.officer_id)
    .where(
        OfficerCover.cover_id == bindparam("cover"),
        OfficerCover.taken_back_at.is_(None),
        OfficerCover.first_day <= bindparam("today", type_=Date()),
        OfficerCover.last_day >= bindparam("today", type_=Date()),
    )
    .order_by(OfficerCover.last_day, OfficerCover.id)
)

_COVERED_BY = select(OfficerCover.cover_id).where(
    OfficerCover.officer_id.in_(bindparam("officers", expanding=True))
)


def as_rule(row: OfficerCover) -> Cover:
    """A row as the rules see it."""
    return Cover(row.officer_id, row.cover_id, row.first_day, row.last_day, row.case_id)


def standing(officer_id: int) -> Sequence[OfficerCover]:
    """Cover for an officer that is not over and not taken back, some of it perhaps to come."""
    return db.session.scalars(_OF_OFFICER, {"officer": officer_id, "today": clock.today()}).all()


def standing_with(people: Collection[int]) -> Sequence[OfficerCover]:
    """Cover, not over and not taken back, in which one of these covers or is covered."""
    given = {"people": list(people), "today": clock.today()}
    return db.session.scalars(_OF_BOTH, given).all()


def covers_of(case_id: int) -> Sequence[OfficerCover]:
    """Cover for whoever is named for a case, as far as it is about this case; not over yet."""
    contact = contact_of(case_id)
    if contact is None or contact.staff_id is None:
        return ()
    return [row for row in standing(contact.staff_id) if row.case_id in (None, case_id)]


def concerned(case_id: int) -> list[Staff]:
    """Who of probation hears of a case today: the officer, and whoever covers for him.

    Only those who sign in. Nobody where no such officer is named.
    """
    contact = contact_of(case_id)
    if contact is None or contact.staff_id is None:
        return []
    today = clock.today()
    covering = [row.cover_id for row in covers_of(case_id) if row.first_day <= today]
    found = [db.session.get_one(Staff, one) for one in (contact.staff_id, *covering)]
    return [one for one in found if one.disabled_at is None]


def covered_by(officer_ids: Collection[int]) -> set[int]:
    """Everybody who ever covered for one of these officers."""
    return set(db.session.scalars(_COVERED_BY, {"officers": list(officer_ids)}))


def covering_now(staff_id: int) -> Sequence[tuple[OfficerCover, Staff]]:
    """For whom somebody covers today, whoever comes back first before the others."""
    given = {"cover": staff_id, "today": clock.today()}
    return [(row, officer) for row, officer in db.session.execute(_NOW, given)]


@dataclass(frozen=True)
class CoverShown:
    """One cover as a page lists it. `back`: when and by whom it was taken back, in parts."""

    ref: uuid.UUID
    officer_id: int
    officer: str
    cover: str
    first: date
    last: date
    one_case: bool
    by: str
    taken_back_on: date | None
    taken_back_by: str

    @property
    def stands(self) -> bool:
        """Whether it may still be taken back."""
        return self.taken_back_on is None and self.last >= clock.today()


def covers_in(staff_ids: Collection[int], *, since: date) -> list[CoverShown]:
    """Every cover among these people that reached into the time since a day, the latest first."""
    if not staff_ids:
        return []
    mine = or_(OfficerCover.officer_id.in_(staff_ids), OfficerCover.cover_id.in_(staff_ids))
    found = db.session.execute(_SHOWN.where(mine, OfficerCover.last_day >= since))
    return [_shown(*line) for line in found]


def covers_on(case_id: int, officer_id: int) -> list[CoverShown]:
    """Cover for a case and the officer who is named for it, that holds or is to come."""
    found = db.session.execute(
        _SHOWN.where(
            OfficerCover.officer_id == officer_id,
            or_(OfficerCover.case_id.is_(None), OfficerCover.case_id == case_id),
            OfficerCover.taken_back_at.is_(None),
            OfficerCover.last_day >= clock.today(),
        )
    )
    return [_shown(*line) for line in found]


def _shown(row: OfficerCover, officer: str, cover: str, by: str, back: str | None) -> CoverShown:
    at = row.taken_back_at
    return CoverShown(
        ref=row.ref,
        officer_id=row.officer_id,
        officer=officer,
        cover=cover,
        first=row.first_day,
        last=row.last_day,
        one_case=row.case_id is not None,
        by=by,
        taken_back_on=at.astimezone(clock.LONDON).date() if at else None,
        taken_back_by=back or "",
    )
