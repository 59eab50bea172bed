"""Alembic's entry: numbered, linear migrations on SQLite and PostgreSQL.

Batch migrations on SQLite drop and recreate tables. With foreign keys on, that would delete
every child row; so they go off before BEGIN, and `foreign_key_check` must be empty before the
commit. Guards (triggers) are removed first and installed again at the end.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from mhtr import tables
from mhtr.core import guards
from mhtr.core.database import WRITE_OPTION, db, sqlite_of


class BrokenReferences(Exception):
    """A migration left rows that point nowhere. Nothing was committed."""


tables.load()


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="database.",
        render_item=_render,
    )
    guards.remove(connection)
    with context.begin_transaction():
        context.run_migrations()
    guards.install(connection)


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Custom column types are written as what the database stores."""
    if kind == "type":
        name = type(item).__name__
        if name == "UtcDateTime":
            return "sa.DateTime(timezone=True)"
        if name in ("EncryptedText", "EncryptedJson"):
            return "sa.LargeBinary()"
        if name == "Enum":
            return f"sa.String(length={getattr(item, 'length', 60)})"
    return False


def run() -> None:
    """Bring the database of the app to the wanted version in one transaction."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect() as connection:
        if sqlite:
            sqlite_of(connection.connection.dbapi_connection).setting("foreign_keys=OFF")
        try:
            writer = connection.execution_options(**{WRITE_OPTION: True})
            with writer.begin():
                _migrate(writer)
                if sqlite and writer.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise BrokenReferences("a migration left rows that point nowhere")
        finally:
            if sqlite:
                sqlite_of(connection.connection.dbapi_connection).setting("foreign_keys=ON")


run()
