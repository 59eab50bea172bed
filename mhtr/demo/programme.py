"""What the fictional programme consists of, and the order in which it is made."""

import gc
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from flask import current_app

from mhtr.accounts import passwords
from mhtr.core import clock
from mhtr.core.clock import LONDON, SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.demo import apart, bulk, cast, pathways, rota
from mhtr.demo.acts import booking, replanning, reviewing, scheduling
from mhtr.demo.cast import Cast
from mhtr.demo.databases import application, hurry
from mhtr.demo.men import Men
from mhtr.demo.simulation import Simulation
from mhtr.demo.stories import (
    agreements,
    attended,
    breaches,
    clockwork,
    ended,
    group,
    handovers,
    imports,
    measured,
    newcomer,
    onward,
    orders,
    outcomes,
    past_file,
    records,
    referrals,
    reports,
    requests,
    risks,
    signatures,
    sources,
    treated,
    treatment,
    units,
)
from mhtr.demo.trail import Trail
from mhtr.demo.world import World
from mhtr.demo.year import played
from mhtr.demo.year import programme as year
from mhtr.people.rules import accepts

SEED = 2
NOT_TOLD = 300
"""Men whom those under an order leave to the others: names and numbers are different."""
MOST_PLAYED = 400
"""A larger programme is made of copies: playing takes too long."""
BEFORE = (
    *referrals.STORIES,
    *sources.STORIES,
    *requests.STORIES,
    *handovers.STORIES,
    *risks.STORIES,
    *reports.STORIES,
    *outcomes.STORIES,
    *agreements.STORIES,
    *records.STORIES,
    *onward.STORIES,
    *requests.LATE,
)
"""Up to the sentence; played beside those under an order."""
UNDER_ORDER = (
    clockwork.jobs,
    *past_file.STORIES,
    *signatures.STORIES,
    *newcomer.STORIES,
    *treated.STORIES,
    *measured.STORIES,
    *orders.STORIES,
    *attended.STORIES,
    *ended.STORIES,
    *units.STORIES,
    *breaches.STORIES,
    *group.STORIES,
    *treatment.STORIES,
)
"""All are told in every programme, however small, so that every state is in it."""
BY_FILE = 1 / 7
"""Share of the people who come by the weekly files; the others by form, or are in treatment."""


def fill(now: datetime, people: int, *, forks: bool = False) -> list[str]:
    """Fill an empty migrated SQLite database with a programme of about so many people.

    Returns the steps that a service refused, of which there should be none.

    Args:
        forks: play the two parts at once (`apart.beside`).
    """
    gc.disable()  # little of what is made is garbage, and looking through it takes long
    try:
        return _fill(now, people, forks)
    finally:
        gc.enable()


def _fill(now: datetime, people: int, forks: bool) -> list[str]:
    trail = Trail()
    today = now.astimezone(LONDON).date()
    made = _people_and_places(now, trail)
    database = Path(str(db.engine.url.database))
    base, other = (apart.copy_of(database, name) for name in ("base", "other"))
    with apart.beside(forks, before_sentence, other, made, now, people) as played_apart:
        simulation, world = _world(made, now, trail, places=NOT_TOLD)
        for story in UNDER_ORDER:
            simulation.tell(story(world))
        simulation.run()
        _treatment(world, trail)
        entries, refused = played_apart()
    db.session.remove()
    apart.bring_in(database, other, base)
    trail.entries += entries
    trail.append()
    if people > MOST_PLAYED:
        with clock.using(SetClock(now)), writing():
            bulk.multiply(people, today)
    return simulation.refused + refused


def before_sentence(
    database: Path, made: Cast, now: datetime, people: int
) -> tuple[list[dict[str, Any]], list[str]]:
    """Play what comes before a sentence in a database of its own: entries of the audit, and what
    was refused."""
    trail = Trail()
    with application(f"sqlite:///{database}"), apart.numbered():
        hurry()
        simulation, world = _world(made, now, trail)
        for story in BEFORE:
            simulation.tell(story(world))
        imports.tell(world, round(min(people, MOST_PLAYED) * BY_FILE))
        simulation.run()
    return trail.entries, simulation.refused


def _people_and_places(now: datetime, trail: Trail) -> Cast:
    """Staff, their hours, rooms and pathways, as they were before anybody was referred."""
    today = now.astimezone(LONDON).date()
    password_hash = passwords.hash_password(cast.PASSWORD)
    with clock.using(SetClock(now - cast.COVERED_FOR)), trail.writing():
        made = cast.assemble(today, password_hash)
        rota.set_up(made, today)
        scheduling.places(made)
        scheduling.clinicians(made)
        pathways.set_up(made)
    return made


def _world(made: Cast, now: datetime, trail: Trail, *, places: int = 0) -> tuple[Simulation, World]:
    """What stories are told with. `places`: how many of the men are somebody else's."""
    simulation = Simulation(now, trail)
    men = Men(SEED, simulation.today)
    for _ in range(places):
        men.next()
    return simulation, World(
        simulation=simulation,
        cast=made,
        accepts=accepts(current_app.config),
        men=men,
        chance=Random(SEED),  # noqa: S311  (fiction needs no secrecy)
    )


def _treatment(world: World, trail: Trail) -> None:
    """The year of treatment, and what is booked of it now."""
    now, made = world.simulation.now, world.cast
    with clock.using(SetClock(now)), trail.writing():
        scheduling.changes(made, world.today)
        pathways.drafted(made)
        played.add(now, trail)
        year.add(world.treated, now, trail)
        reviewing.held_when_due(now)
        booking.book_everybody(made)
        replanning.replan(made)
