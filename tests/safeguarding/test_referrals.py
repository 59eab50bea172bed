"""A safeguarding referral is made, followed up by name, put right, and read by clinicians alone."""

import io
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.safeguarding import service
from mhtr.safeguarding.kinds import State, StepKind
from mhtr.safeguarding.models import SafeguardingStep, SafeguardingVersion
from mhtr.safeguarding.queries import find_referral
from mhtr.safeguarding.rules import Said
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.makers import make_staff
from tests.safeguarding.test_rules import SAID
from tests.sessions.seen import Treated, treated
from tests.suitability.browsing import as_, hidden, refused, send
from tests.suitability.pdf_structure import faults

K = StepKind


def made(man: Treated, by: Staff | None = None, said: Said = SAID) -> UUID:
    case_id, staff_id = man.case.id, (by or man.therapist).id
    with writing():
        return service.make(case_id=case_id, said=said, by=staff_id).ref


def step(
    man: Treated, ref: UUID, kind: K, seen: tuple[int, int], *, on: date | None = None
) -> None:
    case_id, by, day = man.case.id, man.therapist.id, on or clock.today()
    with writing():
        service.step(case_id=case_id, ref=ref, kind=kind, on=day, words="Ms Reed", seen=seen, by=by)


def open_tasks() -> list[Task]:
    query = select(Task).where(Task.kind == TaskKind.SAFEGUARDING, Task.state == TaskState.OPEN)
    return list(db.session.scalars(query))


def test_somebody_by_name_follows_it_up_until_it_is_acknowledged(either_app: Flask) -> None:
    man = treated()
    ref = made(man)
    (task,) = open_tasks()
    assert task.owner_staff_id == man.therapist.id and task.subject_ref == str(ref)
    assert "Sam" not in task.title
    with pytest.raises(CannotBe):
        made(man, said=replace(SAID, concern=""))
    step(man, ref, K.ACKNOWLEDGED, (1, 0))
    assert open_tasks() == [] and find_referral(man.case.id, ref).state is State.ACKNOWLEDGED
    with pytest.raises(Refused):
        step(man, ref, K.OUTCOME, (1, 0))  # somebody else had recorded meanwhile
    step(man, ref, K.TAKEN_BACK, (1, 1))
    assert len(open_tasks()) == 1
    case_id, by = man.case.id, man.therapist.id
    with writing():
        service.correct(
            case_id=case_id,
            ref=ref,
            said=replace(SAID, about="Sam Example, 7"),
            why="Her age",
            seen=1,
            by=by,
        )
    (task,) = open_tasks()
    found = find_referral(case_id, ref)
    assert found.state is State.MADE and [one.row.number for one in found.versions] == [1, 2]
    with pytest.raises(Refused), writing():
        service.correct(case_id=case_id, ref=ref, said=SAID, why="Again", seen=1, by=by)
    for number, kind in enumerate((K.ACKNOWLEDGED, K.OUTCOME, K.CLOSED)):
        step(man, ref, kind, (2, number))
    assert open_tasks() == [] and find_referral(case_id, ref).state is State.CLOSED
    with pytest.raises(Refused), writing():
        service.correct(case_id=case_id, ref=ref, said=SAID, why="Again", seen=2, by=by)


def test_who_makes_one_and_nothing_of_it_is_ever_changed(either_app: Flask) -> None:
    man = treated()
    stranger = make_staff(Role.ASSESSOR)
    with pytest.raises(NotFound):
        made(man, stranger)
    for by in (man.world.office, man.world.officer):
        with pytest.raises(Refused):
            made(man, by)
    ref = made(man)
    with pytest.raises(NotFound):
        find_referral(man.case.id + 1, ref)
    step(man, ref, K.ACKNOWLEDGED, (1, 0))
    for model in (SafeguardingVersion, SafeguardingStep):
        with pytest.raises(DatabaseError), writing():
            db.session.execute(update(model).values(by_id=man.therapist.id))


def test_it_is_made_printed_and_followed_on_its_pages(app: Flask) -> None:
    man = treated()
    client, where = as_(app, man.therapist), f"/cases/{man.case.ref}/safeguarding"
    assert "No safeguarding referral was made" in client.page(where)
    form = client.page(f"{where}/new")
    said = {
        "kind": "child", "authority": "Ealing", "sent_how": "Their form", "about": "Sam, 6",
        "concern": "She was alone", "done": "Rang her mother", "agreed": "no", "knows": "told",
    }  # fmt: skip
    page = refused(client, f"{where}/new", form, **said)
    assert "Say why it is made without agreement" in page and "She was alone" in page
    why = "She could be hurt before anybody is asked"
    answer = send(client, f"{where}/new", form, **said, override_why=why)
    assert answer.status_code == 303
    one = answer.location
    page = client.page(one)
    assert "Waits to be acknowledged" in page and why in page
    file = client.get(f"{one}.pdf")
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(file.data)).pages)
    assert not faults(file.data) and why in " ".join(text.split()) and "To Ealing" in text
    day = clock.today()
    when = {"on-day": str(day.day), "on-month": str(day.month), "on-year": str(day.year)}
    told = {
        "seen": hidden(page, "seen"),
        "kind": "acknowledged",
        "words": "Ms Reed, reference 41",
        **when,
    }
    answer = send(client, one, page, **told)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    page = client.page(one)
    assert "Acknowledged" in page and "reference 41" in page
    correct = client.page(f"{one}/correct")
    right = {**said, "agreed": "yes", "why": "She agreed", "seen": hidden(correct, "seen")}
    assert send(client, f"{one}/correct", correct, **right).status_code == 303
    page = client.page(one)
    assert "Version 2" in page and "Version 1" in page and "Waits to be acknowledged" in page
    assert client.get(f"/safeguarding/{one.rsplit('/', 1)[1]}").location == one
    for other in (man.world.office, man.world.officer, make_staff(Role.LINK_WORKER)):
        for path in (where, one, f"{one}.pdf", f"{where}/new"):
            assert as_(app, other).get(path).status_code in (403, 404), path
