"""Parts that sibling features add to the measures page of a case, each with its own template."""

from collections.abc import Callable, Hashable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from mhtr.cases.models import Case
from mhtr.core.access import Viewer

Found = TypeVar("Found")


class Place(StrEnum):
    """Where on the page a part stands."""

    ABOVE = "above"
    """Before the charts: what must be seen first."""
    BELOW = "below"
    """After them."""


@dataclass(frozen=True)
class Part:
    """One part. `read` gives the names its template uses, for a case the viewer may see."""

    template: str
    read: Callable[[Viewer, Case], Mapping[str, Any]]
    place: Place = Place.BELOW
    order: int = 0


_parts: dict[str, Part] = {}
_read: ContextVar[dict[Hashable, Any] | None] = ContextVar("read for one page", default=None)


def add_part(part: Part) -> None:
    """Add a part to the page; a template is added once."""
    _parts[part.template] = part


def parts_of(
    viewer: Viewer, case: Case, known: Mapping[Hashable, Any]
) -> dict[Place, list[tuple[str, Mapping[str, Any]]]]:
    """Template and names of every part, in order, by place.

    `known` is what the page has read already, by the keys of `read_once`.
    """
    ordered = sorted(_parts.values(), key=lambda part: (part.order, part.template))
    mark = _read.set(dict(known))
    try:
        return {
            place: [(p.template, p.read(viewer, case)) for p in ordered if p.place is place]
            for place in Place
        }
    finally:
        _read.reset(mark)


def lines_key(case_id: int) -> Hashable:
    """The key of the occasions of a case, as `reading.lines.lines_of` reads them."""
    return "lines", case_id


def contacts_key(case_id: int) -> Hashable:
    """The key of the contacts of a case, as `reading.queries.contacts_of` reads them."""
    return "contacts", case_id


def read_once(key: Hashable, read: Callable[[], Found]) -> Found:
    """What `read` finds: read once for all the parts of one page, each time anywhere else."""
    known = _read.get()
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    found: Found = known[key]
    return found
