"""The rules of an instrument one by one: what each says, where it was read, whether it applies.

A rule whose source was not read is switched off until a named clinician signs it. Some rules are
such that without them nobody is asked at all: the words, which questions are about risk, and
which count the other way round.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from outcome_measures.definitions import (
    Band,
    Caseness,
    Code,
    EstimateRule,
    Instrument,
    Item,
    Mean,
    ReliableChange,
    Screen,
    Source,
    Subscale,
    Tick,
)

WORDING, TURNED, BANDS, CASENESS, RELIABLE_CHANGE, ESTIMATE, MEAN, SUBSCALES, SCREEN, TICKS = (
    "wording",
    "turned",
    "bands",
    "caseness",
    "reliable_change",
    "estimate_rule",
    "mean",
    "subscales",
    "screen",
    "ticks",
)

_Part = TypeVar(
    "_Part", Band, Caseness, Code, EstimateRule, Mean, ReliableChange, Screen, Subscale, Tick
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its key, what it is called, what it says, and its sources.

    Nobody is asked the questions of an instrument while an ``essential`` rule is not verified.
    """

    key: str
    name: str
    value: str
    sources: tuple[Source, ...]
    essential: bool = False

    @property
    def verified(self) -> bool:
        """Whether every source of it was read, or signed for."""
        return all(source.verified for source in self.sources)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature of a rule for one version of its instrument, from the day it was given.

    `until`: the day it was withdrawn; None while it stands.
    """

    instrument: str
    version: str
    rule: str
    since: date
    until: date | None

    def stood_on(self, day: date) -> bool:
        """Whether the rule was signed on a day, at its end."""
        return self.since <= day and (self.until is None or day < self.until)


def risk_key(number: int) -> str:
    """The key of the rule that a question is about risk."""
    return f"risk:{number}"


def code_key(code: Code) -> str:
    """The key of the rule that a code is the right one; another code is another rule."""
    return f"snomed:{code.what}:{code.code}"


def rules_of(instrument: Instrument) -> tuple[Rule, ...]:
    """Every rule of the instrument, those without which nobody is asked first."""
    readings = (*_readings(instrument), *_parts(instrument))
    return (*_essential(instrument), *readings, *_codes(instrument))


def waiting_for(instrument: Instrument) -> tuple[Rule, ...]:
    """The rules to be signed before anybody is asked; none where it may be used."""
    return tuple(rule for rule in rules_of(instrument) if rule.essential and not rule.verified)


def asked_nobody_on(
    day: date, instruments: Collection[Instrument], signed: Collection[Signed]
) -> frozenset[str]:
    """The instruments, by id, with a rule that had to be signed and was not, on a day.

    Args:
        instruments: as they are in their files, without signatures.
        signed: every signature of theirs, withdrawn ones too.
    """
    stood = {(one.instrument, one.version, one.rule) for one in signed if one.stood_on(day)}
    return frozenset(
        instrument.id
        for instrument in instruments
        if {(instrument.id, instrument.version, rule.key) for rule in waiting_for(instrument)}
        - stood
    )


def with_signed(instrument: Instrument, keys: Collection[str]) -> Instrument:
    """The instrument with these rules verified; keys that it does not have change nothing."""
    i = instrument
    return replace(
        i,
        wording_source=_signed(i.wording_source, WORDING in keys),
        turned_source=_signed(i.turned_source, TURNED in keys),
        items=tuple(_signed_item(item, risk_key(item.number) in keys) for item in i.items),
        bands=tuple(_signed_part(band, BANDS in keys) for band in i.bands),
        caseness=_signed_rule(i.caseness, CASENESS in keys),
        reliable_change=_signed_rule(i.reliable_change, RELIABLE_CHANGE in keys),
        estimate_rule=_signed_rule(i.estimate_rule, ESTIMATE in keys),
        mean=_signed_rule(i.mean, MEAN in keys),
        subscales=tuple(_signed_part(part, SUBSCALES in keys) for part in i.subscales),
        ticks=tuple(_signed_part(tick, TICKS in keys) for tick in i.ticks),
        screen=_signed_rule(i.screen, SCREEN in keys),
        snomed=tuple(_signed_part(code, code_key(code) in keys) for code in i.snomed),
    )


def _essential(instrument: Instrument) -> Iterator[Rule]:
    if instrument.wording_source:
        count = len(instrument.items)
        value = f"The {count} questions and their answers, letter for letter"
        yield Rule(WORDING, "Wording", value, (instrument.wording_source,), essential=True)
    if instrument.turned_source:
        *most, last = (str(number) for number in instrument.turned)
        counts = (
            f"Questions {', '.join(most)} and {last} count" if most else f"Question {last} counts"
        )
        value = f"{counts} the other way round"
        yield Rule(TURNED, "Direction", value, (instrument.turned_source,), essential=True)
    for item in instrument.risk_items:
        value = f"Question {item.number} asks about {item.risk_to.words}; 1 or more is looked at"
        source = item.risk_source or instrument.licence.source
        name = f"Risk question {item.number}"
        yield Rule(risk_key(item.number), name, value, (source,), essential=True)


def _readings(instrument: Instrument) -> Iterator[Rule]:
    if instrument.bands:
        value = "; ".join(f"{band.low} to {band.high} {band.label}" for band in instrument.bands)
        yield Rule(BANDS, "Bands", value, tuple(band.source for band in instrument.bands))
    if instrument.caseness:
        value = f"{instrument.caseness.at_least} or more"
        yield Rule(CASENESS, "Cut-off", value, (instrument.caseness.source,))
    if instrument.reliable_change:
        change = instrument.reliable_change
        value = f"{change.points} points or more, either way"
        value += f"; {change.response} or more is a response" if change.response else ""
        yield Rule(RELIABLE_CHANGE, f"{change.called.capitalize()} change", value, (change.source,))
    if instrument.estimate_rule:
        value = (
            f"An estimate, never a score, with up to {instrument.estimate_rule.max_missing} "
            "without an answer"
        )
        yield Rule(ESTIMATE, "Missing answers", value, (instrument.estimate_rule.source,))
    if instrument.mean:
        yield Rule(MEAN, "Shown as", instrument.mean.label, (instrument.mean.source,))


def _parts(instrument: Instrument) -> Iterator[Rule]:
    if instrument.subscales:
        ranges = [(part.name, instrument.range_of(part)) for part in instrument.subscales]
        value = "; ".join(f"{name} {within.low} to {within.high}" for name, within in ranges)
        sources = tuple(part.source for part in instrument.subscales)
        yield Rule(SUBSCALES, "Subscales", value, sources)
    if instrument.ticks:
        value = "; ".join(f"“{tick.label}”: at most {tick.highest}" for tick in instrument.ticks)
        yield Rule(TICKS, "Boxes to tick", value, tuple(tick.source for tick in instrument.ticks))
    if instrument.screen:
        labels = "; ".join(finding.label for finding in instrument.screen.findings)
        yield Rule(SCREEN, "Screen", labels, (instrument.screen.source,))


def _codes(instrument: Instrument) -> Iterator[Rule]:
    for code in instrument.snomed:
        name = f"{code.system} code of the {code.what}"
        yield Rule(code_key(code), name, code.code, (code.source,))


def _signed_source(source: Source, signed: bool) -> Source:
    return replace(source, verified=True) if signed else source


def _signed(source: Source | None, signed: bool) -> Source | None:
    return _signed_source(source, signed) if source else None


def _signed_part(part: _Part, signed: bool) -> _Part:
    return replace(part, source=_signed_source(part.source, signed))


def _signed_rule(part: _Part | None, signed: bool) -> _Part | None:
    return _signed_part(part, signed) if part is not None else None


def _signed_item(item: Item, signed: bool) -> Item:
    return replace(item, risk_source=_signed(item.risk_source, signed)) if signed else item
