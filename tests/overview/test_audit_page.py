"""The privacy officer's audit: what it lists, proves, exports, and that it is audited itself."""

import csv
import io
import os
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from mhtr import cli
from mhtr.accounts.models import Staff
from mhtr.core import access, audit
from mhtr.core.access import Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.audit_words import words
from mhtr.core.clock import SetClock
from mhtr.core.database import WRITE_OPTION, db
from mhtr.core.formats import safe_cell
from mhtr.core.transaction import writing
from mhtr.overview.audit_export import to_csv
from mhtr.overview.audit_queries import actions
from tests.makers import make_case, make_staff, make_team
from tests.pages import PageClient


@pytest.fixture
def officer(app: Flask) -> Staff:
    return make_staff(Role.PRIVACY_OFFICER, name="Priva See")


def note(action: str, *, by: int | None = None, times: int = 1, **detail: object) -> None:
    with writing():
        for _ in range(times):
            audit.record(action, by=by, **detail)  # type: ignore[arg-type]  # made-up details


def tamper(row: int) -> None:
    with db.engine.execution_options(**{WRITE_OPTION: True}).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER guard_audit_events_update")
        connection.execute(
            text("UPDATE audit_events SET action = 'other.thing' WHERE id = :row"), {"row": row}
        )


@pytest.mark.parametrize("role", list(Role))
def test_only_privacy_officers_reach_it(client: PageClient, role: Role) -> None:
    case = make_case()
    client.sign_in(make_staff(role))
    expected = 200 if role is Role.PRIVACY_OFFICER else 403
    for page in ("/audit", "/audit/export.csv", f"/audit/cases/{case.ref}"):
        assert client.get(page).status_code == expected
    key = {"submission_key": str(uuid4())}
    assert client.post("/audit/verify", data=key).status_code == expected


def test_it_is_listed_in_plain_words_newest_first(client: PageClient, officer: Staff) -> None:
    other = make_staff(Role.ASSESSOR, name="Ass Essor")
    note("accounts.disabled", by=officer.id, staff=other.id)
    note("accounts.enabled", by=officer.id, staff=other.id)
    client.sign_in(officer)
    page = client.page("/audit")
    assert page.index("Account enabled (whom: Ass Essor)") < page.index("Account disabled (whom")


def test_it_says_who_was_given_access_or_lost_it(client: PageClient, officer: Staff) -> None:
    case, other = make_case(), make_staff(Role.ASSESSOR, name="Ass Essor")
    team = make_team(name="Court team", organisation=other.organisation)
    whom = {other.principal_id: "Ass Essor", team.principal_id: "Court team"}
    whom[other.organisation.principal_id] = other.organisation.name
    with writing():
        for principal_id in whom:
            access.grant(case.id, Purpose.CLINICAL, principal_id, because="test", by=officer.id)
        access.end_grants(case.id, Purpose.CLINICAL, because="test", by=officer.id)
    client.sign_in(officer)
    page = client.page("/audit")
    for name in whom.values():
        for said in ("Access given", "Access ended"):
            assert re.search(rf"{said} \([^)]*whom: {re.escape(name)}[;)]", page), (said, name)


def test_it_is_paged_by_key_both_ways(client: PageClient, officer: Staff) -> None:
    for number in range(120):
        note("tasks.done", kind=f"number{number:03}")
    client.sign_in(officer)
    first = client.page("/audit?action=tasks.done")
    assert "number119" in first and "number070" in first and "number069" not in first
    assert "Next page" in first and "Previous page" not in first
    row = select(AuditEvent.id).where(AuditEvent.action == "tasks.done").order_by(AuditEvent.id)
    ids = db.session.scalars(row).all()
    second = client.page(f"/audit?action=tasks.done&before={ids[70]}")
    assert "number069" in second and "number020" in second and "number019" not in second
    last = client.page(f"/audit?action=tasks.done&before={ids[20]}")
    assert "number000" in last and "Next page" not in last and "Previous page" in last
    back = client.page(f"/audit?action=tasks.done&after={ids[19]}")
    assert "number069" in back and "number020" in back and "number070" not in back
    newest = client.page(f"/audit?action=tasks.done&after={ids[69]}")
    assert "number119" in newest and "Previous page" not in newest


def test_it_is_narrowed(client: PageClient, officer: Staff, set_clock: SetClock) -> None:
    case = make_case()
    ref = case.ref
    other = make_staff(Role.ASSESSOR, name="Ass Essor")
    note("tasks.moved", by=other.id, case_id=case.id, kind="here")
    set_clock.advance(days=2)
    note("tasks.moved", by=officer.id, kind="elsewhere")
    client.sign_in(officer)

    def has(query: str) -> tuple[bool, bool]:
        page = client.page(f"/audit?{query}")
        return "kind: here" in page, "kind: elsewhere" in page

    assert has("") == (True, True)
    assert has("staff=ass+ess") == (True, False)
    assert has("staff=%25") == (False, False)
    assert has(f"case={ref}") == (True, False)
    assert has(f"case=https://example.nhs.uk/cases/{ref}/person") == (True, False)
    period = "first-day=20&first-month=11&first-year=2026"
    assert has(period) == (False, True)
    assert has(period.replace("first", "last").replace("=20&", "=18&")) == (True, False)
    answer = client.get("/audit?case=unknown")
    assert answer.status_code == 422 and "no case" in answer.get_data(as_text=True)


