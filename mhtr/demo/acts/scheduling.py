"""Places with their rooms, clinicians' weeks, and when and where men can come."""

from datetime import date, time, timedelta

from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.demo import tables
from mhtr.demo.cast import Cast
from mhtr.demo.world import Hand
from sessions.availability import (
    adjust_service,
    closure_service,
    man_service,
    one_off_service,
    place_service,
    profile_service,
    week_service,
)
from sessions.availability.adjust_kinds import AdjustReason, Agreed, AgreedBy
from sessions.availability.hours_keeping import Stretch
from sessions.availability.kinds import CannotReason, HoursUse, SiteKind
from sessions.availability.man_service import HowSaid, TimeSaid
from sessions.availability.place_service import RoomSaid, SiteSaid
from sessions.availability.profile_service import Profile
from sessions.therapies import Gender, SessionMode, Therapy

EVERYTHING = dict.fromkeys(Therapy, True)
NOON, ONE = time(12), time(13)
MEN = frozenset({"assessor2", "assessor-north", "assessor-nelft", "assessor-slam2", "duty"})
WEEKS = {
    "assessor": ("west-clinic", "west-clinic", "west-hall", "west-probation", None),
    "assessor2": ("west-clinic2", "west-probation", "west-clinic2", None, "west-clinic"),
    "assessor3": ("west-clinic", "west-clinic2", "west-hall", "west-clinic", "west-clinic"),
    "lead": ("west-clinic", None, "west-clinic", None, None),
}
"""Where some work from Monday to Friday; the others work at the first place of their trust."""


def places(cast: Cast) -> None:
    """Every trust's places, their hours and rooms, from today."""
    for row in tables.rows("places"):
        by = _keeper(cast, row["trust"])
        said = SiteSaid(
            name=row["name"],
            kind=SiteKind(row["kind"]),
            address=row["address"],
            postcode=row["postcode"],
            directions=row["directions"],
            step_free=row["step_free"] == "yes",
        )
        organisation_id = cast.organisations[row["trust"]]
        site = place_service.add_site(organisation_id=organisation_id, said=said, by=by)
        cast.places[row["key"]] = site.id
        opens, closes = (time.fromisoformat(row[name]) for name in ("opens", "closes"))
        place_service.set_hours(
            site_id=site.id,
            valid_from=clock.today(),
            hours={int(day): (opens, closes) for day in row["weekdays"].split()},
            version=1,
            by=by,
        )
        for room in row["rooms"].split("; "):
            name, capacity, step_free = room.split(":")
            one = RoomSaid(name, int(capacity), step_free == "yes")
            place_service.add_room(site_id=site.id, said=one, by=by)


def clinicians(cast: Cast) -> None:
    """How every clinician can be booked, and his week, from today."""
    for key, roles in cast.roles.items():
        if not roles & CLINICAL_ROLES:
            continue
        trust = cast.home[key]
        by, staff_id = _keeper(cast, trust), cast.staff[key]
        leads = Role.CLINICAL_LEAD in roles
        everything = leads or key == "assessor"
        said = Profile(
            gender=Gender.MALE if key in MEN else Gender.FEMALE,
            daily_most=3 if leads else 5,
            video=key != "assessor3",
            delivers=EVERYTHING if everything else {Therapy.CBT: False, Therapy.SKILLS: True},
        )
        profile_service.keep_profile(staff_id=staff_id, said=said, version=0, by=by)
        usual = next(place for place in cast.places if place.startswith(f"{trust}-"))
        _week(staff_id, [cast.places.get(p or "") for p in WEEKS.get(key, (usual,) * 5)], by)


def _week(staff_id: int, sites: list[int | None], by: int) -> None:
    """Nine to five on weekdays, supervision each Thursday, writing every second Friday."""
    today, version = clock.today(), 1
    for weekday, site_id in enumerate(sites):
        stretch = Stretch(time(9), time(17), site_id=site_id)
        _add(staff_id, weekday, stretch, today, version, by)
        version += 1
    supervision = Stretch(NOON, ONE, HoursUse.SUPERVISION)
    _add(staff_id, 3, supervision, today, version, by)
    _add(staff_id, 4, Stretch(time(15), time(17), HoursUse.OTHER), today, version + 1, by, every=2)


