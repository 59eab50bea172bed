"""Where an order stands, by the law: a table of dated scenarios, each naming its provision."""

from collections import Counter
from dataclasses import fields

import pytest

from mhtr.compliance.standing.explaining import steps
from mhtr.compliance.standing.facts import Order
from mhtr.compliance.standing.fold import standing
from mhtr.compliance.standing.mattering import mattered
from mhtr.compliance.standing.readings import WHY, Readings
from tests.compliance.standing.facts_made import day
from tests.compliance.standing.scenarios import SCENARIOS, Scenario


@pytest.mark.parametrize(
    ("one", "order"), SCENARIOS, ids=[f"{one.name} ({order.kind})" for one, order in SCENARIOS]
)
def test_where_an_order_stands(one: Scenario, order: Order) -> None:
    found = standing(order, one.all_facts(order), day(one.on), one.readings)
    assert found.state is one.state
    assert tuple(waiting.session for waiting in found.waiting) == one.wait
    assert tuple(live.key for live in found.live) == one.live
    assert (found.must_refer, found.to_act) == (one.must, one.act)


def test_the_table_is_as_long_as_it_must_be_and_each_names_its_provision() -> None:
    assert len(SCENARIOS) >= 120
    assert all(one.law for one, _ in SCENARIOS)
    names = Counter((one.name, one.on, order) for one, order in SCENARIOS)
    assert [name for name, times in names.items() if times > 1] == []


def test_each_point_is_in_the_table_with_another_reading_and_its_reason() -> None:
    usual = Readings()
    points = {field.name for field in fields(Readings)}
    other = {
        name
        for one, _ in SCENARIOS
        for name in points
        if getattr(one.readings, name) is not getattr(usual, name)
    }
    assert other == points == set(WHY)


@pytest.mark.parametrize(
    ("one", "order"),
    [pair for pair in SCENARIOS if pair[0].readings != Readings()],
    ids=lambda value: value.name if isinstance(value, Scenario) else value.kind,
)
def test_a_reading_that_mattered_is_named(one: Scenario, order: Order) -> None:
    usual = Readings()
    changed = [f.name for f in fields(Readings)
               if getattr(one.readings, f.name) is not getattr(usual, f.name)]  # fmt: skip
    facts = one.all_facts(order)
    assert set(changed) <= set(mattered(order, facts, day(one.on), one.readings))
    assert set(changed) <= set(mattered(order, facts, day(one.on)))


def test_where_no_reading_matters_none_is_named() -> None:
    plain = [
        pair for pair in SCENARIOS if pair[0].name in ("he came", "accepted", "nothing happened")
    ]
    assert len(plain) == 6
    for one, order in plain:
        assert mattered(order, one.all_facts(order), day(one.on)) == ()


@pytest.mark.parametrize(
    ("one", "order"), SCENARIOS, ids=[f"{one.name} ({order.kind})" for one, order in SCENARIOS]
)
def test_the_steps_are_in_order_and_name_the_law_of_their_kind(one: Scenario, order: Order) -> None:
    found = steps(order, one.all_facts(order), day(one.on), one.readings)
    assert [step.on for step in found] == sorted(step.on for step in found)
    wrong = "Sch 16" if order.kind == "community" else "Sch 10"
    assert all(step.words and wrong not in step.source for step in found)
    said = " ".join(step.words for step in found)
    assert "must refer the matter" in said or not one.must
