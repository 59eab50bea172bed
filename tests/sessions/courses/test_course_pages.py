"""The pages of pathways and of a course, for each role that has them."""

import re

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.courses import listeners, pathway_service, queries
from sessions.courses.models import CourseSession, Pathway
from tests.makers import make_organisation, make_staff
from tests.orders.makers import order_of, sentenced
from tests.pages import PageClient
from tests.sessions.courses.makers import course_of, pathway_of, planned
from tests.suitability import browsing
from tests.suitability.browsing import as_, hidden

SESSION = {
    "name": "Thought records",
    "purpose": "To look at thoughts.",
    "therapy": "cbt",
    "how": "alone",
    "minutes": "60",
    "least_gap": "7",
    "ideal_gap": "7",
    "most_gap": "14",
    "review": "none",
    "part": "required",
}


def page(client: PageClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def send(client: PageClient, path: str, at: str = "", **data: str) -> str:
    """Fill in the form of a page and send it: where it leads."""
    answer = browsing.send(client, path, page(client, at or path), **data)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def refused(client: PageClient, path: str, **data: str) -> str:
    return browsing.refused(client, path, page(client, path), **data)


def test_a_lead_makes_a_pathway_and_puts_it_into_use(app: Flask) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    client = as_(app, lead)
    assert "keeps no pathway yet" in page(client, "/pathways")
    draft = send(client, "/pathways/new", name="CBT", about="For most men")
    assert "has no session yet" in page(client, draft)
    send(client, f"{draft}/sessions/0", **SESSION)
    send(client, f"{draft}/sessions/0", **{**SESSION, "name": "Review", "review": "end"})
    shown = page(client, draft)
    assert shown.index("Thought records") < shown.index("Review at the end")
    send(client, f"{draft}/arrange", at=draft, act="up 2")
    shown = page(client, draft)
    assert shown.index("Review at the end") < shown.index("Thought records")
    assert "Sessions follow after the review at the end" in shown
    send(client, f"{draft}/arrange", at=draft, act="down 1")
    send(client, f"{draft}/use", why="The first")
    row = db.session.query(Pathway).one()
    assert [one.name for one in queries.pathway_sessions(row.id, 1)] == [
        "Thought records",
        "Review",
    ]
    shown = page(client, f"/pathways/{row.ref}")
    assert "In use" in shown and "The first" in shown


def test_a_session_that_contradicts_itself_is_refused_beside_its_field(app: Flask) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    client = as_(app, lead)
    draft = send(client, "/pathways/new", name="CBT")
    wrong = {**SESSION, "ideal_gap": "20"}
    said = refused(client, f"{draft}/sessions/0", **wrong)
    assert "The most must be as many days as the ideal, or more" in said
    assert "To look at thoughts." in said


def test_a_stale_edit_of_a_draft_shows_both(app: Flask) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    row = pathway_of(lead.organisation_id, lead.id, [planned(), planned("Two")])
    path, row_id, by = f"/pathways/{row.ref}/draft", row.id, lead.id
    with writing():
        pathway_service.begin_draft(pathway_id=row_id, version=row.version, by=by)
    client = as_(app, lead)
    read = page(client, f"{path}/sessions/1")
    with writing():
        pathway_service.set_drafted(
            pathway_id=row_id,
            number=1,
            said=planned("Named by another"),
            version=db.session.get_one(Pathway, row_id).version,
            by=by,
        )
    mine = {**SESSION, "name": "Named by me"}
    shown = browsing.refused(client, f"{path}/sessions/1", read, **mine)
    assert "Named by another" in shown and "Named by me" in shown
    assert hidden(shown, "version") == str(db.session.get_one(Pathway, row_id).version)


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.ADMINISTRATOR])
def test_others_of_the_trust_read_pathways_and_change_none(app: Flask, role: Role) -> None:
    lead = make_staff(Role.CLINICAL_LEAD)
    row = pathway_of(lead.organisation_id, lead.id)
    reader = make_staff(role, organisation=lead.organisation)
    client = as_(app, reader)
    shown = page(client, f"/pathways/{row.ref}")
    assert "Session 12" in shown and "Change the sessions" not in shown
    assert client.get(f"/pathways/{row.ref}/draft").status_code == 403
    elsewhere = make_staff(role, organisation=make_organisation(name="Elsewhere"))
    client = as_(app, elsewhere)
    assert client.get(f"/pathways/{row.ref}").status_code == 404


