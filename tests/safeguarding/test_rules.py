"""What a safeguarding referral must say, and where it stands."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.safeguarding import rules
from mhtr.safeguarding.kinds import Agreed, Kind, Knows, State
from mhtr.safeguarding.kinds import StepKind as K
from mhtr.safeguarding.rules import Said, objections, possible, state_of, step_objections
from mhtr.safeguarding.sheet import Whom, sheet

TODAY = date(2026, 11, 18)
SAID = Said(
    Kind.CHILD,
    "Ealing",
    "Their online form",
    "Sam Example, 6, 4 Elm Road. His daughter",
    "She was alone",
    "Rang her mother",
    Agreed.YES,
    "",
    Knows.TOLD,
    "",
)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"authority": " "}, "authority"),
        ({"sent_how": ""}, "sent_how"),
        ({"about": ""}, "about"),
        ({"concern": " "}, "concern"),
        ({"done": ""}, "done"),
        ({"agreed": Agreed.NO}, "override_why"),
        ({"agreed": Agreed.NOT_ASKED}, "override_why"),
        ({"agreed": Agreed.NO, "override_why": "She could be hurt"}, None),
        ({"knows": Knows.NOT_TOLD}, "not_told_why"),
        ({"knows": Knows.NOT_TOLD, "not_told_why": "He would take her away"}, None),
    ],
)
def test_what_it_must_say(changed: dict[str, object], field: str | None) -> None:
    found = objections(replace(SAID, **changed))  # type: ignore[arg-type]
    assert [name for name, _ in found] == ([field] if field else [])


@pytest.mark.parametrize(
    ("steps", "state", "then"),
    [
        ([], State.MADE, (K.ACKNOWLEDGED,)),
        ([K.ACKNOWLEDGED], State.ACKNOWLEDGED, (K.OUTCOME, K.TAKEN_BACK)),
        ([K.ACKNOWLEDGED, K.TAKEN_BACK], State.MADE, (K.ACKNOWLEDGED,)),
        ([K.ACKNOWLEDGED, K.OUTCOME], State.OUTCOME, (K.CLOSED, K.TAKEN_BACK)),
        ([K.ACKNOWLEDGED, K.OUTCOME, K.CLOSED], State.CLOSED, (K.TAKEN_BACK,)),
        ([K.ACKNOWLEDGED, K.OUTCOME, K.CLOSED, K.TAKEN_BACK], State.OUTCOME,
         (K.CLOSED, K.TAKEN_BACK)),
    ],
)  # fmt: skip
def test_where_it_stands(steps: list[K], state: State, then: tuple[K, ...]) -> None:
    assert state_of(steps) is state and possible(steps) == then


@given(st.lists(st.integers(0, 1), max_size=12))
def test_whatever_is_recorded_in_turn_it_stands_somewhere_and_a_mistake_is_undone(
    choices: list[int],
) -> None:
    steps: list[K] = []
    for choice in choices:
        offered = possible(steps)
        before = state_of(steps)
        steps.append(offered[choice % len(offered)])
        if steps[-1] is not K.TAKEN_BACK:
            assert state_of([*steps, K.TAKEN_BACK]) is before
    assert possible(steps)


@pytest.mark.parametrize(
    ("on", "words", "field"),
    [
        (TODAY, "Ms Reed, reference 41", None),
        (TODAY + timedelta(days=1), "so", "on"),
        (TODAY - timedelta(days=3), "so", "on"),
        (TODAY, " ", "words"),
    ],
)
def test_what_a_step_must_say(on: date, words: str, field: str | None) -> None:
    made = TODAY - timedelta(days=2)
    found = step_objections(K.ACKNOWLEDGED, on, words, made_on=made, today=TODAY)
    assert [name for name, _ in found] == ([field] if field else [])


def test_the_paper_says_why_it_is_made_without_agreement_and_what_it_replaces() -> None:
    whom = Whom("Martin Example", None, "", "A trust", "Ada Best, psychologist", TODAY, 2)
    said = replace(SAID, agreed=Agreed.NO, override_why="She could be hurt")
    found = sheet(said, whom)
    assert "version 1" in found["again"] and ["His address", "Not known"] in found["facts"]
    assert any("She could be hurt" in line for _, lines in found["parts"] for line in lines)
    assert rules.DAYS == 1
