"""Pages of a list: one row more than is shown says whether there is a next page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select

from mhtr.core.database import db

Row = TypeVar("Row")

SIZE = 50
LAST_PAGE = 1_000_000
"""Nobody turns so far: a longer number from an address would not fit the database's."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page and the addresses of its neighbours (empty where there is none)."""

    rows: Sequence[Row]
    previous_href: str
    next_href: str


def page_of(query: Select[Row], *, size: int = SIZE) -> Page[Row]:
    """The page that the query string asks for (`?page=2`) of a query with a total order."""
    number = page_number()
    rows = db.session.scalars(query.limit(size + 1).offset((number - 1) * size)).unique().all()
    return page_from(rows, number, size=size)


def page_number() -> int:
    """The number of the page asked for; 1 where none or nonsense is."""
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)


def page_from(rows: Sequence[Row], number: int, *, size: int = SIZE) -> Page[Row]:
    """The page with this number, from its rows and one more where there is one."""
    return Page(
        rows[:size],
        here(page=number - 1 if number > 2 else None) if number > 1 else "",
        here(page=number + 1) if len(rows) > size else "",
    )


def sort_asked(allowed: Collection[str], usual: str) -> str:
    """The sort asked for (`?sort=name` or `-name`) where it is allowed, else the usual one."""
    asked = request.args.get("sort", "")
    return asked if asked.removeprefix("-") in allowed else usual


def here(**changes: object) -> str:
    """This page's own address with some of its query changed; None takes a part out."""
    asked = {name: request.args.getlist(name) for name in request.args} | changes
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **asked})


def sort_links(current: str, *columns: tuple[str, str]) -> list[dict[str, str] | str]:
    """Column headings for a sorted table.

    Args:
        current: the sort in force, `name` or `-name` for descending.
        columns: text and sort key of each column; an empty key makes a plain heading.
    """
    made: list[dict[str, str] | str] = []
    for text, key in columns:
        if not key:
            made.append(text)
            continue
        state = {key: "ascending", f"-{key}": "descending"}.get(current, "")
        other = f"-{key}" if state == "ascending" else key
        made.append({"text": text, "sort": state, "href": here(sort=other, page=None)})
    return made


def order_of(sorts: Mapping[str, Sequence[Any]], sort: str, tie: Any) -> tuple[Any, ...]:
    """The order of a query sorted by a key of `sorts`; rows without a value come last."""
    down = sort.startswith("-")
    made: list[Any] = []
    for column in sorts[sort.removeprefix("-")]:
        if getattr(getattr(column, "expression", column), "nullable", False):
            made.append(column.is_(None))
        made.append(column.desc() if down else column)
    return (*made, tie.desc() if down else tie)
