"""The database: base model, column types, and transactions that are read-only unless asked.

Every transaction is read-only by the database's own enforcement (SQLite: a connection with
`query_only`; PostgreSQL `READ ONLY`) unless it was begun by `mhtr.core.transaction.writing`.
"""

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    String,
    Uuid,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from mhtr.core import clock
from mhtr.core.name_order import LONGEST
from mhtr.core.reading_apart import STATEMENTS, ReadsApart

WRITE_OPTION = "mhtr_write"
HELD = "purposes held"
"""In the session's `info`: the purposes read with a case. Forgotten when a write begins."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and returned aware. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _values(enum: Any) -> list[str]:
    return [member.value for member in enum]


class Base(DeclarativeBase):
    """Base of every table: named constraints, UTC moments, enums stored by value."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime(),
            StrEnum: Enum(StrEnum, native_enum=False, length=60, values_callable=_values),
            str: String(),
            uuid.UUID: Uuid(),
        },
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

Id = Annotated[int, mapped_column(primary_key=True)]
"""An integer key, never shown outside."""

SortName = Annotated[
    str,
    mapped_column(
        String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql"),
        server_default="",
    ),
]
"""Where a row stands in lists by name (`name_order`): every database orders it alike."""


class HasRef:
    """A public identifier for URLs: random, so that nothing can be guessed from it."""

    ref: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4, unique=True)


class HasCreated:
    """When the row was made."""

    created_at: Mapped[datetime] = mapped_column(default=clock.now)


def init_database(app: Flask, url: str) -> None:
    """Connect the app to the database at `url` and install the transaction rules."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # What a statement was given is what people typed: no error, hence no log, repeats it.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True} | (
        {"connect_args": {"factory": ReadsApart, "cached_statements": STATEMENTS}}
        if url.startswith("sqlite")
        else {"pool_pre_ping": True, "pool_size": 8}
    )
    db.init_app(app)
    with app.app_context():
        install_transaction_rules(db.engine)


def install_transaction_rules(engine: Engine) -> None:
    """Make every transaction of this engine read-only unless marked for writing."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    driver = sqlite_of(connection)
    driver.isolation_level = None  # the driver must not begin transactions by itself
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "cache_size=-32000",
    ):
        driver.setting(pragma)


def sqlite_of(connection: object) -> ReadsApart:
    """The driver's connection to SQLite.

    Raises:
        TypeError: it is to another kind of database, or was opened in another way.
    """
    if not isinstance(connection, ReadsApart):
        raise TypeError("not a connection to SQLite that reads apart")
    return connection


def _wants_write(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(WRITE_OPTION))


def _begin_sqlite(connection: Connection) -> None:
    writes = _wants_write(connection)
    sqlite_of(connection.connection.dbapi_connection).begins(writes=writes)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if not _wants_write(connection):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
