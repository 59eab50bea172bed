"""Fitness: an instrument without citation, licence, published cases or a page does not ship."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import outcome_measures.instruments
from outcome_measures.definitions import Band, Entry, Instrument, Source
from outcome_measures.instruments.ders16 import DERS16
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.itq import ITQ
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.registry import INSTRUMENTS, PACKS
from outcome_measures.instruments.wsas import WSAS
from outcome_measures.signing.rules import rules_of
from tests.outcome_measures.cases import (
    CASES_FOLDER,
    DOCS_FOLDER,
    PACKS_FOLDER,
    ROOT,
    Evidence,
    PublishedCase,
    evidence_of,
    published_cases,
)


def missing_evidence(instrument: Instrument, evidence: Evidence | None = None) -> list[str]:
    """What this instrument lacks, in words; empty when it may ship."""
    files = evidence or evidence_of(instrument)
    return [
        *_missing_sources(instrument),
        *_missing_cases(instrument, published_cases(files.table)),
        *_missing_page(instrument, files.page),
        *_missing_licence(instrument, files.licence),
    ]


def _missing_sources(instrument: Instrument) -> Iterator[str]:
    sources = {"citation": instrument.citation, "licence source": instrument.licence.source}
    for rule in rules_of(instrument):
        sources |= {f"source of {rule.key}": source for source in rule.sources}
    for name, source in sources.items():
        if not _is_cited(source):
            yield name
    codes = [
        instrument.loinc_panel,
        instrument.loinc_total,
        *(item.loinc for item in instrument.items),
    ]
    if any(codes) and not (instrument.codes_source and _is_cited(instrument.codes_source)):
        yield "source of codes"
    if not instrument.licence.notice.strip():
        yield "licence notice"
    if not instrument.version.strip():
        yield "version"


def _is_cited(source: Source) -> bool:
    return bool(source.citation.strip()) and source.url.startswith(("https://", "http://"))


def _missing_cases(instrument: Instrument, cases: list[PublishedCase]) -> Iterator[str]:
    totals = {case.total for case in cases if case.status == "complete"}
    edges = {instrument.lowest, instrument.highest}
    edges |= {edge for band in instrument.bands for edge in (band.low, band.high)}
    edges |= {tick.highest for tick in instrument.ticks}
    if instrument.caseness:
        edges |= {instrument.caseness.at_least - 1, instrument.caseness.at_least}
    yield from (f"published case with total {edge}" for edge in sorted(edges - totals))
    wanted = ["invalid"] if instrument.entry is Entry.TOTAL else ["incomplete", "invalid"]
    statuses = {case.status for case in cases}
    yield from (f"published case: {status}" for status in wanted if status not in statuses)
    named = {name for case in cases for name in (*case.subscales, *case.parts)}
    parts = [part.id for part in instrument.subscales] + [tick.id for tick in instrument.ticks]
    yield from (f"published case of {name}" for name in parts if name not in named)
    if instrument.screen:
        labels = [finding.label for finding in instrument.screen.findings]
        seen = {case.screen for case in cases}
        for label in (*labels, instrument.screen.otherwise):
            if label not in seen:
                yield f"published case of the screen: {label}"
    if instrument.estimate_rule and not any(case.estimate for case in cases):
        yield "published case of an estimate"
    if instrument.mean and not any(case.mean for case in cases):
        yield "published case of the mean"
    yield from ("reason of a published case" for case in cases if not case.why)
    yield from _missing_sources_of_cases(instrument, cases)


DERIVED = "derived from "
RANGE = "range"
"""What an answer and a total may be: from the publication of the instrument itself."""


def _missing_sources_of_cases(instrument: Instrument, cases: list[PublishedCase]) -> Iterator[str]:
    """Each row is published at an address, or says from which rule with a source it was made."""
    known = {RANGE, *(rule.key for rule in rules_of(instrument))}
    for case in cases:
        rule = case.source.removeprefix(DERIVED)
        if case.source.startswith(DERIVED) and rule not in known:
            yield f"rule {rule} of the published case “{case.why}”"
        elif not case.source.startswith((DERIVED, "https://")):
            yield f"source of the published case “{case.why}”"


def _missing_page(instrument: Instrument, page: Path) -> Iterator[str]:
    if not page.is_file():
        yield "documentation page"
        return
    text = " ".join(page.read_text(encoding="utf-8").replace("\n> ", "\n").split())
    for fact in _facts(instrument):
        if " ".join(fact.split()) not in text:
            yield f"documentation of “{fact}”"


def _facts(instrument: Instrument) -> Iterator[str]:
    """What a page has to say, letter for letter."""
    yield instrument.title
    yield instrument.licence.notice
    yield instrument.citation.url
    yield f"Version {instrument.version}"
    yield f"total {instrument.lowest} to {instrument.highest}"
    yield from (f"| {band.low} to {band.high} | {band.label} |" for band in instrument.bands)
    if instrument.caseness:
        yield f"Cut-off: {instrument.caseness.at_least} or more"
    if instrument.reliable_change:
        change = instrument.reliable_change
        yield f"{change.called.capitalize()} change: {change.points} points or more"
        if change.response:
            yield f"{change.response} or more is a response"
    yield from (f"Risk item: {item.number}" for item in instrument.risk_items)
    for subscale in instrument.subscales:
        within = instrument.range_of(subscale)
        yield f"| {subscale.name} | {within.low} to {within.high} |"
    yield from (f"“{tick.label}”" for tick in instrument.ticks)
    if instrument.turned:
        yield next(rule.value for rule in rules_of(instrument) if rule.key == "turned")
    if instrument.screen:
        yield from (finding.label for finding in instrument.screen.findings)
    if instrument.caution:
        yield instrument.caution
    if instrument.mean:
        yield instrument.mean.label
    if not instrument.worded:
        yield "The questions are not in this program"
    yield from (
        f"Not applied until signed: {r.key}" for r in rules_of(instrument) if not r.verified
    )


def _missing_licence(instrument: Instrument, licence: Path | None) -> Iterator[str]:
    """A pack has a licence of its own, because it is no part of the program's."""
    if licence is None:
        return
    if not licence.is_file():
        yield "licence file"
    elif " ".join(instrument.licence.notice.split()) not in " ".join(licence.read_text().split()):
        yield "notice in the licence file"


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=list(INSTRUMENTS))
def test_every_instrument_has_its_evidence(instrument: Instrument) -> None:
    lacks = missing_evidence(instrument)
    assert not lacks, f"{instrument.name} lacks: " + "; ".join(lacks)


