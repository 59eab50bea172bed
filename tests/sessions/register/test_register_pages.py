"""The pages of attendance: one man, a group, and what probation and administrators read."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import BEFOREHAND, Happened, ReasonGiven
from mhtr.compliance.queries import latest
from mhtr.core import clock, formats
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.register import service
from sessions.register.forms import happened_name, late_name
from sessions.register.queries import Placed, lines_of, placed_of
from sessions.therapies import Side
from tests.makers import make_staff
from tests.sessions.seen import Treated, booked, group, tell, treated
from tests.suitability.browsing import as_, refused, send
from tests.suitability.journey import taken_on

H = Happened


def path(man: Treated, tail: str = "attendance") -> str:
    return f"/places/{man.place.ref}/{tail}"


def test_attended_in_one_choice_and_a_button(app: Flask) -> None:
    man = treated()
    client = as_(app, man.therapist)
    page = client.page(path(man))
    answer = send(client, path(man), page, happened="seen", reason="none_yet")
    assert answer.status_code == 303
    shown = client.page(answer.location)
    for words in ("Came and was seen", "Write the note", "Ask the measures", "No next session"):
        assert words in shown
    assert "5: Attended on time" in shown and "ATTC: Attended" in shown


def test_a_wrong_entry_says_why_and_keeps_what_was_typed(app: Flask) -> None:
    man = treated()
    client = as_(app, man.therapist)
    page = client.page(path(man))
    again = refused(
        client, path(man), page, happened="seen_late", reason="none_yet", concern="Very low"
    )
    assert "Enter how many minutes late he was" in again
    assert "Very low" in again
    again = refused(client, path(man), page, happened="", reason="none_yet")
    assert "Select what happened" in again
    again = refused(client, path(man), page, happened="seen", reason="work")
    assert "only where he missed the session" in again
    assert latest(man.place.ref) is None


def test_put_right_with_its_history(app: Flask) -> None:
    man = treated()
    tell(man.place, man.therapist, H.DID_NOT_COME)
    client = as_(app, man.therapist)
    page = client.page(path(man, "attendance/put-right"))
    assert "Why is it put right?" in page
    again = refused(
        client, path(man, "attendance/put-right"), page, happened="seen", reason="none_yet"
    )
    assert "Say why it is put right" in again
    answer = send(
        client, path(man, "attendance/put-right"), page,
        happened="seen", reason="none_yet", why="Wrong waiting room",
    )  # fmt: skip
    shown = client.page(answer.location)
    assert "Wrong waiting room" in shown and "First record" in shown


def test_two_who_record_see_both_versions(app: Flask) -> None:
    man = treated()
    client = as_(app, man.therapist)
    page = client.page(path(man))
    tell(man.place, man.world.office, H.TOO_LATE)
    again = refused(client, path(man), page, happened="did_not_come", reason="none_yet")
    assert "Recorded meanwhile" in again and "Came too late to be seen" in again


def test_an_administrator_neither_sees_nor_writes_a_concern(app: Flask) -> None:
    man = treated()
    tell(
        man.place, man.therapist, H.DID_NOT_COME,
        reason=ReasonGiven.ILLNESS, reason_detail="A relapse", concern="Very low",
    )  # fmt: skip
    client = as_(app, man.world.office)
    for tail in ("attendance", "attendance/put-right", "contact"):
        shown = client.page(path(man, tail))
        assert "relapse" not in shown and "Very low" not in shown
        assert "A concern about him" not in shown
    shown = client.page(f"/cases/{man.case.ref}/attendance")
    assert "Did not come" in shown and "relapse" not in shown
    assert client.get(path(man, "note")).status_code == 403


def test_probation_reads_facts_and_no_detail(app: Flask) -> None:
    man = treated()
    tell(
        man.place, man.therapist, H.DID_NOT_COME, reason=ReasonGiven.ILLNESS,
        reason_detail="A relapse", concern="Very low", described="Shouted at the desk",
    )  # fmt: skip
    voluntary = booked(man.case, man.therapist, clock.now() - timedelta(hours=1), required=False)
    tell(voluntary, man.therapist, H.TOO_LATE)
    client = as_(app, man.world.officer)
    shown = client.page(f"/cases/{man.case.ref}/attendance/told")
    for words in ("Did not come", "Reason given: ill", "Shouted at the desk", "AFTA"):
        assert words in shown
    for words in ("relapse", "Very low", "Came too late", "NHS 3"):
        assert words not in shown
    for tail in ("attendance", "attendance/put-right", "contact", "note"):
        assert client.get(path(man, tail)).status_code in (403, 404)


def test_another_probation_officer_reads_nothing(app: Flask) -> None:
    man = treated()
    colleague = make_staff(Role.PROBATION, organisation=man.world.officer.organisation)
    client = as_(app, colleague)
    assert client.get(f"/cases/{man.case.ref}/attendance/told").status_code == 404


def test_an_attempt_is_logged_and_the_call_ended(app: Flask) -> None:
    man = treated()
    tell(man.place, man.therapist, H.DID_NOT_COME)
    client = as_(app, man.therapist)
    page = client.page(path(man, "contact"))
    assert "Nothing is logged yet" in page
    answer = client.post(path(man, "contact"), data=attempt(page, "telephone", "spoke"))
    assert answer.status_code == 303
    assert "That is enough" in client.page(answer.location)
    assert not tasks.open_tasks(man.case.id, TaskKind.CONTACT_HIM)
    again = client.post(path(man, "contact"), data=attempt(page, "letter", "spoke"))
    assert again.status_code == 422


def attempt(page: str, way: str, reached: str) -> dict[str, str]:
    from uuid import uuid4

    return {
        "submission_key": str(uuid4()),
        "way": way,
        "reached": reached,
        "on-day": "18", "on-month": "11", "on-year": "2026",
        "at": "11:30",
    }  # fmt: skip


def in_group(man: Treated, count: int = 3) -> tuple[TreatmentSession, list[Placed]]:
    session = group(man.therapist, clock.now() - timedelta(hours=1))
    made = [booked(man.case, man.therapist, session.starts_at, session=session)]
    for number in range(1, count):
        case = taken_on(man.therapist, f"Man{number}", "Ofgroup", None)
        made.append(booked(case, man.therapist, session.starts_at, session=session))
    return session, [placed_of(one) for one in made]


def test_a_register_in_one_save(either_app: Flask) -> None:
    man = treated()
    session, placed = in_group(man)
    client = as_(either_app, man.therapist)
    where = f"/sessions/{session.ref}/register"
    refs = [one.place.ref for one in placed]
    names = [(happened_name(one), late_name(one)) for one in placed]
    page = client.page(where)
    assert "Man1 Ofgroup" in page and "Man2 Ofgroup" in page
    assert "at least one man" in refused(client, where, page)
    again = refused(client, where, page, **{names[0][0]: "seen", names[1][0]: "seen_late"})
    assert "Enter how many minutes late Man" in again or "minutes late" in again
    assert latest(refs[0]) is None
    told = {names[0][0]: "seen", names[1][0]: "seen_late", names[1][1]: "7"}
    assert send(client, where, page, **told).status_code == 303
    kept = [latest(ref) for ref in refs]
    assert [row.happened if row else None for row in kept] == [H.SEEN, H.SEEN_LATE, None]
    page = client.page(where)
    assert "Came 7 minutes late" in page and names[2][0] in page and names[0][0] not in page


def test_of_a_register_all_is_saved_or_nothing(app: Flask) -> None:
    man = treated()
    session, placed = in_group(man)
    client = as_(app, man.therapist)
    where = f"/sessions/{session.ref}/register"
    names, refs = [happened_name(one) for one in placed], [one.place.ref for one in placed]
    page = client.page(where)
    tell(placed[1].place, man.therapist, H.DID_NOT_COME)
    again = refused(client, where, page, **dict.fromkeys(names, "seen"))
    assert "Did not come" in again
    assert latest(refs[0]) is None


def cancel(place: SessionPlace, side: Side, by: Staff) -> None:
    place_id, staff_id = place.id, by.id
    with writing():
        held = db.session.get_one(SessionPlace, place_id)
        held.state, held.closed_at, held.closed_by = BookingState.CANCELLED, clock.now(), staff_id
        held.side, held.reason = side, "A cold"
        service.cancelled(held, staff_id)


def offered(page: str) -> set[str]:
    """The answers that a page offers for what happened."""
    return {one.value for one in H if re.search(f'type="radio" value="{one.value}"', page)}


@pytest.mark.parametrize("in_a_group", [False, True])
def test_before_it_begins_only_what_can_be_recorded_is_offered(
    app: Flask, set_clock: SetClock, in_a_group: bool
) -> None:
    man = treated()
    session = group(man.therapist, clock.now() + timedelta(hours=2)) if in_a_group else None
    man.place = booked(man.case, man.therapist, clock.now() + timedelta(hours=2), session=session)
    where = f"/sessions/{session.ref}/register" if session else path(man)
    client = as_(app, man.therapist)
    page = client.page(where)
    assert offered(page) == {one.value for one in BEFOREHAND}
    assert f"from its beginning on: {formats.moment(clock.now() + timedelta(hours=2))}" in page
    name = happened_name(placed_of(man.place)) if session else "happened"
    again = refused(client, where, page, **{name: "did_not_come"}, reason="none_yet")
    assert "must be one of the answers shown" in again
    set_clock.advance(hours=2)
    page = as_(app, man.therapist).page(where)
    assert offered(page) == {one.value for one in H} and "has not begun" not in page
    assert latest(man.place.ref) is None


@pytest.mark.parametrize("side", [Side.SERVICE, Side.PROBATION])
def test_what_others_cancel_is_never_stored_and_never_his(either_app: Flask, side: Side) -> None:
    man = treated()
    later = booked(man.case, man.therapist, clock.now() + timedelta(days=1))
    cancel(later, side, man.world.office)
    assert latest(later.ref) is None
    line = lines_of(man.case.id)[-1]
    expected = {Side.SERVICE: H.WE_CANCELLED, Side.PROBATION: H.OTHERS_CANCELLED}
    assert line.happened is expected[side]
    assert not tasks.open_tasks(man.case.id, TaskKind.CONTACT_HIM)
    shown = as_(either_app, man.world.officer).page(f"/cases/{man.case.ref}/attendance/told")
    assert "RSSR" in shown and "AFTA" not in shown


def test_what_he_cancels_is_a_fact_with_his_reason(either_app: Flask) -> None:
    man = treated()
    later = booked(man.case, man.therapist, clock.now() + timedelta(days=1))
    cancel(later, Side.HIM, man.therapist)
    row = latest(later.ref)
    assert row is not None
    assert (row.happened, row.reason, row.reason_detail) == (
        H.HE_CANCELLED, ReasonGiven.OTHER, "A cold",
    )  # fmt: skip
    assert not tasks.open_tasks(man.case.id, TaskKind.CONTACT_HIM)


def test_nothing_is_recorded_of_a_cancelled_session(app: Flask) -> None:
    man = treated()
    cancel(man.place, Side.SERVICE, man.world.office)
    client = as_(app, man.therapist)
    assert "cancelled or moved" in client.page(path(man))


def test_a_man_of_another_trust_is_not_found(app: Flask) -> None:
    man = treated()
    from tests.makers import make_staff

    stranger = make_staff(Role.ASSESSOR)
    client = as_(app, stranger)
    for tail in ("attendance", "note", "contact"):
        assert client.get(path(man, tail)).status_code == 404


def test_today_lists_his_sessions_after_signs_of_risk(app: Flask) -> None:
    man = treated()
    session, _ = in_group(man)
    booked(man.case, man.therapist, clock.now() + timedelta(days=1))
    shown = as_(app, man.therapist).page("/today")
    assert "My sessions today" in shown and f"/places/{man.place.ref}/attendance" in shown
    assert "3 in the group" in shown and f"/sessions/{session.ref}/register" in shown
    assert shown.index("My sessions today") < shown.index("Orders and treatment")
    tell(man.place, man.therapist, H.SEEN_LATE, late=9)
    assert "Came 9 minutes late" in as_(app, man.therapist).page("/today")
    assert "My sessions today" not in as_(app, man.world.lead).page("/today")


def test_the_measures_begin_with_the_day_and_number_of_the_session(app: Flask) -> None:
    man = treated()
    client = as_(app, man.therapist)
    page = client.page(f"/cases/{man.case.ref}/measures/contacts/new?day=2026-11-16&session=7")
    assert 'name="held_on-day" type="text" value="16"' in page
    assert 'name="session_number" type="text"' in page and 'value="7"' in page
    for nonsense in ("day=never&session=-4", "day=&session="):
        page = client.page(f"/cases/{man.case.ref}/measures/contacts/new?{nonsense}")
        assert 'name="held_on-day" type="text" value="18"' in page
