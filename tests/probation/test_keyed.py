"""Marking what was keyed into nDelius: who, once, and what a later record makes of it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.compliance import notice_service
from mhtr.compliance.attendance import Happened as H
from mhtr.compliance.attendance import ReasonGiven
from mhtr.compliance.deciding import Decision
from mhtr.compliance.notice_queries import notices_of
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.codes import lists
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused, Stale
from mhtr.core.policy import set_value
from mhtr.core.transaction import writing
from mhtr.probation import keyed_service
from mhtr.probation.keyed_models import KeyedEntry
from mhtr.probation.keyed_queries import Entry, entries_of, entry_of, keyed_of
from mhtr.probation.keyed_service import PROBATION_ONLY
from mhtr.probation.keying_page import words_of
from mhtr.probation.keying_rules import ANEW, CHOOSE, Kind, Stand
from mhtr.probation.keying_text import choices, facts_in
from mhtr.probation.policy import NO_DAY, keyed_from
from sessions.booking.models import BookingState, SessionPlace
from sessions.therapies import Side
from tests.compliance.test_decisions import AGAINST, EXCUSED, decide, under_order, was_told
from tests.makers import make_staff
from tests.orders.makers import order_of
from tests.probation.test_people import another
from tests.sessions.seen import Treated, booked, tell, treated

S = Stand
CONTACT, DECISION = Kind.CONTACT, Kind.DECISION


def mark(
    man: Treated,
    kind: Kind = CONTACT,
    number: int = 1,
    outcome: str = "",
    *,
    by: Staff | None = None,
    place: SessionPlace | None = None,
    shown: str | None = None,
) -> KeyedEntry:
    case_id, who, subject = man.case.id, (by or man.world.officer).id, (place or man.place).ref
    with writing():
        return keyed_service.mark(
            case_id=case_id,
            subject=subject,
            kind=kind,
            number=number,
            outcome=outcome,
            by=who,
            shown=shown,
        )


def not_told(man: Treated) -> None:
    """Whoever recorded that he was told takes it back."""
    case_id, by = man.case.id, man.therapist.id
    (row,) = (one for one in notices_of(case_id) if one.taken_back_at is None)
    with writing():
        notice_service.take_back(case_id=case_id, ref=row.ref, by=by)


def take_back(man: Treated, row: KeyedEntry, why: str = "Another man") -> None:
    case_id, ref, by = man.case.id, row.ref, man.world.officer.id
    with writing():
        keyed_service.take_back(case_id=case_id, ref=ref, why=why, by=by)


def stands(man: Treated) -> dict[Kind, Stand]:
    """Of the man's first session."""
    subject = man.place.ref
    return {one.kind: one.stand for one in entries_of([man.case.id]) if one.subject == subject}


def entry(man: Treated, kind: Kind = CONTACT) -> Entry:
    found = entry_of(man.case.id, man.place.ref, kind)
    assert found is not None
    return found


def close(place: SessionPlace, state: BookingState, side: Side) -> None:
    """As a booking that is moved or cancelled."""
    place_id, by = place.id, place.by_id
    with writing():
        row = db.session.get_one(SessionPlace, place_id)
        row.state, row.side, row.closed_at, row.closed_by = state, side, clock.now(), by


def test_what_happened_waits_until_it_is_keyed_in(either_app: Flask) -> None:
    man = under_order()
    assert stands(man) == {CONTACT: S.TO_KEY}
    row = mark(man)
    assert (row.code, row.code_words) == ("AFTA", "Failed to attend, reason not yet judged")
    assert "Did not come." in row.text and "he was told" in row.text
    assert stands(man) == {CONTACT: S.KEYED}


def test_nothing_waits_of_what_nobody_recorded_or_is_voluntary(app: Flask) -> None:
    man = treated()
    assert not entries_of([man.case.id]) and not entries_of([])
    place = booked(man.case, man.therapist, clock.now() - timedelta(days=1), required=False)
    tell(place, man.therapist, H.SEEN)
    assert not entries_of([man.case.id])


def test_an_entry_is_there_from_its_day_on(app: Flask, set_clock: SetClock) -> None:
    man = treated()
    place = booked(man.case, man.therapist, clock.now() + timedelta(days=3))
    tell(place, man.therapist, H.HE_CANCELLED)
    assert not entries_of([man.case.id])
    set_clock.advance(days=3)
    assert [one.subject for one in entries_of([man.case.id])] == [place.ref]


