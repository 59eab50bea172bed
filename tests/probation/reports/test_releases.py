"""A compliance report that leaves: kept as it was, logged, who opens it, and what changed since."""

from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from mhtr.accounts.models import Organisation
from mhtr.compliance.attendance import Happened
from mhtr.compliance.deciding import Decision
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.clock import SetClock
from mhtr.core.database import WRITE_OPTION, db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import writing
from mhtr.messages.delivery import deliver
from mhtr.messages.kinds import KINDS
from mhtr.messages.links import reference
from mhtr.orders.endings import HowEnded
from mhtr.orders.queries import orders_of
from mhtr.probation.reports import service, watching
from mhtr.probation.reports.models import ComplianceReleaseMan
from mhtr.probation.reports.queries import case_called
from mhtr.probation.reports.release_kinds import To
from mhtr.probation.reports.service import Recipient
from mhtr.probation.reports.stored import over_words
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.compliance.test_decisions import AGAINST, decide, under_order
from tests.makers import make_staff
from tests.orders.recording import ended
from tests.probation.reports.makers import again, compiled, released, releases, taken
from tests.sessions.seen import Treated, tell
from tests.suitability.browsing import as_, refused, send
from tests.suitability.journey import taken_on

LOG = "/my-people/released-reports"
ALL = "/released-reports"


def one(man: Treated) -> str:
    return f"/cases/{man.case.ref}/compliance-report"


def put_right(man: Treated) -> None:
    tell(man.place, man.therapist, Happened.TOO_LATE, seen=1, why="He was at the door")


def mailbox(man: Treated, address: str = "unit@probation.example") -> None:
    with writing():
        unit = db.session.get_one(Organisation, man.world.officer.organisation_id)
        unit.mailbox = address


def test_what_leaves_is_what_was_shown_and_stays_as_it_was(app: Flask) -> None:
    man = under_order()
    client, where = as_(app, man.world.officer), f"{one(man)}/release"
    preview = client.page(where)
    for words in ("Did not come", "Not decided", "Next session", "Release it"):
        assert words in preview
    missing = refused(client, where, preview, to="passed", format="pdf")
    assert "Say to whom you pass it on" in missing and not releases()
    answer = send(client, where, preview, to="passed", name="Court 3, by hand", format="pdf")
    page = client.page(answer.location)
    for words in ("The report is released.", "Passed on to Court 3, by hand", "It says what is on"):
        assert words in page
    (row,) = releases()
    file = client.get(f"{answer.location}/file")
    assert file.data == row.file and sha256(file.data).hexdigest() == row.file_hash
    assert row.file_hash in page and file.headers["Cache-Control"] == "no-store"
    name = man.case.person.family_name
    assert name not in file.headers["Content-Disposition"] and name not in answer.location
    put_right(man)
    assert client.get(f"{answer.location}/file").data == row.file
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "reports.released")
    ).one()
    assert event.actor_id == man.world.officer.id and event.case_id == man.case.id


def test_facts_that_changed_while_the_page_was_open_are_shown_again(either_app: Flask) -> None:
    man = under_order()
    client, where = as_(either_app, man.world.officer), f"{one(man)}/release"
    preview, ready = client.page(where), compiled(man.world.officer, man)
    put_right(man)
    shown = refused(client, where, preview, to="myself", format="csv")
    assert "The facts changed while you looked at this page" in shown and "too late" in shown
    with pytest.raises(Refused, match="changed"), writing():
        service.release(compiled=ready, to=Recipient(To.MYSELF), by=man.world.officer.id)
    assert not releases()


def test_the_log_is_read_by_those_who_have_him_and_named_by_nobody_else(app: Flask) -> None:
    man = under_order()
    name, ref = man.case.person.family_name, reference(man.case.ref)
    row = released(man)
    called = man.world.officer.name[:3]
    for staff in (man.world.officer, man.world.senior):
        client = as_(app, staff)
        assert name in client.page(LOG) and row.file_hash in client.page(LOG)
        assert row.file_hash in client.page(f"{LOG}?man={man.case.ref}&to={called}")
        assert "No report that left" in client.page(f"{LOG}?to=nobody+at+all")
        assert client.get(f"{ALL}/{row.ref}/file").status_code == 200
    other = as_(app, make_staff(Role.PROBATION, organisation=man.world.officer.organisation))
    assert "No report that left" in other.page(LOG)
    for path in ("", "/file", "/again"):
        assert other.get(f"{ALL}/{row.ref}{path}").status_code == 404
    privacy = as_(app, make_staff(Role.PRIVACY_OFFICER))
    page = privacy.page(ALL)
    assert row.file_hash in page and ref in page and name not in page
    assert row.file_hash in privacy.page(f"{ALL}?called={ref}")
    assert row.file_hash not in privacy.page(f"{ALL}?called=0000+0000+0000")
    assert privacy.get(f"{ALL}/{row.ref}/file").status_code == 403
    for staff in (man.therapist, man.world.lead, man.world.office):
        client = as_(app, staff)
        assert [client.get(path).status_code for path in (LOG, ALL)] == [403, 403]


