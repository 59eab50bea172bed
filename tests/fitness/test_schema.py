"""The schema: migrations are linear, go up, down and up, and agree with models and guards."""

import datetime
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Table,
    Time,
    Uuid,
    text,
)
from sqlalchemy import inspect as inspect_database
from sqlalchemy.types import JSON

from mhtr import tables
from mhtr.core import guards, schema
from mhtr.core.database import Base, db
from mhtr.core.transaction import writing


def revisions() -> list[Any]:
    return list(ScriptDirectory.from_config(schema.alembic_config()).walk_revisions())


def test_migrations_are_numbered_and_linear() -> None:
    numbers = [revision.revision for revision in reversed(revisions())]
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]
    assert len(ScriptDirectory.from_config(schema.alembic_config()).get_heads()) == 1


def test_models_guards_and_migrated_database_agree(either_app: Flask) -> None:
    assert schema.drift() == []


def test_every_module_with_tables_is_known() -> None:
    owners = {
        mapper.class_.__module__
        for mapper in Base.registry.mappers
        if not mapper.class_.__module__.startswith("tests")
    }
    assert owners <= set(tables.MODULES)


def test_every_constraint_and_index_has_a_name() -> None:
    for table in Base.metadata.sorted_tables:
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"
        for index in table.indexes:
            assert index.name


def test_a_missing_guard_is_noticed(either_app: Flask) -> None:
    with writing():
        on = " ON audit_events" if db.engine.dialect.name == "postgresql" else ""
        db.session.execute(text(f"DROP TRIGGER guard_audit_events_update{on}"))
    assert schema.drift() == ["guard guard_audit_events_update differs"]


def altered(statement: str) -> list[str]:
    with writing():
        db.session.execute(text(statement))
    return schema.drift()


def test_a_guard_that_does_nothing_is_noticed(either_app: Flask) -> None:
    if db.engine.dialect.name == "postgresql":
        body = "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS"
        idle = "$$ BEGIN RETURN NEW; END $$"
        statement = f"{body.format(guards.FUNCTION)} {idle}"
        assert altered(statement) == [f"guard {guards.FUNCTION} differs"]
        return
    altered("DROP TRIGGER guard_audit_events_update")
    idle = (
        "CREATE TRIGGER guard_audit_events_update BEFORE UPDATE ON audit_events BEGIN SELECT 1; END"
    )
    assert altered(idle) == ["guard guard_audit_events_update differs"]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE audit_events DISABLE TRIGGER guard_audit_events_update",
        "ALTER TABLE audit_events ENABLE REPLICA TRIGGER guard_audit_events_update",
        "CREATE OR REPLACE TRIGGER guard_audit_events_update BEFORE UPDATE ON audit_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION mhtr_refuse_change()",
        "CREATE OR REPLACE TRIGGER guard_audit_events_update AFTER UPDATE ON audit_events "
        "FOR EACH ROW EXECUTE FUNCTION mhtr_refuse_change()",
        "CREATE OR REPLACE TRIGGER guard_audit_events_update BEFORE UPDATE ON audit_events "
        "FOR EACH ROW WHEN (OLD.id < 0) EXECUTE FUNCTION mhtr_refuse_change()",
    ],
)
@pytest.mark.parametrize("either_app", ["postgresql"], indirect=True)
def test_a_guard_that_is_disarmed_is_noticed(either_app: Flask, statement: str) -> None:
    assert altered(statement) == ["guard guard_audit_events_update differs"]


CHECK = "ck_tasks_risk_needs_outcome"
LAXER = "NOT (kind = 'risk_review' AND state = 'done' AND outcome = 'x')"


def rewritten(path: str, instead: str | None) -> None:
    """SQLite has no statement for it: the line goes from the catalogue itself."""
    db.session.remove()
    db.engine.dispose()
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        [(held,)] = file.execute("SELECT sql FROM sqlite_master WHERE name = 'tasks'")
        lines = held.splitlines()
        [place] = [number for number, line in enumerate(lines) if CHECK in line]
        lines[place] = f"\tCONSTRAINT {CHECK} CHECK ({instead}), " if instead else ""
        file.execute("PRAGMA writable_schema = ON")
        change = "UPDATE sqlite_master SET sql = ? WHERE name = 'tasks'"
        file.execute(change, ("\n".join(lines),))


@pytest.mark.parametrize("instead", [None, LAXER])
def test_a_check_dropped_or_altered_is_noticed(either_app: Flask, instead: str | None) -> None:
    if db.engine.dialect.name == "postgresql":
        altered(f"ALTER TABLE tasks DROP CONSTRAINT {CHECK}")
        if instead:
            altered(f"ALTER TABLE tasks ADD CONSTRAINT {CHECK} CHECK ({instead})")
    else:
        rewritten(str(db.engine.url.database), instead)
    assert schema.drift() == [f"check {CHECK} differs"]


def test_append_only_tables_exist_and_refuse(either_app: Flask) -> None:
    with db.engine.connect() as connection:
        known = set(inspect_database(connection).get_table_names())
        installed = guards.installed(connection)
    assert set(guards.APPEND_ONLY) <= known
    assert installed == guards.wanted(db.engine.dialect.name)


def test_up_down_up_with_data_in_every_table(either_app: Flask) -> None:
    with writing():
        fill()
    before = counted()
    db.session.remove()  # an open transaction would keep the tables locked
    assert set(before.values()) == {1}
    for revision in revisions():
        schema.downgrade(revision.down_revision or "base")
    with db.engine.connect() as connection:
        assert set(inspect_database(connection).get_table_names()) <= {"alembic_version"}
    schema.upgrade()
    assert schema.drift() == []


