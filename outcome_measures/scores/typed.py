"""Totals that somebody typed in: ranges are checked, and nothing behind them is made up.

Such a score carries no answers: no risk item, no screen over single answers.
"""

from collections.abc import Mapping

from outcome_measures.definitions import Instrument
from outcome_measures.scores.score import Score, SubscaleScore, as_kept, reading

TOTAL = "total"


class InvalidTotal(ValueError):
    """Typed-in points that cannot stand.

    ``problems`` maps ``total``, a part's id or the number of a question beside it to a message.
    Messages never repeat what was entered, so they may be logged.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


def typed_score(
    instrument: Instrument, total: int, parts: Mapping[str, int] | None = None
) -> Score:
    """The score of a total that was typed in, of any instrument.

    Args:
        parts: subscale totals by the subscale's id, and 1 for each tick (`Instrument.ticks`).

    Raises:
        InvalidTotal: what was typed cannot be a total of this instrument.
    """
    typed = dict(parts or {})
    if not instrument.installed:
        return as_kept(instrument, answered=0, total=total, parts=typed)
    _refuse_invalid(instrument, total, typed)
    ticked = [tick for tick in instrument.ticks if typed.get(tick.id)]
    highest = min([instrument.highest, *(tick.highest for tick in ticked)])
    read = reading(instrument, total, whole=not ticked)
    return Score(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        complete=True,
        answered=0,
        questions=len(instrument.scored_items),
        total=total,
        band=read.band,
        caseness=read.caseness,
        reasons=(
            f"A total of {total} out of {highest} was typed in; no answers are on record.",
            *(f"“{tick.label}” is ticked." for tick in ticked),
            *read.reasons,
            *_not_shown(instrument, typed),
        ),
        highest=highest,
        subscales=_parts(instrument, typed),
        mean=read.mean,
        typed_in=True,
        caution=instrument.caution,
        why_none=read.why_none,
    )


def _not_shown(instrument: Instrument, typed: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(
        f"The subscale {subscale.name} is not yet verified, so it is not shown."
        for subscale in instrument.subscales
        if subscale.id in typed and not subscale.source.verified
    )


def _parts(instrument: Instrument, typed: Mapping[str, int]) -> tuple[SubscaleScore, ...]:
    found = []
    for subscale in instrument.subscales:
        if subscale.id in typed and subscale.source.verified:
            within, points = instrument.range_of(subscale), typed[subscale.id]
            found.append(SubscaleScore(subscale.id, subscale.name, points, within.low, within.high))
    return tuple(found)


def _refuse_invalid(instrument: Instrument, total: int, typed: dict[str, int]) -> None:
    subscales = {subscale.id: subscale for subscale in instrument.subscales}
    ticks = {tick.id: tick for tick in instrument.ticks}
    problems = {
        name: f"This is no part of {instrument.name}."
        for name in typed
        if name not in subscales and name not in ticks
    }
    highest = instrument.highest
    for name, tick in ticks.items():
        if name in typed and (type(typed[name]) is not int or typed[name] not in (0, 1)):
            problems[name] = f"{tick.label}: tick it or leave it."
        elif typed.get(name):
            highest = min(highest, tick.highest)
    for name, subscale in subscales.items():
        within = instrument.range_of(subscale)
        if name in typed and not _between(typed[name], within.low, within.high):
            problems[name] = (
                f"{subscale.name}: enter a whole number from {within.low} to {within.high}."
            )
    if not _between(total, instrument.lowest, highest):
        problems[TOTAL] = f"Total: enter a whole number from {instrument.lowest} to {highest}."
    if not problems and instrument.subscales_make_total:
        problems |= _unfitting(instrument, total, typed)
    if problems:
        raise InvalidTotal(problems)


def _unfitting(instrument: Instrument, total: int, typed: Mapping[str, int]) -> dict[str, str]:
    """What is wrong where the subscales that are typed in leave no room for the total."""
    there = [part for part in instrument.subscales if part.id in typed]
    rest = [instrument.range_of(part) for part in instrument.subscales if part not in there]
    together = sum(typed[part.id] for part in there)
    low = together + sum(within.low for within in rest)
    high = together + sum(within.high for within in rest)
    if not there or low <= total <= high:
        return {}
    if not rest:
        return {TOTAL: "The subscales do not add up to the total. Check each of them."}
    return {TOTAL: f"Total: with the subscales beside it, it must be from {low} to {high}."}


def _between(points: object, low: int, high: int) -> bool:
    # bool is a kind of int in Python; True is not the number 1.
    return type(points) is int and low <= points <= high
