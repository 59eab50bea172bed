"""How he was told of a session: what is proven, what is refused, and what stays in the history."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from mhtr.compliance import notice_service
from mhtr.compliance.contact_rules import Way
from mhtr.compliance.models import SessionNotice
from mhtr.compliance.notice_queries import HowTold, how_told, notices_of
from mhtr.compliance.notice_service import Of, Telling
from mhtr.compliance.notices import (
    FUTURE,
    NOT_SENT,
    NOT_SPOKEN,
    TOO_LATE,
    Came,
    Given,
    notice_of,
    objections,
)
from mhtr.compliance.standing.facts import Notice
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import writing
from sessions.booking.models import SessionPlace
from sessions.register.queries import placed_of
from tests.conftest import NOON
from tests.sessions.seen import Treated, booked, treated
from tests.suitability.journey import taken_on

STARTS = datetime(2026, 11, 25, 10, tzinfo=UTC)
BEFORE, AFTER = STARTS - timedelta(days=5), STARTS + timedelta(minutes=1)
N = Notice


def one(came: Came, *, at: datetime = BEFORE, of: datetime = STARTS, usable: bool = True) -> Given:
    return Given(at, of, came, usable)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], N.NOT_PROVEN),
        ([one(Came.TOLD)], N.PROVEN),
        ([one(Came.HAS_IT)], N.PROVEN),
        ([one(Came.SENT)], N.NOT_PROVEN),
        ([one(Came.CAME_BACK)], N.NOT_PROVEN),
        ([one(Came.SENT), one(Came.CAME_BACK)], N.NOT_PROVEN),
        ([one(Came.CAME_BACK), one(Came.TOLD)], N.PROVEN),
        ([one(Came.TOLD, usable=False)], N.NOT_USABLE),
        ([one(Came.SENT, usable=False)], N.NOT_USABLE),
        ([one(Came.TOLD, usable=False), one(Came.SENT)], N.NOT_USABLE),
        ([one(Came.TOLD, usable=False), one(Came.TOLD)], N.PROVEN),
        # What he was told of another time, or once it had begun, says nothing of this one.
        ([one(Came.TOLD, of=STARTS + timedelta(hours=1))], N.NOT_PROVEN),
        ([one(Came.TOLD, at=AFTER)], N.NOT_PROVEN),
        ([one(Came.TOLD, at=STARTS)], N.NOT_PROVEN),
        ([one(Came.TOLD, at=STARTS - timedelta(minutes=1))], N.PROVEN),
    ],
)
def test_what_is_proven(told: list[Given], expected: Notice) -> None:
    assert notice_of(told, STARTS) is expected


GIVEN = st.builds(
    Given,
    st.sampled_from([BEFORE, STARTS, AFTER]),
    st.sampled_from([STARTS, STARTS + timedelta(hours=1)]),
    st.sampled_from(Came),
    st.booleans(),
)


@given(st.lists(GIVEN, max_size=5), st.randoms())
def test_the_order_in_which_it_was_recorded_changes_nothing(
    told: list[Given], chance: object
) -> None:
    mixed = list(told)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert notice_of(mixed, STARTS) is notice_of(told, STARTS)


@given(st.lists(GIVEN, max_size=5), GIVEN)
def test_more_on_record_never_unproves_it(told: list[Given], more: Given) -> None:
    if notice_of(told, STARTS) is N.PROVEN:
        assert notice_of([*told, more], STARTS) is N.PROVEN


@given(st.lists(GIVEN, max_size=5))
def test_nothing_is_proven_by_what_was_only_sent(told: list[Given]) -> None:
    sent = [row for row in told if row.came in (Came.SENT, Came.CAME_BACK)]
    assert notice_of(sent, STARTS) is not N.PROVEN


@pytest.mark.parametrize(
    ("way", "came", "at", "expected"),
    [
        (Way.IN_PERSON, Came.TOLD, BEFORE, ()),
        (Way.TELEPHONE, Came.TOLD, BEFORE, ()),
        (Way.TELEPHONE, Came.SENT, BEFORE, ()),
        (Way.LETTER, Came.HAS_IT, BEFORE, ()),
        (Way.LETTER, Came.CAME_BACK, BEFORE, ()),
        (Way.THROUGH_SOMEBODY, Came.HAS_IT, BEFORE, ()),
        (Way.LETTER, Came.TOLD, BEFORE, (("came", NOT_SPOKEN),)),
        (Way.TEXT, Came.TOLD, BEFORE, (("came", NOT_SPOKEN),)),
        (Way.THROUGH_SOMEBODY, Came.TOLD, BEFORE, (("came", NOT_SPOKEN),)),
        (Way.IN_PERSON, Came.HAS_IT, BEFORE, (("came", NOT_SENT),)),
        (Way.IN_PERSON, Came.TOLD, STARTS, (("on", TOO_LATE),)),
        (Way.IN_PERSON, Came.TOLD, AFTER + timedelta(days=1), (("on", FUTURE),)),
    ],
)
def test_what_cannot_be(
    way: Way, came: Came, at: datetime, expected: tuple[tuple[str, str], ...]
) -> None:
    now = AFTER + timedelta(hours=1)
    assert objections(way=way, came=came, told_at=at, first_starts_at=STARTS, now=now) == expected


def telling(at: datetime, came: Came = Came.TOLD, **more: object) -> Telling:
    way = Way.IN_PERSON if came is Came.TOLD else Way.LETTER
    said: dict[str, object] = {"usable": True} | more
    return Telling(at=at, way=way, came=came, **said)  # type: ignore[arg-type]


def starts(place: SessionPlace) -> datetime:
    return placed_of(place).session.starts_at


def told_of(man: Treated, *places: SessionPlace, said: Telling) -> list[SessionNotice]:
    of = [Of(place.ref, starts(place)) for place in places]
    case_id, by = man.case.id, man.therapist.id
    with writing():
        return notice_service.record_told(case_id=case_id, sessions=of, telling=said, by=by)


def on_record(man: Treated, place: SessionPlace) -> HowTold:
    return how_told(notices_of(man.case.id), {place.ref: starts(place)})[place.ref]


def test_one_telling_is_kept_for_each_session(either_app: Flask) -> None:
    man = treated()
    later = booked(man.case, man.therapist, NOON + timedelta(days=7))
    said = telling(NOON - timedelta(days=3), note="With the interpreter")
    rows = told_of(man, man.place, later, said=said)
    assert [row.subject for row in rows] == [man.place.ref, later.ref]
    for place in (man.place, later):
        held = on_record(man, place)
        assert (held.notice, held.words) == (N.PROVEN, "He was told")
        assert "With the interpreter" in held.lines[0]


def test_nothing_said_is_not_proven_and_says_so(either_app: Flask) -> None:
    man = treated()
    held = on_record(man, man.place)
    assert (held.notice, held.words) == (N.NOT_PROVEN, "Nobody recorded that he was told")


def test_what_is_refused_leaves_nothing(either_app: Flask) -> None:
    man = treated()
    for said, of in (
        (telling(clock.now()), [man.place]),  # two hours after it began
        (telling(NOON + timedelta(hours=1)), [man.place]),
        (telling(NOON - timedelta(days=1)), []),
    ):
        with pytest.raises(CannotBe):
            told_of(man, *of, said=said)
    assert not notices_of(man.case.id)


def test_taken_back_it_counts_no_longer_and_stays(either_app: Flask) -> None:
    man = treated()
    (row,) = told_of(man, man.place, said=telling(NOON - timedelta(days=3)))
    case_id, by, ref = man.case.id, man.therapist.id, row.ref
    with writing():
        notice_service.take_back(case_id=case_id, ref=ref, by=by)
    assert on_record(man, man.place).notice is N.NOT_PROVEN
    assert [one.taken_back_by for one in notices_of(case_id)] == [by]
    with pytest.raises(Refused), writing():
        notice_service.take_back(case_id=case_id, ref=ref, by=by)


def test_another_mans_is_not_taken_back(either_app: Flask) -> None:
    man = treated()
    other = taken_on(man.therapist, "Another", "Man", None)
    (row,) = told_of(man, man.place, said=telling(NOON - timedelta(days=3)))
    case_id, by, ref = other.id, man.therapist.id, row.ref
    with pytest.raises(NotFound), writing():
        notice_service.take_back(case_id=case_id, ref=ref, by=by)
    assert on_record(man, man.place).notice is N.PROVEN


def test_the_database_keeps_no_notice_after_the_beginning(either_app: Flask) -> None:
    man = treated()
    case_id, by = man.case.id, man.therapist.id
    with pytest.raises(DBAPIError), writing():
        db.session.add(
            SessionNotice(
                case_id=case_id,
                subject=uuid.uuid4(),
                starts_at=NOON,
                told_at=NOON,
                way=Way.IN_PERSON,
                came=Came.TOLD,
                usable=True,
                by_id=by,
            )
        )
        db.session.flush()
