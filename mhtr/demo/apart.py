"""Part of the programme, played beside the rest in a database of its own and then brought in.

Playing is work of the processor, so two processes make it in half the time where there are two.
Both begin with the same people and places. What is added in the second database is numbered from
`FROM` on, so that its rows can be added to those of the first as they are.
"""

import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Table, event
from sqlalchemy.orm import Mapper

from mhtr.core.database import db

FROM = 2_500_000
"""Above every number that copies of men give (`year`, `rows`)."""
NO_NUMBERS = frozenset({"alembic_version", "job_runs", "job_leases"})
"""Tables whose rows belong to the program; they are the same in both."""

P = ParamSpec("P")
Found = TypeVar("Found")


class Torn(RuntimeError):
    """Both parts changed the same row, or one gave a number that is not its own."""


@contextmanager
def beside(
    forks: bool, play: Callable[P, Found], *args: P.args, **kwargs: P.kwargs
) -> Iterator[Callable[[], Found]]:
    """Play beside what is done in the block; the block is given a function that waits for it.

    Args:
        forks: in a process of its own, which inherits no thread: only where there are none. Else
            it is played when it is waited for.
    """
    if not forks:
        yield lambda: play(*args, **kwargs)
        return
    db.session.remove()
    db.engine.dispose()  # a connection may not be used, nor closed, by two processes
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as process:
        yield process.submit(play, *args, **kwargs).result


def copy_of(database: Path, name: str) -> Path:
    """A copy of a database that nobody writes to, beside it."""
    copy = database.with_name(f"{database.name}-{name}")
    with closing(sqlite3.connect(database)) as there, closing(sqlite3.connect(copy)) as made:
        there.backup(made)
    return copy


@contextmanager
def numbered() -> Iterator[None]:
    """Number new rows from `FROM` on: the first of a table is told, those after it follow."""
    begun: set[str] = set()

    def number(mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
        of = mapper.local_table
        if isinstance(of, Table) and of.name not in begun and "id" in of.columns:
            begun.add(of.name)
            row.id = FROM

    event.listen(Mapper, "before_insert", number)
    try:
        yield
    finally:
        event.remove(Mapper, "before_insert", number)


def bring_in(database: Path, other: Path, base: Path) -> None:
    """Add to a database what was added or changed in another; both began as `base`.

    Raises:
        Torn: the two do not fit together.
    """
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("ATTACH ? AS other", (str(other),))
        connection.execute("ATTACH ? AS base", (str(base),))
        connection.execute("BEGIN IMMEDIATE")
        pointed_at = {
            key.column.table.name
            for table in db.metadata.tables.values()
            for key in table.foreign_keys
        }
        for table in db.metadata.sorted_tables:
            if "id" in table.columns:
                _bring_in(connection, table.name, free=table.name not in pointed_at)
            elif table.name not in NO_NUMBERS:
                _bring_pairs(connection, table.name)
        if connection.execute("PRAGMA foreign_key_check").fetchall():
            raise Torn("a row points to one that is not there")
        connection.execute("COMMIT")
    for file in (other, base):
        for part in file.parent.glob(f"{file.name}*"):
            part.unlink()


def _bring_in(connection: sqlite3.Connection, name: str, *, free: bool) -> None:
    """One table: its new rows, and those that the other part changed."""
    columns = [f'"{row[1]}"' for row in connection.execute(f'PRAGMA base.table_info("{name}")')]
    (last,) = connection.execute(f'SELECT coalesce(max(id), 0) FROM base."{name}"').fetchone()  # noqa: S608  (names of our tables)
    changed = f'SELECT * FROM other."{name}" WHERE id <= {last} EXCEPT SELECT * FROM base."{name}"'  # noqa: S608
    mine = f'SELECT * FROM main."{name}" WHERE id <= {last} EXCEPT SELECT * FROM base."{name}"'  # noqa: S608
    ids = {row[0] for row in connection.execute(f"SELECT id FROM ({changed})")}  # noqa: S608
    if ids & {row[0] for row in connection.execute(f"SELECT id FROM ({mine})")}:  # noqa: S608
        raise Torn(f"both parts changed a row of {name}")
    connection.execute(f'REPLACE INTO main."{name}" SELECT * FROM ({changed})')  # noqa: S608
    said, between = ", ".join(columns), f"id > {last} AND id < {FROM}"
    low = connection.execute(f'SELECT count(*) FROM other."{name}" WHERE {between}').fetchone()[0]  # noqa: S608
    if low and not free:
        raise Torn(f"{name} has numbers that are not its own")
    rest = ", ".join(column for column in columns if column != '"id"')
    connection.execute(
        f'INSERT INTO main."{name}" ({said}) SELECT {said} FROM other."{name}" WHERE id >= {FROM}'  # noqa: S608
    )
    connection.execute(
        f'INSERT INTO main."{name}" ({rest}) SELECT {rest} FROM other."{name}" WHERE {between}'  # noqa: S608
    )


def _bring_pairs(connection: sqlite3.Connection, name: str) -> None:
    """A table whose rows only say that two belong together."""
    gone = f'SELECT * FROM base."{name}" EXCEPT SELECT * FROM other."{name}"'  # noqa: S608
    if connection.execute(gone).fetchone():
        raise Torn(f"a row of {name} was changed or taken away")
    new = f'SELECT * FROM other."{name}" EXCEPT SELECT * FROM base."{name}"'  # noqa: S608
    connection.execute(f'INSERT INTO main."{name}" {new}')
