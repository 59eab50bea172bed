"""Parts that sibling features add to the measures page of a case, each with its own template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mhtr.cases.models import Case
from mhtr.core.access import Viewer


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


def add_part(part: Part) -> None:
    """Add a part to the page; a template is added once."""
    _parts[part.template] = part


def parts_of(viewer: Viewer, case: Case) -> dict[Place, list[tuple[str, Mapping[str, Any]]]]:
    """Template and names of every part, in order, by place."""
    ordered = sorted(_parts.values(), key=lambda part: (part.order, part.template))
    return {
        place: [(p.template, p.read(viewer, case)) for p in ordered if p.place is place]
        for place in Place
    }
