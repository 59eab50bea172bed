"""Statements that are put together, compiled and understood once, and asked for ever after.

Of a statement that the session is given, SQLAlchemy looks up the text at every asking, writes its
lists of values out anew and takes what is found through the layers that load objects. For a list of
columns that is two thirds of the time. A `Prepared` keeps all of it but the values.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Connection, Dialect, Select
from sqlalchemy.types import TypeEngine

from mhtr.core.database import db

_Processor = Callable[[Any], Any] | None


_Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]


class NotPrepared(TypeError):
    """A statement that can only be asked through the session: it loads objects, or its text
    depends on the values it is given.
    """


class Prepared:
    """A select of columns, made once, with places (`bindparam`) for all that differs.

    Its rows are named as the session's are, and are tuples as well. It is asked in the session's
    transaction and sees what was changed there. Kept are the statement's text and types for each
    kind of database, and nothing that was asked or found.
    """

    def __init__(self, statement: _Statement) -> None:
        """
        Raises:
            NotPrepared: the statement selects objects.
        """
        described = _columns_of(statement)
        if any(isinstance(one["type"], type) for one in described):
            raise NotPrepared("a prepared statement selects columns")
        self._statement = statement
        self._types = [one["type"] for one in described]
        names = [one["name"] for one in described]
        line: Any = namedtuple("line", names, rename=True)  # type: ignore[misc]  # of what is read
        self._line = line._make
        self._texts: dict[str, _Texts] = {}
        self._readers: dict[str, list[tuple[int, Callable[[Any], Any]]]] = {}

    def all(self, given: Mapping[str, Any]) -> list[Any]:
        """Every row.

        Args:
            given: a value for each place, a list where the place is one (`expanding`). What has
                no place in the statement is passed over, as the session does.

        Raises:
            KeyError: a place has no value.
        """
        if db.session.autoflush:
            db.session.flush()
        connection = db.session.connection()
        texts = self._texts.get(connection.dialect.name)
        if texts is None:
            texts = _Texts(self._statement, connection.dialect)
            self._texts[connection.dialect.name] = texts
        return self._ask(connection, *texts.asking(given))

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """The first column of every row; raises as `all`."""
        return [line[0] for line in self.all(given)]

    def first(self, given: Mapping[str, Any]) -> Any:
        """The first row, if there is one; raises as `all`. All that the statement finds is read."""
        lines = self.all(given)
        return lines[0] if lines else None

    def _ask(self, connection: Connection, text: str, values: Any) -> list[Any]:
        result = connection.exec_driver_sql(text, values)
        cursor: Any = result.cursor
        readers = self._readers.get(connection.dialect.name)
        if readers is None:
            readers = [*self._reading(connection.dialect, cursor.description)]
            self._readers[connection.dialect.name] = readers
        lines = cursor.fetchall()
        result.close()
        if not lines:
            return []
        columns: list[Any] = list(zip(*lines, strict=True))
        for place, read in readers:
            columns[place] = map(read, columns[place])
        return list(map(self._line, zip(*columns, strict=True)))

    def _reading(
        self, dialect: Dialect, described: Sequence[Any]
    ) -> Iterator[tuple[int, Callable[[Any], Any]]]:
        """What makes a value of what the driver gives, by column, where that is not the same."""
        for place, (kind, column) in enumerate(zip(self._types, described, strict=True)):
            read = kind.dialect_impl(dialect).result_processor(dialect, column[1])
            if read is not None:
                yield place, read


class _Place(NamedTuple):
    """Something to fill in: what it is called among the values given, and where it goes."""

    key: str
    number: int | None
    """Which of a list of values; none of what is no list."""
    write: _Processor
    """Makes what the driver takes."""
    where: list[int]


class _Text(NamedTuple):
    """A text with what stands in it always (None in its places), and its places."""

    text: str
    names: list[str] | None
    """What the driver calls the values; none where it takes them by their order."""
    always: list[Any]
    places: list[_Place]

    def filled(self, given: Mapping[str, Any]) -> Any:
        """All values, as the driver takes them."""
        values = self.always.copy()
        for key, number, write, where in self.places:
            value = given[key] if number is None else given[key][number]
            if write is not None:
                value = write(value)
            for spot in where:
                values[spot] = value
        return tuple(values) if self.names is None else dict(zip(self.names, values, strict=True))


class _Texts:
    """The texts of a statement in one kind of database: one for each number of values of its lists.

    Raises:
        NotPrepared: a value would be written into the text.
    """

    def __init__(self, statement: _Statement, dialect: Dialect) -> None:
        self._dialect = dialect
        self._compiled: Any = statement.compile(dialect=dialect)
        if any(_is_place(bind) for bind in self._compiled.literal_execute_params):
            raise NotPrepared("a prepared statement has a place for every value")
        binds = self._compiled.binds.items()
        self._lists = [name for name, bind in binds if bind.expanding and _is_place(bind)]
        self._kept: dict[tuple[int, ...], _Text] = {}

    def asking(self, given: Mapping[str, Any]) -> tuple[str, Any]:
        """The text for these values, and the values as the driver takes them."""
        if self._lists:
            given = {**given, **{name: list(given[name]) for name in self._lists}}
        sizes = tuple([len(given[name]) for name in self._lists])
        kept = self._kept.get(sizes)
        if kept is None:
            kept = self._kept[sizes] = self._expanded(given)
        return kept.text, kept.filled(given)

    def _expanded(self, given: Mapping[str, Any]) -> _Text:
        state = self._compiled.construct_expanded_state(dict(given))
        parts = {
            part: (name, number)
            for name, made in state.parameter_expansion.items()
            for number, part in enumerate(made)
        }
        names = list(state.parameters if state.positiontup is None else state.positiontup)
        always: list[Any] = [None] * len(names)
        places: dict[str, _Place] = {}
        for spot, name in enumerate(names):
            key, number = parts.get(name, (name, None))
            bind = self._compiled.binds[key]
            write = _writer(bind.type, self._dialect)
            if not _is_place(bind):
                value = state.parameters[name]
                always[spot] = write(value) if write else value
                continue
            places.setdefault(name, _Place(key, number, write, [])).where.append(spot)
        by_name = names if state.positiontup is None else None
        return _Text(state.statement, by_name, always, [*places.values()])


def _columns_of(statement: _Statement) -> Sequence[Any]:
    """Name and type of each column; of a union those of its first part."""
    if isinstance(statement, Select):
        described: Sequence[Any] = statement.column_descriptions
        return described
    return _columns_of(statement.selects[0])  # type: ignore[arg-type]  # of selects only


def _is_place(bind: Any) -> bool:
    """Whether a value has to be given; all others were said where the statement was made."""
    return not bind.unique


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> _Processor:
    return kind.dialect_impl(dialect).bind_processor(dialect)
