"""Made-up instances of the size the planner is measured at, the same for a seed everywhere."""

import hashlib
import json
import random
from dataclasses import dataclass, replace

from sessions.planning.ledger import Ledger
from sessions.planning.problem import Instance, Man, Opening, Room, Visit, visits_in

WEEKS = 26
A_DAY = 8
"""Slots a day, the last an evening."""
DAYS = tuple(day for day in range(5) for _ in range(A_DAY))
CLINIC, OFFICE = 0, 1
_SEED = 2026
HOLIDAY = (5, 0)
"""Week and weekday on which nothing is held."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    men: int
    clinicians: int
    slots_each: int
    """Weekly slots of each clinician."""
    rooms: tuple[int, ...]
    """How many rooms each place has."""


LOOSE = Size(men=200, clinicians=8, slots_each=36, rooms=(3, 2))
TIGHT = Size(men=200, clinicians=8, slots_each=14, rooms=(3, 2))


def waiting(size: Size, seed: int) -> Instance:
    """Men who wait for twelve weekly sessions, and everything there is to plan them with."""
    chance = random.Random(seed)  # noqa: S311 - made-up instances protect nothing
    openings = tuple(
        opening
        for clinician in range(size.clinicians)
        for opening in _openings(chance, clinician, size)
    )
    rooms = tuple(
        Room(place, step_free=number == 0)
        for place, count in enumerate(size.rooms)
        for number in range(count)
    )
    men = tuple(_man(chance, key, size) for key in range(size.men))
    apart = frozenset((key, key + 1) for key in range(0, size.men - 1, 50))
    return Instance(WEEKS, DAYS, openings, rooms, men, apart=apart)


def _openings(chance: random.Random, clinician: int, size: Size) -> list[Opening]:
    where = [chance.choices(range(len(size.rooms)), weights=size.rooms)[0] for _ in range(5)]
    slots = sorted(chance.sample(range(len(DAYS)), size.slots_each))
    leave = chance.randrange(WEEKS)
    return [
        Opening(
            clinician,
            slot,
            where[DAYS[slot]],
            tuple(w for w in range(WEEKS) if w != leave and (w, DAYS[slot]) != HOLIDAY),
        )
        for slot in slots
    ]


def _man(chance: random.Random, key: int, size: Size) -> Man:
    everyone = frozenset(range(size.clinicians))
    clinicians = everyone
    if chance.random() < 0.1:
        clinicians = frozenset({chance.randrange(size.clinicians)})
    elif chance.random() < 0.1:
        clinicians = frozenset(c for c in everyone if c % 2)
    places = frozenset(range(len(size.rooms)))
    if chance.random() < 0.3:
        places = frozenset({chance.choice(sorted(places))})
    return Man(
        key=key,
        visits=12,
        first_week=(first := chance.choice((0, 0, 0, 1, 2, 3, 4, 5, 6, 8, 10))),
        last_week=min(WEEKS - 1, first + chance.choice((16, 20, 25))),
        slots=_slots_of_a_man(chance),
        places=places,
        clinicians=clinicians,
        step_free=chance.random() < 0.05,
    )


def _slots_of_a_man(chance: random.Random) -> frozenset[int]:
    kind = chance.random()
    if kind < 0.2:  # he works: evenings and the first slot
        return frozenset(s for s in range(len(DAYS)) if s % A_DAY in (0, A_DAY - 1))
    if kind < 0.6:  # whole days
        days = chance.sample(range(5), 2)
        return frozenset(s for s in range(len(DAYS)) if DAYS[s] in days)
    return frozenset(chance.sample(range(len(DAYS)), 12))


AWAY = range(6, 9)
"""The weeks in which the therapist of `absence` is away."""
_COURSE = 12


def absence(seed: int, clinicians: int = 10) -> tuple[Instance, dict[int, tuple[Visit, ...]]]:
    """A therapist of several is away for three weeks: who is touched, and what the others keep.

    Every clinician's slots are filled with courses one after the other. Men of the clinician who
    is away have that clinician and no other, may wait as long between two sessions as the absence
    makes it, and may come twice within a week so long as three days lie between. Everyone else
    is held.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up instances protect nothing
    size = Size(men=0, clinicians=clinicians, slots_each=14, rooms=(5, 3))
    openings = [o for c in range(clinicians) for o in _openings(chance, c, size)]
    rooms = tuple(
        Room(place, step_free=True) for place, count in enumerate(size.rooms) for _ in range(count)
    )
    bare = Instance(WEEKS, DAYS, tuple(openings), rooms, ())
    ledger, told = Ledger(bare), dict[Man, tuple[Visit, ...]]()
    for opening in openings:
        weeks = list(opening.weeks[chance.randrange(4) :])
        while len(weeks) >= (left := chance.randrange(4, _COURSE + 1)) and chance.random() < 0.85:
            man = _in_treatment(chance, len(told), opening, weeks[:left])
            visits = visits_in(opening, weeks[:left])
            if ledger.fits(man, visits):
                ledger.take(man, visits)
                told[man] = visits
            weeks = weeks[left + chance.randrange(2) :]
    touched = {man.key for man, v in told.items() if v[0].clinician == 0}
    gone = tuple(
        replace(o, weeks=tuple(w for w in o.weeks if o.clinician or w not in AWAY))
        for o in openings
    )
    instance = replace(bare, openings=gone, men=tuple(told))
    return instance, {man.key: v for man, v in told.items() if man.key not in touched}


def _in_treatment(chance: random.Random, key: int, opening: Opening, weeks: list[int]) -> Man:
    others = _slots_of_a_man(chance)
    return Man(
        key=key,
        visits=len(weeks),
        first_week=weeks[0],
        last_week=min(WEEKS - 1, weeks[-1] + chance.choice((3, 5, 8))),
        slots=others | {opening.slot},
        places=frozenset({opening.place}),
        clinicians=frozenset({opening.clinician}),
        least_gap=3,
        most_gap=7 * (len(AWAY) + 2),
        told=frozenset(visits_in(opening, weeks)),
    )


def named(name: str) -> tuple[Instance, dict[int, tuple[Visit, ...]]]:
    """A benchmark instance and what is held in it: `loose`, `tight` or `absence`."""
    if name == "absence":
        return absence(_SEED)
    return waiting({"loose": LOOSE, "tight": TIGHT}[name], _SEED), {}


def digest(instance: Instance) -> str:
    """The hash of all an instance says, by which a proven optimum is known to be of it."""
    said = {
        "weeks": instance.weeks,
        "days": instance.days,
        "openings": [[o.clinician, o.slot, o.place, o.weeks] for o in instance.openings],
        "rooms": [[r.place, r.step_free, sorted(r.shut)] for r in instance.rooms],
        "men": [_said_of_a_man(man) for man in instance.men],
        "daily_most": sorted(instance.daily_most.items()),
        "apart": sorted(instance.apart),
    }
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def _said_of_a_man(man: Man) -> list[object]:
    return [
        man.key,
        man.visits,
        man.first_week,
        man.last_week,
        sorted(man.slots),
        sorted(man.places),
        sorted(man.clinicians),
        sorted(man.cannot),
        man.step_free,
        man.weight,
        man.unplaced,
        man.least_gap,
        man.most_gap,
        sorted((v.week, v.slot, v.clinician, v.place) for v in man.told),
        man.seen_on,
        *([sorted(man.usual)] if man.usual else []),
        *([["gaps", man.gaps]] if man.gaps else []),
        *([["stands", man.stands]] if man.stands else []),
    ]
