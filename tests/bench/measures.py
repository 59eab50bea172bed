"""Charts beside a bare figure and a bare answer; pages of measures beside the reference.

Measured on a copy of a database to which a clinician's caseload was added: fifty people in
treatment with twelve sessions each, and one man with twenty PHQ-9 and twenty GAD-7 scores.
"""

import io
import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from mhtr.accounts.demo_routes import demo_staff
from mhtr.accounts.gate import current_viewer
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, in_scope
from mhtr.core import clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import Person
from mhtr.web.gate import signed_in
from outcome_measures.charts.drawing import draw
from outcome_measures.charts.svg import svg_of
from outcome_measures.definitions import AnswerState
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.models import (
    MeasureAnswer,
    MeasureContact,
    MeasureMode,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.reading.rules import chart_of, read
from outcome_measures.series import BaselineRule, ScorePoint
from outcome_measures.time_points import Origin, TimePoint

PEOPLE, SESSIONS, LONG = 50, 12, 20
CASELOAD = "/measures/caseload?sort=name"
PAGE_BYTES = 60_000

bp = Blueprint("bench_bare", __name__)


@bp.get("/bench/bare/<uuid:case_ref>")
@signed_in
def bare(case_ref: UUID) -> Response:
    """What any answer about one man costs: sign-in, scope and the audit of its reading."""
    find_case(current_viewer(), case_ref, Purpose.CLINICAL)
    return Response(b"<svg xmlns='http://www.w3.org/2000/svg'/>", mimetype="image/svg+xml")


@dataclass(frozen=True)
class Aim:
    """One figure and the most it may be."""

    name: str
    figure: float
    most: float
    unit: str = "×"

    @property
    def missed(self) -> bool:
        """Whether it is over."""
        return self.figure > self.most

    @property
    def words(self) -> str:
        """The figure with its aim."""
        mark = "  MISSED" if self.missed else ""
        return f"{self.figure:.2f}{self.unit} (aim: {self.most:g}{self.unit}){mark}"


def drawing(rounds: int) -> Aim:
    """A chart drawn anew beside matplotlib's own floor: a figure with two empty axes."""
    begun = date(2026, 1, 5)
    points = [
        ScorePoint(str(n), "phq9", begun + timedelta(7 * n), 24 - n, TimePoint.SESSION, n, order=n)
        for n in range(1, SESSIONS + 1)
    ]
    rule = BaselineRule.LAST_BEFORE_OR_AT_FIRST_SESSION
    shown = chart_of(read(PHQ9, points, rule, points[0].on))
    chart, floor = _in_turn(
        rounds, lambda: svg_of(draw(shown, "wide"), title="Bench"), _bare_figure
    )
    return Aim("a chart drawn, beside a bare figure with two axes", chart / floor, 1.6)


def _bare_figure() -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots(1, 2)
    figure.savefig(io.BytesIO(), format="svg")


def pages(app: Flask, client: FlaskClient, reference: str, rounds: int) -> Iterator[Aim]:
    """A chart kept and the two pages, on a database that `caseload` filled."""
    with app.app_context():
        ref = db.session.scalars(
            select(Case.ref)
            .join(MeasureOccasion, MeasureOccasion.case_id == Case.id)
            .where(MeasureOccasion.session_number == LONG)
            .limit(1)
        ).one()
    page = client.get(f"/cases/{ref}/measures")
    found = re.search(r'srcset="([^"]*chart\.svg[^"]*)"', page.get_data(as_text=True))
    if found is None:
        raise RuntimeError("the page shows no chart")
    chart, bare_answer = _gets(rounds, client, found[1].replace("&amp;", "&"), f"/bench/bare/{ref}")
    yield Aim("a chart kept, beside a bare answer", chart / bare_answer, 1.2)
    listed, floor = _gets(rounds, client, CASELOAD, reference)
    sparklines = client.get(CASELOAD).get_data(as_text=True).count("app-spark__line")
    yield Aim(f"a caseload with {sparklines} sparklines, beside the reference", listed / floor, 2)
    his, floor = _gets(rounds, client, f"/cases/{ref}/measures", reference)
    scores = f"{LONG} PHQ-9 and {LONG} GAD-7 scores"
    yield Aim(f"the page of {scores}, beside the reference", his / floor, 2)
    yield Aim(f"the page of {scores}", len(page.data) / 1000, PAGE_BYTES / 1000, " kB")


def caseload() -> None:
    """Give the assessor's face fifty people in treatment, measured at each session."""
    face = demo_staff()[Role.ASSESSOR]
    staff_id = face.id
    ids = db.session.scalars(
        select(Case.id)
        .join(Person, Person.id == Case.person_id)
        .where(in_scope(viewer_of(face), Purpose.CLINICAL))
        # As the caseload is sorted, so that a page of it is full of them.
        .order_by(Person.family_name, Person.given_name, Case.id)
        .limit(PEOPLE)
    ).all()
    with writing():
        for place, case_id in enumerate(ids):
            case = db.session.get_one(Case, case_id)
            case.state, case.assessor_id = CaseState.IN_TREATMENT, staff_id
            _course(case_id, LONG if place == 0 else SESSIONS, staff_id)


def _course(case_id: int, sessions: int, staff_id: int) -> None:
    first = clock.today() - timedelta(days=7 * sessions)
    for number in range(1, sessions + 1):
        on = first + timedelta(days=7 * (number - 1))
        contact = MeasureContact(
            case_id=case_id,
            context=f"bench:{case_id}:{number}",
            held_on=on,
            point=TimePoint.SESSION,
            session_number=number,
            mode=MeasureMode.IN_PERSON,
            by_id=staff_id,
            closed_at=clock.now() if number < sessions else None,
            closed_by=staff_id if number < sessions else None,
        )
        db.session.add(contact)
        db.session.flush()
        for name in ("phq9", "gad7"):
            _asked(contact, name, staff_id)


def _asked(contact: MeasureContact, name: str, staff_id: int) -> None:
    number = contact.session_number or 0
    given: dict[str, Any] = {
        "ref": uuid4(),
        "created_at": clock.now(),
        "case_id": contact.case_id,
        "contact_id": contact.id,
        "context": contact.context,
        "point": TimePoint.SESSION,
        "session_number": number,
        "origin": Origin.ITEMS,
        "instrument": name,
        "instrument_version": INSTRUMENTS[name].version,
        "asked_on": contact.held_on,
        "mode": MeasureMode.IN_PERSON,
        "state": OccasionState.SUBMITTED,
        "entered_by": staff_id,
        "submitted_at": clock.now(),
    }
    made = MeasureOccasion(**given)
    db.session.add(made)
    db.session.flush()
    items = [item.number for item in INSTRUMENTS[name].scored_items]
    db.session.execute(
        insert(MeasureAnswer),
        [
            {
                "occasion_id": made.id,
                "item": item,
                "state": AnswerState.ANSWERED,
                "value": (item + number + contact.case_id) % 4,
            }
            for item in items
        ],
    )


def _gets(rounds: int, client: FlaskClient, path: str, other: str) -> tuple[float, float]:
    return _in_turn(rounds, lambda: client.get(path), lambda: client.get(other))


def _in_turn(
    rounds: int, one: Callable[[], object], other: Callable[[], object]
) -> tuple[float, float]:
    """Median milliseconds of both; they take turns, so that the machine slows them alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 3):
        for call, kept in zip((one, other), times, strict=True):
            begun = time.perf_counter()
            call()
            if number >= 3:
                kept.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])
