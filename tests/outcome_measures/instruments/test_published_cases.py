"""Every row of every table of published cases comes out as the table says."""

import pytest

from outcome_measures.definitions import Entry, Instrument
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.scores.scoring import (
    CaseStatus,
    InvalidResponses,
    InvalidTotal,
    Score,
    score,
    typed_score,
)
from tests.outcome_measures.cases import (
    PublishedCase,
    all_signed,
    answers,
    evidence_of,
    published_cases,
    responses,
)

ROWS = [
    pytest.param(all_signed(instrument), case, id=f"{instrument.id}-{line}")
    for instrument in INSTRUMENTS.values()
    for line, case in enumerate(published_cases(evidence_of(instrument).table), start=2)
]
CASE_STATUS = {
    "Y": CaseStatus.CASE,
    "N": CaseStatus.NOT_A_CASE,
    "": CaseStatus.NOT_CLASSIFIABLE,
}


def scored(instrument: Instrument, case: PublishedCase) -> Score:
    if instrument.entry is Entry.TOTAL:
        return typed_score(instrument, case.typed, case.parts)
    return score(instrument, responses(instrument, case))


@pytest.mark.parametrize(("instrument", "case"), ROWS)
def test_published_case(instrument: Instrument, case: PublishedCase) -> None:
    """The tables say what comes out once every rule is signed."""
    if case.status == "invalid":
        with pytest.raises((InvalidResponses, InvalidTotal)):
            scored(instrument, case)
        return
    result = scored(instrument, case)
    assert result.complete == (case.status == "complete"), case.why
    assert result.total == case.total, case.why
    assert (result.estimate.value if result.estimate else None) == case.estimate, case.why
    assert (result.band.label if result.band else "") == case.band, case.why
    assert result.caseness is CASE_STATUS[case.case], case.why
    for part in result.subscales:
        if part.id in case.subscales:
            assert part.total == case.subscales[part.id], case.why
    assert {part.id for part in result.subscales} >= set(case.subscales), case.why
    if case.screen:
        assert result.screen is not None
        assert result.screen.label == case.screen, case.why
    assert case.mean is None or result.mean == case.mean, case.why


# Restated from the publications rather than from the instruments, so that a slip in either shows.
PUBLISHED_BANDS = {
    "phq9": "5*minimal 5*mild 5*moderate 5*moderately_severe 8*severe",
    "gad7": "5*minimal 5*mild 5*moderate 7*severe",
    "auditc": "5*lower_risk 3*increasing_risk 3*higher_risk 2*possible_dependence",
    "wsas": "10*subclinical 11*significant 20*moderately_severe_or_worse",
}
PUBLISHED_CUT_OFFS = {
    "phq9": 10,
    "gad7": 8,
    "auditc": 5,
    "pcl5": 33,
    "core10": 11,
    "coreom": 34,
}
PUBLISHED_RELIABLE_CHANGE = {
    "phq9": 6,
    "gad7": 4,
    "pcl5": 10,
    "wsas": 8,
    "core10": 6,
    "coreom": 17,
}


@pytest.mark.parametrize("instrument_id", PUBLISHED_BANDS)
def test_every_total_has_its_published_band(instrument_id: str) -> None:
    instrument = all_signed(INSTRUMENTS[instrument_id])
    labels = [
        part.split("*")[1].replace("_", " ")
        for part in PUBLISHED_BANDS[instrument_id].split()
        for _ in range(int(part.split("*")[0]))
    ]
    assert len(labels) == instrument.highest + 1
    for total, label in enumerate(labels):
        result = typed_score(instrument, total)
        if instrument.items:
            result = score(instrument, answers(instrument, _spread(instrument, total)))
        assert result.total == total
        assert result.band is not None
        assert result.band.label == label


@pytest.mark.parametrize("instrument_id", sorted(set(PUBLISHED_CUT_OFFS) & set(INSTRUMENTS)))
def test_every_total_has_its_published_caseness(instrument_id: str) -> None:
    instrument = all_signed(INSTRUMENTS[instrument_id])
    for total in range(instrument.lowest, instrument.highest + 1):
        is_case = total >= PUBLISHED_CUT_OFFS[instrument_id]
        expected = CaseStatus.CASE if is_case else CaseStatus.NOT_A_CASE
        assert typed_score(instrument, total).caseness is expected
        result = score(instrument, answers(instrument, _spread(instrument, total)))
        assert (result.total, result.caseness) == (total, expected)


def test_every_rule_is_restated_here() -> None:
    """Bands, cut-offs and reliable change that nobody restated would be checked by nobody."""
    instruments = INSTRUMENTS.values()
    assert {i.id for i in instruments if i.bands} == set(PUBLISHED_BANDS) & set(INSTRUMENTS)
    assert {i.id for i in instruments if i.caseness} == set(PUBLISHED_CUT_OFFS) & set(INSTRUMENTS)
    changing = {i.id for i in instruments if i.reliable_change}
    assert changing == set(PUBLISHED_RELIABLE_CHANGE) & set(INSTRUMENTS)


@pytest.mark.parametrize("instrument_id", sorted(set(PUBLISHED_RELIABLE_CHANGE) & set(INSTRUMENTS)))
def test_reliable_change_is_the_published_number(instrument_id: str) -> None:
    rule = INSTRUMENTS[instrument_id].reliable_change
    assert rule is not None
    assert rule.points == PUBLISHED_RELIABLE_CHANGE[instrument_id]


@pytest.mark.parametrize(
    ("instrument_id", "panel", "total", "items"),
    [
        (
            "phq9",
            "44249-1",
            "44261-6",
            "44250-9 44255-8 44259-0 44254-1 44251-7 44258-2 44252-5 44253-3 44260-8 69722-7",
        ),
        (
            "gad7",
            "69737-5",
            "70274-6",
            "69725-0 68509-9 69733-4 69734-2 69735-9 69689-8 69736-7",
        ),
    ],
)
def test_loinc_codes(instrument_id: str, panel: str, total: str, items: str) -> None:
    instrument = INSTRUMENTS[instrument_id]
    assert instrument.loinc_panel == panel
    assert instrument.loinc_total == total
    assert [item.loinc for item in instrument.items] == items.split()
    for item in instrument.scored_items:
        assert [(option.value, option.loinc) for option in item.options] == [
            (0, "LA6568-5"),
            (1, "LA6569-3"),
            (2, "LA6570-1"),
            (3, "LA6571-9"),
        ]


def test_difficulty_question_of_phq9_has_its_own_answers() -> None:
    item = INSTRUMENTS["phq9"].item(10)
    assert [(option.value, option.label, option.loinc) for option in item.options] == [
        (0, "Not difficult at all", "LA6572-7"),
        (1, "Somewhat difficult", "LA6573-5"),
        (2, "Very difficult", "LA6575-0"),
        (3, "Extremely difficult", "LA6574-3"),
    ]


def _spread(instrument: Instrument, total: int) -> list[int]:
    """Answers that add up to ``total``, as even as can be."""
    count = len(instrument.scored_items)
    return [total // count + (1 if place < total % count else 0) for place in range(count)]
