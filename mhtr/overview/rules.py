"""How Today is ordered, and which counts may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

FEWEST = 5
"""A commissioner is shown no count below this."""


class HasOverdue(Protocol):
    """A block of Today, as far as its order is concerned."""

    @property
    def urgent(self) -> bool: ...
    @property
    def today(self) -> bool: ...
    @property
    def overdue(self) -> bool: ...


BlockT = TypeVar("BlockT", bound=HasOverdue)


def in_order(blocks: Sequence[BlockT]) -> list[BlockT]:
    """Signs of risk first, then what has its time today, then whatever is overdue, then the order
    of the role."""
    return sorted(blocks, key=lambda block: (not block.urgent, not block.today, not block.overdue))


@dataclass(frozen=True)
class Count:
    """A number of the programme; `shown` is what this viewer may read of it."""

    label: str
    shown: str


def shown_count(number: int, *, suppressed: bool) -> str:
    """A count in words; a small one is hidden from those who see counts only."""
    if suppressed and number < FEWEST:
        return f"fewer than {FEWEST}"
    return f"{number:,}"
