"""What a clinical lead is shown as changed since a report was returned."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mhtr.cases.facts import Recommendation
from mhtr.suitability.countersign_rules import Change, changes, words
from mhtr.suitability.meetings import HOW_WORDS
from mhtr.suitability.report_content import (
    ConditionAnswer,
    ConditionStatement,
    HowAssessed,
    ReportKind,
)
from mhtr.suitability.report_view import RECOMMENDATION_WORDS, treatment_words
from mhtr.suitability.sections import Pathway
from tests.suitability.report_samples import SIGNED


def test_the_same_report_has_no_changes() -> None:
    assert changes(SIGNED, SIGNED) == ()


def test_changes_are_named_in_the_order_of_the_report() -> None:
    after = replace(SIGNED, sessions=10, told_beforehand=False, written_on=date(2026, 11, 26))
    assert changes(SIGNED, after) == (
        Change("told_beforehand", "Told beforehand who reads it", "Yes", "No"),
        Change("sessions", "Sessions", "12", "10"),
    )


def test_a_part_without_a_name_of_its_own_goes_by_its_field() -> None:
    (found,) = changes(SIGNED, replace(SIGNED, reference="SR-1"))
    assert (found.field, found.name) == ("reference", "reference")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("when_ready", None, ""),
        ("pathways", (), ""),
        ("need", ConditionStatement(ConditionAnswer.MET, "He has."), "Met: He has."),
        ("recommendation", Recommendation.SUITABLE, RECOMMENDATION_WORDS[Recommendation.SUITABLE]),
        ("kind", ReportKind.ADDENDUM, "Addendum"),
        ("kind", ReportKind.REPORT, "Suitability report"),
        ("how_assessed", HowAssessed.VIDEO, HOW_WORDS[HowAssessed.VIDEO]),
        ("pathways", (Pathway.CBT,), treatment_words((Pathway.CBT,))),
        ("person_born_on", date(1991, 4, 3), "3 April 1991"),
        (
            "assessed_on",
            (date(2026, 11, 24), date(2026, 11, 25)),
            "24 November 2026 and 25 November 2026",
        ),
        ("told_beforehand", True, "Yes"),
        ("told_beforehand", False, "No"),
        ("sessions", 12, "12"),
    ],
)
def test_each_part_in_plain_words(name: str, value: Any, expected: str) -> None:
    assert words(name, value) == expected
