"""Who may countersign, by the rule."""

from datetime import date

import pytest

from mhtr.suitability.rules import (
    CountersignPolicy,
    Lead,
    may_countersign,
)

TODAY = date(2026, 11, 21)

AUTHORS = frozenset({11})
SIGNS = CountersignPolicy()


def lead(
    staff_id: int = 22,
    is_clinical_lead: bool = True,
    number: str | None = "PYL123456",
    checked: date | None = date(2026, 6, 1),
) -> Lead:
    return Lead(staff_id, is_clinical_lead, number, checked)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (lead(), None),
        (lead(number="pyl 12345"), None),
        (lead(checked=TODAY), None),
        (lead(checked=date(2025, 11, 21)), None),
        (lead(checked=date(2025, 11, 20)), "too long ago"),
        (lead(checked=date(2026, 11, 22)), "future"),
        (lead(checked=None), "not been checked"),
        (lead(staff_id=11), "You wrote this report"),
        (lead(is_clinical_lead=False), "Only a clinical lead"),
        (lead(number=None), "No HCPC"),
        (lead(number=" "), "No HCPC"),
        (lead(number="PH123456"), "not one of a practitioner psychologist"),
        (lead(number="PYL1234567"), "not one of a practitioner psychologist"),
        (lead(number="PYL"), "not one of a practitioner psychologist"),
        (lead(number="PYL١٢٣٤٥"), "not one of a practitioner psychologist"),
    ],
)
def test_who_may_countersign(who: Lead, words: str | None) -> None:
    decision = may_countersign(who, AUTHORS, TODAY, SIGNS)
    assert decision.allowed is (words is None)
    if words is not None:
        assert len(decision.reasons) == 1
        assert words in decision.reasons[0]


def test_a_report_without_an_author_cannot_be_countersigned() -> None:
    assert not may_countersign(lead(), frozenset(), TODAY, SIGNS).allowed


def test_policy_values_are_used() -> None:
    strict = CountersignPolicy(check_valid_days=30)
    assert not may_countersign(lead(), AUTHORS, TODAY, strict).allowed
    other = CountersignPolicy(hcpc_pattern=r"PYL\d{5}")
    assert not may_countersign(lead(), AUTHORS, TODAY, other).allowed
