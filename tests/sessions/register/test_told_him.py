"""The page of how he was told of his sessions, and where else it shows."""

from datetime import timedelta

from flask import Flask

from mhtr.compliance.notice_queries import notices_of
from tests.conftest import NOON
from tests.sessions.seen import Treated, booked, treated
from tests.suitability.browsing import as_, refused, send
from tests.suitability.journey import taken_on

SAID = {"way": "in_person", "came": "told", "usable": "yes"}
AT = {"on-day": "16", "on-month": "11", "on-year": "2026", "at": "10:00"}


def path(man: Treated, tail: str = "") -> str:
    return f"/cases/{man.case.ref}/sessions/told{tail}"


def test_several_sessions_at_once(app: Flask) -> None:
    man = treated()
    later = booked(man.case, man.therapist, NOON + timedelta(days=7))
    client = as_(app, man.world.office)
    page = client.page(path(man))
    assert page.count("Nobody recorded that he was told") == 2
    wanted = [str(man.place.ref), str(later.ref)]
    answer = send(client, path(man), page, sessions=wanted, **SAID, **AT)
    assert answer.status_code == 303
    shown = client.page(answer.location)
    assert "Nobody recorded" not in shown
    assert shown.count("In person, 16 Nov 10:00") >= 2 and "Recorded after the session" in shown
    assert len(notices_of(man.case.id)) == 2
    assert "every session to come" in shown and "<form" not in shown.split("<main")[1]


def test_sessions_to_come_that_he_was_not_told_of_are_ticked(app: Flask) -> None:
    man = treated()
    later = booked(man.case, man.therapist, NOON + timedelta(days=7))
    page = as_(app, man.therapist).page(path(man))
    ticked = [part for part in page.split("<input")[1:] if " checked" in part.split(">")[0]]
    assert [str(later.ref) in part for part in ticked] == [True]


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(app: Flask) -> None:
    man = treated()
    client = as_(app, man.therapist)
    page = client.page(path(man))
    again = refused(client, path(man), page, note="Rang at ten", **AT)
    for words in (
        "Select the sessions that he was told of",
        "Select how he was told",
        "Select what shows that it reached him",
        "Select whether it was in a form he can use",
    ):
        assert words in again
    assert "Rang at ten" in again
    late = AT | {"on-day": "18", "at": "11:00"}
    again = refused(client, path(man), page, sessions=[str(man.place.ref)], **SAID, **late)
    assert "One of these sessions had begun by then" in again
    assert not notices_of(man.case.id)


def test_a_session_of_another_man_is_not_recorded(app: Flask) -> None:
    man = treated()
    case = taken_on(man.therapist, "Another", "Man", None)
    other = booked(case, man.therapist, NOON + timedelta(days=7))
    client = as_(app, man.therapist)
    page = client.page(path(man))
    refused(client, path(man), page, sessions=[str(other.ref)], **SAID, **AT)
    assert not notices_of(case.id)


def test_probation_reads_how_he_was_told(app: Flask) -> None:
    man = treated()
    officer = as_(app, man.world.officer)
    where = f"/cases/{man.case.ref}/attendance/told"
    assert "Nobody recorded that he was told" in officer.page(where)
    client = as_(app, man.therapist)
    said = SAID | {"usable": "no", "note": "No interpreter could be had"}
    send(client, path(man), client.page(path(man)), sessions=[str(man.place.ref)], **said, **AT)
    shown = officer.page(where)
    assert "Not told in a form he can use" in shown and "No interpreter could be had" in shown
    assert officer.get(path(man)).status_code == 403


def test_taken_back_on_its_page(app: Flask) -> None:
    man = treated()
    client = as_(app, man.therapist)
    send(client, path(man), client.page(path(man)), sessions=[str(man.place.ref)], **SAID, **AT)
    (row,) = notices_of(man.case.id)
    where = path(man, f"/{row.ref}/take-back")
    answer = send(client, where, client.page(where))
    assert answer.status_code == 303
    shown = client.page(answer.location)
    assert "Taken back." in shown and "Nobody recorded that he was told" in shown
    assert "already" in client.page(where)


def test_sessions_to_come_say_whether_he_was_told(app: Flask) -> None:
    man = treated()
    later = booked(man.case, man.therapist, NOON + timedelta(days=7))
    client, sessions = as_(app, man.therapist), f"/cases/{man.case.ref}/sessions"
    assert "Record how he was told: 1 to go" in client.page(sessions)
    send(client, path(man), client.page(path(man)), sessions=[str(later.ref)], **SAID, **AT)
    assert "Record how he was told" not in client.page(sessions)
    booked(man.case, man.therapist, NOON + timedelta(days=8))
    assert "Record how he was told: 1 to go" in client.page(sessions)
