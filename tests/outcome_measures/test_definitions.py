"""An instrument made of parts that contradict each other cannot be made at all."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from outcome_measures.definitions import (
    AnswerState,
    Band,
    Caseness,
    Instrument,
    Item,
    Range,
    RiskTo,
    Subscale,
    TotalAbove,
)
from outcome_measures.instruments.ders16 import DERS16
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.itq import ITQ
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.registry import (
    INSTRUMENTS,
    UnknownInstrument,
    find_instrument,
)
from outcome_measures.instruments.wsas import WSAS

MINIMAL, MILD, MODERATE, SEVERE = GAD7.bands


@pytest.mark.parametrize(
    "bands",
    [
        (MINIMAL, MILD, replace(MODERATE, high=15), SEVERE),
        (MINIMAL, MILD, SEVERE),
        (MINIMAL, MILD, MODERATE, replace(SEVERE, high=20)),
        (MINIMAL, MILD, MODERATE, replace(SEVERE, high=22)),
        (replace(MINIMAL, low=1), MILD, MODERATE, SEVERE),
        (MILD, MINIMAL, MODERATE, SEVERE),
    ],
    ids=["overlap", "gap", "short", "long", "late start", "order"],
)
def test_bands_cover_each_total_exactly_once(bands: tuple[Band, ...]) -> None:
    with pytest.raises(ValueError, match="bands"):
        replace(GAD7, bands=bands)


@pytest.mark.parametrize("at_least", [0, 22])
def test_a_cut_off_lies_within_the_range(at_least: int) -> None:
    with pytest.raises(ValueError, match="cut-off"):
        replace(GAD7, caseness=Caseness(at_least, GAD7.citation))


def test_items_are_numbered_from_one_without_gaps() -> None:
    with pytest.raises(ValueError, match="numbered"):
        replace(GAD7, items=GAD7.items[1:])


def test_something_is_scored() -> None:
    with pytest.raises(ValueError, match="no item is scored"):
        replace(GAD7, items=tuple(replace(item, scored=False) for item in GAD7.items))


@pytest.mark.parametrize("count", [0, 2])
def test_options_are_present_and_distinct(count: int) -> None:
    options = GAD7.items[0].options[:1] * count
    with pytest.raises(ValueError, match="question 1 needs distinct options"):
        replace(GAD7, items=(replace(GAD7.items[0], options=options), *GAD7.items[1:]))


def test_a_scored_item_does_not_depend_on_its_own_total() -> None:
    circular = replace(GAD7.items[0], asked_only_if=TotalAbove(0))
    with pytest.raises(ValueError, match="its own total"):
        replace(GAD7, items=(circular, *GAD7.items[1:]))


def _turned_first(instrument: Instrument) -> tuple[Item, ...]:
    first = instrument.items[0]
    return (replace(first, options=first.options[::-1]), *instrument.items[1:])


SOURCE = GAD7.citation
ANY_RANGE = Range(0, 10)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda: replace(WSAS, typed_range=None), "has a range and no items"),
        (lambda: replace(WSAS, items=GAD7.items), "has a range and no items"),
        (lambda: replace(GAD7, typed_range=ANY_RANGE), "comes from the items"),
        (lambda: replace(GAD7, ticks=WSAS.ticks), "comes from the items"),
        (lambda: replace(WSAS, ticks=(replace(WSAS.ticks[0], highest=40),)), "lowers the highest"),
        (lambda: replace(GAD7, items=_turned_first(GAD7)), "disagree on which way"),
        (lambda: replace(GAD7, turned=(1,), turned_source=SOURCE), "disagree on which way"),
        (lambda: replace(GAD7, items=_turned_first(GAD7), turned=(1,)), "need a source"),
        (lambda: replace(GAD7, turned_source=SOURCE), "need a source"),
        (
            lambda: replace(
                PHQ9,
                items=tuple(replace(i, risk=i.number == 1) for i in _turned_first(PHQ9)),
                turned=(1,),
                turned_source=SOURCE,
            ),
            "asks about risk and cannot",
        ),
        (
            lambda: replace(PHQ9, subscales=(Subscale("a", "A", SOURCE, items=(10,)),)),
            "neither of scored items nor typed in",
        ),
        (
            lambda: replace(PHQ9, subscales=(Subscale("a", "A", SOURCE),)),
            "neither of scored items nor typed in",
        ),
        (
            lambda: replace(
                PHQ9, subscales=(Subscale("a", "A", SOURCE, items=(1,), typed_range=ANY_RANGE),)
            ),
            "neither of scored items nor typed in",
        ),
        (
            lambda: replace(PHQ9, subscales=(Subscale("total", "T", SOURCE, items=(1,)),)),
            "names of their own",
        ),
        (
            lambda: replace(PHQ9, subscales=(Subscale("a", "A", SOURCE, items=(1,)),) * 2),
            "names of their own",
        ),
        (lambda: replace(ITQ, screens_only=False), "must be labelled"),
        (
            lambda: replace(GAD7, screen=ITQ.screen, screens_only=True),
            "looks at a question that is not there",
        ),
    ],
)
def test_parts_that_contradict_each_other_are_refused(
    spoil: Callable[[], Instrument], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        spoil()


def test_questions_that_count_the_other_way_round_say_so_in_their_options() -> None:
    made = replace(GAD7, items=_turned_first(GAD7), turned=(1,), turned_source=SOURCE)
    assert made.items[0].options[0].value == 3
    assert (made.lowest, made.highest) == (0, 21)


def test_what_makes_the_total_and_what_does_not() -> None:
    assert ITQ.subscales_make_total
    assert DERS16.subscales_make_total
    assert not replace(ITQ, subscales=ITQ.subscales[:1]).subscales_make_total
    assert not GAD7.subscales_make_total
    assert (DERS16.lowest, DERS16.highest, WSAS.highest) == (16, 80, 40)


def test_a_screen_carries_its_caution() -> None:
    assert (ITQ.caution, GAD7.caution) == ("A screen, never a diagnosis.", None)
    assert {to.words for to in RiskTo} == {"harm to himself", "harm to others"}


def test_ranges() -> None:
    assert (PHQ9.lowest, PHQ9.highest) == (0, 27)
    assert (GAD7.lowest, GAD7.highest) == (0, 21)


def test_risk_and_unscored_items_of_phq9() -> None:
    assert [item.number for item in PHQ9.risk_items] == [9]
    assert [item.number for item in PHQ9.items if not item.scored] == [10]


def test_item_by_number() -> None:
    assert PHQ9.item(9).loinc == "44260-8"
    with pytest.raises(KeyError, match="GAD-7 has no question 8"):
        GAD7.item(8)


def test_every_answer_state_has_words() -> None:
    assert all(state.words for state in AnswerState)


@pytest.mark.parametrize("name", ["PHQ-9", "phq9", "Phq 9", " PHQ‑9 "])
def test_an_instrument_is_found_by_name_or_id(name: str) -> None:
    assert find_instrument(name) is PHQ9


@pytest.mark.parametrize("name", ["", "phq", "PHQ-15", "gad7; drop"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(UnknownInstrument):
        find_instrument(name)


def test_the_registry_cannot_be_changed_by_a_reader() -> None:
    with pytest.raises(TypeError):
        INSTRUMENTS["phq9"] = GAD7  # type: ignore[index]
