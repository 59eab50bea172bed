"""Words as a document draws them."""

import pytest

from mhtr.core.pdf import drawable


@pytest.mark.parametrize(
    ("given", "drawn"),
    [
        ("He was at work.\nHe showed nothing.", "He was at work. He showed nothing."),
        ("One.\r\n\r\nTwo.", "One. Two."),
        ("A\tB", "A B"),
        ("Zoë \u202eabc\u2066d", "Zoë abcd"),
        ("bell\x07 and \ud800half", "bell and half"),
        (["a\nb", {"why": "c\nd"}, 3, None], ["a b", {"why": "c d"}, 3, None]),
    ],
)
def test_words_stay_apart_and_nothing_is_drawn_that_may_not_be(
    given: object, drawn: object
) -> None:
    assert drawable(given) == drawn
