"""What every story is told with: the simulation, the cast, and what this installation accepts."""

from dataclasses import dataclass, field
from random import Random

from mhtr.demo.cast import Cast
from mhtr.demo.men import Men
from mhtr.demo.simulation import Simulation
from mhtr.people.rules import Accepts

FACE_TRUST = "west"
"""The trust of the staff behind the one-click sign-in."""


@dataclass
class World:
    """Passed to every story. `told` counts how often each story was begun."""

    simulation: Simulation
    cast: Cast
    accepts: Accepts
    men: Men
    chance: Random
    told: dict[str, int] = field(default_factory=dict)

    def staff(self, key: str) -> int:
        """The id of a member of staff of the cast."""
        return self.cast.staff[key]
