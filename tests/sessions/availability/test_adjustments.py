"""Adjustments agreed with a man become his needs, are seen by all who schedule, and end."""

from collections.abc import Collection
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import writing
from sessions.availability import adjust_service as service
from sessions.availability import man_service
from sessions.availability.adjust_kinds import (
    AdjustReason,
    Agreed,
    AgreedBy,
    How,
    how_of,
    put_back,
    without,
)
from sessions.availability.adjust_queries import RAN_OUT, adjustments_of
from sessions.availability.breaking import WouldBreak
from sessions.availability.kinds import CannotReason
from sessions.availability.limits_queries import how_he_can_come, man_limits
from sessions.availability.man_service import HowSaid, TimeSaid
from sessions.availability.models import AgreedAdjustment, PlaceBarred, TimeHeCannot
from sessions.therapies import SessionMode
from tests.compliance.test_decisions import under_order
from tests.makers import make_case, make_organisation, make_staff
from tests.sessions.availability.makers import make_site
from tests.sessions.availability.test_place_service import breaks as breaks
from tests.sessions.availability.test_place_service import broken
from tests.suitability.browsing import as_, refused, send

IN_PERSON, TELEPHONE = SessionMode.IN_PERSON, SessionMode.TELEPHONE
SEEN, RINGS = How(frozenset({IN_PERSON}), False), How(frozenset({TELEPHONE}), True)
BOTH = How(frozenset({IN_PERSON, TELEPHONE}), True)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (RINGS, SEEN),
        (BOTH, How(BOTH.modes, False)),  # the ways were changed since; steps were not
        (SEEN, SEEN),
    ],
)
def test_what_is_put_back(now: How, expected: How) -> None:
    assert put_back(now, before=SEEN, after=RINGS) == expected
    assert how_of(now.stored()) == now


def test_what_was_before_less_what_ended_since() -> None:
    assert without(RINGS, [(SEEN, RINGS)]) == SEEN
    assert without(BOTH, [(RINGS, BOTH), (SEEN, RINGS)]) == SEEN
    assert without(BOTH, [(SEEN, RINGS)]) == How(BOTH.modes, False)


class Adjusted:
    """A man, a clinician and an administrator of one trust, and what is agreed with him."""

    def __init__(self) -> None:
        trust = make_organisation()
        self.site_id = make_site(trust).id
        self.clinician = make_staff(Role.ASSESSOR, organisation=trust).id
        self.office = make_staff(Role.ADMINISTRATOR, organisation=trust).id
        self.case_id = make_case().id

    def agreed(self, days: int | None = None) -> Agreed:
        today = clock.today()
        last = None if days is None else today + timedelta(days=days)
        return Agreed(AdjustReason.HEALTH, AgreedBy.BOTH, today, last)

    def time(self, days: int | None = None, by: int = 0) -> UUID:
        agreed = self.agreed(days)
        said = TimeSaid(0, agreed.first_day, agreed.last_day, time(9), time(12), CannotReason.OTHER)
        with writing():
            return service.agree_time(
                case_id=self.case_id, agreed=agreed, said=said, by=by or self.office
            ).ref

    def place(self, days: int | None = None) -> UUID:
        with writing():
            return service.agree_place(
                case_id=self.case_id,
                agreed=self.agreed(days),
                site_id=self.site_id,
                by=self.office,
            ).ref

    def how(self, how: How = RINGS, days: int | None = None, seen: int | None = None) -> UUID:
        with writing():
            return service.agree_how(
                case_id=self.case_id,
                agreed=self.agreed(days),
                how=how,
                seen=self.version() if seen is None else seen,
                by=self.office,
            ).ref

    def version(self) -> int:
        row = how_he_can_come(self.case_id)
        return row.version if row else 0

    def end(self, ref: UUID, by: int = 0, accepted: Collection[UUID] = ()) -> None:
        with writing():
            service.end(case_id=self.case_id, ref=ref, by=by or self.office, accepted=accepted)

    def limits(self) -> Any:
        db.session.expire_all()
        case = db.session.scalars(select(AgreedAdjustment.case_id)).first()
        assert case == self.case_id
        today = clock.today()
        return man_limits(db.session.get_one(Case, self.case_id), today, today + timedelta(days=20))


