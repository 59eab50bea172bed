"""A list of referrals goes by when each man was referred, not by the order of the records."""

import random
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.shared_access import BECAUSE
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import referral_queries
from mhtr.intake.models import Referral
from mhtr.intake.queries import last_place
from mhtr.intake.referral_queries import sent_referrals
from mhtr.overview.own_lists import referral_rows
from tests.intake.house import House
from tests.makers import make_staff

PAGE = 5
MEN = 2 * PAGE + 2


def shuffled(house: House, by: list[Staff], men: int = MEN) -> list[tuple[int, datetime]]:
    """Referrals whose times and records go in different orders, newest first."""
    days = list(range(men))
    random.Random(11).shuffle(days)
    for number, day in enumerate(days):
        case = house.refer(by[number % len(by)], given_name=f"Man{number}", born="")
        with writing():
            row = db.session.scalars(select(Referral).where(Referral.case_id == case.id)).one()
            row.referred_at = clock.now() - timedelta(days=day // 2)
    found = db.session.execute(select(Referral.id, Referral.referred_at)).all()
    return sorted(((row[0], row[1]) for row in found), key=lambda row: row[::-1], reverse=True)


def listed(staff: Staff, *, only_mine: bool = False, sort: str = "-sent") -> list[int]:
    viewer, found, page, more = viewer_of(staff), [], 1, True
    while more:
        lines, more = sent_referrals(viewer, only_mine=only_mine, sort=sort, page=page)
        assert len(lines) == PAGE or not more
        found += [line.referral.id for line in lines]
        page += 1
    return found


def test_page_after_page_the_newest_first_without_repetition_or_gap(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(referral_queries, "PAGE", PAGE)
    house = House()
    colleague = make_staff(Role.LD_PRACTITIONER, organisation=house.practitioner.organisation)
    newest = [row for row, _ in shuffled(house, [house.practitioner, colleague])]
    assert newest != sorted(newest, reverse=True)
    assert listed(house.practitioner) == newest
    assert sorted(listed(house.practitioner, sort="sent")) == sorted(newest)
    mine = listed(house.practitioner, only_mine=True)
    assert mine == [row for row in newest if row in mine] and len(mine) in (MEN // 2, MEN // 2 + 1)


def test_today_names_the_latest(either_app: Flask) -> None:
    house = House()
    newest = shuffled(house, [house.practitioner], 12)[:6]
    names = {row.id: row.answers["given_name"] for row in db.session.scalars(select(Referral))}
    viewer = viewer_of(house.practitioner)
    with either_app.test_request_context():
        rows = referral_rows(viewer, 6)
    assert [row.who.split()[0] for row in rows] == [names[row] for row, _ in newest]


def test_whoever_was_named_a_reader_keeps_it_with_another_employer(app: Flask) -> None:
    house = House()
    case_id = house.refer().id
    moved = make_staff(Role.LD_PRACTITIONER)
    assert listed(moved) == []
    with writing():
        access.grant(case_id, Purpose.REFERRAL, moved.principal_id, because=BECAUSE, by=None)
    assert len(listed(moved)) == 1


@pytest.mark.parametrize("later", [0, 1])
def test_the_place_of_the_latest_referral_is_remembered(app: Flask, later: int) -> None:
    house = House()
    for number in range(2):
        case_id = house.refer(given_name=f"Man{number}", born="").id
        with writing():
            row = db.session.scalars(select(Referral).where(Referral.case_id == case_id)).one()
            row.place_code = f"place-{number}"
            row.referred_at = clock.now() - timedelta(days=0 if number == later else 3)
    assert last_place(house.practitioner.id) == f"place-{later}"
