"""Session notes: drafts, the local period, addenda, the lead's signature, and the wall."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from mhtr.accounts import service as accounts
from mhtr.accounts.leads import leads_of
from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from sessions.notes import finishing, rules, service
from sessions.notes.models import NoteAddendum, NoteEarlier, SessionNote
from sessions.notes.rules import NoteState, Standing, cannot_sign, state_of
from sessions.notes.service import Missing
from sessions.notes.structures import STRUCTURES, missing
from sessions.therapies import Therapy
from tests.sessions.seen import Treated, booked, colleague, treated
from tests.suitability.browsing import as_, refused, send
from tests.suitability.requesting import told

WHOLE: dict[str, Any] = {"work": "Thought record", "risk": "None said", "plan": "Walk each day"}


def write(
    man: Treated, by: Staff, version: int = 0, *, finish: bool = False, **parts: Any
) -> SessionNote:
    place_id, staff_id = man.place.id, by.id
    with writing():
        note = service.write(
            place_id=place_id, parts=parts, finish=finish, version=version, by=staff_id
        )
    return note


def finished(man: Treated, by: Staff | None = None) -> SessionNote:
    return write(man, by or man.therapist, finish=True, **WHOLE)


def path(man: Treated, tail: str = "") -> str:
    return f"/places/{man.place.ref}/note{tail}"


def test_each_therapy_asks_for_risk_and_a_plan() -> None:
    assert set(STRUCTURES) == set(Therapy)
    for therapy, parts in STRUCTURES.items():
        keys = [part.key for part in parts]
        assert len(set(keys)) == len(keys)
        assert {"risk", "plan"} <= {part.key for part in missing(therapy, {})}
        assert missing(therapy, dict.fromkeys(keys, "Said")) == ()


def test_a_draft_is_kept_and_finished_by_its_author(either_app: Flask) -> None:
    man = treated()
    note = write(man, man.therapist, work="Begun", made_up="Not a part")
    assert (note.finished_at, note.parts) == (None, {"work": "Begun"})
    with pytest.raises(Missing) as left:
        write(man, man.therapist, 1, finish=True, work="Begun")
    assert left.value.keys == ("risk", "plan")
    with pytest.raises(Refused, match="Only its author"):
        write(man, man.world.lead, 1, **WHOLE)
    with pytest.raises(Stale):
        write(man, man.therapist, 0, **WHOLE)
    note = write(man, man.therapist, 1, finish=True, **WHOLE)
    assert note.finished_at is not None


def test_no_note_before_the_session(app: Flask) -> None:
    man = treated()
    man.place = booked(man.case, man.therapist, clock.now() + timedelta(hours=1))
    with pytest.raises(Refused, match="has not begun"):
        write(man, man.therapist, **WHOLE)


def test_within_the_local_period_it_is_changed_and_its_words_are_kept(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = treated()
    note_id = finished(man).id
    set_clock.advance(hours=23, minutes=59)
    write(man, man.therapist, 1, **(WHOLE | {"plan": "Swim each day"}))
    [before] = db.session.scalars(select(NoteEarlier).where(NoteEarlier.note_id == note_id))
    assert before.parts["plan"] == "Walk each day"
    with pytest.raises(Missing):
        write(man, man.therapist, 2, work="Only this")
    set_clock.advance(minutes=1)
    with pytest.raises(Refused, match="locked"):
        write(man, man.therapist, 2, **WHOLE)


def add(man: Treated, note_id: int, by: Staff, text: str = "He rang back") -> NoteAddendum:
    staff_id = by.id
    with writing():
        made = service.add(note_id=note_id, text=text, by=staff_id)
    return made


def test_a_locked_note_takes_addenda_only(either_app: Flask, set_clock: SetClock) -> None:
    man = treated()
    note_id = finished(man).id
    with pytest.raises(Refused, match="still be changed"):
        add(man, note_id, man.therapist)
    set_clock.advance(hours=24)
    with pytest.raises(Refused, match="what is to be added"):
        add(man, note_id, man.therapist, " ")
    made = add(man, note_id, man.world.lead)
    assert service.ADDED_TO in told(man.therapist)
    note_parts = db.session.get_one(SessionNote, note_id).parts
    assert note_parts == WHOLE
    made_id = made.id
    for table, row_id in ((NoteAddendum, made_id),):
        for statement in (
            update(table).where(table.id == row_id).values(text="Other"),
            delete(table).where(table.id == row_id),
        ):
            with pytest.raises(DBAPIError, match="append_only"), writing():
                db.session.execute(statement)


def sign_tasks(man: Treated) -> list[int | None]:
    found = tasks.open_tasks(man.world.case.id, TaskKind.SIGN_OFF_NOTE)
    return [task.owner_staff_id for task in found]


def sign(note_id: int, by: Staff, version: int = 1) -> None:
    staff_id = by.id
    with writing():
        service.sign(note_id=note_id, version=version, by=staff_id)


def test_who_is_not_registered_has_his_note_signed_by_a_lead(either_app: Flask) -> None:
    man = treated()
    note_id = finished(man).id
    assert sign_tasks(man) == [man.world.lead.id]
    unregistered = colleague(man.therapist, Role.CLINICAL_LEAD)
    for who, words in (
        (man.therapist, rules.OWN),
        (unregistered, rules.LEADS_SIGN),
        (colleague(man.therapist, Role.ASSESSOR, hcpc="PYL000777"), rules.LEADS_SIGN),
    ):
        with pytest.raises(Refused, match=words):
            sign(note_id, who)
    with pytest.raises(Stale):
        sign(note_id, man.world.lead, 9)
    sign(note_id, man.world.lead)
    assert sign_tasks(man) == []
    with pytest.raises(Refused, match="locked"):
        write(man, man.therapist, 2, **WHOLE)
    with pytest.raises(Refused, match=rules.SIGNED):
        sign(note_id, man.world.lead, 2)


def test_a_lead_does_not_sign_what_a_registered_author_wrote(app: Flask) -> None:
    man = treated()
    note_id = finished(man, man.world.lead).id
    assert sign_tasks(man) == []
    with pytest.raises(Refused, match=rules.NO_NEED):
        sign(note_id, colleague(man.therapist, Role.CLINICAL_LEAD, hcpc="PYL000778"))


def to_finish(man: Treated) -> list[tuple[int | None, str]]:
    found = tasks.open_tasks(man.world.case.id, TaskKind.FINISH_NOTE)
    return [(task.owner_staff_id, task.title) for task in found]


def leaves(staff: Staff) -> None:
    staff_id = staff.id
    with writing():
        accounts.disable(staff_id, by=None)


def test_a_draft_of_somebody_who_leaves_is_his_leads_to_finish(either_app: Flask) -> None:
    man = treated()
    note_id = write(man, man.therapist, work="Begun").id
    author_id, lead = man.therapist.id, man.world.lead
    with pytest.raises(Refused, match="Only its author"):
        write(man, lead, 1, **WHOLE)
    leaves(man.therapist)
    assert to_finish(man) == [(lead.id, finishing.LEFT)]
    write(man, lead, 1, **WHOLE)
    assert len(to_finish(man)) == 1, "it is a draft still"
    note = write(man, lead, 2, finish=True, **WHOLE)
    assert (note.author_id, to_finish(man)) == (lead.id, [])
    [before] = db.session.scalars(select(NoteEarlier).where(NoteEarlier.note_id == note_id))
    assert (before.by_id, before.parts) == (author_id, {"work": "Begun"})
    with pytest.raises(Refused, match="Only its author"):
        write(man, colleague(lead, Role.ASSESSOR), 3, **WHOLE)


def test_a_returned_note_of_somebody_who_leaves_goes_to_his_lead(either_app: Flask) -> None:
    man = treated()
    note_id, lead_id = finished(man).id, man.world.lead.id
    with writing():
        service.give_back(note_id=note_id, words="Say who was told", version=1, by=lead_id)
    leaves(man.therapist)
    assert to_finish(man) == [(lead_id, finishing.RETURNED)]


def test_a_note_returned_once_its_author_left_is_the_leads_at_once(either_app: Flask) -> None:
    man = treated()
    note_id, lead_id = finished(man).id, man.world.lead.id
    leaves(man.therapist)
    assert to_finish(man) == []
    with writing():
        service.give_back(note_id=note_id, words="Say who was told", version=1, by=lead_id)
    assert to_finish(man) == [(lead_id, finishing.RETURNED)]


def test_without_a_lead_a_draft_of_somebody_who_left_is_on_the_list_of_the_trust(
    either_app: Flask,
) -> None:
    man = treated()
    write(man, man.therapist, work="Begun")
    for lead_id, _ in leads_of(man.therapist.organisation_id):
        leaves(db.session.get_one(Staff, lead_id))
    leaves(man.therapist)
    assert to_finish(man) == [(None, finishing.LEFT)]


def test_drafts_of_those_who_left_before_are_found(either_app: Flask) -> None:
    man = treated()
    write(man, man.therapist, work="Begun")
    with writing():
        db.session.merge(man.therapist).disabled_at = clock.now()
    for found in (1, 0):
        with writing():
            assert finishing.ask_for_left(clock.now()) == found
    assert to_finish(man) == [(man.world.lead.id, finishing.LEFT)]


def test_the_page_says_that_a_draft_is_taken_over(app: Flask) -> None:
    man = treated()
    write(man, man.therapist, work="Begun")
    name = man.therapist.name
    client = as_(app, man.world.lead)
    assert "cannot go on with this note" not in client.page(path(man))
    leaves(man.therapist)
    page = as_(app, man.world.lead).page(path(man))
    assert f"{name} cannot go on with this note" in page and "Begun" in page


def test_a_returned_note_is_written_again_and_asked_for_again(either_app: Flask) -> None:
    man = treated()
    note_id, lead_id = finished(man).id, man.world.lead.id
    with pytest.raises(Refused, match=rules.WHAT), writing():
        service.give_back(note_id=note_id, words=" ", version=1, by=lead_id)
    with writing():
        service.give_back(note_id=note_id, words="Say who was told", version=1, by=lead_id)
    assert sign_tasks(man) == [] and to_finish(man) == [(man.therapist.id, finishing.RETURNED)]
    note = write(man, man.therapist, 2, finish=True, **(WHOLE | {"risk": "Told his GP"}))
    assert note.returned_words is None and to_finish(man) == []
    assert sign_tasks(man) == [lead_id]
    [before] = db.session.scalars(select(NoteEarlier).where(NoteEarlier.note_id == note_id))
    assert before.parts["risk"] == "None said"


@pytest.mark.parametrize(
    ("hours", "signed", "state"),
    [
        (0, False, NoteState.FINISHED),
        (23.9, False, NoteState.FINISHED),
        (24, False, NoteState.LOCKED),
        (0, True, NoteState.LOCKED),
    ],
)
def test_where_a_note_stands(hours: float, signed: bool, state: NoteState) -> None:
    at = clock.now()
    note = Standing(1, at, True, signed)
    assert state_of(note, at + timedelta(hours=hours), timedelta(hours=24)) is state
    assert state_of(Standing(1), at, timedelta(hours=24)) is NoteState.DRAFT


def test_a_draft_is_not_signed() -> None:
    assert cannot_sign(Standing(1), 2, lead=True, registered=True) == rules.NOT_FINISHED


def test_from_the_page_to_a_finished_note(app: Flask) -> None:
    man = treated()
    client = as_(app, man.therapist)
    page = client.page(path(man))
    assert "Save as a draft" in page and "Homework review" in page
    again = refused(client, path(man), page, part_work="Thought record", action="finish")
    assert "Write this part before you finish the note" in again and "Thought record" in again
    form = {f"part_{key}": words for key, words in WHOLE.items()}
    answer = send(client, path(man), page, **form, action="finish")
    assert answer.status_code == 303
    shown = client.page(path(man))
    assert "Waits for the signature" in shown and "Save the change" in shown
    listed = client.page(f"/cases/{man.case.ref}/session-notes")
    assert "Waits for a signature" in listed


def test_two_tabs_show_both_versions(app: Flask) -> None:
    man = treated()
    client = as_(app, man.therapist)
    page = client.page(path(man))
    write(man, man.therapist, work="From the other tab")
    again = refused(client, path(man), page, part_work="From this tab", action="draft")
    assert "From the other tab" in again and "From this tab" in again
    assert send(client, path(man), again, part_work="Both", action="draft").status_code == 303


def test_the_lead_signs_or_returns_from_the_page(app: Flask) -> None:
    man = treated()
    finished(man)
    client = as_(app, man.world.lead)
    page = client.page(path(man))
    assert "Sign off" in page and "Save the change" not in page
    again = refused(client, path(man, "/return"), page, words="")
    assert "Say what is asked for" in again
    assert send(client, path(man, "/sign"), page).status_code == 303
    assert "Signed off by" in client.page(path(man))


def test_an_addendum_from_the_page(app: Flask, set_clock: SetClock) -> None:
    man = treated()
    finished(man)
    set_clock.advance(hours=25)
    client = as_(app, man.world.lead)
    page = client.page(path(man))
    assert "Write what is to be added" in refused(client, path(man, "/addendum"), page, text="")
    assert send(client, path(man, "/addendum"), page, text="He rang").status_code == 303
    assert "He rang" in client.page(path(man))


def test_nobody_outside_the_clinic_opens_a_note(either_app: Flask) -> None:
    man = treated()
    finished(man)
    world = man.world
    link = colleague(man.therapist, Role.LINK_WORKER)
    for who in (world.office, world.officer, world.senior, link):
        client = as_(either_app, who)
        assert client.get(path(man)).status_code == 403
        assert client.get(f"/cases/{man.case.ref}/session-notes").status_code == 403
        page = client.get(f"/cases/{man.case.ref}")
        assert "Thought record" not in page.get_data(as_text=True)
