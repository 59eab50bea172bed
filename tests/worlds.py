"""Worlds that many tests begin in: made once in a process, afterwards put back as they were.

A maker marked `@world` runs through the services the first time, on PostgreSQL the first two.
From then on, where it is asked for again in the same place (the same database as yet untouched, or
changed only by the same makers with the same arguments, at the same moment), its rows are copied
back, in a tenth of the time. Everything else runs it as if there were no mark.
"""

import io
import pickle
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from sqlalchemy import Engine, event, inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from mhtr.core import clock
from mhtr.core.database import db

P = ParamSpec("P")
T = TypeVar("T")

Path = tuple[Hashable, ...]

KEPT_FROM = {"sqlite": 1, "postgresql": 2}
"""The how manieth time a world is kept for the next."""


class Copies(Protocol):
    """The databases of this process, which can be kept and put back."""

    def keep(self, engine: str) -> object:
        """Everything in the database of this engine."""

    def put_back(self, engine: str, kept: object) -> None:
        """The database holds exactly this again."""


@dataclass
class _Kept:
    rows: object
    result: bytes


class _Here:
    """Where the running test is: which makers, and nothing else, have written so far."""

    copies: Copies | None = None
    off = False
    path: Path | None = None
    commits = 0
    seen_at = 0

    def stands(self) -> bool:
        return self.copies is not None and self.path is not None and self.commits == self.seen_at

    def is_at(self, path: Path | None) -> None:
        self.path, self.seen_at = path, self.commits


_here = _Here()
_kept: dict[Path, _Kept] = {}
_asked: Counter[Path] = Counter()


@event.listens_for(Engine, "commit")
def _written(_connection: object) -> None:
    _here.commits += 1


def begins(copies: Copies, engine: str) -> None:
    """A test begins in a database of this engine as if just migrated."""
    _here.copies = None if _here.off else copies
    _here.is_at((engine,))


def switched_off() -> None:
    """The test that begins changes the program, and what makers do with it."""
    _here.off, _here.copies = True, None


def ends() -> None:
    """The next test gets no world before its database."""
    _here.off, _here.copies = False, None


def world(make: Callable[P, T]) -> Callable[P, T]:
    """Mark a maker: its result holds rows, and values that can be pickled; it changes no argument.

    A constructor may be marked too: what it has set is its result.
    """
    sets = make.__name__ == "__init__"

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        path = _here.path
        if not _here.stands() or path is None:
            return make(*args, **kwargs)
        try:
            given = _packed((type(args[0]), args[1:], kwargs) if sets else (args, kwargs))
        except (pickle.PicklingError, TypeError, AttributeError):
            return make(*args, **kwargs)
        moment = clock.now()
        key = (*path, make.__qualname__, make.__module__, given, moment)
        if key in _kept:
            result: Any = _put_back(key)
        else:
            result = make(*args, **kwargs)
            _keep(key, vars(args[0]) if sets else result, moment)
        if sets and result is not None:
            vars(args[0]).update(result)
            return None  # type: ignore[return-value]
        return result  # type: ignore[no-any-return]

    return made


def _keep(key: Path, result: object, moment: datetime) -> None:
    """Keep what was made, as soon as that is worth it."""
    _here.is_at(key if clock.now() == moment else None)
    _asked[key] += 1
    if _asked[key] < KEPT_FROM[str(key[0])] or not _here.stands():
        return
    try:
        packed = _packed(result)
    except (pickle.PicklingError, TypeError, AttributeError):
        return
    assert _here.copies
    _kept[key] = _Kept(_here.copies.keep(str(key[0])), packed)


def _put_back(key: Path) -> object:
    kept = _kept[key]
    assert _here.copies
    db.session.rollback()
    _here.copies.put_back(str(key[0]), kept.rows)
    db.session.expire_all()
    _here.is_at(key)
    return _Rows(io.BytesIO(kept.result)).load()


def _packed(value: object) -> bytes:
    packed = io.BytesIO()
    _ByKey(packed, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return packed.getvalue()


class _ByKey(pickle.Pickler):
    """Rows by their table and key."""

    def persistent_id(self, obj: object) -> tuple[type, tuple[Any, ...]] | None:
        if not isinstance(obj, db.Model):
            return None
        identity = inspect(obj).identity
        if identity is None:
            raise pickle.PicklingError("a row that is not saved")
        return type(obj), identity


class _Rows(pickle.Unpickler):
    """Each row as it is after a commit: known to the session by its key, read when it is used."""

    def persistent_load(self, pid: Any) -> Any:
        table, identity = pid
        there = db.session.identity_map.get(identity_key(table, identity))
        if there is not None:
            return there
        mapper = inspect(table)
        row = mapper.class_manager.new_instance()
        for column, value in zip(mapper.primary_key, identity, strict=True):
            set_committed_value(row, mapper.get_property_by_column(column).key, value)
        make_transient_to_detached(row)
        db.session.add(row)
        return row
