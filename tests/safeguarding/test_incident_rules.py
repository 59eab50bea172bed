"""What an incident record must say, when candour is owed, and who reviews it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mhtr.safeguarding import incident_rules as rules
from mhtr.safeguarding.incident_rules import (
    Candour,
    Happened,
    Harm,
    Harmed,
    State,
    StepKind,
    objections,
    owed,
    state_of,
    why_not_review,
)

TODAY = date(2026, 11, 18)
SAID = Happened(
    TODAY, "14:30", "Room 2", "A chair broke under him", Harmed.HE, Harm.LOW, "A bruise",
    "First aid", "The trust’s system, number 41", Candour.NOT_OWED, "",
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"place": " "}, "place"),
        ({"what": ""}, "what"),
        ({"done": ""}, "done"),
        ({"reported": ""}, "reported"),
        ({"harm_words": ""}, "harm_words"),
        ({"harm": Harm.NONE, "harm_words": ""}, None),
        ({"harmed": Harmed.NOBODY}, "harm"),
        ({"harm": Harm.MODERATE}, "candour"),
        ({"harm": Harm.MODERATE, "candour": Candour.TO_DO}, None),
        ({"harm": Harm.SEVERE, "candour": Candour.DONE}, "candour_words"),
        ({"harm": Harm.SEVERE, "harmed": Harmed.STAFF}, None),
    ],
)
def test_what_it_must_say(changed: dict[str, object], field: str | None) -> None:
    found = objections(replace(SAID, **changed), TODAY)  # type: ignore[arg-type]
    assert [name for name, _ in found] == ([field] if field else [])


@pytest.mark.parametrize("harmed", list(Harmed))
@pytest.mark.parametrize("harm", list(Harm))
def test_candour_is_owed_to_him_from_moderate_harm_on(harmed: Harmed, harm: Harm) -> None:
    bad = harm in (Harm.MODERATE, Harm.SEVERE, Harm.FATAL)
    assert owed(harmed, harm) is (harmed is Harmed.HE and bad)


@pytest.mark.parametrize(
    ("lead", "by", "candour", "state", "why"),
    [
        (True, 3, Candour.NOT_OWED, State.WAITS, ()),
        (False, 3, Candour.NOT_OWED, State.WAITS, (rules.LEAD_ONLY,)),
        (True, 1, Candour.DONE, State.WAITS, (rules.NOT_HIS_OWN,)),
        (True, 2, Candour.DONE, State.CLOSED, (rules.NOT_HIS_OWN,)),
        (True, 3, Candour.TO_DO, State.WAITS, (rules.CANDOUR_FIRST,)),
        (True, 3, Candour.TO_DO, State.CLOSED, ()),
    ],
)
def test_who_reviews_it(
    lead: bool, by: int, candour: Candour, state: State, why: tuple[str, ...]
) -> None:
    found = why_not_review(is_lead=lead, by=by, writers=[1, 2], candour=candour, state=state)
    assert found == why


def test_where_it_stands() -> None:
    closed, reopened = StepKind.CLOSED, StepKind.REOPENED
    assert state_of([]) is state_of([closed, reopened]) is State.WAITS
    assert state_of([closed]) is state_of([closed, reopened, closed]) is State.CLOSED
