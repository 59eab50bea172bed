"""Counts as they may leave the service: small ones hidden, the others rounded.

NHS England's rule for published counts: below five hidden, others rounded to the nearest five. A
hidden count must not come back by arithmetic either, from a total and its other parts. So further
counts are hidden until every hidden one could have been any of at least five numbers. Both kinds
look the same to the reader: he is not told which of them is small.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf

FEWEST = 5
"""Counts below this are hidden, none at all too."""
STEP = 5
"""Others are rounded to the nearest multiple of this."""
SLACK = STEP // 2
LEAST_WIDTH = FEWEST - 1
"""Between the least and the most that a hidden count could have been."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Counts of which one is the sum of the others; all are shown, or could be worked out."""

    total: str
    parts: tuple[str, ...]


Range = tuple[float, float]


def rounded(count: int) -> int:
    """To the nearest five."""
    return (count + SLACK) // STEP * STEP


def protected(
    counts: Mapping[str, int],
    sums: Sequence[Sum],
    unsaid: Collection[str] = (),
    decided: Mapping[str, int | None] | None = None,
    keep: Collection[str] = (),
) -> dict[str, int | None]:
    """Each count rounded, or None where it is hidden.

    Args:
        counts: by name; every name in `sums` is among them.
        sums: what a reader can add up.
        unsaid: counts nobody prints, that a reader could work out all the same.
        decided: counts that a reader has already, as they are shown, or None where hidden.
        keep: counts that are hidden to protect others only where nothing else helps.

    Raises:
        ValueError: a sum does not add up, so that hiding would rest on something untrue.
    """
    for one in sums:
        if counts[one.total] != sum(counts[part] for part in one.parts):
            raise ValueError(f"{one.total} is not the sum of its parts")
    settled = decided or {}
    small = {name for name, n in counts.items() if n < FEWEST}
    hidden = small | set(unsaid)
    while further := _to_hide(counts, sums, hidden, settled, keep):
        hidden |= further
    return {name: None if name in hidden else rounded(n) for name, n in counts.items()}


def possible(shown: Mapping[str, int | None], sums: Sequence[Sum]) -> dict[str, Range]:
    """The least and the most each count can have been, for somebody who reads what is shown.

    Narrowed by every sum in turn until nothing narrows any more.
    """
    ranges: dict[str, Range] = {
        name: (0, inf) if value is None else (max(FEWEST, value - SLACK), value + SLACK)
        for name, value in shown.items()
    }
    narrowed = True
    while narrowed:
        narrowed = False
        for one in sums:
            for name, found in _by(one, ranges):
                low, high = ranges[name]
                closer = (max(low, found[0]), min(high, found[1]))
                if closer != (low, high):
                    ranges[name], narrowed = closer, True
    return ranges


def _by(one: Sum, ranges: Mapping[str, Range]) -> list[tuple[str, Range]]:
    """What a sum says of its total and of each of its parts."""
    low = sum(ranges[part][0] for part in one.parts)
    high = sum(ranges[part][1] for part in one.parts)
    total = ranges[one.total]
    said: list[tuple[str, Range]] = [(one.total, (low, high))]
    for part in one.parts:
        others = [ranges[other] for other in one.parts if other != part]
        least, most = sum(other[0] for other in others), sum(other[1] for other in others)
        said.append((part, (total[0] - most, total[1] - least)))
    return said


def _to_hide(
    counts: Mapping[str, int],
    sums: Sequence[Sum],
    hidden: set[str],
    settled: Collection[str],
    keep: Collection[str],
) -> set[str]:
    """Further counts that must be hidden; none where every hidden one is safe."""
    fixed = hidden.union(settled)
    shown = {name: None if name in hidden else rounded(n) for name, n in counts.items()}
    ranges = possible(shown, sums)
    further: set[str] = set()
    for name in sorted(hidden):
        low, high = ranges[name]
        if high - low >= LEAST_WIDTH:
            continue
        beside = _shown_beside(name, sums, fixed) or set(counts) - fixed
        if beside:
            # The smallest tells the reader least; by name where two are alike.
            further.add(min(beside, key=lambda other: (other in keep, counts[other], other)))
    return further


def _shown_beside(name: str, sums: Sequence[Sum], fixed: set[str]) -> set[str]:
    found: set[str] = set()
    for one in sums:
        names = {one.total, *one.parts}
        if name in names:
            found |= names - fixed
    return found
