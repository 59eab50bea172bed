"""What the database's own catalogue says of its CHECK constraints.

Alembic's comparison passes over them. PostgreSQL stores a check in its own words, so what the
models say is put into the same words: as checks of an empty temporary copy of the table.
"""

from sqlalchemy import CheckConstraint, Connection, MetaData, Table, inspect

Checks = dict[str, str]
"""What each check says, by its table and name."""

POSTGRES_CHECKS = """
SELECT conname, pg_get_constraintdef(oid) || CASE WHEN convalidated THEN '' ELSE ' unproven' END
FROM pg_constraint WHERE contype = 'c' AND conrelid = '{}'::regclass
"""
_COPY = "mhtr_as_the_models_say"


def check_drift(connection: Connection, metadata: MetaData) -> list[str]:
    """Checks that are missing, unknown, or say something else than the models."""
    known = set(inspect(connection).get_table_names())
    tables = [table for table in metadata.sorted_tables if table.name in known]
    postgresql = connection.dialect.name == "postgresql"
    held_of, wanted_of = (_stored, _restated) if postgresql else (_written, _declared)
    found = []
    for table in tables:
        held, wanted = held_of(connection, table), wanted_of(connection, table)
        names = sorted(held.keys() | wanted.keys())
        found += [f"check {name} differs" for name in names if held.get(name) != wanted.get(name)]
    return found


def one_line(text: str) -> str:
    """The same words with single spaces."""
    return " ".join(text.split())


def _declared(connection: Connection, table: Table) -> Checks:
    """What the models say, by the name the database knows it by."""
    name_of = connection.dialect.identifier_preparer.format_constraint
    return {
        str(name_of(check)): one_line(str(check.sqltext))
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }


def _written(connection: Connection, table: Table) -> Checks:
    """What SQLite keeps: the text as it was written."""
    return {
        str(check["name"]): one_line(check["sqltext"])
        for check in inspect(connection).get_check_constraints(table.name)
    }


def _stored(connection: Connection, table: Table | str) -> Checks:
    name = table if isinstance(table, str) else table.name
    rows = connection.exec_driver_sql(POSTGRES_CHECKS.format(name))
    return {row[0]: row[1] for row in rows}


def _restated(connection: Connection, table: Table) -> Checks:
    """What PostgreSQL makes of the models' words."""
    declared = _declared(connection, table)
    if not declared:
        return {}
    # A transaction of its own, never committed: others can only read.
    with connection.engine.connect() as copying:
        copying.exec_driver_sql("SET TRANSACTION READ WRITE")
        copying.exec_driver_sql(f"CREATE TEMP TABLE {_COPY} (LIKE {table.name})")
        for name, words in declared.items():
            copying.exec_driver_sql(f"ALTER TABLE {_COPY} ADD CONSTRAINT {name} CHECK ({words})")
        return _stored(copying, _COPY)
