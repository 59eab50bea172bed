"""Weekly exports of an L&D case system, imported good rows and bad."""

from datetime import date, timedelta

from sqlalchemy import select

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.demo import messy, tables
from mhtr.demo.acts import persons
from mhtr.demo.simulation import Story, at, working_day
from mhtr.demo.stories.courses import course
from mhtr.demo.world import Hand, World
from mhtr.intake import import_service as service
from mhtr.intake import queries
from mhtr.intake.csv_rows import FileReading, GoodRow, decode, read_file
from mhtr.intake.models import Referral

IMPORTER = "ld"
MORE_SEED = 1000
KEPT_SEED, KEPT_ROWS = 1200, 12
A_FILE = 400
"""Rows of one file."""


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
    """Import each week's rows on its Wednesday morning, in files of a size that is taken."""
    monday = monday_of(world.today)
    for days, batch in zip(messy.BATCH_DAYS, rows_for(people, monday), strict=True):
        day = monday + timedelta(days=days)
        for part in range(0, len(batch), A_FILE):
            world.simulation.tell(_import(world, day, batch[part : part + A_FILE]))
    world.simulation.tell(_kept(world))


def _keep(world: World, name: str, content: bytes) -> tuple[int, FileReading]:
    text = decode(content)
    reading = read_file(text.encode(), clock.today(), queries.code_lists(fictional=True))
    if reading.faults:
        raise ValueError(reading.faults)
    run = service.keep_file(
        file_name=name, text=text, organisation_id=_organisation(world), by=world.staff(IMPORTER)
    )
    return run.id, reading


def _organisation(world: World) -> int:
    return world.cast.organisations[world.cast.home[IMPORTER]]


def _import(world: World, day: date, batch: list[messy.Row]) -> Story:
    yield at(day, 9, 30)
    run_id, reading = _keep(world, f"referrals-{day:%Y-%m-%d}.csv", messy.write(batch))
    by, organisation_id = world.staff(IMPORTER), _organisation(world)
    taken: list[int] = []
    for row in reading.good:
        if _take(run_id, row, reading, by):
            taken.append(_case_of(row, organisation_id))
            world.simulation.tell(course(world, taken[-1]))
    service.finish(run_id=run_id, reading=reading, by=by)
    yield at(working_day(day, 1), 17)
    for case_id in taken:
        persons.compare(Hand(world, case_id))


def _take(run_id: int, row: GoodRow, reading: FileReading, by: int) -> bool:
    """As the page does: a row that is refused is told, and the others are taken."""
    try:
        return service.take_row(run_id=run_id, row=row, reading=reading, by=by)
    except Refused as refusal:
        service.turn_away(run_id=run_id, row=row, reading=reading, refusal=refusal, by=by)
        return False


def _case_of(row: GoodRow, organisation_id: int) -> int:
    return db.session.scalars(
        select(Referral.case_id).where(
            Referral.organisation_id == organisation_id,
            Referral.external_reference == row.submission.external_reference,
        )
    ).one()


def _kept(world: World) -> Story:
    """A file looked at just now and not imported yet."""
    yield world.simulation.now - timedelta(minutes=20)
    rows = messy.rows(KEPT_ROWS, monday_of(world.today), KEPT_SEED)
    _keep(world, f"referrals-{clock.today():%Y-%m-%d}.csv", messy.write(rows))