def test_a_reference_finds_its_case_by_the_index(either_app: Flask) -> None:
    man = under_order()
    called = reference(man.case.ref)
    assert case_called(called) is None  # nothing of him left
    released(man)
    assert case_called(called) == case_called(f"{called.lower()} ") == man.case.id
    assert case_called(called[:-1]) is case_called("NOT A HEXNUMBER") is None
    asked: list[tuple[str, Any]] = []
    connection = db.session.connection()

    def keep(_c: object, _k: object, statement: str, given: Any, *_: object) -> None:
        asked.append((statement, given))

    event.listen(connection, "before_cursor_execute", keep)
    case_called(called)
    event.remove(connection, "before_cursor_execute", keep)
    if connection.dialect.name == "sqlite":
        ((statement, given),) = asked
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
        assert all(" SCAN " not in f" {line[-1]} " for line in plan), plan


def test_who_gets_it_can_open_it_and_hears_of_it(app: Flask) -> None:
    man = under_order()
    other = make_staff(Role.PROBATION, organisation=man.world.officer.organisation)
    with pytest.raises(CannotBe, match="could not open it"):
        released(man, Recipient(To.COLLEAGUE, staff_id=other.id))
    mailbox(man, "")
    with pytest.raises(CannotBe, match="no mailbox"):
        released(man, Recipient(To.UNIT))
    with pytest.raises(NotFound):
        released(man, by=other)
    senior = man.world.senior
    row = released(man, Recipient(To.COLLEAGUE, staff_id=senior.id))
    (notice,) = db.session.scalars(select(Notice).where(Notice.key == f"report:{row.ref}"))
    assert notice.principal_id == senior.principal_id
    mailbox(man)
    row = released(man, Recipient(To.UNIT))
    query = select(OutboxMessage).where(OutboxMessage.template == "reports.released")
    mail = db.session.scalars(query).one()
    assert mail.payload == {"release": str(row.ref)}


@pytest.mark.parametrize("statement", [
    "UPDATE compliance_releases SET file = x'00'",
    "DELETE FROM compliance_release_men",
])  # fmt: skip
def test_what_left_is_never_changed_and_what_was_tampered_with_not_shown(
    app: Flask, statement: str
) -> None:
    man = under_order()
    row = released(man)
    path = f"{ALL}/{row.ref}"
    with pytest.raises(Exception, match="append_only"), writing():
        db.session.execute(text(statement))
    with db.engine.execution_options(**{WRITE_OPTION: True}).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER guard_compliance_releases_update")
        connection.exec_driver_sql("UPDATE compliance_releases SET file = x'00', content_hash = ''")
    db.session.rollback()
    client = as_(app, man.world.officer)
    assert "does not match its fingerprint" in client.page(path)
    assert client.get(f"{path}/file").status_code == 409


def test_what_is_put_right_is_noticed_issued_again_and_told(app: Flask) -> None:
    man = under_order()
    mailbox(man)
    first = released(man, Recipient(To.UNIT))
    client, path = as_(app, man.world.senior), f"{ALL}/{first.ref}"
    assert "It says what is on record today" in client.page(path)
    put_right(man)
    page = client.page(path)
    assert "Changed since it was released" in page and "Did not come. Now: " in page
    preview = client.page(f"{path}/again")
    assert "New against version 1" in preview and "Version 2. It takes the place of" in preview
    assert "Say why it is issued again" in refused(client, f"{path}/again", preview)
    answer = send(client, f"{path}/again", preview, why="The log of calls shows it")
    page = client.page(answer.location)
    assert "The log of calls shows it" in page and "Version 2" in page
    assert "Superseded." in client.page(path)
    assert "superseded" in client.get(f"{path}/file").headers["Content-Disposition"]
    _, second = releases()
    assert (second.to_kind, second.to_name, second.number) == (To.UNIT, first.to_name, 2)
    keys = db.session.scalars(select(OutboxMessage.key).order_by(OutboxMessage.id)).all()
    wanted = [f"report:{first.ref}", f"report:{second.ref}"]
    assert [one for one in keys if one.startswith("report")] == wanted
    assert client.get(f"{path}/again").status_code == 302
    with pytest.raises(Refused, match="meanwhile"):
        again(man, first)


def test_whoever_downloaded_an_earlier_version_is_told_once(either_app: Flask) -> None:
    man = under_order()
    first = released(man)
    put_right(man)
    second = again(man, first, by=man.world.senior)
    decide(man, AGAINST, seen=(2, 0))
    third = again(man, second, by=man.world.senior)
    officer = man.world.officer.principal_id
    told = db.session.scalars(select(Notice).where(Notice.principal_id == officer)).all()
    wanted = {f"report:{second.ref}", f"report:{third.ref}"}
    assert {one.key for one in told if one.key.startswith("report:")} == wanted
    assert all(man.case.person.family_name not in one.text for one in told)


