"""What must never change where an order stands, whatever the facts."""

from dataclasses import astuple, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mhtr.compliance.attendance import MISSED, NEVER_HIS, Happened
from mhtr.compliance.standing import facts as f
from mhtr.compliance.standing.explaining import steps, warnings_in_words
from mhtr.compliance.standing.fold import Standing, State, standing
from mhtr.compliance.standing.readings import Readings
from mhtr.orders.terms import OrderKind
from tests.compliance.standing.facts_made import CO, SSO, terms

FIRST, DAYS = date(2026, 4, 1), 900
KEYS = ("a", "b", "c")
WARNINGS = ("u", "v", "w")

days = st.integers(0, DAYS).map(lambda n: FIRST + timedelta(days=n))
orders = st.sampled_from((CO, SSO))


@st.composite
def readings(draw: st.DrawFn) -> Readings:
    values: dict[str, StrEnum] = vars(Readings())
    chosen: dict[str, Any] = {
        name: draw(st.sampled_from(list(type(value)))) for name, value in values.items()
    }
    return Readings(**chosen)


sessions = st.builds(
    f.Session,
    on=days,
    key=st.sampled_from(KEYS),
    required=st.booleans(),
    happened=st.sampled_from([None, *Happened]),
    notice=st.sampled_from(list(f.Notice)),
    described=st.booleans(),
)
decisions = st.builds(
    f.Decided,
    on=days,
    session=st.sampled_from(KEYS),
    opinion=st.sampled_from(list(f.Opinion)),
    notice_counts=st.booleans(),
)
warned = st.builds(
    f.Warned,
    on=days,
    key=st.sampled_from(WARNINGS),
    about=st.frozensets(st.sampled_from(KEYS), max_size=2),
    posted_on=st.none() | days,
    delivered_on=st.none() | days,
    oral=st.booleans(),
    worded_as=st.sampled_from([None, *OrderKind]),
    complete=st.booleans(),
)
others = st.one_of(
    st.builds(f.NoAction, on=days, session=st.sampled_from(KEYS)),
    st.builds(f.Referred, on=days, about=st.frozensets(st.sampled_from(KEYS), min_size=1)),
    st.builds(f.InformationLaid, on=days),
    st.builds(f.Concluded, on=days, outcome=st.sampled_from(list(f.Outcome))),
    st.builds(f.Ended, on=days, by=st.sampled_from(list(f.EndedBy))),
    st.builds(f.Unwilling, on=days),
    st.builds(f.WarningsConfirmed, on=days, by=st.just("P. Osei")),
)
histories = st.lists(st.one_of(sessions, decisions, warned, others), max_size=14)


def outcome(found: Standing) -> tuple[Any, ...]:
    """Everything but the order in which two things are listed."""
    return (
        found.state,
        set(found.waiting),
        set(found.live),
        set(found.must_refer),
        set(found.to_act),
        found.confirmed,
    )


@given(orders, histories, days, readings(), st.randoms(use_true_random=False))
def test_facts_may_arrive_in_any_order_and_more_than_once(
    order: f.Order, facts: list[f.Fact], on: date, used: Readings, chance: Any
) -> None:
    known = [terms(order), *facts]
    late = [*known, *facts]
    chance.shuffle(late)
    assert standing(order, late, on, used) == standing(order, known, on, used)
    assert steps(order, late, on, used) == steps(order, known, on, used)


@given(orders, histories, days, days, readings(), st.sampled_from(sorted(NEVER_HIS)))
def test_what_the_service_cancelled_changes_nothing(
    order: f.Order, facts: list[f.Fact], day: date, on: date, used: Readings, happened: Happened
) -> None:
    ours = f.Session(on=day, key="z", required=True, happened=happened, described=True)
    decided = f.Decided(on=day, session="z", opinion=f.Opinion.NO_EXCUSE, notice_counts=True)
    known = [terms(order), *facts]
    expected = outcome(standing(order, known, on, used))
    assert outcome(standing(order, [*known, ours, decided], on, used)) == expected


@given(orders, histories, days, days, readings(), st.sampled_from(list(Happened)))
def test_a_voluntary_session_changes_nothing(
    order: f.Order, facts: list[f.Fact], day: date, on: date, used: Readings, happened: Happened
) -> None:
    extra = f.Session(on=day, key="z", required=False, happened=happened, described=True)
    decided = f.Decided(on=day, session="z", opinion=f.Opinion.NO_EXCUSE, notice_counts=True)
    known = [terms(order), *facts]
    expected = outcome(standing(order, known, on, used))
    assert outcome(standing(order, [*known, extra, decided], on, used)) == expected


@given(orders, histories, warned, days, readings())
def test_removing_a_withdrawn_warning_changes_nothing(
    order: f.Order, facts: list[f.Fact], warning: f.Warned, on: date, used: Readings
) -> None:
    known = [terms(order), *facts]
    gone = replace(warning, key="gone")
    withdrawn = f.WarningWithdrawn(on=on, warning="gone")
    expected = outcome(standing(order, known, on, used))
    assert outcome(standing(order, [*known, gone, withdrawn], on, used)) == expected


@given(orders, histories, days, readings())
def test_what_happens_later_changes_nothing_today(
    order: f.Order, facts: list[f.Fact], on: date, used: Readings
) -> None:
    known = [terms(order), *facts]
    by_then = [one for one in known if one.on <= on]
    assert standing(order, known, on, used) == standing(order, by_then, on, used)


@given(orders, histories, days, readings())
def test_nothing_is_asked_of_the_officer_that_probation_has_not_decided(
    order: f.Order, facts: list[f.Fact], on: date, used: Readings
) -> None:
    found = standing(order, [terms(order), *facts], on, used)
    said = {one.session for one in facts if isinstance(one, f.Decided) and one.on <= on
            and one.opinion in (f.Opinion.NO_EXCUSE, f.Opinion.UNACCEPTABLE)}  # fmt: skip
    assert {*found.must_refer, *found.to_act} <= said
    assert not set(found.must_refer) & set(found.to_act)
    missed = {one.key for one in facts if isinstance(one, f.Session) and one.required
              and (one.happened in MISSED or one.described)}  # fmt: skip
    assert {one.session for one in found.waiting} <= missed


@given(orders, st.lists(st.one_of(sessions, others), max_size=10), days)
def test_without_a_decision_nothing_starts(order: f.Order, facts: list[f.Fact], on: date) -> None:
    starts = (f.Referred, f.InformationLaid, f.Concluded)
    quiet = [one for one in facts if not isinstance(one, starts)]
    found = standing(order, [terms(order), *quiet], on)
    assert found.state in {
        State.NOT_BEGUN, State.IN_FORCE, State.TO_DECIDE, State.OVER, State.SUPERVISION_OVER,
    }  # fmt: skip


@given(st.integers(0, 3), st.booleans())
def test_it_never_says_that_there_is_no_warning_where_nobody_confirmed_it(
    live: int, confirmed: bool
) -> None:
    by = f.WarningsConfirmed(on=FIRST, by="P. Osei") if confirmed else None
    said = warnings_in_words(live, by).lower()
    assert ("no live warning" in said) == (confirmed and live == 0)
    assert ("1 april 2026" in said and "p. osei" in said) == confirmed


def test_every_field_of_the_outcome_is_compared() -> None:
    found = standing(CO, [terms(CO)], FIRST)
    assert len(astuple(found)) == len(outcome(found)) + 1  # all but the day