def test_what_was_agreed_is_his_need_and_goes_when_it_is_taken_back(either_app: Flask) -> None:
    known = Adjusted()
    made = [known.time(), known.place(), known.how()]
    limits = known.limits()
    assert limits.cannot and limits.barred_sites == {known.site_id}
    assert limits.modes == {TELEPHONE} and limits.step_free
    for ref in made:
        known.end(ref)
    limits = known.limits()
    assert not limits.cannot and not limits.barred_sites
    assert limits.modes == {IN_PERSON} and not limits.step_free
    assert [row.ended_by for row in rows()] == [known.office] * 3
    with pytest.raises(Refused, match=service.ENDED):
        known.end(made[0])


def test_what_it_made_is_taken_back_elsewhere_and_it_ends(app: Flask) -> None:
    known = Adjusted()
    known.time()
    known.place()
    case_id, office, clinician = known.case_id, known.office, known.clinician
    (time_id,) = db.session.scalars(select(TimeHeCannot.id)).all()
    (bar_id,) = db.session.scalars(select(PlaceBarred.id)).all()
    with writing():
        man_service.end_time(case_id=case_id, time_id=time_id, by=office)
    assert [row.ended_by for row in rows()] == [office, None]
    with writing():
        man_service.lift_bar(case_id=case_id, bar_id=bar_id, by=clinician)
    assert [row.ended_by for row in rows()] == [office, clinician]


def rows() -> list[AgreedAdjustment]:
    return list(db.session.scalars(select(AgreedAdjustment).order_by(AgreedAdjustment.id)))


def test_who_records_it_and_what_cannot_be(app: Flask) -> None:
    known = Adjusted()
    officer = make_staff(Role.PROBATION).id
    with pytest.raises(Refused, match=service.SERVICE_ONLY):
        known.time(by=officer)
    ref = known.time()
    with pytest.raises(Refused, match=service.SERVICE_ONLY):
        known.end(ref, by=officer)
    with pytest.raises(NotFound):
        known.end(UUID(int=7))
    with pytest.raises(CannotBe):
        known.place(days=-1)
    with pytest.raises(CannotBe):
        known.how(SEEN)
    later = Agreed(AdjustReason.WORK, AgreedBy.SERVICE, date(2027, 1, 1), None)
    with pytest.raises(CannotBe), writing():
        service.agree_how(case_id=known.case_id, agreed=later, how=RINGS, seen=0, by=known.office)


def test_what_has_run_out_ends_and_what_was_changed_since_stays(
    either_app: Flask, set_clock: Any
) -> None:
    known = Adjusted()
    known.how(days=2)
    known.place(days=2)
    known.time()
    with writing():
        row = how_he_can_come(known.case_id)
        assert row is not None
        man_service.say_how(
            case_id=known.case_id,
            said=HowSaid(BOTH.modes, step_free=True),
            version=row.version,
            by=known.clinician,
        )
    for days, ended in ((2, 0), (1, 2), (0, 0)):
        set_clock.advance(days=days)
        with writing():
            assert service.end_over(clock.now()) == ended
    limits = known.limits()
    assert limits.modes == BOTH.modes and not limits.step_free
    assert not limits.barred_sites and limits.cannot


