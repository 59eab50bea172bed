"""Copies of played men hold what the services wrote for the originals."""

import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import and_, func, select, text

from mhtr.cases import rules, service
from mhtr.cases.facts import CaseState
from mhtr.cases.flag_owners import names_asked, question_key
from mhtr.cases.models import Case
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.demo import bulk, past
from mhtr.demo.build import DEFAULT_PEOPLE, Demonstration
from mhtr.demo.databases import application
from mhtr.people.identifiers import is_test_nhs_number, parse_nhs_number
from mhtr.people.models import Flag, FlagQuestion, Identifier, IdentifierKind, MatchKey, Person
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from outcome_measures.flags.queries import states_of
from outcome_measures.flags.standing import flags
from outcome_measures.models import MeasureContact, MeasureFlag, MeasureOccasion, OccasionState
from tests.conftest import NOON

COPIES = 2
GROWN = 2 * DEFAULT_PEOPLE


@pytest.fixture(scope="module")
def multiplied(
    demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory
) -> Demonstration:
    """The demonstration three times over."""
    made = Demonstration(tmp_path_factory.mktemp("bulk"))
    shutil.copyfile(demonstration.database, made.database)
    with application(made.url), writing():
        there = len(db.session.scalars(select(Person.id)).all())
        assert bulk.multiply(there * (COPIES + 1), NOON.date(), live=COPIES) == COPIES
    return made


@pytest.fixture(scope="module")
def grown(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The demonstration with years of finished work behind it."""
    made = Demonstration(tmp_path_factory.mktemp("grown"))
    shutil.copyfile(demonstration.database, made.database)
    with application(made.url), writing():
        bulk.multiply(GROWN, NOON.date())
    return made


@pytest.fixture
def years(grown: Demonstration) -> Iterator[Flask]:
    with application(grown.url) as app:
        yield app


@pytest.fixture
def many(multiplied: Demonstration) -> Iterator[Flask]:
    with application(multiplied.url) as app:
        yield app


def test_every_table_of_a_man_is_copied_as_often(many: Flask) -> None:
    for original in bulk._originals():
        if original.table.name in ("match_keys",):
            continue
        count = len(original.rows)
        assert count % (COPIES + 1) == 0, original.table.name


def test_a_copy_has_the_same_columns_filled(many: Flask) -> None:
    for original in bulk._originals():
        by_id = {row["id"]: row for row in original.rows}
        ordered = sorted(original.rows, key=lambda row: int(row["id"]))
        first = ordered[: len(ordered) // (COPIES + 1)]
        stride = max((row["id"] for row in first), default=0)
        for row in first:
            copy = by_id.get(row["id"] + stride)
            if copy is not None and original.table.name != "match_keys":
                # Of former men every notice was read long ago.
                read = {"read_at", "read_by"} if original.table.name == "notices" else set()
                assert {k for k, v in row.items() if v is not None} | read == {
                    k for k, v in copy.items() if v is not None
                } | read, original.table.name


def test_copies_are_other_people(many: Flask) -> None:
    numbers = db.session.scalars(
        select(Identifier.value).where(Identifier.kind == IdentifierKind.NHS)
    ).all()
    assert all(is_test_nhs_number(n) and parse_nhs_number(n) == n for n in numbers)
    people = len(db.session.scalars(select(Person.id)).all())
    names = set(db.session.execute(select(Person.given_name, Person.family_name, Person.born)))
    assert len(names) > 0.9 * people
    assert db.session.scalars(select(MatchKey.id)).first() is not None


def test_states_of_copies_follow_from_their_facts(many: Flask) -> None:
    for case in db.session.scalars(select(Case).order_by(Case.id.desc()).limit(20)):
        folded = rules.fold(service.facts_of(case.id), NOON.date())
        assert folded.report is case.progress
        assert folded.stage is case.stage


def test_tasks_of_copies_lead_to_the_copies(many: Flask) -> None:
    refs = {str(ref): i for i, ref in db.session.execute(select(Case.id, Case.ref))}
    tasks = db.session.scalars(select(Task).where(Task.case_id.is_not(None)))
    leading = [task for task in tasks if task.subject_ref in refs]
    assert leading
    assert all(refs[task.subject_ref] == task.case_id for task in leading)


def test_each_copy_is_asked_about_the_man_of_his_own_warning(many: Flask) -> None:
    found = db.session.scalars(select(Task).where(Task.kind == TaskKind.FLAG_MAN)).all()
    tasks = {task.key: task for task in found}
    questions = db.session.scalars(select(FlagQuestion)).all()
    names = names_asked(tasks)
    assert names and names.keys() == tasks.keys()
    assert len(tasks) % (COPIES + 1) == 0
    for question in questions:
        task, flag = (
            tasks.get(question_key(question.id)),
            db.session.get_one(Flag, question.flag_id),
        )
        if task is not None:
            assert names[task.key] == flag.other_name
            assert db.session.get_one(Case, task.case_id).person_id == flag.person_id


def test_flags_of_copies_are_those_their_scores_raise(many: Flask, years: Flask) -> None:
    for app in (many, years):
        with app.app_context():
            rows = db.session.scalars(select(MeasureFlag).where(MeasureFlag.ended_at.is_(None)))
            live = {row.key: row.said for row in rows}
            cases = list(db.session.scalars(select(MeasureFlag.case_id).distinct()))
            holding = {
                f"{case_id}:{flag.key}": {"rule": flag.rule, "reason": flag.reason}
                for case_id, state in states_of(cases).items()
                for flag in flags(state)
            }
            assert live
            assert live == holding


def test_the_database_is_sound(many: Flask) -> None:
    assert audit.verify().ok
    assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_years_of_records_bring_no_more_open_work(
    years: Flask, demonstration: Demonstration
) -> None:
    now = _open_work()
    people = db.session.scalar(select(func.count()).select_from(Person))
    assert people is not None and abs(people - GROWN) < 80, "about one copy"
    with application(demonstration.url):
        assert _open_work() == now
        played = db.session.scalar(select(func.max(Case.id)))
    copies = db.session.scalars(select(Case).where(Case.id > played)).all()
    assert {case.state.value for case in copies} <= past.OVER
    assert all(case.hearing_on is None or case.hearing_on < NOON.date() for case in copies)


def _open_work() -> dict[str, int | None]:
    flag = MeasureFlag
    waiting = {
        Task: Task.state == TaskState.OPEN,
        Notice: Notice.read_at.is_(None),
        MeasureContact: MeasureContact.closed_at.is_(None),
        MeasureOccasion: MeasureOccasion.state == OccasionState.OPEN,
        flag: and_(flag.responded_at.is_(None), flag.ended_at.is_(None)),
        Case: Case.state == CaseState.SENTENCED_WITH_MHTR,
    }
    return {
        model.__tablename__: db.session.scalar(select(func.count()).select_from(model).where(left))
        for model, left in waiting.items()
    }


def test_cases_of_former_years_follow_from_their_facts(years: Flask) -> None:
    earliest = db.session.scalar(select(func.min(Case.opened_at)))
    assert earliest is not None and NOON.year - earliest.year in (past.YEARS, past.YEARS + 1)
    for case in db.session.scalars(select(Case).order_by(Case.id.desc()).limit(20)):
        folded = rules.fold(service.facts_of(case.id), NOON.date())
        assert (folded.state, folded.hearing_on) == (case.state, case.hearing_on)
        assert folded.since == case.state_since
    assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
