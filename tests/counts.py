"""Small counts in `./run test`, full counts of the same tests in `./run faults`."""

import os
import zlib
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def count(small: int, full: int) -> int:
    """How often to try: `full` when the environment says MHTR_FAULTS=full."""
    return full if os.environ.get("MHTR_FAULTS") == "full" else small


def some(of: Iterable[T], one_in: int) -> list[T]:
    """About one in so many, the same each time and in no pattern; in `./run faults` every one."""
    every = list(of)
    chosen = [one for one in every if zlib.crc32(repr(one).encode()) % count(one_in, 1) == 0]
    return chosen or every[:1]
