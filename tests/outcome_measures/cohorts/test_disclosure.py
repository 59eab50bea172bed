"""What leaves the service: nothing small is shown, and nothing small can be worked out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.cohorts.disclosure import FEWEST, SLACK, Sum, possible, protected, rounded
from tests.counts import count

FLAT = (Sum("all", ("a", "b", "c")),)
NESTED = (Sum("all", ("a", "b", "c")), Sum("a", ("d", "e")))
MOST = 20


@pytest.mark.parametrize(
    ("number", "shown"), [(5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (22, 20), (23, 25)]
)
def test_to_the_nearest_five(number: int, shown: int) -> None:
    assert rounded(number) == shown


def test_small_counts_are_hidden_and_none_at_all_too() -> None:
    shown = protected({"a": 4, "b": 0, "c": 5}, ())
    assert shown == {"a": None, "b": None, "c": 5}


def test_what_a_total_and_the_other_rows_give_away_is_hidden_too() -> None:
    """5 less 5 leaves 0, 1 or 2: hiding the small row alone would not hide it."""
    shown = protected({"all": 7, "a": 5, "b": 2}, [Sum("all", ("a", "b"))])
    assert shown == {"all": 5, "a": None, "b": None}
    assert possible({"all": 5, "a": 5, "b": None}, [Sum("all", ("a", "b"))])["b"] == (0, 2)


def test_a_count_nobody_prints_is_not_given_away_either() -> None:
    sums = [Sum("all", ("yes", "no", "not known"))]
    counts = {"all": 9, "yes": 5, "no": 2, "not known": 2}
    shown = protected(counts, sums, unsaid={"no", "not known"})
    found = possible(shown, sums)
    assert all(found[name][1] - found[name][0] >= FEWEST - 1 for name in ("no", "not known"))


def test_what_is_to_be_kept_is_hidden_last() -> None:
    counts, sums = {"all": 5, "a": 5, "b": 0}, [Sum("all", ("a", "b"))]
    assert protected(counts, sums) == {"all": 5, "a": None, "b": None}
    assert protected(counts, sums, keep={"a"}) == {"all": None, "a": 5, "b": None}
    assert protected(counts, sums, decided={"all": 5}, keep={"a"})["a"] is None


def test_a_sum_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="not the sum"):
        protected({"all": 9, "a": 5, "b": 5}, [Sum("all", ("a", "b"))])


def test_narrowing_goes_on_through_every_sum() -> None:
    shown = {"all": 10, "a": None, "b": 5, "c": None, "d": None, "e": None}
    found = possible(shown, NESTED)
    assert {found[name] for name in ("a", "c", "d")} == {(0, 7)}


def consistent(shown: dict[str, int | None], *, nested: bool) -> dict[str, set[int]]:
    """Every value of every count, by trying all there are: what the best reader can conclude."""
    axes = ("b", "c", "d", "e") if nested else ("a", "b", "c")
    grid = np.meshgrid(*(np.arange(MOST) for _ in axes), indexing="ij")
    values = dict(zip(axes, grid, strict=True))
    if nested:
        values["a"] = values["d"] + values["e"]
    values["all"] = values["a"] + values["b"] + values["c"]
    fits = np.ones(grid[0].shape, dtype=bool)
    for name, said in shown.items():
        if said is not None:
            fits &= (np.abs(values[name] - said) <= SLACK) & (values[name] >= FEWEST)
    return {name: set(np.unique(values[name][fits]).tolist()) for name in shown}


@pytest.mark.parametrize("nested", [False, True])
def test_whoever_tries_every_table_learns_no_small_count(nested: bool) -> None:
    sums = NESTED if nested else FLAT
    chance = np.random.default_rng(3)
    for _ in range(count(60, 400)):
        b, c, d, e = (int(number) for number in chance.integers(0, 11, size=4))
        counts = {"all": b + c + d + e, "a": d + e, "b": b, "c": c}
        counts |= {"d": d, "e": e} if nested else {}
        shown = protected(counts, sums)
        found = consistent(shown, nested=nested)
        for name, number in counts.items():
            assert number in found[name]
            if number < FEWEST:
                assert shown[name] is None
                assert len(found[name]) >= FEWEST, (counts, shown, name)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=12))
def test_no_hidden_row_comes_back_from_the_total(rows: list[int]) -> None:
    names = [f"row {number}" for number in range(len(rows))]
    counts = dict(zip(names, rows, strict=True)) | {"all": sum(rows)}
    shown = protected(counts, [Sum("all", tuple(names))])
    for name, said in shown.items():
        assert said is None or (said == rounded(counts[name]) and counts[name] >= FEWEST)
    left = [name for name in names if shown[name] is None]
    total = shown["all"]
    if total is not None and len(left) == 1:
        rest = sum(value for name in names if (value := shown[name]) is not None)
        most = total + SLACK - rest + SLACK * (len(names) - 1)
        assert min(most, total + SLACK) - max(0, total - rest - SLACK * len(names)) >= FEWEST - 1


def test_enough_is_still_shown() -> None:
    counts = {"all": 100, "a": 50, "b": 30, "c": 20}
    assert protected(counts, FLAT) == {"all": 100, "a": 50, "b": 30, "c": 20}
