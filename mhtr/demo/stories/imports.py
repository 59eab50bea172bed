"""Weekly exports of an L&D case system, imported good rows and bad."""

from datetime import date, timedelta

from mhtr.core import clock
from mhtr.demo import messy, tables
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories.courses import course
from mhtr.demo.world import World
from mhtr.intake import queries
from mhtr.intake.referral import read_referral
from mhtr.intake.service import submit_referral

IMPORTER = "ld"
MORE_SEED = 1000


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def rows_for(people: int, monday: date) -> list[list[messy.Row]]:
    """Each week's rows: the shipped file, thinned out or added to for the size wanted."""
    shipped = messy.moved(messy.read(tables.text("referrals.csv")), monday - messy.SHIPPED_MONDAY)
    weeks = [batch for _, batch in messy.batches(shipped)]
    if people < len(shipped):
        share = people / len(shipped)
        return [batch[: max(1, round(len(batch) * share))] for batch in weeks]
    extra = messy.rows(people - len(shipped), monday, MORE_SEED) if people > len(shipped) else []
    if not extra:
        return weeks
    more = [batch for _, batch in messy.batches(extra)]
    return [week + added for week, added in zip(weeks, more, strict=True)]


def tell(world: World, people: int) -> None:
    """Import each week's rows on its Wednesday morning."""
    monday = monday_of(world.simulation.today)
    for days, batch in zip(messy.BATCH_DAYS, rows_for(people, monday), strict=True):
        world.simulation.tell(_import(world, monday + timedelta(days=days), batch))


def _import(world: World, day: date, batch: list[messy.Row]) -> Story:
    yield at(day, 9, 30)
    codes = queries.code_lists(fictional=True)
    staff_id = world.staff(IMPORTER)
    organisation_id = world.cast.organisations[world.cast.home[IMPORTER]]
    for row in batch:
        read = read_referral(row, clock.today(), codes)
        if isinstance(read, list):
            continue
        case = submit_referral(
            submission=read,
            channel="csv",
            referrer_id=staff_id,
            organisation_id=organisation_id,
            by=staff_id,
        )
        world.simulation.tell(course(world, case.id))
