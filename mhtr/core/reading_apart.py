"""A connection to an SQLite file that reads through one that can do nothing else.

To forbid writing (`PRAGMA query_only`) makes SQLite forget every statement it has understood, as
does to allow it again. A page reads, then its reading is written down: done on one connection, each
of its statements was worked out anew at every request, which took longer than asking it.
"""

import sqlite3
from typing import Any

STATEMENTS = 500
"""How many statements each connection keeps understood; the driver's own number is 128."""


class ReadsApart(sqlite3.Connection):
    """Writes through itself, where that was said before; all else goes through a second connection
    to the same file, which is read-only for as long as it is open.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._given = given, {**named, "factory": sqlite3.Connection}
        self._reader: sqlite3.Connection | None = None
        self._writes = False

    def setting(self, pragma: str) -> None:
        """Set something for writing, such as `foreign_keys=ON`; not while a transaction runs."""
        super().cursor().execute(f"PRAGMA {pragma}")

    def begins(self, *, writes: bool) -> None:
        """Say before a transaction begins what it is for; it holds until the transaction ends."""
        self._writes = writes

    def cursor(self, *given: Any, **named: Any) -> Any:
        """A cursor of the transaction that runs, or is about to."""
        return super().cursor(*given, **named) if self._writes else self._read().cursor()

    def commit(self) -> None:
        """End the transaction that runs."""
        if self._writes:
            super().commit()
        elif self._reader is not None:
            self._reader.commit()
        self._writes = False

    def rollback(self) -> None:
        """Undo the transaction that runs."""
        if self._writes:
            super().rollback()
        elif self._reader is not None:
            self._reader.rollback()
        self._writes = False

    def close(self) -> None:
        """Close both."""
        if self._reader is not None:
            self._reader.close()
        super().close()

    def _read(self) -> sqlite3.Connection:
        if self._reader is None:
            given, named = self._given
            self._reader = sqlite3.connect(*given, **named)
            self._reader.isolation_level = None
            for pragma in ("query_only=ON", "busy_timeout=10000", "cache_size=-32000"):
                self._reader.execute(f"PRAGMA {pragma}")
        return self._reader
