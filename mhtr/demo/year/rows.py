"""Rows that are written all at once at the end, with the keys they will have.

A row can be changed for as long as it waits. Everything that the database itself refuses (keys,
checks, times taken twice) it refuses here too.
"""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import Table, Uuid, bindparam, func, insert, select, update

from mhtr.core.database import Model, db
from mhtr.core.transaction import must_be_writing

Row = dict[str, Any]
DROPPED = ""


class Rows:
    """Rows by table, waiting to be written."""

    def __init__(self, chance: Random, copies: int) -> None:
        self.chance, self._copies = chance, copies
        self.audit: list[Row] = []
        """What the audit will say of them, in the order in which it was done."""
        self._waiting: dict[Table, list[Row]] = {}
        self._blank: dict[Table, Callable[[], Row]] = {}
        self._last: dict[Table, int] = {}
        self._changed: dict[Table, list[Row]] = {}

    def add(self, model: type[Model], **values: Any) -> Row:
        """A row of a table, its other columns as the table has them for a row that says nothing."""
        table: Table = model.__table__  # type: ignore[assignment]  # a class of one table
        if table not in self._blank:
            self._blank[table] = _blank(table, self.ref)
            highest = db.session.scalar(select(func.max(table.c.id))) or 0
            self._last[table] = highest * (self._copies + 1)
            self._waiting[table] = []
        self._last[table] += 1
        row = self._blank[table]() | values | {"id": self._last[table]}
        self._waiting[table].append(row)
        return row

    def drop(self, unwanted: Iterable[Row]) -> None:
        """Take back waiting rows, as a service deletes them."""
        for row in unwanted:
            row[DROPPED] = True

    def change(self, model: type[Model], key: int, **values: Any) -> None:
        """A row that is in the database already is changed. Always the same columns of a table."""
        table: Table = model.__table__  # type: ignore[assignment]
        self._changed.setdefault(table, []).append({"of": key, **values})

    def note(
        self, at: datetime, action: str, *, by: int | None, case_id: int | None, **detail: Any
    ) -> None:
        """What the audit says."""
        self.audit.append(
            {"at": at, "actor_id": by, "action": action, "case_id": case_id, "detail": detail}
        )

    def ref(self) -> uuid.UUID:
        """A reference that nobody else has."""
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def write(self) -> None:
        """Write everything, inside a write transaction."""
        must_be_writing()
        for table in db.metadata.sorted_tables:
            rows = [row for row in self._waiting.pop(table, ()) if not row.pop(DROPPED, False)]
            if rows:
                db.session.execute(insert(table), rows)
        for table, rows in self._changed.items():
            columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "of"}
            query = update(table).where(table.c.id == bindparam("of")).values(columns)
            db.session.connection().execute(query, rows)
        self._changed.clear()
        db.session.expire_all()


def _blank(table: Table, ref: Callable[[], uuid.UUID]) -> Callable[[], Row]:
    """A function that makes a row of a table with its defaults."""
    plain: Row = {}
    references = []
    for column in table.columns:
        default: Any = column.default
        plain[column.name] = default.arg if default is not None and default.is_scalar else None
        if isinstance(column.type, Uuid) and default is not None and default.is_callable:
            references.append(column.name)

    def blank() -> Row:
        return plain | {name: ref() for name in references}

    return blank
