"""Triggers the migrations cannot express: declared here once, installed after every migration.

SQLite's batch migrations drop and recreate tables, which loses triggers; so they are dropped
and installed again each time, and the check of the schema compares them with the catalogue, word
for word.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

APPEND_ONLY = (
    "audit_events",
    "case_facts",
    "policy_settings",
    "consent_events",
    "case_consents",
    "told_events",
    "report_readings",
    "report_releases",
    "countersign_decisions",
    "date_answers",
    "ready_from",
    "release_warnings_seen",
    "release_later_readers",
    "urgent_handovers",
    "answer_corrections",
    "measure_changes",
    "order_terms",
    "order_periods",
    "induction_steps",
    "attendance",
    "contact_attempts",
    "absence_decisions",
    "reading_changes",
    "reading_answers",
    "incidents",
    "incident_versions",
    "incident_steps",
    "safeguarding_referrals",
    "safeguarding_versions",
    "safeguarding_steps",
    "agreement_changes",
    "agreement_answers",
    "referral_papers",
    "compliance_releases",
    "compliance_release_men",
    "probation_words",
    "probation_word_steps",
    "risk_statements",
    "risk_statement_steps",
    "pathway_sessions",
    "pathway_revisions",
    "course_changes",
    "therapist_answers",
    "session_note_versions",
    "session_note_addenda",
    "sessions_finished",
    "further_treatment",
    "treatment_report_versions",
    "review_meetings",
    "review_items",
    "review_choices",
    "review_sheets",
    "review_signatures",
    "later_plans",
    "letter_versions",
)
"""Tables whose rows are never changed or deleted."""


@dataclass(frozen=True)
class Guard:
    """One trigger, with its definition for each engine."""

    name: str
    table: str
    sqlite: str
    postgresql: str
    """Empty where PostgreSQL needs no trigger for it."""


FUNCTION = "mhtr_refuse_change"
_BODY = " BEGIN RAISE EXCEPTION 'append_only: %', TG_TABLE_NAME; END "
POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$
"""


NO_OVERLAP = "guard_taken_times_no_overlap"
_OVERLAPS = """
WHEN NEW.ends_at > datetime(NEW.starts_at, '+1 day') OR EXISTS (
    SELECT 1 FROM taken_times
    WHERE lane = NEW.lane AND id IS NOT NEW.id AND ends_at > NEW.starts_at
    AND starts_at < NEW.ends_at AND starts_at > datetime(NEW.starts_at, '-1 day')
) BEGIN SELECT RAISE(ABORT, 'double_booking'); END"""
"""No stretch is longer than a day, so that one lookup by index finds all that may overlap."""


def no_overlap() -> tuple[Guard, ...]:
    """Guards that refuse a stretch of time that overlaps another of the same lane.

    PostgreSQL has a constraint for it, which holds between transactions that do not see each
    other. SQLite has one writer at a time, so a trigger that looks is enough.
    """
    names = {verb: f"{NO_OVERLAP}_{verb.lower()}" for verb in ("INSERT", "UPDATE")}
    return tuple(
        Guard(
            name,
            "taken_times",
            f"CREATE TRIGGER {name} BEFORE {verb} ON taken_times {_OVERLAPS}",
            "",
        )
        for verb, name in names.items()
    )


EXCLUSION = (
    "EXCLUDE USING gist (int8range(lane, lane, '[]'::text) WITH &&, "
    "tstzrange(starts_at, ends_at, '[)'::text) WITH &&)"
)
"""In PostgreSQL's own words, as its catalogue repeats them."""


def append_only(table: str) -> tuple[Guard, ...]:
    """Guards that refuse UPDATE and DELETE on a table."""
    made = []
    for verb in ("UPDATE", "DELETE"):
        name = f"guard_{table}_{verb.lower()}"
        made.append(
            Guard(
                name,
                table,
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'append_only: {table}'); END",
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()",
            )
        )
    return tuple(made)


def declared() -> tuple[Guard, ...]:
    """Every trigger of the schema."""
    return (*(guard for table in APPEND_ONLY for guard in append_only(table)), *no_overlap())


def install(connection: Connection) -> None:
    """Drop and create every guard whose table exists."""
    dialect = connection.dialect.name
    tables = _tables(connection)
    if dialect == "postgresql":
        connection.execute(text(POSTGRES_FUNCTION))
        if "taken_times" in tables and NO_OVERLAP not in installed(connection):
            # Migrations leave it where it is: to make it anew would read every booking.
            connection.exec_driver_sql(
                f"ALTER TABLE taken_times ADD CONSTRAINT {NO_OVERLAP} {EXCLUSION}"
            )
    for guard in declared():
        definition = guard.postgresql if dialect == "postgresql" else guard.sqlite
        if guard.table not in tables or not definition:
            continue
        on = f" ON {guard.table}" if dialect == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.name}{on}")
        connection.exec_driver_sql(definition)


def remove(connection: Connection) -> None:
    """Drop every guard (a migration does this before it rebuilds tables)."""
    tables = _tables(connection)
    for guard in declared():
        if guard.table in tables:
            on = f" ON {guard.table}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.name}{on}")


def wanted(dialect: str) -> dict[str, str]:
    """What the catalogue says once every guard is installed: definitions by name."""
    if dialect == "sqlite":
        return {guard.name: guard.sqlite for guard in declared()}
    triggers = {guard.name: guard.postgresql for guard in declared() if guard.postgresql}
    return {FUNCTION: _BODY, NO_OVERLAP: EXCLUSION, **triggers}


def installed(connection: Connection) -> dict[str, str]:
    """What the catalogue says: the definition of every trigger, and of what it calls, by name."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = f"""
            SELECT tgname, CASE WHEN tgenabled = 'O' THEN pg_get_triggerdef(t.oid, true)
                                ELSE 'does not fire' END
            FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
            WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace
            UNION ALL SELECT proname, prosrc FROM pg_proc
            WHERE proname = '{FUNCTION}' AND pronamespace = current_schema()::regnamespace
            UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE contype = 'x' AND connamespace = current_schema()::regnamespace
        """  # noqa: S608 (only names of this module)
    return {row[0]: row[1] for row in connection.exec_driver_sql(query)}


def _tables(connection: Connection) -> frozenset[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    return frozenset(row[0] for row in connection.exec_driver_sql(query))
