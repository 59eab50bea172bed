"""What every story is told with: the simulation, the cast, and what this installation accepts."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random

from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.demo import simulation
from mhtr.demo.cast import Cast
from mhtr.demo.men import Men
from mhtr.demo.simulation import Simulation
from mhtr.intake.queries import referral_of
from mhtr.people.rules import Accepts

FACE_COURT = "B01IX"
"""A court of the trust and the court team of the staff behind the one-click sign-in."""
DEFAULT_TEAM = "psr-westminster-mc"


@dataclass
class World:
    """Passed to every story."""

    simulation: Simulation
    cast: Cast
    accepts: Accepts
    men: Men
    chance: Random
    pairs: dict[int, "Hand"] = field(default_factory=dict)
    """By case: the case of the man he may be."""
    treated: dict[int, tuple[time, ...]] = field(default_factory=dict)
    """Cases whose treatment is about to begin, with when it can begin on a day."""

    @property
    def today(self) -> date:
        """The day the demonstration is made around."""
        return self.simulation.today

    def staff(self, key: str) -> int:
        """The id of a member of staff of the cast."""
        return self.cast.staff[key]

    def day(self, working_days: int) -> date:
        """The working day so many working days after (or, negative, before) today."""
        return simulation.working_day(self.today, working_days)

    def moment(self, day: date, hour: int = 0) -> datetime:
        """A time of that day within the service's hours, or in that hour."""
        return simulation.at(
            day, hour or self.chance.randrange(9, 17), self.chance.randrange(0, 12) * 5
        )


class Hand:
    """A case in hand: whose it is to assess, to sign, to ask about. Read anew at each use."""

    def __init__(self, world: World, case_id: int, assessor: str = "") -> None:
        self.world, self.case_id = world, case_id
        _, team = world.cast.courts.get(self.case.court_code, ("", DEFAULT_TEAM))
        trust = world.cast.key_of(self._trust_id())
        assessors = world.cast.at(trust, Role.ASSESSOR)
        self.trust, self.team = trust, team
        self.assessor = world.staff(assessor or assessors[case_id % len(assessors)])
        self.lead = world.staff(world.cast.at(trust, Role.CLINICAL_LEAD)[0])
        authors = world.cast.authors_for(team)
        self.officer = world.staff(authors[case_id % len(authors)])

    def _trust_id(self) -> int:
        referral = referral_of(self.case_id)
        assert referral is not None  # noqa: S101  (every case of a story began with one)
        return referral.trust_id

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return db.session.get_one(Case, self.case_id)

    @property
    def person_id(self) -> int:
        """Whose case it is now: a merge may have moved it."""
        return self.case.person_id
