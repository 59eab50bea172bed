"""A linear problem in whole numbers, as plain lists that any solver can be given."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Terms = list[tuple[int, int]]
"""Variables, each with its factor."""


@dataclass(slots=True)
class Linear:
    """Variables with limits and costs, and rows of them with limits. The cost is to be least."""

    highest: list[int] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    rows: list[tuple[Terms, int | None, int | None]] = field(default_factory=list)
    constant: int = 0

    def variable(self, highest: int, cost: int = 0) -> int:
        """A variable from 0 to its highest value; its number."""
        self.highest.append(highest)
        self.costs.append(cost)
        return len(self.highest) - 1

    def row(self, terms: Terms, least: int | None = None, most: int | None = None) -> None:
        """Terms that together are at least, and at most, so much."""
        self.rows.append((terms, least, most))

    def holds(self, values: Sequence[int]) -> bool:
        """Whether values keep to every limit."""
        within = all(0 <= value <= top for value, top in zip(values, self.highest, strict=True))
        return within and all(
            (least is None or total >= least) and (most is None or total <= most)
            for terms, least, most in self.rows
            for total in (sum(factor * values[number] for number, factor in terms),)
        )

    def cost(self, values: Sequence[int]) -> int:
        """What values cost."""
        return self.constant + sum(c * v for c, v in zip(self.costs, values, strict=True))
