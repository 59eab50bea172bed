"""Lists of the demonstration go by day and by name, page after page, whatever was played first."""

from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.name_order import sort_name
from mhtr.intake.models import Referral
from mhtr.intake.referral_queries import PAGE, Sent, sent_referrals
from mhtr.people.models import Person


def busiest() -> Staff:
    """The liaison and diversion practitioner who referred most."""
    rows = db.session.execute(
        select(Staff, func.count())
        .join(Referral, Referral.referrer_id == Staff.id)
        .group_by(Staff.id)
        .order_by(func.count().desc())
    )
    return next(staff for staff, _ in rows if viewer_of(staff).has(Role.LD_PRACTITIONER))


def pages(staff: Staff, sort: str) -> list[Sent]:
    viewer, found, page, more = viewer_of(staff), [], 1, True
    while more and page <= 4:
        lines, more = sent_referrals(viewer, only_mine=False, sort=sort, page=page)
        found += lines
        page += 1
    return found


def test_his_referrals_the_newest_first(shown: Flask) -> None:
    listed = pages(busiest(), "-sent")
    whens = [(line.referral.referred_at, line.referral.id) for line in listed]
    assert len(whens) > PAGE and whens == sorted(set(whens), reverse=True)


def test_his_referrals_by_name(shown: Flask) -> None:
    keys = [line.case.person.sort_name for line in pages(busiest(), "name")]
    assert len(keys) > PAGE and keys == sorted(keys)


def test_every_name_has_its_place(shown: Flask) -> None:
    rows = db.session.execute(select(Person.given_name, Person.family_name, Person.sort_name)).all()
    assert rows and all(key == sort_name(first, last) for first, last, key in rows)
