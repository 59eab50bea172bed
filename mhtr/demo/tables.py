"""The demonstration's own tables of fictional organisations, staff and names."""

import csv
from functools import lru_cache
from importlib import resources


def text(name: str) -> bytes:
    """The bytes of a shipped file."""
    return resources.files("mhtr.demo").joinpath("data", name).read_bytes()


@lru_cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a shipped table, by column."""
    return tuple(csv.DictReader(text(f"{name}.csv").decode().splitlines()))