def test_marked_again_by_the_same_officer_it_is_there_once(either_app: Flask) -> None:
    man = under_order()
    assert mark(man).id == mark(man).id
    assert len(keyed_of(man.case.id)) == 1


def test_somebody_else_is_told_who_keyed_it_in(either_app: Flask) -> None:
    man = under_order()
    mark(man)
    with pytest.raises(Refused, match=f"{man.world.officer.name} marked it"):
        mark(man, by=man.world.senior)
    assert len(keyed_of(man.case.id)) == 1


def test_nobody_of_the_service_marks(either_app: Flask) -> None:
    man = under_order()
    for staff in (man.therapist, man.world.lead, man.world.office):
        with pytest.raises(Refused, match=PROBATION_ONLY):
            mark(man, by=staff)
    assert not keyed_of(man.case.id)


def test_who_does_not_supervise_him_marks_nothing(either_app: Flask) -> None:
    man = under_order()
    stranger = make_staff(Role.PROBATION, organisation=man.world.officer.organisation)
    row = mark(man)
    with pytest.raises(NotFound):
        mark(man, by=stranger)
    case_id, ref, by = man.case.id, row.ref, stranger.id
    with pytest.raises(NotFound), writing():
        keyed_service.take_back(case_id=case_id, ref=ref, why="A slip", by=by)


def test_only_what_is_on_record_is_marked(either_app: Flask) -> None:
    man = under_order()
    other = another(man)
    place = booked(other.case, man.therapist, clock.now() - timedelta(days=2))
    tell(place, man.therapist, H.SEEN)
    for kind, number in ((CONTACT, 0), (CONTACT, 2), (DECISION, 1)):
        with pytest.raises(NotFound):
            mark(man, kind, number)
    with pytest.raises(NotFound):
        mark(man, place=place)
    assert not keyed_of(man.case.id)


def test_put_right_after_it_was_keyed_in_it_is_to_be_corrected(either_app: Flask) -> None:
    man = under_order()
    mark(man)
    tell(man.place, man.therapist, H.SEEN, seen=1, why="The wrong man")
    found = entry(man)
    assert found.stand is S.TO_CORRECT and found.before is not None
    assert found.before.code == "AFTA"
    mark(man, number=2)
    assert stands(man) == {CONTACT: S.KEYED}
    assert [one.row.code for one in keyed_of(man.case.id)] == ["ATTC", "AFTA"]


def test_what_an_entry_does_not_repeat_asks_for_no_correction(app: Flask) -> None:
    man = under_order()
    mark(man)
    tell(
        man.place, man.therapist, H.DID_NOT_COME,
        reason=ReasonGiven.ILLNESS, seen=1, why="He rang",
    )  # fmt: skip
    assert stands(man) == {CONTACT: S.KEYED}


def test_put_right_while_his_page_was_open_it_is_marked_as_he_saw_it(either_app: Flask) -> None:
    man = under_order()
    tell(man.place, man.therapist, H.SEEN, seen=1, why="The wrong man")
    assert mark(man, number=1).code == "AFTA"
    assert stands(man) == {CONTACT: S.TO_CORRECT}


def test_where_the_proof_of_notice_changes_it_is_to_be_corrected(either_app: Flask) -> None:
    man = under_order()
    assert "session: he was told" in mark(man).text
    decide(man, AGAINST)
    mark(man, DECISION, outcome="UAAB")
    assert stands(man) == {CONTACT: S.KEYED, DECISION: S.KEYED}
    not_told(man)
    assert stands(man) == {CONTACT: S.TO_CORRECT, DECISION: S.TO_CORRECT}
    row = mark(man)
    assert "nobody recorded that he was told" in row.text
    mark(man, DECISION, outcome="UAAB")
    assert stands(man) == {CONTACT: S.KEYED, DECISION: S.KEYED}
    before = [one.row for one in keyed_of(man.case.id) if one.row.kind is CONTACT][-1]
    assert before.id != row.id and before.taken_back_why == ANEW
    assert "session: he was told" in before.text  # as it was keyed in


def test_a_correction_marked_by_mistake_leaves_a_correction_to_be_made(either_app: Flask) -> None:
    man = under_order()
    mark(man)
    not_told(man)
    take_back(man, mark(man))
    assert stands(man) == {CONTACT: S.TO_CORRECT}  # the first entry stands in nDelius still