NOWHERE = Source("", "", verified=True)


def _only_total_coded(instrument: Instrument) -> Instrument:
    items = tuple(replace(item, loinc=None) for item in instrument.items)
    return replace(
        instrument, items=items, loinc_panel=None, loinc_total="70274-6", codes_source=None
    )


@pytest.mark.parametrize(
    ("spoil", "lack"),
    [
        (lambda i: replace(i, citation=NOWHERE), "citation"),
        (lambda i: replace(i, version=""), "version"),
        (lambda i: replace(i, licence=replace(i.licence, notice="")), "licence notice"),
        (lambda i: replace(i, licence=replace(i.licence, source=NOWHERE)), "licence source"),
        (lambda i: replace(i, codes_source=NOWHERE), "source of codes"),
        (lambda i: replace(i, codes_source=None), "source of codes"),
        (lambda i: replace(i, bands=_unsourced_bands(i)), "source of bands"),
        (lambda i: replace(i, caseness=replace(i.caseness, source=NOWHERE)), "source of caseness"),
        (
            lambda i: replace(i, reliable_change=replace(i.reliable_change, source=NOWHERE)),
            "source of reliable_change",
        ),
        (
            lambda i: replace(i, estimate_rule=replace(i.estimate_rule, source=NOWHERE)),
            "source of estimate_rule",
        ),
        (
            lambda i: replace(i, items=tuple(_risk_from(item, NOWHERE) for item in i.items)),
            "source of risk:9",
        ),
        (lambda i: replace(i, wording_source=NOWHERE), "source of wording"),
        (lambda i: _only_total_coded(i), "source of codes"),
        (lambda i: replace(i, id="other"), "published case with total 0"),
        (lambda i: replace(i, id="other"), "published case: incomplete"),
        (lambda i: replace(i, id="other"), "published case: invalid"),
        (lambda i: replace(i, id="other"), "published case of an estimate"),
        (
            lambda i: replace(i, caseness=replace(i.caseness, at_least=12)),
            "published case with total 11",
        ),
        (lambda i: replace(i, name="Other"), "documentation page"),
        (
            lambda i: replace(i, caseness=replace(i.caseness, at_least=12)),
            "documentation of “Cut-off: 12 or more”",
        ),
        (
            lambda i: replace(i, caseness=replace(i.caseness, source=_unread(i))),
            "documentation of “Not applied until signed: caseness”",
        ),
        (
            lambda i: replace(i, screens_only=True),
            "documentation of “A screen, never a diagnosis.”",
        ),
        (
            lambda i: replace(i, worded=False),
            "documentation of “The questions are not in this program”",
        ),
    ],
)
def test_missing_evidence_is_noticed(spoil: Callable[[Instrument], Instrument], lack: str) -> None:
    assert lack not in missing_evidence(PHQ9)
    assert lack in missing_evidence(spoil(PHQ9))