def test_a_page_read_before_his_needs_changed_takes_none_of_them_away(app: Flask) -> None:
    man = under_order()
    path = f"/cases/{man.case.ref}/when-he-can-come/agreed/how"
    client, today = as_(app, man.therapist), clock.today()
    stale = client.page(path)
    case_id, by = man.case.id, man.therapist.id
    with writing():
        row = how_he_can_come(case_id)
        man_service.say_how(
            case_id=case_id,
            said=HowSaid(frozenset({IN_PERSON}), step_free=True),
            version=row.version if row else 0,
            by=by,
        )
    said = {
        "modes": ["in_person", "telephone"],
        "why": "health",
        "agreed_by": "both",
        "first-day": str(today.day),
        "first-month": str(today.month),
        "first-year": str(today.year),
    }
    page = refused(client, path, stale, **said)
    assert "Somebody changed this meanwhile" in page and "He needs a way without steps" in page
    row = how_he_can_come(case_id)
    assert row is not None and row.step_free and not row.telephone
    wrong = {**said, "first-year": str(today.year + 1)}
    assert service.NOT_YET in refused(client, path, client.page(path), **wrong)


def test_two_agreements_on_how_he_is_seen_leave_nothing_of_either(app: Flask) -> None:
    known = Adjusted()
    first, second = known.how(RINGS), known.how(BOTH)
    known.end(first)
    limits = known.limits()  # the later one holds, and needs a way without steps
    assert limits.modes == BOTH.modes and limits.step_free
    known.end(second)
    limits = known.limits()
    assert limits.modes == SEEN.modes and not limits.step_free


def test_a_place_barred_for_another_reason_stays_so_when_the_agreement_ends(
    app: Flask, set_clock: SetClock
) -> None:
    known = Adjusted()
    known.place(days=1)
    case_id, site_id, clinician = known.case_id, known.site_id, known.clinician
    with writing():
        man_service.bar_place(case_id=case_id, site_id=site_id, reason="Kept away", by=clinician)
    with pytest.raises(Refused, match="recorded already"):
        known.place()
    set_clock.advance(days=2)
    with writing():
        assert service.end_over(clock.now()) == 1
    assert known.limits().barred_sites == {site_id}
    case = db.session.get_one(Case, case_id)
    assert [one.ended_by for one in adjustments_of(case)] == [RAN_OUT]


def test_booked_sessions_that_rest_on_it_are_shown_first(app: Flask, breaks: Any) -> None:
    known = Adjusted()
    ref = known.how(days=1)
    found = broken()
    breaks.append(found)
    with pytest.raises(WouldBreak):
        known.end(ref)
    known.end(ref, accepted=[found.ref])


def test_every_side_sees_it_and_only_the_service_records_it(app: Flask) -> None:
    man = under_order()
    limits = f"/cases/{man.case.ref}/when-he-can-come"
    client = as_(app, man.therapist)
    page = client.page(f"{limits}/agreed/how")
    said = {
        "modes": "telephone",
        "why": "health",
        "agreed_by": "both",
        "first-day": str(clock.today().day),
        "first-month": str(clock.today().month),
        "first-year": str(clock.today().year),
    }
    assert "Select why" in refused(client, f"{limits}/agreed/how", page, **{**said, "why": ""})
    assert send(client, f"{limits}/agreed/how", page, **said).status_code in (303, 422)
    again = client.page(limits)
    if "Seen by telephone" not in again:  # the session booked for him does not fit it: accepted
        page = refused(client, f"{limits}/agreed/how", page, **said)
        known = page.split('name="known"')[1].split('value="')[1].split('"')[0]
        answer = send(client, f"{limits}/agreed/how", page, accept="y", known=known, **said)
        assert answer.status_code == 303
    for who, path in (
        (man.therapist, limits),
        (man.world.office, limits),
        (man.world.officer, f"/cases/{man.case.ref}/standing"),
    ):
        page = as_(app, who).page(path)
        assert "Seen by telephone" in page and "The service and probation" in page
        assert '<td role="cell" data-label="Why">Health</td>' in page
    client = as_(app, man.therapist)
    ref = db.session.scalars(select(AgreedAdjustment.ref)).one()
    page = client.page(f"{limits}/agreed/{ref}/end")
    assert send(client, f"{limits}/agreed/{ref}/end", page).status_code == 303
    assert "Adjustments that have ended" in client.page(limits)
    assert client.get(f"{limits}/agreed/{UUID(int=3)}/end").status_code == 404