def test_a_colleague_corrects_what_another_keyed_in(either_app: Flask) -> None:
    man = under_order()
    mark(man)
    not_told(man)
    row = mark(man, by=man.world.senior)
    assert row.by_id == man.world.senior.id and stands(man) == {CONTACT: S.KEYED}
    with pytest.raises(Refused, match=f"{man.world.senior.name} marked it"):
        mark(man)


def test_a_page_that_showed_other_words_marks_nothing(either_app: Flask) -> None:
    man = under_order()
    shown = words_of(man.case, entry(man))[1].fingerprint
    not_told(man)
    for other in (shown, ""):
        with pytest.raises(Stale):
            mark(man, shown=other)
    assert not keyed_of(man.case.id)
    mark(man, shown=words_of(man.case, entry(man))[1].fingerprint)
    assert stands(man) == {CONTACT: S.KEYED}


def test_counted_anew_in_his_course_it_is_not_to_be_corrected() -> None:
    said = "Contact type: Any\nNotes: {}. Did not come. Notice of the session: he was told."
    texts = [said.format(which) for which in ("Session 4 of the treatment requirement", "Meeting")]
    facts = {facts_in(text) for text in texts}
    assert facts == {"Did not come. Notice of the session: he was told."}


def test_a_decision_has_an_entry_of_its_own_without_a_code(either_app: Flask) -> None:
    man = under_order()
    mark(man)
    decide(man, AGAINST)
    assert stands(man) == {CONTACT: S.KEYED, DECISION: S.TO_KEY}
    words = words_of(man.case, entry(man, DECISION))[1]
    assert words.code == "" and "No code: choose in nDelius" in words.text
    assert "not accepted: there was no reasonable excuse" in words.text
    with pytest.raises(CannotBe, match=CHOOSE):
        mark(man, DECISION)
    with pytest.raises(CannotBe, match="letters and digits"):
        mark(man, DECISION, outcome="no code")
    row = mark(man, DECISION, outcome="UAAB")
    assert row.code_words == "Unacceptable absence"
    assert "Outcome: UAAB Unacceptable absence\n" in row.text
    assert stands(man) == {CONTACT: S.KEYED, DECISION: S.KEYED}


def test_a_code_that_is_not_in_the_list_is_kept_as_it_was_typed(either_app: Flask) -> None:
    man = under_order()
    decide(man, AGAINST)
    row = mark(man, DECISION, outcome="co99")
    assert (row.code, row.code_words) == ("CO99", "")
    assert entry(man, DECISION).stand is S.KEYED


def test_a_decision_made_anew_is_to_be_corrected(either_app: Flask) -> None:
    man = under_order()
    decide(man, AGAINST)
    mark(man, DECISION, outcome="UACP")
    decide(man, Decision(Opinion.EXCUSED, why="The letter came"), seen=(1, 1))
    found = entry(man, DECISION)
    assert found.stand is S.TO_CORRECT and found.before and found.before.code == "UACP"
    mark(man, DECISION, 2, "AAME")
    decide(man, Decision(Opinion.TAKEN_BACK, why="The wrong man"), seen=(1, 2))
    back = entry(man, DECISION)
    assert back.stand is S.TO_CORRECT
    assert "Put the outcome back" in words_of(man.case, back)[1].text
    assert mark(man, DECISION, 3, "AAME").code == "AFTA"  # the neutral one, whatever was sent
    assert stands(man)[DECISION] is S.KEYED


def test_a_decision_on_what_was_no_absence_has_no_entry(app: Flask) -> None:
    man = under_order()
    decide(man, EXCUSED)
    mark(man, DECISION, outcome="AAME")
    tell(man.place, man.therapist, H.SEEN, seen=1, why="The wrong man")
    assert stands(man) == {CONTACT: S.TO_CORRECT}


@pytest.mark.parametrize(
    ("on", "sure", "unsure"),
    [(date(2026, 4, 30), {"UAAB"}, set()), (date(2026, 5, 1), {"UAAB"}, {"UACP"})],
)
def test_the_codes_are_those_of_the_day_of_the_session(
    on: date, sure: set[str], unsure: set[str]
) -> None:
    """An absence without excuse always has a code that is known to hold."""
    offered = {one.code: one.verified for one in choices(on) if one.code in ("UAAB", "UACP")}
    assert offered == dict.fromkeys(sure, True) | dict.fromkeys(unsure, False)