def _add(
    staff_id: int,
    weekday: int,
    stretch: Stretch,
    since: date,
    version: int,
    by: int,
    every: int = 1,
) -> None:
    week_service.add_weekly(
        staff_id=staff_id,
        weekday=weekday,
        stretch=stretch,
        valid_from=since,
        every=every,
        version=version,
        by=by,
    )


def changes(cast: Cast, today: date) -> None:
    """One-off changes ahead, a closure, and a room that is going."""
    week = today + timedelta(days=7 - today.weekday())
    changed = (
        ("assessor", week + timedelta(days=1), Stretch(time(9), NOON, HoursUse.AWAY)),
        ("assessor", week + timedelta(days=3), Stretch(time(17), time(18), site_id=None)),
        ("assessor2", week + timedelta(days=2), Stretch(time(14), time(15), HoursUse.TRAVEL)),
    )
    for number, (key, day, stretch) in enumerate(changed):
        version = 8 + (1 if number == 1 else 0)
        by = cast.staff[key]
        one_off_service.add_dated(staff_id=by, day=day, stretch=stretch, version=version, by=by)
    by = cast.staff["admin"]
    closure_service.add_closure(
        site_id=cast.places["west-clinic2"],
        room_id=None,
        first=week + timedelta(days=15),
        last=week + timedelta(days=16),
        label="Boiler replaced",
        by=by,
    )


def can_come(hand: Hand, number: int) -> None:
    """What he said of when, where and how he can come: one of a few, by number."""
    today = clock.today()
    said = _SAID[number % len(_SAID)]
    for weekday, starts, ends, reason in said:
        time_said = TimeSaid(weekday, today, None, time(starts), time(ends), reason)
        man_service.add_time(case_id=hand.case_id, said=time_said, by=hand.assessor)
    modes = {SessionMode.IN_PERSON} | ({SessionMode.TELEPHONE} if number % 2 else set())
    how = HowSaid(
        modes=frozenset(modes),
        therapist_gender=Gender.FEMALE if number % 5 == 2 else Gender.NOT_SAID,
        step_free=number % 5 == 3,
        travel="Two buses, about 50 minutes; the fare is paid back." if number % 3 == 0 else "",
    )
    man_service.say_how(case_id=hand.case_id, said=how, version=0, by=hand.assessor)


def adjusted(hand: Hand) -> None:
    """What was agreed with him after an absence: not on Friday mornings, for six weeks."""
    today = clock.today()
    agreed = Agreed(AdjustReason.CARING, AgreedBy.BOTH, today, today + timedelta(weeks=6))
    adjust_service.agree_time(
        case_id=hand.case_id,
        agreed=agreed,
        said=TimeSaid(
            4, today, agreed.last_day, time(8), time(10), adjust_service.cannot_reason(agreed)
        ),
        by=hand.assessor,
    )


def barred(hand: Hand, place: str = "west-hall") -> None:
    """He may not go to a place; only clinicians read why."""
    man_service.bar_place(
        case_id=hand.case_id,
        site_id=hand.world.cast.places[place],
        reason="The complainant volunteers there on Wednesdays.",
        by=hand.assessor,
    )


_SAID: tuple[tuple[tuple[int | None, int, int, CannotReason], ...], ...] = (
    ((0, 7, 15, CannotReason.WORK), (1, 7, 15, CannotReason.WORK)),
    ((2, 9, 16, CannotReason.UNPAID_WORK), (0, 17, 19, CannotReason.OTHER)),
    ((4, 12, 15, CannotReason.FAITH), (1, 10, 11, CannotReason.PROBATION)),
    ((None, 19, 7, CannotReason.CURFEW),),
    ((3, 8, 10, CannotReason.CARE), (0, 14, 16, CannotReason.HEALTH)),
)


def _keeper(cast: Cast, trust: str) -> int:
    """Who keeps a trust's places: its administrator, or its clinical lead."""
    held = cast.at(trust, Role.ADMINISTRATOR) or cast.at(trust, Role.CLINICAL_LEAD)
    return cast.staff[held[0]]
