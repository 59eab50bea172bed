"""What may make a page inaccessible changes the shape by which it is known to have been judged."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import DESK, PHONE
from tests.browser.person import EVERY_PAGE, SHAPE, Person, Screen

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


STYLED = "<style>@media (min-width: 700px) { %s }</style></head>"
AT_A_DESK = {
    "hidden": "p { display: none }",
    "not to be seen": "p { visibility: hidden }",
    "shown as something else": "li { display: flex }",
    "in another colour": "p { color: #ccc }",
    "on another colour": "main { background: #777 }",
}


@pytest.mark.parametrize("way", AT_A_DESK)
def test_what_is_shown_otherwise_at_another_width_has_another_shape_there(
    at_a_desk: Person, way: str
) -> None:
    at_a_desk.page.set_content(PAGE.replace("</head>", STYLED % AT_A_DESK[way]))
    at_the_desk = set(at_a_desk.page.evaluate(SHAPE))
    at_a_desk.turns_to(PHONE)
    assert not set(at_a_desk.page.evaluate(SHAPE)) <= at_the_desk


def test_what_is_shown_alike_has_the_same_shape_at_both_widths(at_a_desk: Person) -> None:
    at_a_desk.page.set_content(PAGE)
    at_the_desk = set(at_a_desk.page.evaluate(SHAPE))
    at_a_desk.turns_to(PHONE)
    assert set(at_a_desk.page.evaluate(SHAPE)) == at_the_desk


def test_other_words_and_more_rows_do_not(shape: Shape) -> None:
    more = PAGE.replace("<li>Two</li>", "<li>Three</li><li>Four</li>").replace(">Men<", ">Man<")
    assert shape(more) == shape(PAGE)


SOUND = """<html lang="en"><head><title>Men</title><style>
@media (min-width: 700px) { .phone { display: none } }</style></head>
<body><main><h1>Men</h1></main></body></html>"""
ON_A_PHONE = {
    "too wide": ('<p class="phone" style="width: 500px">Wide</p>', "scrolls sideways"),
    "no name": ('<button class="phone"></button>', "button-name"),
}


@pytest.fixture
def at_a_desk(chromium: Browser) -> Iterator[Person]:
    """Somebody at a desk, in a walk that is not taken on a phone."""
    page = chromium.new_page(viewport={"width": DESK[0], "height": DESK[1]})
    yield Person(page, other=PHONE)
    page.close()


def test_a_sound_page_is_fit_at_both_widths(at_a_desk: Person) -> None:
    at_a_desk.page.set_content(SOUND)
    assert at_a_desk.finds_the_page_fit().page.evaluate("innerWidth") == DESK[0]


@pytest.mark.parametrize("fault", ON_A_PHONE)
def test_a_fault_at_the_other_width_is_found(at_a_desk: Person, fault: str) -> None:
    element, said = ON_A_PHONE[fault]
    at_a_desk.page.set_content(SOUND.replace("</main>", f"{element}</main>"))
    with pytest.raises(AssertionError, match=said):
        at_a_desk.finds_the_page_fit()


def test_a_page_that_was_judged_at_one_width_only_is_turned_to_the_other(
    at_a_desk: Person,
) -> None:
    source = SOUND.replace("</main>", '<p><a class="phone" href="/more"></a></p></main>')
    at_a_desk.page.set_content(source)
    Person(at_a_desk.page).finds_the_page_fit()
    with pytest.raises(AssertionError, match="link-name"):
        at_a_desk.finds_the_page_fit()


def test_a_page_is_turned_once_and_again_where_a_part_of_it_is_new(at_a_desk: Person) -> None:
    turned = []

    def turns_to(screen: Screen) -> Person:
        turned.append(screen)
        return Person.turns_to(at_a_desk, screen)

    at_a_desk.turns_to = turns_to  # type: ignore[method-assign]
    source = SOUND.replace("</main>", "<p><b>Told</b></p></main>")
    for _ in range(2):
        at_a_desk.page.set_content(source)
        at_a_desk.finds_the_page_fit()
    assert turned == ([PHONE, DESK] if not EVERY_PAGE else [PHONE, DESK] * 2)
    at_a_desk.page.set_content(source.replace("</p>", "</p><p><i>Again</i></p>"))
    at_a_desk.finds_the_page_fit()
    assert turned[-2:] == [PHONE, DESK] and len(turned) > 2


IN_MAIN = {
    "button-name": "<button></button>",
    "color-contrast": '<p style="color: #bbb; background: #fff">Pale</p>',
    "image-alt": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    "label": '<input id="x">',
    "list": "<ul><p>No item</p></ul>",
}


@pytest.mark.parametrize("rule", IN_MAIN)
def test_a_fault_inside_main_is_found_where_what_stands_around_was_judged(
    at_a_desk: Person, rule: str
) -> None:
    at_a_desk.page.set_content(SOUND)
    at_a_desk.finds_the_page_fit()
    at_a_desk.page.set_content(SOUND.replace("</main>", f"{IN_MAIN[rule]}</main>"))
    with pytest.raises(AssertionError, match=rule):
        at_a_desk.finds_the_page_fit()


def test_a_fault_beside_main_is_found_where_main_was_judged(at_a_desk: Person) -> None:
    at_a_desk.page.set_content(SOUND)
    at_a_desk.finds_the_page_fit()
    nameless = '<body><nav><a href="/back"></a></nav>'
    at_a_desk.page.set_content(SOUND.replace("<body>", nameless))
    with pytest.raises(AssertionError, match="link-name"):
        at_a_desk.finds_the_page_fit()