def test_a_later_change_of_the_table_rewrites_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    man = under_order()
    row = mark(man)
    said = (row.code, row.code_words, row.text)
    empty = lists.parse("empty", "code,label,valid_from,valid_to,source,verified,ndelius,nhs\n"
                        "seen,Attended,,,here,true,ATTC,5\n")  # fmt: skip
    monkeypatch.setattr("mhtr.compliance.crosswalk.load", lambda _name: empty)
    db.session.expire_all()
    assert words_of(man.case, entry(man))[1].code == ""
    kept = keyed_of(man.case.id)[0].row
    assert (kept.code, kept.code_words, kept.text) == said


def test_where_no_code_is_known_he_says_which_he_used(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    man = under_order()
    empty = lists.parse("empty", "code,label,valid_from,valid_to,source,verified,ndelius,nhs\n"
                        "seen,Attended,,,here,true,ATTC,5\n")  # fmt: skip
    monkeypatch.setattr("mhtr.compliance.crosswalk.load", lambda _name: empty)
    assert "No code: choose in nDelius" in words_of(man.case, entry(man))[1].text
    with pytest.raises(CannotBe, match="letters and digits"):
        mark(man, outcome="missed it")
    row = mark(man, outcome="afta")
    assert row.code == "AFTA" and "Outcome: AFTA" in row.text


@pytest.mark.parametrize("state", [BookingState.CANCELLED, BookingState.MOVED])
@pytest.mark.parametrize(
    ("side", "code"), [(Side.SERVICE, "RSSR"), (Side.PROBATION, "RSSR"), (Side.HIM, None)]
)
def test_what_the_service_called_off_is_keyed_in_and_never_an_absence(
    either_app: Flask, state: BookingState, side: Side, code: str | None
) -> None:
    man = treated()
    close(man.place, state, side)
    found = entry_of(man.case.id, man.place.ref, CONTACT)
    if code is None:
        assert found is None
        return
    assert found is not None and found.number == 0
    assert mark(man, number=0).code == code
    assert stands(man) == {CONTACT: S.KEYED}


def test_taken_back_it_waits_again(either_app: Flask) -> None:
    man = under_order()
    row = mark(man)
    with pytest.raises(CannotBe, match="Say why"):
        take_back(man, row, " ")
    take_back(man, row)
    assert stands(man) == {CONTACT: S.TO_KEY}
    with pytest.raises(Refused, match="taken back already"):
        take_back(man, row)
    (kept,) = keyed_of(man.case.id)
    assert (kept.back_by, kept.row.taken_back_why) == (man.world.officer.name, "Another man")
    assert mark(man).id != kept.row.id


def test_the_text_holds_facts_and_nothing_of_therapy(app: Flask) -> None:
    man = treated()
    order_of(man.world)
    was_told(man, man.place)
    tell(
        man.place, man.therapist, H.DID_NOT_COME,
        reason=ReasonGiven.ILLNESS, reason_detail="CANARY-detail", concern="CANARY-concern",
        described="Shouted at the desk",
    )  # fmt: skip
    text = words_of(man.case, entry(man))[1].text
    assert "Behaviour, as described: Shouted at the desk." in text
    assert "By telephone" in text and "he was told" in text
    assert "CANARY" not in text and "Ill" not in text and "llness" not in text


def test_the_time_is_london_time_on_either_side_of_the_clocks(
    app: Flask, set_clock: SetClock
) -> None:
    man = treated()
    london = ZoneInfo("Europe/London")
    for on in (
        datetime(2026, 10, 24, 10, tzinfo=london),
        datetime(2026, 10, 26, 10, tzinfo=london),
    ):
        tell(booked(man.case, man.therapist, on), man.therapist, H.SEEN)
    texts = [words_of(man.case, one)[1].text for one in entries_of([man.case.id])]
    assert all("Time: 10:00 to 10:50" in text for text in texts) and len(texts) == 2


def test_sessions_before_a_unit_began_here_are_not_asked_for(app: Flask) -> None:
    man = under_order()
    assert keyed_from() is None
    today, by = clock.today(), man.world.lead.id
    with writing():
        set_value(
            "probation.keyed_from", today.isoformat(), valid_from=today, reason="Begun", by=by
        )
    assert keyed_from() == today
    assert len(entries_of([man.case.id], since=keyed_from())) == 1
    assert not entries_of([man.case.id], since=today + timedelta(days=1))
    with writing(), pytest.raises(Refused, match=NO_DAY[:30]):
        set_value("probation.keyed_from", "2 Nov", valid_from=today, reason="A slip", by=by)
