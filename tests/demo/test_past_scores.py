"""The demonstration's past scores: a messy file, imported in part, in every state."""

from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from mhtr.core.database import db
from mhtr.demo.messy import SHIPPED_MONDAY
from mhtr.demo.stories import past_file
from mhtr.people.identifiers import is_test_nhs_number
from mhtr.tasks.models import Task, TaskKind, TaskState
from outcome_measures.models import MeasureOccasion, PastScoreRun
from outcome_measures.past_scores.rows import read_past_scores


def test_the_shipped_file_is_imported_in_part_and_the_rest_waits(shown: Flask) -> None:
    done, waiting = db.session.scalars(select(PastScoreRun).order_by(PastScoreRun.id))
    assert done.result is not None
    assert done.result["taken"] == 14
    assert done.result["refused_rows"] == 9
    assert {cell["column"] for cell in done.result["refused"]} >= {
        "nhs_number",
        "born",
        "date",
        "measure",
        "items",
    }
    assert waiting.imported_at is None
    assert waiting.content
    historic = db.session.scalars(
        select(MeasureOccasion).where(MeasureOccasion.historic.is_(True))
    ).all()
    assert len(historic) == 14


def test_past_answers_wait_and_were_looked_at(shown: Flask) -> None:
    states = db.session.scalars(select(Task.state).where(Task.kind == TaskKind.PAST_ANSWER)).all()
    assert sorted(states) == [TaskState.DONE, TaskState.OPEN, TaskState.OPEN]


def test_the_dates_of_the_file_move_by_whole_weeks_and_birth_dates_stay() -> None:
    later = past_file.file_lines(SHIPPED_MONDAY + timedelta(weeks=30))
    now = past_file.file_lines(SHIPPED_MONDAY)
    assert "2026-10-13" in now[1]
    assert "2027-05-11" in later[1]
    assert "17/5/1988" in later[5]
    assert "11/6/2027" in later[5]


def test_everybody_in_the_file_is_made_up() -> None:
    text = "\n".join(past_file.file_lines(SHIPPED_MONDAY)).encode()
    rows = read_past_scores(text, date(2026, 11, 18)).good
    numbers = {row.nhs_number for row in rows} - {""}
    assert numbers
    assert all(is_test_nhs_number(number) for number in numbers)
