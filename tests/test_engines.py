"""Small counts leave a part of the tests on PostgreSQL out, and nothing that must be there."""

import pytest

from tests.engines import ALWAYS, ONE_IN, STEPS, left_to_sqlite

MANY = [f"tests/cases/test_a.py::test_{one}[postgresql]" for one in range(100)]
LONELY = "tests/people/test_b.py::test_alone[postgresql]"
TRIED = [f"tests/tasks/test_c.py::test_guard[postgresql-{one}]" for one in range(40)]
GUARD = "tests/tasks/test_c.py::test_guard"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MHTR_FAULTS", raising=False)


def test_about_one_in_so_many_is_kept_and_always_the_same() -> None:
    kept = set(MANY) - left_to_sqlite(MANY, ())
    assert 100 / ONE_IN / 2 < len(kept) < 100 / ONE_IN * 2
    assert kept == set(MANY) - left_to_sqlite(MANY[::-1], ())


def test_a_file_keeps_one() -> None:
    assert left_to_sqlite([LONELY], ()) == set()
    for first in range(90):
        few = MANY[first : first + 3]
        assert left_to_sqlite(few, ()) < set(few)


@pytest.mark.parametrize("resting", [GUARD, "tests/tasks/test_c.py"])
def test_what_a_control_rests_on_keeps_one(resting: str) -> None:
    for first in range(38):
        few = TRIED[first : first + 2]
        beside = [name for name in MANY if name not in left_to_sqlite(MANY, ())]
        beside = [name.replace("cases/test_a", "tasks/test_c") for name in beside]
        assert set(few) - left_to_sqlite([*few, *beside], {resting})


def test_of_the_steps_that_are_stopped_some_are_kept() -> None:
    for file in STEPS:
        names = [f"{file}::test_{one}[postgresql]" for one in range(100)]
        assert 0 < len(left_to_sqlite(names, ())) < 100


@pytest.mark.parametrize("folder", ALWAYS)
def test_what_stands_on_the_engine_is_kept_whole(folder: str) -> None:
    names = [f"{folder}x.py::test_{one}[postgresql]" for one in range(50)]
    assert left_to_sqlite(names, ()) == set()


def test_full_counts_take_every_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MHTR_FAULTS", "full")
    assert left_to_sqlite([*MANY, *TRIED, LONELY], ()) == set()


def test_every_file_of_both_engines_is_on_both_in_this_run(request: pytest.FixtureRequest) -> None:
    of = {"sqlite": set[str](), "postgresql": set[str]()}
    for item in request.session.items:
        engine = item.callspec.params.get("either_app") if hasattr(item, "callspec") else None
        if engine:
            of[engine].add(item.nodeid.partition("::")[0])
    assert of["sqlite"] == of["postgresql"]
