"""What may make a page inaccessible changes the shape by which it is known to have been judged."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.person import SHAPE

Shape = Callable[[str], set[str]]
PAGE = """<html lang="en"><head><title>Men</title></head><body><header><a href="/">Home</a></header>
<div><nav><a href="/back">Back</a></nav><main>
<h1>Men</h1><p class="hint" id="a">Words</p>
<label for="x">Name</label><input id="x" aria-describedby="a"><img src="/i.png" alt="A chart">
<ul><li>One</li><li>Two</li></ul></main></div><footer><p>End</p></footer></body></html>"""
OTHER_FAULTS = {
    "no label": ('for="x"', 'for="y"'),
    "nothing describes it": ('id="a"', 'id="b"'),
    "an empty link in the header": (">Home<", "><"),
    "an empty link beside main": (">Back<", "><"),
    "no text for a picture": ('alt="A chart"', ""),
    "an empty text for a picture": ('alt="A chart"', 'alt=""'),
    "another colour": ('class="hint"', 'class="pale"'),
    "no heading": ("<h1>Men</h1>", "<p>Men</p>"),
    "an empty item": ("<li>Two</li>", "<li></li>"),
    "in the footer": ("<p>End</p>", "<p><button></button></p>"),
    "no title": ("<title>Men</title>", ""),
}


@pytest.fixture
def shape(chromium: Browser) -> Iterator[Shape]:
    """The parts of a page by their shapes."""
    page = chromium.new_page()

    def of(source: str) -> set[str]:
        page.set_content(source)
        return set(page.evaluate(SHAPE))

    yield of
    page.close()


@pytest.mark.parametrize("fault", OTHER_FAULTS)
def test_a_fault_makes_another_shape(shape: Shape, fault: str) -> None:
    before, after = OTHER_FAULTS[fault]
    assert before in PAGE
    assert not shape(PAGE.replace(before, after)) <= shape(PAGE)


def test_other_words_and_more_rows_do_not(shape: Shape) -> None:
    more = PAGE.replace("<li>Two</li>", "<li>Three</li><li>Four</li>").replace(">Men<", ">Man<")
    assert shape(more) == shape(PAGE)
