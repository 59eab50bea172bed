"""What the fictional programme consists of, and the order in which it is made."""

from datetime import datetime

from flask import Flask

from mhtr.core import clock
from mhtr.core.clock import LONDON, SetClock
from mhtr.core.transaction import writing
from mhtr.demo import cast, rota
from mhtr.demo.simulation import Simulation


def fill(app: Flask, now: datetime, people: int) -> None:
    """Fill an empty migrated database with a programme of about so many people, up to `now`."""
    simulation = Simulation(now)
    today = now.astimezone(LONDON).date()
    with clock.using(SetClock(now - cast.COVERED_FOR)), writing():
        made = cast.assemble(today)
    with clock.using(SetClock(now - cast.COVERED_FOR)), writing():
        rota.set_up(made, today)
    simulation.run()
