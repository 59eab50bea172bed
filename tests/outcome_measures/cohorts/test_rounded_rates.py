"""The interval beside a rate of rounded counts holds what was found, whatever it was."""

from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.cohorts.coarse import wilson_of_rounded
from outcome_measures.cohorts.disclosure import FEWEST, rounded
from outcome_measures.cohorts.statistics import wilson


@given(st.integers(FEWEST, 400).flatmap(lambda of: st.tuples(st.integers(FEWEST, of), st.just(of))))
def test_it_holds_the_interval_of_the_counts_behind_it(pair: tuple[int, int]) -> None:
    number, of = pair
    exact, printed = wilson(number, of), wilson_of_rounded(rounded(number), rounded(of))
    assert exact is not None
    assert printed is not None
    assert printed.low <= exact.low <= number / of <= exact.high <= printed.high


def test_thirteen_of_seventeen_is_not_called_perfect() -> None:
    found = wilson_of_rounded(15, 15)
    assert found is not None
    assert found.low < 13 / 17
    assert wilson_of_rounded(0, 0) is None
