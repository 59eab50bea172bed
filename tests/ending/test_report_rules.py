"""The five grounds, what a report needs, what it says, and what becomes of it: tables."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.ending.application_rules import StepKind, is_applied
from mhtr.ending.application_rules import objections as step_objections
from mhtr.ending.practitioner_rules import Basis
from mhtr.ending.report_content import (
    Report,
    content_hash,
    from_json,
    sheet,
    to_json,
)
from mhtr.ending.report_grounds import (
    DatedFact,
    Draft,
    Ground,
    Willing,
    day_objections,
    duty_words,
    ground_words,
    lacks,
    provision,
    willing_words,
)
from mhtr.orders.terms import OrderKind

C, S = OrderKind.COMMUNITY, OrderKind.SUSPENDED
G, W = Ground, Willing
TODAY, MADE = date(2026, 11, 18), date(2026, 11, 2)

CO, SSO = "Sentencing Act 2020 Sch 10 para 19", "Sentencing Act 2020 Sch 16 para 26"


@pytest.mark.parametrize(
    ("ground", "kind", "words", "where"),
    [
        (G.LONGER, C, "continued beyond the period specified in the order", f"{CO}(1)(a)(i)"),
        (
            G.LONGER, S,
            "continued beyond the period specified in that behalf in the order", f"{SSO}(1)(a)(i)",
        ),
        (G.DIFFERENT, C, "needs different treatment", f"{CO}(1)(a)(ii)"),
        (G.DIFFERENT, S, "needs different treatment", f"{SSO}(1)(a)(ii)"),
        (G.NOT_SUSCEPTIBLE, C, "is not susceptible to treatment", f"{CO}(1)(a)(iii)"),
        (G.NOT_SUSCEPTIBLE, S, "is not susceptible to treatment", f"{SSO}(1)(a)(iii)"),
        (G.NO_FURTHER, C, "does not require further treatment", f"{CO}(1)(a)(iv)"),
        (G.NO_FURTHER, S, "does not require further treatment", f"{SSO}(1)(a)(iv)"),
        (G.UNWILLING, C, "unwilling to continue to treat him or to direct", f"{CO}(1)(b)"),
        (G.UNWILLING, S, "unwilling to continue to treat him or to direct", f"{SSO}(1)(b)"),
    ],
)  # fmt: skip
def test_every_ground_in_the_words_of_the_law(
    ground: Ground, kind: OrderKind, words: str, where: str
) -> None:
    assert words in ground_words(ground, kind)
    assert provision(ground, kind) == where


def test_there_are_five_grounds() -> None:
    assert len(Ground) == 5


def test_the_duty_and_his_willingness_are_said_for_each_kind_of_order() -> None:
    assert "19(3)" in duty_words(C) and "26(3)" in duty_words(S)
    assert "18(7)" in willing_words(C) and "25(7)" in willing_words(S)


FACT = DatedFact(MADE, "The last session was held.")
WHOLE = Draft(G.NO_FURTHER, (FACT,), "He uses what he learnt.")
LONGER = replace(WHOLE, ground=G.LONGER, proposed="Until 1 March 2027.")
DAY = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("draft", "again", "lacking"),
    [
        (WHOLE, False, ()),
        (replace(WHOLE, ground=None), False, ("five grounds",)),
        (replace(WHOLE, facts=()), False, ("dated fact",)),
        (replace(WHOLE, opinion=" "), False, ("Why, in your own",)),
        (Draft(), False, ("five grounds", "dated fact", "Why, in your own")),
        (replace(WHOLE, ground=G.NOT_SUSCEPTIBLE), False, ()),
        (replace(WHOLE, ground=G.UNWILLING), False, ()),
        (replace(WHOLE, ground=G.LONGER), False, ("asked for", "What he says")),
        (replace(WHOLE, ground=G.DIFFERENT), False, ("asked for", "What he says")),
        (LONGER, False, ("What he says",)),
        (replace(LONGER, willing=W.WILLING), False, ("On which day",)),
        (replace(LONGER, willing=W.WILLING, willing_on=DAY), False, ()),
        (replace(LONGER, willing=W.NOT_WILLING, willing_on=DAY), False, ()),
        (replace(LONGER, willing=W.NOT_ASKED), False, ("Why he has not",)),
        (replace(LONGER, willing=W.NOT_ASKED, willing_said="In hospital"), False, ()),
        (WHOLE, True, ("issued anew",)),
        (replace(WHOLE, why_again="A session was recorded wrongly"), True, ()),
    ],
)
def test_what_a_report_needs_before_it_is_signed(
    draft: Draft, again: bool, lacking: tuple[str, ...]
) -> None:
    found = lacks(draft, again=again)
    assert len(found) == len(lacking), found
    assert all(part in words for part, words in zip(lacking, found, strict=True))


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (WHOLE, []),
        (replace(WHOLE, facts=(FACT, DatedFact(TODAY, "x"))), []),
        (replace(WHOLE, facts=(FACT, DatedFact(TODAY + timedelta(days=1), "x"))), ["on_2"]),
        (replace(WHOLE, facts=(DatedFact(MADE - timedelta(days=1), "x"),)), ["on_1"]),
        (replace(WHOLE, willing_on=TODAY + timedelta(days=1)), ["willing_on"]),
        (replace(WHOLE, willing_on=MADE - timedelta(days=1)), ["willing_on"]),
        (replace(WHOLE, willing_on=MADE), []),
    ],
)
def test_which_days_cannot_be(draft: Draft, fields: list[str]) -> None:
    assert [name for name, _ in day_objections(draft, made_on=MADE, today=TODAY)] == fields


REPORT = Report(
    reference="ABCD 1234 5678/9F00",
    number=1,
    service="West",
    written_on=TODAY,
    person_name="Tunde Okafor",
    person_born_on=None,
    crn="X123456",
    order_kind=C,
    order_made_on=MADE,
    court="Highbury",
    periods=((MADE, date(2027, 5, 1)),),
    to_name="Priya Nair",
    to_unit="Camden",
    held=12,
    expected=12,
    last_held_on=TODAY,
    finished_on=TODAY,
    ground=G.LONGER,
    facts=(FACT,),
    opinion="First.\n\nSecond.",
    proposed="Until 1 March.",
    willing=W.WILLING,
    willing_on=DAY,
    willing_said="",
    author="Dr Amara Lindqvist",
    author_title="Lead",
    registration="PYL000456",
    basis=Basis.NAMED,
)


def test_what_is_stored_is_read_back_the_same() -> None:
    plain = replace(REPORT, willing=None, willing_on=None, person_born_on=DAY, last_held_on=None)
    for report in (REPORT, plain):
        assert from_json(to_json(report)) == report
    with pytest.raises(TypeError):
        from_json({**to_json(REPORT), "more": 1})


@given(st.sampled_from(["opinion", "author", "to_name", "crn"]), st.text(min_size=1))
def test_another_word_is_another_report(field: str, text: str) -> None:
    other = replace(REPORT, **{field: text})  # type: ignore[arg-type]  # all four are text
    assert (content_hash(other) == content_hash(REPORT)) is (other == REPORT)


def test_what_is_read_holds_all_of_it_and_says_when_it_takes_the_place_of_another() -> None:
    seen = sheet(REPORT)
    assert [one.heading for one in seen.sections] == [
        "Why", "What is asked of the court", "His willingness", "What the law asks now",
    ]  # fmt: skip
    assert seen.sections[0].paragraphs == ("First.", "Second.") and seen.again == ""
    assert "18(7)" in seen.sections[2].paragraphs[-1]
    later = sheet(replace(REPORT, number=2, why_again="A day was wrong."))
    assert later.again == "This takes the place of version 1: A day was wrong."
    never = sheet(replace(REPORT, ground=G.NO_FURTHER, willing=None, proposed=""))
    assert [one.heading for one in never.sections] == ["Why", "What the law asks now"]


K = StepKind
SENT = date(2026, 11, 9)
APPLIED = (K.APPLIED, date(2026, 11, 12))


@pytest.mark.parametrize(
    ("kind", "on", "known", "field"),
    [
        (K.APPLIED, TODAY, [], ""),
        (K.APPLIED, TODAY + timedelta(days=1), [], "on"),
        (K.APPLIED, SENT - timedelta(days=1), [], "on"),
        (K.APPLIED, TODAY, [APPLIED], "kind"),
        (K.HEARING, TODAY, [], "kind"),
        (K.HEARING, TODAY + timedelta(days=30), [APPLIED], ""),
        (K.HEARING, date(2026, 11, 11), [APPLIED], "on"),
        (K.REPLACED, TODAY, [], "kind"),
        (K.REPLACED, TODAY, [APPLIED], ""),
        (K.CANCELLED, TODAY, [APPLIED], ""),
        (K.REFUSED, TODAY, [APPLIED], ""),
        (K.REVOKED, TODAY, [APPLIED], ""),
        (K.REVOKED, TODAY + timedelta(days=1), [APPLIED], "on"),
        (K.CANCELLED, TODAY, [APPLIED, (K.REFUSED, TODAY)], "kind"),
        (K.HEARING, TODAY, [APPLIED, (K.REFUSED, TODAY)], "kind"),
        (K.CANCELLED, date(2026, 11, 11), [APPLIED], "on"),
    ],
)
def test_what_became_of_it(
    kind: StepKind, on: date, known: list[tuple[StepKind, date]], field: str
) -> None:
    found = step_objections(kind, on, sent_on=SENT, known=known, today=TODAY)
    assert [name for name, _ in found] == ([field] if field else [])


def test_only_an_application_is_what_the_law_asks() -> None:
    assert is_applied([K.APPLIED, K.HEARING]) and not is_applied([K.HEARING])