def test_a_decision_that_is_reopened_changes_what_left_and_a_new_one_only_follows(
    app: Flask, set_clock: SetClock
) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    before = released(man)
    set_clock.advance(minutes=5)
    decide(man, AGAINST)
    page = client.page(f"{ALL}/{before.ref}")
    assert "More has happened since" in page and "Came later: Decision" in page
    after = released(man)
    set_clock.advance(minutes=5)
    decide(man, Decision(Opinion.EXCUSED, why="The rota came"), seen=(1, 1))
    page = client.page(f"{ALL}/{after.ref}")
    assert "Changed since it was released" in page
    assert "Not accepted. Now: Decision on" in page


def test_a_caseload_is_kept_and_opened_by_whoever_has_everybody_in_it(app: Flask) -> None:
    man = under_order()
    other = make_staff(Role.PROBATION, organisation=man.world.officer.organisation)
    client = as_(app, man.world.officer)
    assert taken(client, "/my-people/compliance-report", "csv").status_code == 200
    (row,) = releases()
    assert row.case_id is None and "1 man" in client.page(LOG)
    assert client.get("/my-people/compliance-report/release?page=7").status_code == 200
    with pytest.raises(NotFound), writing():
        ready = compiled(man.world.officer, man, one=False)
        service.release(compiled=ready, to=Recipient(To.MYSELF), by=other.id)
    path = f"{ALL}/{row.ref}"
    assert client.get(f"{path}/file").status_code == 200
    elsewhere, release_id = taken_on(man.therapist, "Abel", "Addo").id, row.id
    with writing():
        db.session.add(ComplianceReleaseMan(release_id=release_id, case_id=elsewhere))
    assert "You supervise 1 of those in it" in client.page(path)
    assert [client.get(f"{path}{end}").status_code for end in ("/file", "/again")] == [404, 404]


def open_of(kind: TaskKind = TaskKind.RELEASED_REPORT) -> list[Task]:
    query = select(Task).where(Task.kind == kind, Task.state == TaskState.OPEN)
    return list(db.session.scalars(query.order_by(Task.id)))


def look() -> int:
    db.session.rollback()
    with writing():
        return watching.look(clock.now())


def test_who_released_it_is_asked_about_what_is_not_so_and_only_while_it_is_not(
    either_app: Flask,
) -> None:
    man = under_order()
    first = released(man)
    put_right(man)
    assert (look(), look()) == (1, 0)
    (task,) = open_of()
    assert task.owner_staff_id == man.world.officer.id
    assert man.case.person.family_name not in task.title
    tell(man.place, man.therapist, Happened.DID_NOT_COME, seen=2, why="It was another man")
    assert look() == 0 and not open_of()
    tell(man.place, man.therapist, Happened.SEEN, seen=3, why="It was he")
    assert look() == 1
    client, path = as_(either_app, man.world.officer), f"{ALL}/{first.ref}"
    assert "Say why no new version" in refused(client, path, client.page(path))
    send(client, path, client.page(path), done="Told the court by telephone")
    assert not open_of() and look() == 0
    tell(man.place, man.therapist, Happened.TOO_LATE, seen=4, why="Not he after all")
    assert look() == 1
    again(man, first)
    assert not open_of() and look() == 0


@pytest.mark.parametrize(
    ("how", "wrong"), [(HowEnded.EARLY_END, False), (HowEnded.BY_MISTAKE, True)]
)
def test_an_order_that_ended_since_is_no_mistake_of_a_report(
    app: Flask, how: HowEnded, wrong: bool
) -> None:
    man = under_order()
    row = released(man)
    (order,) = orders_of(man.case.id)
    ended(man.world, order.id, how, clock.today())
    assert look() == (1 if wrong else 0)
    if not wrong:
        page = as_(app, man.world.officer).page(f"{ALL}/{row.ref}")
        assert "More has happened since" in page and "The order ended on 1" in page
        (now,) = compiled(man.world.officer, man).report.men
        assert now.left == f"{over_words(clock.today())}."


def test_a_mail_that_does_not_go_becomes_a_task(app: Flask) -> None:
    man = under_order()
    mailbox(man)
    row = released(man, Recipient(To.UNIT))
    mailbox(man, "")
    deliver(clock.now())
    (task,) = open_of()
    assert task.subject_ref == str(row.ref) and task.owner_staff_id == man.world.officer.id
    page = as_(app, man.world.officer).page(f"{ALL}/{row.ref}")
    assert "Waiting to be seen to" in page and "the mail did not go" in page


def test_the_mail_holds_a_link_and_no_name(app: Flask) -> None:
    man = under_order()
    mailbox(man)
    row = released(man, Recipient(To.UNIT))
    query = select(OutboxMessage).where(OutboxMessage.template == "reports.released")
    mail = KINDS["reports.released"].compose(db.session.scalars(query).one())
    person = man.case.person
    assert str(row.ref) in mail.body and mail.to == "unit@probation.example"
    for word in (person.given_name, person.family_name, "X777", str(man.case.ref)):
        assert word not in mail.body + mail.subject
