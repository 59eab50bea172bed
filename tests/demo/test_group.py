"""The register of a group has past weeks to look at."""

from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.compliance.attendance import Happened
from mhtr.compliance.queries import latest
from mhtr.core.database import db
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.register.queries import beside
from tests.conftest import NOON


def test_a_group_has_met_and_who_was_there_is_on_record(shown: Flask) -> None:
    series = db.session.scalars(
        select(TreatmentSession.series).where(
            TreatmentSession.in_group, TreatmentSession.ends_at < NOON
        )
    ).first()
    meetings = db.session.scalars(
        select(TreatmentSession)
        .where(TreatmentSession.series == series)
        .order_by(TreatmentSession.starts_at)
    ).all()
    said = {one.id: _said(one) for one in meetings}
    past = [said[one.id] for one in meetings if one.ends_at < NOON]
    ahead = [said[one.id] for one in meetings if one.starts_at > NOON]
    full = [one for one in past if None not in one]
    assert len(full) >= 3 and all(len(one) >= 3 for one in full)
    assert len(past) > len(full)  # one register waits to be filled in
    assert ahead and all(set(one) == {None} for one in ahead)
    leader = viewer_of(db.session.get_one(Staff, meetings[0].clinician_id))
    refs = [one.ref for one in meetings]
    assert beside(leader, meetings[0]) == (None, refs[1])
    assert beside(leader, meetings[1]) == (refs[0], refs[2])
    assert beside(leader, meetings[-1]) == (refs[-2], None)
    assert {Happened.SEEN, Happened.SEEN_LATE, Happened.DID_NOT_COME} <= set(sum(full, []))


def _said(meeting: TreatmentSession) -> list[Happened | None]:
    places = db.session.scalars(select(SessionPlace).where(SessionPlace.session_id == meeting.id))
    found = (latest(place.ref) for place in places)
    return [row.happened if row else None for row in found]
