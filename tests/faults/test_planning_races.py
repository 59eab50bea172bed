"""Two apply a plan at once, and somebody books while it is applied: whole or not at all."""

from collections.abc import Callable

import pytest
from flask import Flask

from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.booking import holding, service
from sessions.booking.queries import booked_of
from sessions.booking.service import Asked
from sessions.courses.models import CourseSession
from sessions.planning import applying
from sessions.planning.models import Proposal
from sessions.planning.stored import place_kept
from tests.counts import count
from tests.faults.invariants import assert_sound
from tests.faults.test_races import at_once
from tests.sessions.booking.makers import (
    Clinic,
    assert_taken_is_what_is_booked,
    clinic,
    weekly,
)
from tests.sessions.planning.asking import parts_of, worked_out
from tests.sessions.planning.test_proposals import WAITING, away, waits

APPLIERS = 3


def applies(part_id: int, by: int, done: list[bool]) -> Callable[[], None]:
    def run() -> None:
        with writing():
            done.append(applying.apply_part(part_id=part_id, by=by))

    return run


def part_of(proposal: Proposal) -> int:
    """The key of its only part."""
    (part,) = parts_of(proposal)
    return part.id


@pytest.mark.parametrize("moves", [True, False])
def test_several_appliers_have_one_winner(either_app: Flask, moves: bool) -> None:
    scene = clinic()
    by, case_id = scene.by, scene.case.id
    if moves:
        weekly(scene, 5)
    ask = away(scene) if moves else WAITING
    for _ in range(count(2, 10)):
        key = part_of(worked_out(ask, by))
        done: list[bool] = []
        db.session.remove()
        answers = at_once(either_app, [applies(key, by, done) for _ in range(APPLIERS)])
        assert answers == ["done"] * APPLIERS and done.count(True) == 1
        assert len(booked_of(case_id)) == (5 if moves else 6)
        db.session.rollback()
        assert_taken_is_what_is_booked()
        with writing():
            assert applying.undo_part(part_id=key, by=by)
    assert_sound()


def racer(scene: Clinic, name: str) -> tuple[int, int]:
    """Another man with a course of one session: his case and that session."""
    other, course = waits(scene, name, 1)
    return other.id, db.session.query(CourseSession).filter_by(course_id=course.id).one().id


def test_applied_while_somebody_books_one_of_its_times(either_app: Flask) -> None:
    scene = clinic()
    by, case_id = scene.by, scene.case.id
    others = [racer(scene, f"Kwame{letter}") for letter in "abcdefghij"[: count(2, 10)]]
    for number, (other_id, first) in enumerate(others):
        part = parts_of(worked_out(WAITING, by))
        mine = next(one for one in part if one.case_id == case_id)
        key, wanted = mine.id, place_kept(mine.after[number % 3])

        def book(other_id: int = other_id, first: int = first, wanted: object = wanted) -> None:
            with writing():
                service.book(case_id=other_id, asked=[Asked(wanted, first)], by=by)  # type: ignore[arg-type]

        done: list[bool] = []
        db.session.remove()
        answers = at_once(either_app, [applies(key, by, done), book])
        assert sorted(answers) == sorted(["done", holding.TAKEN]), answers
        assert len(booked_of(case_id)) == (6 if done else 0), "all of his or none"
        db.session.rollback()
        assert_taken_is_what_is_booked()
        if done:
            with writing():
                applying.undo_part(part_id=key, by=by)
    assert_sound()
