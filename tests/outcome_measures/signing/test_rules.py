"""The rules of instruments one by one, and what a signature switches on."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.definitions import Answer, AnswerState, Instrument, RiskTo, Source
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.itq import ITQ
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.scores.scoring import risk_signals, score
from outcome_measures.signing.rules import rules_of, waiting_for, with_signed

UNREAD = Source("recalled", "https://example.org/", verified=False)
EVERY = st.sampled_from(list(INSTRUMENTS.values()))


def keys(instrument: Instrument) -> list[str]:
    return [rule.key for rule in rules_of(instrument)]


def test_the_rules_of_phq9() -> None:
    assert [(rule.key, rule.value) for rule in rules_of(PHQ9)] == [
        ("risk:9", "Question 9 asks about harm to himself; 1 or more is looked at"),
        (
            "bands",
            "0 to 4 minimal; 5 to 9 mild; 10 to 14 moderate; 15 to 19 moderately severe; "
            "20 to 27 severe",
        ),
        ("caseness", "10 or more"),
        ("reliable_change", "6 points or more, either way"),
        ("estimate_rule", "An estimate, never a score, with up to 2 without an answer"),
    ]


@given(EVERY, st.data())
def test_signing_verifies_these_rules_and_no_others(
    instrument: Instrument, data: st.DataObject
) -> None:
    signed = data.draw(st.sets(st.sampled_from(keys(instrument) or ["none"])))
    after = {rule.key: rule.verified for rule in rules_of(with_signed(instrument, signed))}
    for rule in rules_of(instrument):
        assert after[rule.key] == (rule.verified or rule.key in signed)


@given(EVERY)
def test_signing_nothing_and_signing_all(instrument: Instrument) -> None:
    assert with_signed(instrument, ()) == instrument
    everything = with_signed(instrument, keys(instrument))
    assert all(rule.verified for rule in rules_of(everything))
    assert waiting_for(everything) == ()


@pytest.mark.parametrize("instrument", [PHQ9, GAD7], ids=lambda i: i.id)
def test_nothing_of_the_first_two_waits(instrument: Instrument) -> None:
    assert all(rule.verified for rule in rules_of(instrument))


def test_words_direction_and_risk_questions_stop_it_and_a_cut_off_does_not() -> None:
    assert [rule.key for rule in waiting_for(ITQ)] == ["wording"]
    risk = tuple(replace(i, risk_source=UNREAD) if i.risk else i for i in PHQ9.items)
    assert [rule.key for rule in waiting_for(replace(PHQ9, items=risk))] == ["risk:9"]
    turned = (replace(GAD7.items[0], options=GAD7.items[0].options[::-1]), *GAD7.items[1:])
    other_way = replace(GAD7, items=turned, turned=(1,), turned_source=UNREAD)
    assert [rule.key for rule in waiting_for(other_way)] == ["turned"]
    assert GAD7.caseness is not None
    no_cut_off = replace(GAD7, caseness=replace(GAD7.caseness, source=UNREAD))
    assert waiting_for(no_cut_off) == ()


@pytest.mark.skipif("coreom" not in INSTRUMENTS, reason="the pack was deleted")
def test_core_om_waits_for_each_of_its_risk_questions() -> None:
    core = INSTRUMENTS["coreom"]
    risk = [f"risk:{number}" for number in (6, 9, 16, 22, 24, 34)]
    assert [rule.key for rule in waiting_for(core)] == ["turned", *risk]
    about = {item.number: item.risk_to for item in core.risk_items}
    assert {n for n, to in about.items() if to is RiskTo.OTHERS} == {6, 22}
    signals = risk_signals(core, {}, submitted=True)
    assert {signal.item_number: signal.to for signal in signals} == about


def test_a_risk_question_signals_whether_or_not_anybody_signed() -> None:
    risk = tuple(replace(i, risk_source=UNREAD) if i.risk else i for i in PHQ9.items)
    unsigned = replace(PHQ9, items=risk)
    assert risk_signals(unsigned, {}, submitted=True) == risk_signals(PHQ9, {}, submitted=True)


@pytest.mark.skipif("coreom" not in INSTRUMENTS, reason="the pack was deleted")
def test_domains_of_core_om_are_told_once_they_are_signed() -> None:
    core = INSTRUMENTS["coreom"]
    items = {part.id: part.items for part in core.subscales}
    assert {name: len(of) for name, of in items.items()} == {
        "wellbeing": 4, "problems": 12, "functioning": 12, "risk": 6,
    }  # fmt: skip
    assert sorted(number for of in items.values() for number in of) == list(range(1, 35))
    assert set(items["risk"]) == {item.number for item in core.risk_items}
    ones = {number: Answer(AnswerState.ANSWERED, 1) for number in range(1, 35)}
    assert score(core, ones).subscales == ()
    signed = score(with_signed(core, {"subscales"}), ones).subscales
    assert {part.id: part.total for part in signed} == {
        "wellbeing": 4, "problems": 12, "functioning": 12, "risk": 6,
    }  # fmt: skip
    # What is typed is the number printed beside the box: nothing is turned when it is scored.
    assert [option.value for option in core.item(3).options] == [4, 3, 2, 1, 0]
    assert score(core, {**ones, 3: Answer(AnswerState.ANSWERED, 4)}).total == 37