def fill() -> None:
    """One row in every table, with every foreign key pointing at row 1."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    else:
        connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")
        connection.exec_driver_sql("SET session_replication_role = replica")
    for table in Base.metadata.sorted_tables:
        connection.execute(table.insert().values(dict(row_of(table))))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET session_replication_role = DEFAULT")


LATER = datetime.datetime(2026, 1, 1, 1, tzinfo=datetime.UTC)
OVERRIDES = {
    ("staff", "hcpc_number"): None,
    ("staff", "hcpc_checked_on"): None,
    ("tasks", "state"): "open",
    ("sessions_finished", "why"): None,
    ("further_treatment", "answer"): "reported",
    ("review_meetings", "state"): "held",
    ("review_meetings", "why_not"): None,
    ("review_choices", "party"): "him",
    ("later_plans", "stance"): "dissents",
    ("letter_copies", "exception_why"): None,
    ("letter_copies", "approver_id"): None,
    ("tasks", "finished_at"): None,
    ("measure_occasions", "typed_total"): None,
    ("measure_changes", "contact_id"): None,
    ("role_requests", "outcome"): "turned_down",
    ("identity_proposals", "link_id"): None,
    ("identity_proposals", "outcome"): "turned_down",
    ("demographics", "answered"): "given",
    ("service_hours", "opens"): datetime.time(9),
    ("service_hours", "closes"): datetime.time(17),
    ("site_hours", "closes"): datetime.time(17),
    ("weekly_hours", "ends"): datetime.time(17),
    ("dated_hours", "ends"): datetime.time(17),
    ("times_he_cannot", "ends"): datetime.time(17),
    ("agreed_adjustments", "made"): {"times": [1]},
    ("how_he_can_come", "in_person"): True,
    ("pathway_sessions", "minutes"): 50,
    ("course_sessions", "minutes"): 50,
    ("treatment_sessions", "ends_at"): LATER,
    ("treatment_sessions", "closed_at"): None,
    ("treatment_sessions", "closed_by"): None,
    ("treatment_sessions", "side"): None,
    ("therapist_changes", "state"): "lapsed",
    ("therapist_answers", "absence"): None,
    ("therapist_answers", "both_roles"): False,
    ("session_places", "closed_at"): None,
    ("session_places", "closed_by"): None,
    ("session_places", "side"): None,
    ("taken_times", "ends_at"): LATER,
    ("calendar_feeds", "case_id"): None,
    ("attendance", "minutes_late"): None,
    ("absence_decisions", "until"): None,
    ("agreement_answers", "change_id"): 1,
    ("agreement_answers", "proposed_by_id"): 1,
    ("agreement_answers", "proposed_side"): "trust",
    ("agreement_answers", "answer"): "taken_back",
    ("reading_answers", "change_id"): 1,
    ("reading_answers", "proposed_by_id"): 1,
    ("reading_answers", "answer"): "taken_back",
    ("compliance_releases", "number"): 2,
    ("compliance_releases", "to_unit_id"): None,
    ("incident_versions", "number"): 2,
    ("incident_versions", "candour"): "done",
    ("incident_steps", "kind"): "reopened",
    ("safeguarding_versions", "number"): 2,
    ("safeguarding_versions", "agreed"): "no",
    ("safeguarding_versions", "knows"): "not_told",
    ("risk_statements", "approver_id"): None,
    ("risk_statements", "why"): None,
    ("risk_statements", "basis"): "consent",
    ("risk_statements", "told_him"): "told",
    ("risk_statements", "not_told_why"): None,
    ("risk_statement_steps", "kind"): "withdrawn",
    ("compliance_schedules", "number"): 1,
    ("probation_words", "weekday"): None,
    ("probation_words", "starts"): None,
    ("probation_words", "ends"): None,
    ("probation_word_steps", "what"): "",
    ("absence_explanations", "paper"): "fit_note",
    ("session_notices", "starts_at"): LATER,
    ("session_notes", "signed_off_at"): None,
    ("session_notes", "signed_off_by"): None,
    ("session_notes", "returned_words"): None,
    ("session_notes", "returned_by"): None,
}


def row_of(table: Table) -> Iterator[tuple[str, Any]]:
    for column in table.columns:
        if (table.name, column.name) in OVERRIDES:
            yield column.name, OVERRIDES[table.name, column.name]
        elif column.primary_key or column.foreign_keys:
            yield column.name, 1
        else:
            yield column.name, value_of(column.type)


def value_of(kind: Any) -> Any:
    inner = getattr(kind, "impl_instance", kind)
    if hasattr(kind, "label") and isinstance(inner, LargeBinary):
        return {} if "Json" in type(kind).__name__ else "text"
    if isinstance(kind, Enum):
        return list(kind.enum_class)[0] if kind.enum_class else kind.enums[0]
    for family, value in (
        (Boolean, False),
        (Integer, 1),
        (Float, 1.0),
        (DateTime, datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)),
        (Date, datetime.date(2026, 1, 1)),
        (Time, datetime.time(9)),
        (Uuid, uuid.uuid4()),
        (LargeBinary, b"x"),
        (JSON, {}),
    ):
        if isinstance(inner, family):
            return value
    return "x"


def counted() -> dict[str, int]:
    return {
        table.name: db.session.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one()
        for table in Base.metadata.sorted_tables
    }


@pytest.mark.parametrize("table", ["audit_events", "case_facts"])
def test_the_tables_that_carry_legal_weight_are_append_only(table: str) -> None:
    assert table in guards.APPEND_ONLY
