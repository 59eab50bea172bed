"""A total that is typed in leaves room for the answers that are known."""

import pytest

from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.scores.scoring import InvalidTotal
from outcome_measures.scores.total_checks import check_total, part_labels, part_names


def known(value: int | None) -> dict[int, Answer]:
    if value is None:
        return {9: Answer(AnswerState.NOT_REACHED)}
    return {9: Answer(AnswerState.ANSWERED, value)}


@pytest.mark.parametrize(
    ("total", "item_9", "stands"),
    [
        (0, 0, True),
        (27, 3, True),
        (24, 0, True),
        (25, 0, False),
        (27, 0, False),
        (3, 3, True),
        (2, 3, False),
        (0, 1, False),
        (25, 1, True),
        (26, 1, False),
        (0, None, True),
        (27, None, True),
        (28, None, False),
        (-1, None, False),
    ],
)
def test_total_and_item_9(total: int, item_9: int | None, stands: bool) -> None:
    if stands:
        score = check_total(PHQ9, total, {}, known(item_9))
        assert score.total == total and score.typed_in
    else:
        with pytest.raises(InvalidTotal) as refusal:
            check_total(PHQ9, total, {}, known(item_9))
        assert set(refusal.value.problems) == {"total"}


@pytest.mark.parametrize("state", [AnswerState.DECLINED, AnswerState.SKIPPED])
def test_no_total_stands_beside_a_question_he_left_open(state: AnswerState) -> None:
    with pytest.raises(InvalidTotal, match="has no total") as refusal:
        check_total(PHQ9, 12, {}, {9: Answer(state)})
    assert set(refusal.value.problems) == {"9"}
    assert check_total(PHQ9, 12, {}, {10: Answer(state)}).total == 12, "it does not count"


def test_the_unscored_question_leaves_no_mark() -> None:
    assert check_total(PHQ9, 0, {}, {10: Answer(AnswerState.ANSWERED, 3)}).total == 0


def test_what_is_typed_beside_has_names() -> None:
    assert part_names(PHQ9) == part_labels(PHQ9) == []
