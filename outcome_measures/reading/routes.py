"""The measures of a case: what the scores come to, charts with words, and every occasion."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import render_template

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.people.values import label
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from outcome_measures import page_parts
from outcome_measures.blueprint import bp
from outcome_measures.change import Classes, classes, improved_on
from outcome_measures.charts.content import Picture
from outcome_measures.charts.drawing import dimensions
from outcome_measures.definitions import Instrument
from outcome_measures.episodes import OVER, Sessions, sessions_of
from outcome_measures.goals.rules import GOAL_INSTRUMENT
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.listeners import days_missed
from outcome_measures.models import MeasureOccasion, OccasionState
from outcome_measures.reading import class_words, words
from outcome_measures.reading.alt_words import alt
from outcome_measures.reading.chart_routes import chart_href
from outcome_measures.reading.choices import chosen
from outcome_measures.reading.goal_words import goal_facts
from outcome_measures.reading.lines import (
    Line,
    compared,
    lines_of,
    read_lines,
)
from outcome_measures.reading.queries import contacts_of, taken
from outcome_measures.reading.rules import Reading, chart_of, days_without_him
from outcome_measures.reading.score_words import beside_total
from outcome_measures.reading.sessions import held_with_him, numbers_by_day
from outcome_measures.scores.score import NOT_INSTALLED
from outcome_measures.signing.coded import codes_of_score
from outcome_measures.signing.offered import nobody_stands_for
from outcome_measures.signing.service import coded
from outcome_measures.time_points import TimePoint

navigation.add_case(
    CaseGroup.CASE, 10, "Measures", "measures.measures", Purpose.CLINICAL, section=("measures.",)
)


@dataclass(frozen=True)
class Image:
    """One chart as a page shows it: an address and the size it will have, for each format.

    Each is worked out where a page asks for it: the side of a page has one format.
    """

    case_ref: object
    name: str
    shown: Picture
    alt: str

    @property
    def wide(self) -> str:
        """The address of the format for a wide page and for paper."""
        return chart_href(self.case_ref, self.name, self.shown, "wide")

    @property
    def narrow(self) -> str:
        """The address of the format for a telephone and for the side of a page."""
        return chart_href(self.case_ref, self.name, self.shown, "narrow")

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height of the wide format."""
        return dimensions(self.shown, "wide")

    @cached_property
    def narrow_size(self) -> tuple[int, int]:
        """Width and height of the narrow format."""
        return dimensions(self.shown, "narrow")


@dataclass(frozen=True)
class Row:
    """A row of the table: an occasion, or without one the day of a session he missed."""

    on: date
    line: Line | None = None


@dataclass(frozen=True)
class Shown:
    """One measure on the page."""

    instrument: Instrument
    headline: str
    facts: Sequence[words.Said]
    image: Image | None
    rows: Sequence[Row]
    """The latest first."""
    unsigned: str = ""
    """What is to be read beside its scores while nobody stands for its words."""


@bp.get("/cases/<uuid:case_ref>/measures")
@only(*CLINICAL_ROLES)
def measures(case_ref: uuid.UUID) -> str:
    """Charts and words first, the numbers beside them, then what the scores come to together."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    banner = record(viewer, case)
    lines = lines_of(case.id)
    shows("measure", *(line.point.order for line in lines))
    contacts = contacts_of(case.id)
    met = [line.contact for line in contacts if line.contact.point is TimePoint.SESSION]
    recorded = [(contact.held_on, contact.session_number) for contact in met]
    held = held_with_him(case.id, recorded, lines)
    readings = read_lines(lines, numbers_by_day(held))
    had = sessions_of((line.point for line in lines), held)
    found = _classes(had, case, readings)
    return render_template(
        "outcome_measures/measures.html",
        record=banner,
        case=case,
        measures=_shown(case, lines, readings),
        classes=found,
        class_rows=class_words.class_rows(found) if found else (),
        improved_rows=_improved(readings) if found else (),
        rules_words=class_words.RULES_WORDS,
        parts=page_parts.parts_of(
            viewer,
            case,
            {page_parts.lines_key(case.id): lines, page_parts.contacts_key(case.id): contacts},
        ),
    )


@bp.get("/cases/<uuid:case_ref>/measures/answers/<uuid:occasion_ref>")
@only(*CLINICAL_ROLES)
def answers(case_ref: uuid.UUID, occasion_ref: uuid.UUID) -> str:
    """One occasion with every answer as it was given, and what was corrected."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    line = next((line for line in lines_of(case.id) if line.ref == occasion_ref), None)
    if line is None:
        raise NotFound
    shows("measure", line.point.order)
    found = taken(db.session.get_one(MeasureOccasion, line.point.order))
    return render_template(
        "outcome_measures/answers.html",
        record=record(viewer, case),
        case=case,
        line=line,
        taken=found,
        language=label("languages", found.occasion.language),
        codes=codes_of_score(coded(line.instrument.id), line.score) if line.score else (),
    )


