"""Packs are optional: with a folder deleted the program works and old records stay legible."""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.goals.service import set_goal
from outcome_measures.instruments.registry import INSTRUMENTS, PACKS, recorded
from outcome_measures.models import MeasureMode, MeasureOccasion
from outcome_measures.policy import NEVER, WHEN
from outcome_measures.reading import queries
from outcome_measures.recording import service
from outcome_measures.scores.scoring import risk_signals, score
from outcome_measures.signing.service import all_in_force, in_force
from tests.outcome_measures.cases import PACKS_FOLDER, ROOT
from tests.suitability.journey import allocated

PROGRAM = """
from pathlib import Path

import config
from mhtr.app import create_app
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview.settings_queries import load_declarations
from outcome_measures.instruments.registry import INSTRUMENTS, PACKS
from outcome_measures.policy import WHEN

app = create_app(config.load({"MHTR_MODE": "test", "MHTR_DATABASE_URL": "sqlite:///" + "x.db"}))
load_declarations()
built_in = {path.stem for path in Path("outcome_measures/instruments").glob("[!_]*.py")}
assert set(WHEN) == set(INSTRUMENTS) == {*built_in - {"registry"}, *PACKS}
with app.app_context(), writing():
    db.metadata.create_all(db.session.connection())
page = app.test_client().get("/sign-in")
assert page.status_code == 200, page.status_code
print(" ".join(sorted(PACKS)))
"""


def run_without(folder: Path, *deleted: str) -> list[str]:
    """The packs that the program finds when started from a copy without these folders."""
    for name in ("mhtr", "sessions", "templates", "config.py", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "outcome_measures", folder / "outcome_measures", ignore=ignored)
    for name in deleted:
        shutil.rmtree(folder / "outcome_measures" / name)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("deleted", "left"),
    [(["packs/core10"], ["coreom", "gbo"]), (["packs"], [])],
)
def test_the_program_starts_with_a_folder_deleted(
    tmp_path: Path, deleted: Iterable[str], left: list[str]
) -> None:
    assert run_without(tmp_path, *deleted) == left


def test_nothing_outside_a_pack_names_it_in_code() -> None:
    """Otherwise deleting it would break more than itself."""
    for path in [*(ROOT / "outcome_measures").rglob("*.py"), *(ROOT / "mhtr").rglob("*.py")]:
        if PACKS_FOLDER not in path.parents:
            assert "packs." not in path.read_text().replace('"outcome_measures.packs"', ""), path


@pytest.mark.parametrize("pack", sorted(PACKS))
def test_a_pack_is_off_until_the_service_says_when(pack: str) -> None:
    assert WHEN[pack].default == NEVER
    assert (PACKS_FOLDER / pack / "LICENCE.md").is_file()


def test_only_phq9_and_gad7_are_asked_by_default() -> None:
    assert [name for name, value in WHEN.items() if value.default != NEVER] == ["phq9", "gad7"]


GONE = "gone1"


def test_what_was_recorded_with_a_deleted_pack_stays_legible(app: Flask) -> None:
    people = allocated()
    with writing():
        occasion = service.open_occasion(
            case_id=people.case.id,
            context="test:1",
            instrument="phq9",
            mode=MeasureMode.PAPER,
            asked_on=date(2026, 11, 18),
            by=people.assessor.id,
        )
        answers = {number: Answer(AnswerState.ANSWERED, 2) for number in range(1, 10)}
        service.submit(occasion, answers, version=1, by=people.assessor.id)
    with writing():
        db.session.get_one(MeasureOccasion, occasion.id).instrument = GONE
    assert GONE not in INSTRUMENTS
    taken = queries.taken(db.session.get_one(MeasureOccasion, occasion.id))
    assert (taken.score.total, taken.score.band) == (None, None)
    assert (taken.answers[8].text, taken.answers[8].words) == ("Question 9", "2")
    (point,) = queries.points_of([people.case.id])[people.case.id]
    assert (point.instrument, point.total) == (GONE, None)


def test_the_stand_in_scores_nothing_and_is_found_by_id() -> None:
    stand_in = recorded(GONE)
    assert in_force(GONE) == stand_in
    assert recorded("phq9") is INSTRUMENTS["phq9"]
    full = {item.number: Answer(AnswerState.ANSWERED, 1) for item in stand_in.items[:40]}
    assert score(stand_in, full).total is None
    assert risk_signals(stand_in, full, submitted=False) == ()
    # Nobody knows which of its questions ask about risk, so its end is looked at as a whole.
    for given in (full, {}):
        (signal,) = risk_signals(stand_in, given, submitted=True)
        assert (signal.item_number, signal.value, signal.to) == (0, None, None)
        assert "nobody knows" in signal.reason


def test_it_is_found_among_all_of_them_too(app: Flask) -> None:
    found = all_in_force()
    assert found[GONE] == recorded(GONE)
    assert set(found) == set(INSTRUMENTS)


@pytest.mark.skipif("gbo" not in PACKS, reason="the pack was deleted")
def test_a_goal_he_did_not_set_is_not_missing(app: Flask) -> None:
    people = allocated()
    with writing():
        for words in ("Sleep through", "Get on a bus"):
            set_goal(case_id=people.case.id, words=words, by=people.assessor.id)
        occasion = service.open_occasion(
            case_id=people.case.id,
            context="test:2",
            instrument="gbo",
            mode=MeasureMode.IN_PERSON,
            asked_on=date(2026, 11, 18),
            by=people.assessor.id,
        )
        answers = {
            1: Answer(AnswerState.ANSWERED, 7),
            2: Answer(AnswerState.ANSWERED, 0),
            3: Answer(AnswerState.NOT_APPLICABLE),
        }
        made = service.submit(occasion, answers, version=1, by=people.assessor.id)
    assert (made.total, made.highest) == (7, 20)
    (point,) = queries.points_of([people.case.id])[people.case.id]
    assert point.total == 7
