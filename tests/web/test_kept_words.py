"""A kept form is read back in the words of its page."""

import uuid

import pytest
from flask import Flask

from mhtr.web.kept_words import ANOTHER, CHOICE_KEPT, beside, in_words

CASE = f"/cases/{uuid.UUID(int=1)}"
UNSEEN = {"version": ["3"], "action": ["submit"], "what": ["report"]}


@pytest.mark.parametrize(
    ("path", "body", "lines"),
    [
        (
            f"{CASE}/assessment/measures/phq9",
            {"item_9": ["1"], "item_2": ["declined"], "incomplete": ["yes"]},
            [
                ("Submit although a question has no answer", "Yes"),
                ("2. Feeling down, depressed, or hopeless", "I’d rather not say"),
                (
                    "9. Thoughts that you would be better off dead or of hurting yourself"
                    " in some way",
                    "Several days",
                ),
            ],
        ),
        (
            f"{CASE}/assessment/meeting",
            {"mode": ["video"], "seen_on-day": ["17"], "seen_on-month": ["11"], "seen_on-year": []},
            [("How did you assess him?", "By video"), ("Day you saw or spoke with him", "17 11")],
        ),
        (
            f"{CASE}/assessment/history",
            {"past_treatment": ["typed"]},
            [("Earlier treatment and what helped", "typed")],
        ),
        (
            f"{CASE}/release/heard",
            {"how": ["telephone"], "answer": ["disagrees"], "words": ["I see it otherwise."]},
            [
                ("How did he read or hear it?", "It was read to him by telephone"),
                ("What does he say to it?", "He disagrees with it"),
                ("His words, or what was tried", "I see it otherwise."),
            ],
        ),
        (
            f"{CASE}/assessment/measures/phq9/correct",
            {"item": ["9"], "answer": ["0"], "reason": ["Misheard"]},
            [
                ("Which question?", CHOICE_KEPT),
                ("What should the answer be?", CHOICE_KEPT),
                ("Why is it corrected?", "Misheard"),
            ],
        ),
        (f"{CASE}/countersign", {"comment_need": ["x"], "comment_conditions": ["Say how."]}, None),
    ],
)
def test_labels_and_answers_and_nothing_unseen(
    app: Flask, path: str, body: dict[str, list[str]], lines: list[tuple[str, str]] | None
) -> None:
    with app.test_request_context():
        found = in_words(path, {**UNSEEN, **body})
    if lines is not None:
        assert found == lines
    else:
        assert [text for _, text in found] == ["Say how."]


def test_a_page_that_is_gone_leaves_the_names(app: Flask) -> None:
    with app.test_request_context():
        assert in_words("/gone", {"first_line": ["a", "b"], "empty": [""]}) == [
            ("First line", "a, b")
        ]
        assert in_words(f"{CASE}/assessment/nonsense", {"text": ["a"]}) == [("Text", "a")]


def test_two_sendings_are_compared_in_the_words_of_the_page(app: Flask) -> None:
    meeting = {"mode": ["video"], "seen_on-day": ["17"], "version": ["3"]}
    with app.test_request_context():
        rows = beside(f"{CASE}/assessment/meeting", meeting, {**meeting, "mode": ["in_person"]})
        hidden = beside(f"{CASE}/assessment/meeting", meeting, {**meeting, "version": ["4"]})
        made = beside(
            f"{CASE}/assessment/measures/phq9/correct", {"answer": ["0"]}, {"answer": ["1"]}
        )
        unknown = beside("/nowhere", {"a_word": ["x"]}, {"a_word": ["y"], "new": ["z"]})
    assert [row[:2] for row in rows] == [("How did you assess him?", "By video")]
    assert "in_person" not in rows[0][2] and rows[0][2] != ANOTHER
    assert hidden == []
    assert made == [("What should the answer be?", CHOICE_KEPT, ANOTHER)]
    assert unknown == [("A word", "x", "y"), ("New", "", "z")]