def _shown(case: Case, lines: Sequence[Line], readings: dict[str, Reading]) -> list[Shown]:
    missed = days_missed(case.id)
    made = []
    for name in dict.fromkeys((*INSTRUMENTS, *(line.instrument.id for line in lines))):
        own = [line for line in lines if line.instrument.id == name]
        if not own:
            continue
        instrument = own[0].instrument
        reading, latest = readings.get(name), _latest(own)
        beside = beside_total(latest.instrument, latest.score) if latest and latest.score else ()
        made.append(
            Shown(
                instrument=instrument,
                headline=_screened(latest) + _headline(instrument, reading),
                facts=(*_apart(name, own), *beside, *(words.facts(reading) if reading else ())),
                image=image_of(case.ref, reading, missed, _screened(latest)) if reading else None,
                rows=_rows(own, days_without_him(reading, missed) if reading else ()),
                unsigned=nobody_stands_for(instrument),
            )
        )
    return made


def _rows(own: Sequence[Line], absent: Sequence[date]) -> list[Row]:
    """The table says all that the chart shows, so missed sessions stand among the scores."""
    rows = [*(Row(line.point.on, line) for line in own), *(Row(day) for day in absent)]
    return sorted(rows, key=lambda row: row.on)[::-1]


def _latest(own: Sequence[Line]) -> Line | None:
    """The last complete score, whenever it was taken: what a screen says needs no course."""
    return next((line for line in reversed(own) if line.score and line.score.complete), None)


def _screened(latest: Line | None) -> str:
    """The result of a screen comes before its sum, which is only an aid."""
    screen = latest.score.screen if latest and latest.score else None
    if latest is None or screen is None or screen.label is None:
        return ""
    return f"Screen on {words.day(latest.point.on)}: {screen.label}. "


def _apart(name: str, own: Sequence[Line]) -> tuple[words.Said, ...]:
    """Each of his goals for itself, and which totals are not compared."""
    done = [line for line in own if line.state is not OccasionState.OPEN]
    found: tuple[words.Said, ...] = ()
    if name == GOAL_INSTRUMENT:
        found = goal_facts((line.point.on, line.ratings) for line in done)
    kept = compared(done)
    if any(line.point.complete and line not in kept for line in done):
        said = "Totals of other questions, or of another number of them, are in the table only"
        found = (*found, words.Said("Not compared", said))
    return found


def _headline(instrument: Instrument, reading: Reading | None) -> str:
    if not instrument.installed:
        said = f"{NOT_INSTALLED[0].lower()}{NOT_INSTALLED[1:]}"
        return f"{instrument.name}: {said}; what was recorded is shown as it was kept."
    return words.headline(reading) if reading else f"{instrument.name} is begun."


def image_of(
    case_ref: object, reading: Reading, missed: frozenset[date] = frozenset(), screened: str = ""
) -> Image:
    """The chart of a reading, as a page shows it. `screened`: what its screen found."""
    return Image(
        case_ref,
        reading.instrument.id,
        chart_of(reading, missed),
        alt(reading, missed, screened=screened),
    )


def _classes(had: Sessions | None, case: Case, readings: dict[str, Reading]) -> Classes | None:
    """The classes; None while there is nothing to compare."""
    phq, gad = (readings[name].totals if name in readings else None for name in ("phq9", "gad7"))
    if phq is None and gad is None:
        return None
    return classes(
        phq,
        gad,
        treatment_contacts=had.number if had else 0,
        episode_ended=case.state in OVER,
    )


def _improved(readings: dict[str, Reading]) -> tuple[words.Said, ...]:
    """As the report counts: one of the two, and two of three where the service has a third."""
    third = chosen().third
    counted = [PHQ9, GAD7, *([third] if third else [])]
    changes = [readings[one.id].change if one.id in readings else None for one in counted]
    return class_words.improved_rows(
        improved_on(1, changes[:2]),
        improved_on(2, changes) if third else None,
        [one.name for one in counted],
    )