@pytest.mark.parametrize(
    ("instrument", "lack"),
    [
        (WSAS, "published case with total 32"),
        (WSAS, "published case of no_job"),
        (DERS16, "published case of clarity"),
        (ITQ, "published case of the screen: complex PTSD"),
        (ITQ, "published case of the screen: neither PTSD nor complex PTSD"),
        (ITQ, "published case of dso"),
    ],
)
def test_a_missing_table_of_every_kind_is_noticed(
    tmp_path: Path, instrument: Instrument, lack: str
) -> None:
    files = evidence_of(instrument, cases=tmp_path)
    assert lack in missing_evidence(instrument, files)
    assert "published case: incomplete" not in missing_evidence(WSAS, files)


@pytest.mark.parametrize(
    ("instrument", "lack"),
    [
        (WSAS, "documentation of “Not applied until signed: reliable_change”"),
        (WSAS, "documentation of “The questions are not in this program”"),
        (ITQ, "documentation of “| PTSD | 0 to 24 |”"),
        (ITQ, "documentation of “complex PTSD”"),
    ],
)
def test_a_page_that_says_nothing_is_noticed(
    tmp_path: Path, instrument: Instrument, lack: str
) -> None:
    (tmp_path / f"{instrument.name.lower()}.md").write_text("Nothing.")
    assert lack in missing_evidence(instrument, evidence_of(instrument, docs=tmp_path))


def test_a_missing_page_and_a_missing_table_are_noticed(tmp_path: Path) -> None:
    assert "documentation page" in missing_evidence(GAD7, evidence_of(GAD7, docs=tmp_path))
    nothing = evidence_of(GAD7, cases=tmp_path)
    assert "published case with total 8" in missing_evidence(GAD7, nothing)


@pytest.mark.parametrize(
    ("content", "lack"), [(None, "licence file"), ("Free.", "notice in the licence file")]
)
def test_a_pack_needs_its_own_licence(tmp_path: Path, content: str | None, lack: str) -> None:
    licence = tmp_path / "LICENCE.md"
    if content:
        licence.write_text(content)
    files = replace(evidence_of(GAD7), licence=licence)
    assert lack in missing_evidence(GAD7, files)


def test_every_instrument_file_is_in_the_registry() -> None:
    found = []
    for module in pkgutil.iter_modules(outcome_measures.instruments.__path__):
        if module.name == "registry":
            continue
        content = vars(importlib.import_module(f"outcome_measures.instruments.{module.name}"))
        instruments = [value for value in content.values() if isinstance(value, Instrument)]
        assert [instrument.id for instrument in instruments] == [module.name]
        found += instruments
    found += PACKS.values()
    assert sorted(found, key=lambda i: i.id) == sorted(INSTRUMENTS.values(), key=lambda i: i.id)
    assert all(key == instrument.id for key, instrument in INSTRUMENTS.items())


def test_every_folder_of_packs_holds_the_instrument_it_is_called_after() -> None:
    folders = {path.parent.name for path in PACKS_FOLDER.glob("*/pack.py")}
    assert folders == set(PACKS)


def test_no_table_of_cases_is_left_without_its_instrument() -> None:
    built_in = set(INSTRUMENTS) - set(PACKS)
    assert {path.stem for path in CASES_FOLDER.glob("*.csv")} == built_in


def test_no_snomed_code_is_shipped() -> None:
    """SNOMED identifiers have 6 to 18 digits; ours live in configuration, for UK use only."""
    files = [
        *(ROOT / "outcome_measures").rglob("*.py"),
        *PACKS_FOLDER.rglob("*.md"),
        *PACKS_FOLDER.rglob("*.csv"),
        *(DOCS_FOLDER.glob("*.md")),
    ]
    for file in files:
        text = re.sub(r"https?://\S+", "", file.read_text(encoding="utf-8"))
        assert re.findall(r"(?<![\d.#])\d{6,18}\b", text) == [], file


def _unsourced_bands(instrument: Instrument) -> tuple[Band, ...]:
    return tuple(replace(band, source=NOWHERE) for band in instrument.bands)


def _risk_from(item: object, source: Source) -> object:
    return replace(item, risk_source=source)  # type: ignore[type-var]


def _unread(instrument: Instrument) -> Source:
    return replace(instrument.citation, verified=False)


@pytest.mark.parametrize(
    ("source", "lack"),
    [
        ("", "source of the published case “at the cut-off”"),
        ("made up", "source of the published case “at the cut-off”"),
        ("derived from nothing", "rule nothing of the published case “at the cut-off”"),
        ("derived from mean", "rule mean of the published case “at the cut-off”"),
        ("derived from caseness", None),
        ("https://example.org/table", None),
    ],
)
def test_a_published_case_without_a_source_is_noticed(
    tmp_path: Path, source: str, lack: str | None
) -> None:
    table = tmp_path / "phq9.csv"
    table.write_text(
        "items,status,total,band,case,why,source\n"
        f"2;1;1;1;1;1;1;1;1,complete,10,moderate,Y,at the cut-off,{source}\n"
    )
    found = missing_evidence(PHQ9, replace(evidence_of(PHQ9), table=table))
    about = [one for one in found if "at the cut-off" in one]
    assert about == ([lack] if lack else [])
