"""Fitness: an instrument without citation, licence, published cases or a page does not ship."""

import importlib
import pkgutil
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import outcome_measures.instruments
from outcome_measures.definitions import Band, Instrument, Source
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.registry import INSTRUMENTS
from tests.outcome_measures.cases import CASES_FOLDER, PublishedCase, published_cases

ROOT = Path(__file__).parents[2]
DOCS_FOLDER = ROOT / "docs" / "measures"


def missing_evidence(
    instrument: Instrument, *, cases: Path = CASES_FOLDER, docs: Path = DOCS_FOLDER
) -> list[str]:
    """What this instrument lacks, in words; empty when it may ship."""
    return [
        *_missing_sources(instrument),
        *_missing_cases(instrument, published_cases(instrument.id, cases)),
        *_missing_page(instrument, docs / f"{instrument.name.lower()}.md"),
    ]


def _missing_sources(instrument: Instrument) -> list[str]:
    sources = {
        "citation": instrument.citation,
        "licence source": instrument.licence.source,
        "source of codes": instrument.codes_source,
        **{f"source of band {band.label}": band.source for band in instrument.bands},
    }
    for name in ("caseness", "reliable_change", "estimate_rule"):
        rule = getattr(instrument, name)
        if rule is not None:
            sources[f"source of {name}"] = rule.source
    lacks = [name for name, source in sources.items() if not _is_cited(source)]
    if not instrument.licence.notice.strip():
        lacks.append("licence notice")
    if not instrument.version.strip():
        lacks.append("version")
    return lacks


def _is_cited(source: Source) -> bool:
    return bool(source.citation.strip()) and source.url.startswith(("https://", "http://"))


def _missing_cases(instrument: Instrument, cases: list[PublishedCase]) -> list[str]:
    totals = {case.total for case in cases if case.status == "complete"}
    edges = {instrument.lowest, instrument.highest}
    edges |= {edge for band in instrument.bands for edge in (band.low, band.high)}
    if instrument.caseness:
        edges |= {instrument.caseness.at_least - 1, instrument.caseness.at_least}
    lacks = [f"published case with total {edge}" for edge in sorted(edges - totals)]
    statuses = {case.status for case in cases}
    lacks += [f"published case: {s}" for s in ("incomplete", "invalid") if s not in statuses]
    lacks += ["reason of a published case" for case in cases if not case.why]
    return lacks


def _missing_page(instrument: Instrument, page: Path) -> list[str]:
    if not page.is_file():
        return ["documentation page"]
    text = " ".join(page.read_text(encoding="utf-8").split())
    facts = [
        instrument.title,
        instrument.licence.notice,
        instrument.citation.url,
        f"Version {instrument.version}",
    ]
    facts += [f"| {band.low} to {band.high} | {band.label} |" for band in instrument.bands]
    if instrument.caseness:
        facts.append(f"Cut-off: {instrument.caseness.at_least} or more")
    if instrument.reliable_change:
        facts.append(f"Reliable change: {instrument.reliable_change.points} points or more")
    facts += [f"Risk item: {item.number}" for item in instrument.risk_items]
    return [f"documentation of “{fact}”" for fact in facts if fact not in text]


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=list(INSTRUMENTS))
def test_every_instrument_has_its_evidence(instrument: Instrument) -> None:
    assert missing_evidence(instrument) == []


NOWHERE = Source("", "", verified=True)


@pytest.mark.parametrize(
    ("spoil", "lack"),
    [
        (lambda i: replace(i, citation=NOWHERE), "citation"),
        (lambda i: replace(i, version=""), "version"),
        (lambda i: replace(i, licence=replace(i.licence, notice="")), "licence notice"),
        (lambda i: replace(i, licence=replace(i.licence, source=NOWHERE)), "licence source"),
        (lambda i: replace(i, codes_source=NOWHERE), "source of codes"),
        (lambda i: replace(i, bands=_unsourced_bands(i)), "source of band minimal"),
        (lambda i: replace(i, caseness=replace(i.caseness, source=NOWHERE)), "source of caseness"),
        (
            lambda i: replace(i, reliable_change=replace(i.reliable_change, source=NOWHERE)),
            "source of reliable_change",
        ),
        (
            lambda i: replace(i, estimate_rule=replace(i.estimate_rule, source=NOWHERE)),
            "source of estimate_rule",
        ),
        (lambda i: replace(i, id="other"), "published case with total 0"),
        (lambda i: replace(i, id="other"), "published case: incomplete"),
        (lambda i: replace(i, id="other"), "published case: invalid"),
        (
            lambda i: replace(i, caseness=replace(i.caseness, at_least=12)),
            "published case with total 11",
        ),
        (lambda i: replace(i, name="Other"), "documentation page"),
        (
            lambda i: replace(i, caseness=replace(i.caseness, at_least=12)),
            "documentation of “Cut-off: 12 or more”",
        ),
    ],
)
def test_missing_evidence_is_noticed(spoil: Callable[[Instrument], Instrument], lack: str) -> None:
    assert lack not in missing_evidence(PHQ9)
    assert lack in missing_evidence(spoil(PHQ9))


def test_a_missing_page_and_a_missing_table_are_noticed(tmp_path: Path) -> None:
    assert "documentation page" in missing_evidence(GAD7, docs=tmp_path)
    assert "published case with total 8" in missing_evidence(GAD7, cases=tmp_path)


def test_every_instrument_file_is_in_the_registry() -> None:
    found = []
    for module in pkgutil.iter_modules(outcome_measures.instruments.__path__):
        if module.name == "registry":
            continue
        content = vars(importlib.import_module(f"outcome_measures.instruments.{module.name}"))
        instruments = [value for value in content.values() if isinstance(value, Instrument)]
        assert [instrument.id for instrument in instruments] == [module.name]
        found += instruments
    assert sorted(found, key=lambda i: i.id) == sorted(INSTRUMENTS.values(), key=lambda i: i.id)
    assert all(key == instrument.id for key, instrument in INSTRUMENTS.items())


def test_no_table_of_cases_is_left_without_its_instrument() -> None:
    assert {path.stem for path in CASES_FOLDER.glob("*.csv")} == set(INSTRUMENTS)


def test_no_snomed_code_is_shipped() -> None:
    """SNOMED identifiers have 6 to 18 digits; ours live in configuration, for UK use only."""
    files = [
        *(ROOT / "outcome_measures").rglob("*.py"),
        *(DOCS_FOLDER / f"{instrument.name.lower()}.md" for instrument in INSTRUMENTS.values()),
    ]
    for file in files:
        text = re.sub(r"https?://\S+", "", file.read_text(encoding="utf-8"))
        assert re.findall(r"\b\d{6,18}\b", text) == [], file


def _unsourced_bands(instrument: Instrument) -> tuple[Band, ...]:
    return tuple(replace(band, source=NOWHERE) for band in instrument.bands)
