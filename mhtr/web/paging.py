"""Pages of a list: one row more than is shown says whether there is a next page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

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
    number = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    rows = db.session.scalars(query.limit(size + 1).offset((number - 1) * size)).unique().all()
    return Page(
        rows[:size],
        here(page=number - 1 if number > 2 else None) if number > 1 else "",
        here(page=number + 1) if len(rows) > size else "",
    )


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
