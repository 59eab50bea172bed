"""The pages of a referral's papers: preview, versions, what changed, sending; who opens them."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from mhtr.compliance.attendance import Happened
from mhtr.core.access import Role
from mhtr.core.database import WRITE_OPTION, db
from mhtr.probation.papers import view
from mhtr.probation.papers.chronology import LAWYERS_DIFFER
from mhtr.probation.papers.making import papers_of
from mhtr.probation.papers.queries import versions_of
from tests.compliance.test_readings import people, propose, sign
from tests.makers import make_staff
from tests.probation.papers.makers import made, put_right, referred, sent
from tests.suitability.browsing import as_, refused, send

DAY = {"on-day": "18", "on-month": "11", "on-year": "2026"}


def read(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_from_the_standing_to_papers_that_are_sent(app: Flask) -> None:
    man, step = referred()
    client = as_(app, man.world.officer)
    standing = client.page(f"/cases/{man.case.ref}/standing")
    where = f"/referrals/{step.ref}/papers"
    assert "Papers due by 2 December 2026: 10 working days left" in standing and where in standing
    assert "No papers are made yet" in client.page(where)
    preview = client.page(f"{where}/new")
    for words in ("1. Chronology", "2. Attendance statement", "3. Exhibits", "did not come"):
        assert words in preview
    assert "issued again" not in preview
    answer = send(client, f"{where}/new", preview)
    shown = client.page(answer.location)
    assert "Version 1 is made." in shown and "Superseded" not in shown
    assert "Facts have changed" not in shown
    assert "Select which version was sent" in refused(client, where, shown, **DAY)
    answer = send(client, where, shown, number="1", to="Enforcement, north", **DAY)
    shown = client.page(answer.location)
    assert "Papers sent on 18 November 2026" in shown and "Enforcement, north" in shown
    assert "Papers sent on" in client.page(f"/cases/{man.case.ref}/standing")


def test_they_are_issued_again_and_the_first_is_superseded(app: Flask) -> None:
    man, step = referred()
    made(man, step)
    sent(man, step)
    put_right(man)
    client, where = as_(app, man.world.officer), f"/referrals/{step.ref}/papers"
    page = client.page(where)
    assert "Facts have changed since version 1: issue the papers again" in page
    assert "Changed: 18 November 2026: Session of the requirement: came too late" in page
    preview = client.page(f"{where}/new")
    assert "Say why the papers are issued again" in refused(client, f"{where}/new", preview)
    answer = send(client, f"{where}/new", preview, why="The record of 18 November was put right")
    shown = client.page(answer.location)
    for words in ("Superseded", "Version 2 is not sent.", "The record of 18 November was put"):
        assert words in shown
    newest, oldest = versions_of(step.id)
    page = client.page(f"{where}/{oldest.row.ref}")
    assert "Superseded: version 2 of 18 November 2026 took its place" in page
    assert "did not come" in page.lower()
    old = client.get(f"{where}/{oldest.row.ref}.pdf")
    assert "superseded" in old.headers["Content-Disposition"]
    assert sha256(old.data).hexdigest() == oldest.row.pdf_hash
    assert old.data == oldest.row.pdf and oldest.row.pdf_hash in shown
    new = client.get(f"{where}/{newest.row.ref}.pdf")
    assert "Issued again because: The record of 18 November" in read(new.data)
    assert new.headers["Cache-Control"] == "no-store"


def test_facts_that_changed_while_the_page_was_open_are_shown_again(app: Flask) -> None:
    man, step = referred()
    client, where = as_(app, man.world.officer), f"/referrals/{step.ref}/papers/new"
    preview = client.page(where)
    put_right(man)
    again = refused(client, where, preview)
    assert "The facts changed while you looked at this page" in again
    assert "came too late" in again and not versions_of(step.id)


def test_a_version_that_somebody_made_meanwhile_is_read_first(app: Flask) -> None:
    man, step = referred()
    client, where = as_(app, man.world.officer), f"/referrals/{step.ref}/papers/new"
    preview = client.page(where)
    made(man, step)
    again = refused(client, where, preview)
    assert "Say why" in again
    assert len(versions_of(step.id)) == 1
    assert "There is nothing to issue again" in client.page(where)


def test_a_file_that_cannot_be_made_leaves_nothing_behind(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    man, step = referred()
    client, where = as_(app, man.world.officer), f"/referrals/{step.ref}/papers/new"
    preview = client.page(where)
    layout = tmp_path / "broken.typ"
    layout.write_text('#set document(title: "A")\n#image(bytes("no picture"))')
    monkeypatch.setattr(view, "_LAYOUT", layout)
    assert "nothing was kept" in refused(client, where, preview)
    assert not versions_of(step.id)


def spoil(statement: str) -> None:
    with db.engine.execution_options(**{WRITE_OPTION: True}).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS guard_referral_papers_update")
        connection.exec_driver_sql(statement)
    db.session.rollback()


def test_what_was_tampered_with_is_not_shown(app: Flask) -> None:
    man, step = referred()
    row = made(man, step)
    where = f"/referrals/{step.ref}/papers/{row.ref}"
    spoil("UPDATE referral_papers SET pdf = x'00'")
    client = as_(app, man.world.officer)
    assert client.get(f"{where}.pdf").status_code == 409
    assert client.get(where).status_code == 200
    spoil("UPDATE referral_papers SET content_hash = 'x'")
    assert client.get(where).status_code == 409


def test_my_people_and_today_say_that_they_are_due(app: Flask) -> None:
    man, step = referred()
    client, where = as_(app, man.world.officer), f"/referrals/{step.ref}/papers"
    assert where in client.page("/my-people?show=papers")
    today = client.page("/today")
    assert "Papers of referrals to send" in today and where in today
    made(man, step)
    sent(man, step)
    assert where not in client.page("/my-people")
    assert "Nobody here matches" in client.page("/my-people?show=papers")


def test_nobody_else_opens_any_of_it(app: Flask) -> None:
    man, step = referred()
    row = made(man, step)
    where = f"/referrals/{step.ref}/papers"
    paths = [where, f"{where}/new", f"{where}/{row.ref}", f"{where}/{row.ref}.pdf"]
    other = as_(app, make_staff(Role.PROBATION, organisation=man.world.officer.organisation))
    assert [other.get(path).status_code for path in paths] == [404] * 4
    court = make_staff(Role.COURT_PROBATION, organisation=man.world.officer.organisation)
    for staff in (man.therapist, man.world.lead, man.world.office, court):
        client = as_(app, staff)
        assert [client.get(path).status_code for path in paths] == [403] * 4
    for staff in (man.therapist, man.world.lead):
        client = as_(app, staff)
        for page in (f"/cases/{man.case.ref}", "/today"):
            shown = client.page(page)
            assert "apers of" not in shown and "referral to an enforcement" not in shown


def test_putting_right_what_clinicians_tell_reaches_no_papers(app: Flask) -> None:
    man, step = referred()
    put_right(man, Happened.HE_CANCELLED)
    page = as_(app, man.world.officer).page(f"/referrals/{step.ref}/papers/new")
    assert "He was at the door" not in page


def test_the_papers_name_a_reading_of_the_law_where_it_mattered(app: Flask) -> None:
    man, step = referred()

    def lines() -> str:
        (session,) = [
            one for one in papers_of(man.case, step).chronology if one.key.startswith("session:")
        ]
        return " ".join(session.lines)

    assert LAWYERS_DIFFER not in lines()
    put_right(man, Happened.HE_CANCELLED)
    assert f"{LAWYERS_DIFFER} A session that he cancelled beforehand: It waits" in lines()
    manager, senior = people()
    sign(propose(manager, "never_counts", point="his_cancellation"), senior)
    assert "read as no failure" in lines() and "It never counts as a failure" in lines()
    assert "by a signed change" in lines()
