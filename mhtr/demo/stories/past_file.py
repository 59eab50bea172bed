"""Men in treatment whose scores were kept on paper until a file of them was imported."""

import re
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core import clock
from mhtr.core.csv_files import decode
from mhtr.core.database import db
from mhtr.demo import tables
from mhtr.demo.acts import coursing, court, ordering
from mhtr.demo.men import Man, nhs_number
from mhtr.demo.messy import SHIPPED_MONDAY
from mhtr.demo.simulation import Story
from mhtr.demo.stories import steps
from mhtr.demo.world import Hand, World
from mhtr.suitability.outcome_service import Result
from outcome_measures.models import MeasureOccasion
from outcome_measures.past_scores import service as past_service
from outcome_measures.past_scores.rows import read_past_scores
from outcome_measures.past_scores.whose import match
from outcome_measures.recording.taking_back import take_back
from outcome_measures.risk import past_answers

MEN = (
    ("Desmond", "Fairweather", date(1988, 5, 17), "E900001"),
    ("Piotr", "Zawadzki", date(1979, 9, 2), "E900002"),
    ("Nathan", "Osei", date(1995, 1, 28), "E900003"),
)
"""Those whom the shipped file names; the numbers of the range kept for them follow on."""
FIRST_SERIAL = 900_001
SENTENCED = 35
"""Working days ago."""
IMPORTED = 24
"""Lines of the shipped file in the file that was imported; the others wait in another."""


def man_of(world: World, number: int) -> Man:
    """One of the men of the file."""
    given, family, born, crn = MEN[number]
    return replace(
        world.men.next(),
        given=given,
        family=family,
        born=born,
        crn=crn,
        nhs_number=nhs_number(FIRST_SERIAL + number),
    )


def file_lines(monday: date) -> list[str]:
    """The shipped file with its dates moved to the weeks before this Monday."""
    by = monday - SHIPPED_MONDAY

    def moved(found: re.Match[str]) -> str:
        text = found.group(0)
        if "/" in text:
            day, month, year = (int(part) for part in text.split("/"))
            later = date(year, month, day) + by
            return f"{later.day}/{later.month}/{later.year}"
        return (date.fromisoformat(text) + by).isoformat()

    text = decode(tables.text("past-scores.csv"))
    # Only the years of the programme: birth dates stay.
    return re.sub(r"\b202[67]-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}/202[67]\b", moved, text).splitlines()


def _sentenced(world: World, number: int) -> Generator[datetime, None, Hand]:
    """Referred, reported on and sentenced; in treatment since."""
    ago = SENTENCED
    hand = yield from steps.referred(
        world, world.day(-ago - 22), man=man_of(world, number), hearing_on=world.day(-ago)
    )
    hand.assessor, hand.officer = world.staff("assessor"), world.staff("court")
    days = (world.day(-ago - 20), world.day(-ago - 14), world.day(-ago - 12), world.day(-ago - 9))
    yield from steps.through_to_release(hand, days)
    yield world.moment(world.day(-ago), 16)
    court.sentenced(hand, Result.CO_MHTR, proposed=True)
    ordering.ordered(hand)
    ordering.supervised_by_name(hand, "Ffion Protheroe")
    coursing.made(hand)
    return hand


def _in_treatment(number: int) -> Callable[[World], Story]:
    def story(world: World) -> Story:
        yield from _sentenced(world, number)

    return story


def imported(world: World) -> Story:
    """The clinical lead imports the file of the paper forms and looks at one man's past answers."""
    hand = yield from _sentenced(world, 0)
    monday = world.today - timedelta(days=world.today.weekday())
    lines = file_lines(monday)
    lead = world.staff("lead")
    yield world.moment(world.day(-1), 16)
    _import(lines[:IMPORTED], lead)
    yield world.simulation.now - timedelta(hours=1)
    task = past_answers.open_past_task(hand.case_id)
    if task is None:
        raise ValueError("nothing to look at")
    past_answers.record_look(
        case_id=hand.case_id,
        seen=len(past_answers.occasions_of(task)),
        outcome="Talked over with him at the third session: no thoughts of that kind since. "
        "His safety plan of the assessment stands.",
        by=lead,
    )
    yield world.simulation.now - timedelta(minutes=15)
    _take_one_back(lead)
    waiting = [lines[0], *lines[IMPORTED - 2 :]]
    past_service.keep_file(file_name="paper-forms-2.csv", text=_text(waiting), by=lead)


def _import(lines: list[str], lead: int) -> None:
    text = _text(lines)
    run = past_service.keep_file(file_name="paper-forms.csv", text=text, by=lead)
    viewer = viewer_of(db.session.get_one(Staff, lead))
    reading = read_past_scores(text.encode(), clock.today())
    matching = match(viewer, reading.good)
    taken = [
        past_service.take_row(matched=each, viewer=viewer, run_id=run.id) for each in matching.new
    ]
    past_service.finish(
        run_id=run.id,
        taken=sum(taken),
        known=len(matching.known),
        refused=sorted((*reading.refused, *matching.refused), key=lambda cell: cell.line),
        by=lead,
    )


def _take_one_back(lead: int) -> None:
    """The last score of the file was another man's."""
    last = select(MeasureOccasion.id).where(MeasureOccasion.historic.is_(True))
    key = db.session.scalars(last.order_by(MeasureOccasion.id.desc())).first()
    if key is None:
        raise ValueError("nothing was imported")
    viewer = viewer_of(db.session.get_one(Staff, lead))
    take_back(occasion_id=key, reason="The form was his brother's.", viewer=viewer)


def _text(lines: list[str]) -> str:
    return "\r\n".join([*lines, ""])


STORIES = (_in_treatment(1), _in_treatment(2), imported)
