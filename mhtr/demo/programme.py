"""What the fictional programme consists of, and the order in which it is made."""

from datetime import datetime
from random import Random

from flask import Flask

from mhtr.accounts import passwords
from mhtr.core import clock
from mhtr.core.clock import LONDON, SetClock
from mhtr.core.transaction import writing
from mhtr.demo import bulk, cast, pathways, rota
from mhtr.demo.acts import booking, replanning, scheduling
from mhtr.demo.men import Men
from mhtr.demo.simulation import Simulation
from mhtr.demo.stories import (
    agreements,
    attended,
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
)
from mhtr.demo.trail import Trail
from mhtr.demo.world import World
from mhtr.demo.year import played
from mhtr.demo.year import programme as year
from mhtr.people.rules import accepts

SEED = 2
MOST_PLAYED = 400
"""A larger programme is made of copies: playing takes too long."""
STORIES = (
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
    *past_file.STORIES,
    *signatures.STORIES,
    *newcomer.STORIES,
    *treated.STORIES,
    *measured.STORIES,
    *orders.STORIES,
    *attended.STORIES,
    *treatment.STORIES,
    *requests.LATE,
)
"""Told in every programme, however small, so that every state is in it."""
BY_FILE = 1 / 3
"""Share of the people who come by the weekly files; the others by form, or are in treatment."""


def fill(app: Flask, now: datetime, people: int) -> Simulation:
    """Fill an empty migrated database with a programme of about so many people, up to `now`."""
    trail = Trail()
    simulation = Simulation(now, trail)
    today = now.astimezone(LONDON).date()
    password_hash = passwords.hash_password(cast.PASSWORD)
    with clock.using(SetClock(now - cast.COVERED_FOR)), trail.writing():
        made = cast.assemble(today, password_hash)
        rota.set_up(made, today)
        scheduling.places(made)
        scheduling.clinicians(made)
        pathways.set_up(made)
    world = World(
        simulation=simulation,
        cast=made,
        accepts=accepts(app.config),
        men=Men(SEED, today),
        chance=Random(SEED),  # noqa: S311  (fiction needs no secrecy)
    )
    for story in STORIES:
        simulation.tell(story(world))
    imports.tell(world, round(min(people, MOST_PLAYED) * BY_FILE))
    simulation.run()
    with clock.using(SetClock(now)), trail.writing():
        scheduling.changes(made, today)
        pathways.drafted(made)
        played.add(now, trail)
        year.add(world.treated, now, trail)
        booking.book_everybody(made)
        replanning.replan(made)
    trail.append()
    if people > MOST_PLAYED:
        with clock.using(SetClock(now)), writing():
            bulk.multiply(people, today)
    return simulation