def test_looking_at_it_is_audited(client: PageClient, officer: Staff) -> None:
    client.sign_in(officer)
    client.page("/audit")
    client.get("/audit/export.csv")
    seen = db.session.scalars(
        select(AuditEvent).where(
            AuditEvent.actor_id == officer.id, AuditEvent.action == "page.viewed"
        )
    )
    assert {event.detail["page"] for event in seen} == {"audit.entries", "audit.export"}


def test_it_says_who_has_looked_at_a_case(client: PageClient, officer: Staff) -> None:
    case, reader = make_case(), make_staff(Role.ASSESSOR, name="Ass Essor")
    ref = case.ref
    with writing():
        access.grant(case.id, Purpose.CLINICAL, reader.principal_id, because="test", by=None)
    client.sign_in(officer)
    assert "Nobody has looked" in client.page(f"/audit/cases/{ref}")
    client.sign_in(reader)
    client.page(f"/cases/{ref}")
    client.sign_in(db.session.get_one(Staff, officer.id))
    page = client.page(f"/audit/cases/{ref}")
    assert "Ass Essor" in page and "Looked at: case page" in page and "Okafor" not in page
    assert client.get(f"/audit/cases/{uuid4()}").status_code == 404


def test_verifying_shows_an_anchor_and_is_audited(client: PageClient, officer: Staff) -> None:
    client.sign_in(officer)
    verdict = audit.verify()
    answer = client.post("/audit/verify", data={"submission_key": str(uuid4())})
    assert f"{verdict.rows}:{verdict.head}" in answer.get_data(as_text=True)
    assert "Audit verified (entries:" in client.page("/audit")
    assert audit.verify((verdict.rows, verdict.head)).ok


def test_verifying_names_the_first_bad_row(client: PageClient, officer: Staff) -> None:
    note("tasks.done", times=5)
    client.sign_in(officer)
    tamper(3)
    answer = client.post("/audit/verify", data={"submission_key": str(uuid4())})
    page = answer.get_data(as_text=True)
    assert "does not hold" in page and "From row 3" in page


def test_the_command_names_the_first_bad_row(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    note("tasks.done", times=5)
    for name in [name for name in os.environ if name.startswith("MHTR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MHTR_MODE", "test")
    monkeypatch.setenv("MHTR_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    assert cli.main(["verify-audit"]) == 0
    held = capsys.readouterr().out
    assert "The audit holds: 5 rows. Anchor 5:" in held
    anchor = held.rpartition("Anchor ")[2].strip()
    assert cli.main(["verify-audit", "--anchor", anchor]) == 0
    capsys.readouterr()
    tamper(3)
    assert cli.main(["verify-audit"]) == 1
    assert "from row 3: row 3 was changed" in capsys.readouterr().out


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_never_begins_a_formula(start: str) -> None:
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"
    assert safe_cell("plain") == "plain"
    file = to_csv([(1, "now", f"{start}SUM(A1)", "what", "", "")])
    assert next(iter(list(csv.reader(io.StringIO(file, newline="")))[1:]))[2][0] == "'"


def test_the_export_holds_what_was_asked_for(client: PageClient, officer: Staff) -> None:
    evil = make_staff(Role.ASSESSOR, name="=HYPERLINK(1)")
    note("tasks.moved", by=evil.id, kind="here")
    note("tasks.done", by=officer.id)
    client.sign_in(officer)
    answer = client.get("/audit/export.csv?action=tasks.moved")
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True))))
    assert len(rows) == 2 and rows[1][2] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("action", "detail", "expected"),
    [
        ("page.viewed", {"page": "people.details", "shown": {}}, "Looked at: details of a man"),
        (
            "cases.fact_added",
            {"kind": "report_released", "fact": 3},
            "Milestone recorded (kind: report released)",
        ),
        ("people.consent_given", {}, "Something an earlier version called people.consent_given"),
        (
            "accounts.staff_changed",
            {"fields": ["name", "job_title"]},
            "Account changed (what: name, job title)",
        ),
    ],
)
def test_words(action: str, detail: dict[str, object], expected: str) -> None:
    assert words(action, detail) == expected


def test_the_list_holds_on_either_engine(either_app: Flask, set_clock: SetClock) -> None:
    from mhtr.overview import audit_queries

    staff = make_staff(Role.ASSESSOR, name="Ass Essor")
    note("accounts.disabled", by=staff.id, staff=staff.id)
    set_clock.advance(days=1)
    note("accounts.enabled", by=staff.id, staff=staff.id)
    today = set_clock.now().date()
    asked = audit_queries.Asked(staff="ass", last=today - timedelta(days=1))
    found = [one.what for one in audit_queries.stretch(asked).entries]
    assert found == ["Account disabled (whom: Ass Essor)"]
    assert [action for action, _ in audit_queries.actions()] == [
        "accounts.disabled",
        "accounts.enabled",
    ]


def test_the_filter_offers_every_action_once_and_reads_no_more_than_that(app: Flask) -> None:
    for action in ("b.second", "a.first", "b.second", "c.third", "c.third"):
        note(action)
    with app.app_context():
        offered = [action for action, _ in actions()]
        every = db.session.scalars(select(AuditEvent.action).distinct()).all()
        assert sorted(offered) == sorted(every)
        assert len(offered) == len(set(offered))
        asked: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        actions()
        (statement,) = [one for one in asked if "audit_events" in one]
        plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all()
        steps = [row[3] for row in plan if "audit_events" in row[3]]
        assert steps and all("ix_audit_events_action_id" in step for step in steps)
        assert all(step.startswith("SEARCH") for step in steps)


def test_an_empty_audit_offers_nothing(app: Flask) -> None:
    with app.app_context():
        assert actions() == []