def test_a_therapist_makes_and_changes_a_course(app: Flask) -> None:
    world = sentenced()
    order_of(world)
    pathway = pathway_of(world.lead.organisation_id, world.lead.id)
    base, therapist = f"/cases/{world.case.ref}/course", str(world.assessor.ref)
    client = as_(app, world.assessor)
    assert "He has no course yet" in page(client, base)
    offered = page(client, f"{base}/new")
    assert "12 required sessions to come" in offered
    send(
        client,
        f"{base}/new",
        pathway=str(pathway.ref),
        therapist=therapist,
        priority="soon",
    )
    shown = page(client, base)
    assert "Priority: soon" in shown and world.assessor.name in shown
    third = rows(world.case.id)[2]
    send(client, f"{base}/sessions/{third.ref}/skip", reason="Knows it well")
    assert "fewer than the 12 that the order still expects" in page(client, base)
    assert "Knows it well" in page(client, base)
    send(client, f"{base}/sessions/{third.ref}/bring-back", at=f"{base}/sessions/{third.ref}")
    second = rows(world.case.id)[1]
    send(client, f"{base}/sessions/{second.ref}/repeat", reason="He was ill")
    assert "catch-up of Session 2" in page(client, base)
    send(client, f"{base}/sessions/{second.ref}/move", after="0")
    assert rows(world.case.id)[0].name == "Session 2"
    send(client, f"{base}/add", after="0", **{**SESSION, "part": "choice"})
    assert "Your choice" in page(client, f"{base}/print")
    send(client, f"{base}/therapist", therapist="", reason="On leave")
    assert "Nobody is named yet" in page(client, base)
    send(client, f"{base}/end", how="early", reason="Moved away")
    assert "The course has ended" in page(client, base)
    send(client, f"{base}/reopen", reason="He came back")
    assert queries.open_course(world.case.id) is not None


def rows(case_id: int) -> list[CourseSession]:
    course = queries.open_course(case_id)
    assert course is not None
    return queries.sessions_of(course.id)


def test_an_administrator_reads_it_without_the_reasons(app: Flask) -> None:
    world = sentenced()
    course = course_of(world)
    base = f"/cases/{world.case.ref}/course"
    first = queries.sessions_of(course.id)[0].ref
    client = as_(app, world.assessor)
    send(client, f"{base}/sessions/{first}/skip", reason="Zqreason")
    assert "Zqreason" in page(client, base)
    client = as_(app, world.office)
    shown = page(client, base)
    assert "Skipped" in shown and "Zqreason" not in shown
    assert not re.search(r">Change<", shown)
    assert client.get(f"{base}/add").status_code in (403, 404)


def test_a_booked_session_says_so_and_is_not_skipped(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sentenced()
    course = course_of(world)
    first = queries.sessions_of(course.id)[0]
    first_id, first_ref = first.id, first.ref
    words = {first_id: "booked for 3 March at 10am"}
    monkeypatch.setattr(
        listeners, "in_use", [lambda ids: {k: v for k, v in words.items() if k in ids}]
    )
    base = f"/cases/{world.case.ref}/course"
    client = as_(app, world.assessor)
    assert "Booked for 3 March at 10am" in page(client, base)
    said = refused(client, f"{base}/sessions/{first_ref}/skip", reason="No")
    assert "Cancel the booking first" in said


def test_a_therapist_who_left_is_seen_to_have_left(app: Flask) -> None:
    world = sentenced()
    course_of(world)
    base = f"/cases/{world.case.ref}/course"
    client, staff_id = as_(app, world.lead), world.assessor.id
    assert "does not work here any more" not in page(client, base)
    with writing():
        db.session.get_one(Staff, staff_id).disabled_at = clock.now()
    assert "who does not work here any more" in page(client, base)


def test_a_course_that_fits_no_more_says_so(app: Flask, set_clock: SetClock) -> None:
    world = sentenced()
    order_of(world)
    course_of(world)
    base = f"/cases/{world.case.ref}/course"
    assert "do not fit" not in page(as_(app, world.assessor), base)
    set_clock.advance(days=120)
    shown = page(as_(app, world.assessor), base)
    assert "They do not fit: the requirement ends on 15 May 2027" in shown


def test_probation_has_no_such_page(app: Flask) -> None:
    world = sentenced()
    course_of(world)
    client = as_(app, world.officer)
    assert client.get(f"/cases/{world.case.ref}/course").status_code in (403, 404)
    assert client.get("/pathways").status_code == 403
