"""An incident is recorded, put right with history, and closed by a lead who did not write it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.safeguarding import incident_service as service
from mhtr.safeguarding.incident_models import IncidentStep, IncidentVersion
from mhtr.safeguarding.incident_queries import find_incident
from mhtr.safeguarding.incident_rules import (
    CANDOUR_FIRST,
    LEAD_ONLY,
    NOT_HIS_OWN,
    Candour,
    Happened,
    Harm,
    State,
    StepKind,
)
from mhtr.tasks.models import Notice
from tests.makers import make_staff
from tests.pages import PageClient
from tests.safeguarding.test_incident_rules import SAID
from tests.sessions.seen import Treated, treated
from tests.suitability.browsing import as_, hidden, send


def written(man: Treated, by: Staff | None = None, said: Happened | None = None) -> UUID:
    case_id, staff_id = man.case.id, (by or man.therapist).id
    with writing():
        happened = said or replace(SAID, on=clock.today())
        return service.write(case_id=case_id, said=happened, by=staff_id).ref


def review(man: Treated, ref: UUID, by: Staff, seen: str) -> None:
    case_id, staff_id = man.case.id, by.id
    with writing():
        service.review(case_id=case_id, ref=ref, words="Chairs are checked", seen=seen, by=staff_id)


def test_a_lead_who_did_not_write_it_closes_it(either_app: Flask) -> None:
    man = treated()
    lead = man.world.lead
    today = clock.today()
    bad = replace(SAID, on=today, harm=Harm.MODERATE, candour=Candour.TO_DO)
    ref = written(man, said=bad)
    told = db.session.scalars(select(Notice).where(Notice.principal_id == lead.principal_id))
    assert any("incident" in one.text for one in told)
    for by, words in ((man.therapist, LEAD_ONLY), (lead, CANDOUR_FIRST)):
        with pytest.raises(Refused) as no:
            review(man, ref, by, "1:0")
        assert no.value.reasons == (words,)
    case_id, by_id = man.case.id, man.therapist.id
    done = replace(bad, candour=Candour.DONE, candour_words="His therapist told him today")
    with writing():
        service.correct(case_id=case_id, ref=ref, said=done, why="Done", seen="1:0", by=by_id)
    with pytest.raises(Refused):
        review(man, ref, lead, "1:0")  # it was put right since he read it
    review(man, ref, lead, "2:0")
    found = find_incident(case_id, ref)
    assert found.state is State.CLOSED and len(found.versions) == 2
    with pytest.raises(Refused), writing():
        service.correct(case_id=case_id, ref=ref, said=done, why="Again", seen="2:1", by=by_id)
    review(man, ref, lead, "2:1")
    assert find_incident(case_id, ref).state is State.WAITS
    own = written(man, lead)
    with pytest.raises(Refused) as no:
        review(man, own, lead, "1:0")
    assert no.value.reasons == (NOT_HIS_OWN,)


def test_who_writes_one_and_nothing_of_it_is_ever_changed(either_app: Flask) -> None:
    man = treated()
    with pytest.raises(NotFound):
        written(man, make_staff(Role.ASSESSOR))
    for by in (man.world.office, man.world.officer):
        with pytest.raises(Refused):
            written(man, by)
    with pytest.raises(CannotBe):
        written(man, said=replace(SAID, on=clock.today(), what=""))
    ref = written(man)
    row = find_incident(man.case.id, ref).newest.row
    version_id, incident_id, by_id = row.id, row.incident_id, row.by_id
    with pytest.raises(DatabaseError), writing():
        db.session.execute(
            update(IncidentVersion).where(IncidentVersion.id == version_id).values(number=9)
        )
    step = {"incident_id": incident_id, "version": 1, "kind": StepKind.CLOSED, "words": "w"}
    with pytest.raises(DatabaseError), writing():
        db.session.add(IncidentStep(**step, writer_id=by_id, by_id=by_id))


def post(client: PageClient, path: str, page: str, said: dict[str, str]) -> Any:
    return client.post(path, data={**said, "submission_key": hidden(page, "submission_key")})


def test_it_is_written_listed_and_closed_on_its_pages(app: Flask) -> None:
    man = treated()
    client, where = as_(app, man.therapist), f"/cases/{man.case.ref}/incidents"
    assert "No incident is on record" in client.page(where)
    form, day = client.page(f"{where}/new"), clock.today()
    said = {
        "what": "A chair broke under him", "place": "Room 2", "harmed": "he", "harm": "moderate",
        "harm_words": "A broken wrist", "done": "Ambulance", "reported": "Number 41",
        "candour": "not_owed", "on-day": str(day.day), "on-month": str(day.month),
        "on-year": str(day.year),
    }  # fmt: skip
    page = post(client, f"{where}/new", form, said).get_data(as_text=True)
    assert "It applies: he came to harm" in page and "A broken wrist" in page
    owed = {**said, "candour": "done", "candour_words": "The lead rang him"}
    one = post(client, f"{where}/new", form, owed).location
    assert "Waits for review" in client.page(one) and "Close it" not in client.page(one)
    correct = client.page(f"{one}/correct")
    right = {**owed, "what": "A stool broke", "why": "Not a chair", "seen": hidden(correct, "seen")}
    assert post(client, f"{one}/correct", correct, right).status_code == 303
    lead = as_(app, man.world.lead)
    assert "Moderate harm" in lead.page("/incidents")
    page = lead.page(one)
    assert "A stool broke" in page and "Version 1" in page
    send(lead, one, page, words="Stools are taken away", seen=hidden(page, "seen"))
    assert "What was learned" in page and "Why is it opened again?" not in page
    assert "Stools are taken away" in client.page(one) and "Closed" in client.page(where)
    assert "Why is it opened again?" in lead.page(one)
    assert "No incident waits" in lead.page("/incidents")
    assert "Moderate harm" in lead.page("/incidents?show=all")
    for other in (man.world.office, man.world.officer, make_staff(Role.LINK_WORKER)):
        for path in (where, one, f"{where}/new", "/incidents"):
            assert as_(app, other).get(path).status_code in (403, 404), path


def test_a_list_holds_only_whom_he_may_see(app: Flask) -> None:
    man = treated()
    written(man)
    assert "Low harm" in as_(app, man.world.lead).page("/incidents")
    assert "No incident waits" in as_(app, make_staff(Role.CLINICAL_LEAD)).page("/incidents")
