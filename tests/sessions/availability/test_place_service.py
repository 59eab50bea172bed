"""Places, rooms and closures: who keeps them, what stays on record, what an edit would break."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Executable, delete, select, update

from mhtr.accounts.models import Organisation
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import NotWriting, writing
from sessions.availability import breaking, closure_service, keeping, place_service
from sessions.availability.breaking import Broken, Touched, WouldBreak
from sessions.availability.kinds import SiteKind
from sessions.availability.models import PlaceClosure, Room, Site, SiteHours
from sessions.availability.place_service import RoomSaid, SiteSaid
from tests.makers import make_organisation, make_staff
from tests.sessions.availability.makers import SINCE, make_room, make_site

TODAY = date(2026, 11, 18)
DAY = timedelta(days=1)
SAID = SiteSaid("Elm Road Clinic", SiteKind.CLINIC, "1 Elm Road, London")


@pytest.fixture
def breaks() -> Iterator[list[Broken]]:
    """What the next edits would break: nothing until a test says so."""
    found: list[Broken] = []
    asked: list[Touched] = []

    def after_the_edit(touched: Touched) -> tuple[Broken, ...]:
        asked.append(touched)
        return tuple(found) if len(asked) % 2 == 0 else ()

    breaking.what_breaks.append(after_the_edit)
    yield found
    breaking.what_breaks.remove(after_the_edit)


def broken() -> Broken:
    moment = datetime(2026, 12, 1, 10, tzinfo=UTC)
    return Broken(uuid.uuid4(), moment, "Ada Winter", "Elm Road Clinic", (), "shut")


def keeper(role: Role = Role.ADMINISTRATOR) -> tuple[int, int]:
    trust = make_organisation()
    return trust.id, make_staff(role, organisation=trust).id


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CLINICAL_LEAD])
def test_a_place_is_added_by_who_keeps_the_trusts_places(either_app: Flask, role: Role) -> None:
    trust_id, by = keeper(role)
    with writing():
        site = place_service.add_site(organisation_id=trust_id, said=SAID, by=by)
    assert (site.name, site.version, site.closed_on) == ("Elm Road Clinic", 1, None)
    actions = db.session.scalars(select(AuditEvent.action)).all()
    assert "places.added" in actions


@pytest.mark.parametrize(
    "role", [Role.ASSESSOR, Role.DUTY_CLINICIAN, Role.SERVICE_MANAGER, Role.PRIVACY_OFFICER]
)
def test_nobody_else_does(either_app: Flask, role: Role) -> None:
    trust_id, by = keeper(role)
    with pytest.raises(Refused, match="Only an administrator"), writing():
        place_service.add_site(organisation_id=trust_id, said=SAID, by=by)
    assert db.session.query(Site).count() == 0


def _every_edit(site: Site, room: Room, closure: PlaceClosure, by: int) -> list[Any]:
    site_id, room_id, closure_id = site.id, room.id, closure.id
    week = {0: (time(9), time(12))}
    later: dict[str, Any] = {"first": TODAY + DAY, "last": TODAY + DAY, "label": "Paint", "by": by}
    said = RoomSaid("New", 3)
    return [
        lambda: place_service.change_site(site_id=site_id, said=SAID, version=1, by=by),
        lambda: place_service.set_hours(
            site_id=site_id, valid_from=TODAY, hours=week, version=1, by=by
        ),
        lambda: place_service.add_room(site_id=site_id, said=said, by=by),
        lambda: place_service.change_room(room_id=room_id, said=said, version=1, by=by),
        lambda: closure_service.add_closure(site_id=site_id, room_id=None, **later),
        lambda: closure_service.end_closure(closure_id=closure_id, by=by),
    ]


def closed(site: Site, by: int, room: Room | None = None, first: date = TODAY) -> PlaceClosure:
    site_id, room_id = site.id, room.id if room else None
    with writing():
        made = closure_service.add_closure(
            site_id=site_id,
            room_id=room_id,
            first=first,
            last=first + 5 * DAY,
            label="Boiler",
            by=by,
        )
    return made


def test_another_trusts_places_stay_as_they_are(either_app: Flask) -> None:
    trust = make_organisation()
    own = make_staff(Role.ADMINISTRATOR, organisation=trust).id
    site = make_site(trust)
    room, closure = make_room(site), closed(site, own)
    _, stranger = keeper()
    for edit in _every_edit(site, room, closure, stranger):
        with pytest.raises(Refused, match="Only an administrator"), writing():
            edit()
    for edit in _every_edit(site, room, closure, own):
        with pytest.raises(NotWriting):
            edit()


def test_names_are_unique_within_the_trust_and_the_place(either_app: Flask) -> None:
    trust = make_organisation()
    by = make_staff(Role.ADMINISTRATOR, organisation=trust).id
    site, other = make_site(trust), make_site(trust, "Other")
    room = make_room(site)
    trust_id, site_id, other_id, name = trust.id, site.id, other.id, room.name
    with pytest.raises(Refused, match="of this name"), writing():
        place_service.add_site(organisation_id=trust_id, said=SAID, by=by)
    with pytest.raises(Refused, match="of this name"), writing():
        place_service.change_site(site_id=other_id, said=SAID, version=1, by=by)
    with pytest.raises(Refused, match="of this name"), writing():
        place_service.add_room(site_id=site_id, said=RoomSaid(name, 2), by=by)
    with writing():
        place_service.change_site(site_id=site_id, said=SAID, version=1, by=by)
        place_service.add_room(site_id=other_id, said=RoomSaid(name, 2), by=by)
    stranger_id, stranger = keeper()
    with writing():
        place_service.add_site(organisation_id=stranger_id, said=SAID, by=stranger)


def hours(site_id: int) -> list[tuple[int, time, date, date | None]]:
    rows = select(SiteHours).where(SiteHours.site_id == site_id)
    return sorted(
        (row.weekday, row.opens, row.valid_from, row.valid_to) for row in db.session.scalars(rows)
    )


def test_hours_change_from_a_day_on_and_earlier_ones_stay(either_app: Flask) -> None:
    trust = make_organisation()
    by = make_staff(Role.ADMINISTRATOR, organisation=trust).id
    site_id = make_site(trust).id

    def put(since: date, opens: int, version: int) -> None:
        with writing():
            place_service.set_hours(
                site_id=site_id,
                valid_from=since,
                hours={0: (time(opens), time(18))},
                version=version,
                by=by,
            )

    put(TODAY + 10 * DAY, 10, 1)
    put(TODAY + 5 * DAY, 8, 2)
    db.session.expire_all()
    found = hours(site_id)
    assert found[0] == (0, time(8), TODAY + 5 * DAY, None)
    assert found[1:] == [(day, time(9), SINCE, TODAY + 4 * DAY) for day in range(5)]
    with pytest.raises(Stale):
        put(TODAY + 5 * DAY, 9, 2)
    with pytest.raises(Refused, match="past"):
        put(TODAY - DAY, 9, 3)


@pytest.mark.parametrize("hours", [{}, {0: (time(12), time(9))}, {0: (time(9), time(9))}])
def test_hours_that_cannot_be(either_app: Flask, hours: dict[int, tuple[time, time]]) -> None:
    trust = make_organisation()
    by = make_staff(Role.ADMINISTRATOR, organisation=trust).id
    site_id = make_site(trust).id
    with pytest.raises(Refused), writing():
        place_service.set_hours(site_id=site_id, valid_from=TODAY, hours=hours, version=1, by=by)


def test_a_closure_ends_early_or_never_was(either_app: Flask) -> None:
    trust = make_organisation()
    by = make_staff(Role.ADMINISTRATOR, organisation=trust).id
    site = make_site(trust)
    begun, ahead = closed(site, by, first=TODAY - DAY), closed(site, by, first=TODAY + DAY)
    begun_id, ahead_id = begun.id, ahead.id
    with writing():
        closure_service.end_closure(closure_id=begun_id, by=by)
        closure_service.end_closure(closure_id=ahead_id, by=by)
    (left,) = db.session.scalars(select(PlaceClosure))
    assert (left.id, left.last_day) == (begun_id, TODAY - DAY)
    with pytest.raises(Refused, match="over"), writing():
        closure_service.end_closure(closure_id=begun_id, by=by)
    with pytest.raises(NotFound), writing():
        closure_service.end_closure(closure_id=ahead_id, by=by)


def test_a_room_of_another_place_is_not_closed(either_app: Flask) -> None:
    trust = make_organisation()
    by = make_staff(Role.ADMINISTRATOR, organisation=trust).id
    site, room = make_site(trust), make_room(make_site(trust, "Other"))
    with pytest.raises(Refused, match="room of this place"):
        closed(site, by, room)


def test_closing_breaks_nothing_unseen(either_app: Flask, breaks: list[Broken]) -> None:
    trust = make_organisation()
    by = make_staff(Role.ADMINISTRATOR, organisation=trust).id
    site = make_site(trust)
    site_id = site.id
    breaks += [broken(), broken()]

    def close(accepted: list[uuid.UUID]) -> None:
        said = SiteSaid("Elm", SiteKind.CLINIC, "1 Elm Road", closed_on=TODAY)
        version = db.session.get_one(Site, site_id).version
        with writing():
            place_service.change_site(
                site_id=site_id, said=said, version=version, by=by, accepted=accepted
            )

    for accepted in ([], [breaks[0].ref], [uuid.uuid4()]):
        with pytest.raises(WouldBreak) as shown:
            close(accepted)
        assert {one.ref for one in shown.value.broken} == {one.ref for one in breaks}
        assert db.session.get_one(Site, site_id).closed_on is None
    close([one.ref for one in breaks])
    assert db.session.get_one(Site, site_id).closed_on == TODAY


def test_a_place_is_not_closed_in_the_past_and_a_past_day_is_kept(
    either_app: Flask, set_clock: Any
) -> None:
    trust = make_organisation()
    by = make_staff(Role.ADMINISTRATOR, organisation=trust).id
    site_id = make_site(trust).id

    def change(day: date, version: int, name: str = "Elm") -> None:
        said = SiteSaid(name, SiteKind.CLINIC, "1 Elm Road", closed_on=day)
        with writing():
            place_service.change_site(site_id=site_id, said=said, version=version, by=by)

    with pytest.raises(Refused, match="past"):
        change(TODAY - DAY, 1)
    change(TODAY, 1)
    set_clock.advance(days=3)
    change(TODAY, 2, "Elm House")
    assert db.session.get_one(Site, site_id).name == "Elm House"


def after_the_lock(monkeypatch: pytest.MonkeyPatch, change: Executable) -> None:
    """What somebody else saved while this waited for the lock of the place."""
    locked = keeping.lock_site

    def late(site_id: int, by: int) -> Site:
        site = locked(site_id, by)
        db.session.execute(change, execution_options={"synchronize_session": False})
        return site

    monkeypatch.setattr(keeping, "lock_site", late)


def test_a_room_is_read_again_once_its_place_is_locked(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust_id, by = keeper()
    site = make_site(db.session.get_one(Organisation, trust_id))
    room_id = make_room(site).id
    after_the_lock(monkeypatch, update(Room).values(version=Room.version + 1))
    with pytest.raises(Stale), writing():
        place_service.change_room(room_id=room_id, said=RoomSaid("Room 9", 3), version=1, by=by)


def test_a_closure_that_somebody_else_took_back_is_over(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust_id, by = keeper()
    site_id = make_site(db.session.get_one(Organisation, trust_id)).id
    with writing():
        closure = closure_service.add_closure(
            site_id=site_id, room_id=None, first=TODAY, last=TODAY + DAY, label="Paint", by=by
        )
    closure_id = closure.id
    after_the_lock(monkeypatch, delete(PlaceClosure))
    with pytest.raises(Refused, match="over already"), writing():
        closure_service.end_closure(closure_id=closure_id, by=by)


def test_a_slip_of_the_year_is_refused(either_app: Flask) -> None:
    trust_id, by = keeper()
    site_id = make_site(db.session.get_one(Organisation, trust_id)).id
    hours = {0: (time(9), time(17))}
    with pytest.raises(Refused, match="within the next five years"), writing():
        place_service.set_hours(site_id=site_id, valid_from=date.max, hours=hours, version=1, by=by)
    with pytest.raises(Refused, match="within the next five years"), writing():
        closure_service.add_closure(
            site_id=site_id, room_id=None, first=date.max, last=date.max, label="Paint", by=by
        )
