"""When, where and how he can come: kept with its history; the reason is a clinician's."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import writing
from sessions.availability import man_service
from sessions.availability.kinds import CannotReason
from sessions.availability.limits_queries import how_he_can_come, man_limits
from sessions.availability.man_service import HowSaid, TimeSaid
from sessions.availability.models import PlaceBarred, TimeHeCannot
from sessions.availability.week_rules import LAST_MINUTE, over_midnight
from sessions.therapies import Gender, SessionMode
from tests.makers import make_case, make_organisation, make_staff
from tests.sessions.availability.makers import make_site
from tests.sessions.availability.test_place_service import breaks as breaks
from tests.sessions.availability.test_place_service import broken

TODAY = date(2026, 11, 18)
WORK = TimeSaid(0, TODAY, None, time(9), time(12), CannotReason.WORK)


class Known:
    """A man, and a clinician and an administrator of one trust."""

    def __init__(self) -> None:
        trust = make_organisation()
        self.site_id = make_site(trust).id
        self.clinician = make_staff(Role.ASSESSOR, organisation=trust).id
        self.office = make_staff(Role.ADMINISTRATOR, organisation=trust).id
        self.case = make_case()
        self.case_id = self.case.id

    def add(self, said: TimeSaid = WORK) -> None:
        with writing():
            man_service.add_time(case_id=self.case_id, said=said, by=self.office)

    def bar(self, reason: str = "", by: int = 0) -> None:
        with writing():
            man_service.bar_place(
                case_id=self.case_id,
                site_id=self.site_id,
                reason=reason,
                by=by or self.clinician,
            )

    def say(self, said: HowSaid, version: int = 0) -> None:
        with writing():
            man_service.say_how(case_id=self.case_id, said=said, version=version, by=self.office)

    def limits(self) -> Any:
        db.session.expire_all()
        return man_limits(self.case, TODAY, date(2026, 11, 24))


def test_a_time_is_recorded_and_taken_back_with_its_history(either_app: Flask) -> None:
    known = Known()
    known.add()
    assert len(known.limits().cannot) == 1
    with pytest.raises(Refused, match="already"):
        known.add()
    time_id = db.session.scalars(select(TimeHeCannot.id)).one()
    stranger = make_case().id
    with pytest.raises(NotFound), writing():
        man_service.end_time(case_id=stranger, time_id=time_id, by=known.office)
    with writing():
        man_service.end_time(case_id=known.case_id, time_id=time_id, by=known.office)
    assert known.limits().cannot == ()
    row = db.session.scalars(select(TimeHeCannot)).one()
    assert row.ended_by == known.office
    with pytest.raises(Refused, match="taken back"), writing():
        man_service.end_time(case_id=known.case_id, time_id=time_id, by=known.office)
    known.add()


@pytest.mark.parametrize(
    "said",
    [
        TimeSaid(0, TODAY, date(2026, 11, 17), time(9), time(12), CannotReason.WORK),
        TimeSaid(None, date(2026, 1, 1), date(2026, 1, 2), time(9), time(12), CannotReason.WORK),
        TimeSaid(0, TODAY, None, time(9), time(9), CannotReason.WORK),
    ],
)
def test_times_that_cannot_be(either_app: Flask, said: TimeSaid) -> None:
    with pytest.raises(Refused):
        Known().add(said)


def test_a_curfew_over_midnight_is_two_times(either_app: Flask) -> None:
    known = Known()
    known.add(TimeSaid(None, TODAY, None, time(19), time(7), CannotReason.CURFEW))
    found = {
        (row.first_day, row.starts, row.ends) for row in db.session.scalars(select(TimeHeCannot))
    }
    assert found == {
        (TODAY, time(19), LAST_MINUTE),
        (date(2026, 11, 19), time(0), time(7)),
    }


@pytest.mark.parametrize(
    ("weekday", "starts", "ends", "expected"),
    [
        (6, 22, 6, [(6, 0, time(22), LAST_MINUTE), (0, 1, time(0), time(6))]),
        (6, 22, 0, [(6, 0, time(22), LAST_MINUTE)]),
        (2, 9, 10, [(2, 0, time(9), time(10))]),
        (None, 20, 1, [(None, 0, time(20), LAST_MINUTE), (None, 1, time(0), time(1))]),
    ],
)
def test_parts_of_a_time_over_midnight(
    weekday: int | None, starts: int, ends: int, expected: list[Any]
) -> None:
    found = over_midnight(weekday, TODAY, None, time(starts), time(ends))
    assert [(day, (first - TODAY).days, a, b) for day, first, _, a, b in found] == expected


def test_why_a_place_is_barred_is_a_clinicians_to_write(either_app: Flask) -> None:
    known = Known()
    with pytest.raises(Refused, match="Only a clinician writes"):
        known.bar("Because", by=known.office)
    known.bar(by=known.office)
    with pytest.raises(Refused, match="already"):
        known.bar("Her flat is opposite.")
    assert known.limits().barred_sites == {known.site_id}
    bar_id = db.session.scalars(select(PlaceBarred.id)).one()

    def lift(by: int, case_id: int = known.case_id) -> None:
        with writing():
            man_service.lift_bar(case_id=case_id, bar_id=bar_id, by=by)

    with pytest.raises(Refused, match="Only a clinician"):
        lift(known.office)
    with pytest.raises(NotFound):
        lift(known.clinician, make_case().id)
    lift(known.clinician)
    assert known.limits().barred_sites == frozenset()
    with pytest.raises(Refused, match="taken back"):
        lift(known.clinician)
    known.bar("Her flat is opposite.")
    row = db.session.scalars(select(PlaceBarred).where(PlaceBarred.ended_at.is_(None))).one()
    assert row.reason == "Her flat is opposite."


def test_another_trusts_place_cannot_be_named(either_app: Flask) -> None:
    known = Known()
    known.site_id = make_site(make_organisation()).id
    with pytest.raises(Refused, match="place of the trust"):
        known.bar()


def test_how_he_can_come_is_said_and_changed(either_app: Flask) -> None:
    known = Known()
    with pytest.raises(Refused, match="at least one way"):
        known.say(HowSaid(frozenset()))
    known.say(HowSaid(frozenset({SessionMode.VIDEO}), Gender.FEMALE, True, " By bus "))
    with pytest.raises(Stale):
        known.say(HowSaid(frozenset({SessionMode.VIDEO})))
    found = known.limits()
    assert (found.modes, found.therapist_gender, found.step_free) == (
        {SessionMode.VIDEO},
        Gender.FEMALE,
        True,
    )
    row = how_he_can_come(known.case_id)
    assert row is not None
    assert (row.travel, row.version) == ("By bus", 1)
    known.say(HowSaid(frozenset(SessionMode)), 1)
    assert known.limits().modes == frozenset(SessionMode)


def test_what_would_break_is_asked(either_app: Flask, breaks: list[Any]) -> None:
    known = Known()
    breaks.append(broken())
    attempts: tuple[Callable[[], None], ...] = (
        known.add,
        known.bar,
        lambda: known.say(HowSaid(frozenset(SessionMode))),
    )
    for attempt in attempts:
        with pytest.raises(Refused, match="no longer fits"):
            attempt()
    found = known.limits()
    assert (found.cannot, found.barred_sites) == ((), frozenset())


@pytest.mark.parametrize(
    ("first", "last"), [(date.max, None), (TODAY, date.max)], ids=["first", "last"]
)
def test_a_slip_of_the_year_is_refused(either_app: Flask, first: date, last: date | None) -> None:
    known = Known()
    curfew = TimeSaid(None, first, last, time(19), time(7), CannotReason.CURFEW)
    with pytest.raises(Refused, match="within the next five years"):
        known.add(curfew)
