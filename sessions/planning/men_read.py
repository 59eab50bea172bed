"""What was read for a question: values only."""

from collections.abc import Mapping
from dataclasses import dataclass

from sessions.planning.ask_rules import Left
from sessions.planning.asked import Asked


@dataclass(frozen=True)
class Read:
    """What is asked of the planner, and who is left out."""

    asked: Asked
    left: Mapping[int, Left]
    """By case."""
    closed: int = 0
    """Men touched whose records are not open to whoever asks."""
