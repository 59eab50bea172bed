"""Published algorithms over single answers: three-valued, and never a diagnosis."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from outcome_measures.definitions import (
    NEVER_A_DIAGNOSIS,
    Criterion,
    Instrument,
    Pattern,
    Screen,
)


@dataclass(frozen=True, slots=True)
class PatternSeen:
    """Whether a group of symptoms is present; ``None`` if missing answers leave it open."""

    id: str
    name: str
    present: bool | None


@dataclass(frozen=True, slots=True)
class ScreenResult:
    """What a screen says. ``label`` is ``None`` where it is not classifiable.

    ``caution`` is shown wherever the label is.
    """

    label: str | None
    patterns: tuple[PatternSeen, ...]
    reason: str
    caution: str = NEVER_A_DIAGNOSIS


def screened(instrument: Instrument, values: Mapping[int, int]) -> ScreenResult | None:
    """What the instrument's screen makes of these answers, by item number.

    ``None`` if it has no screen. Without a verified source, or where missing answers could still
    change the result, nothing is classified and the reason says why.
    """
    screen = instrument.screen
    if screen is None:
        return None
    if not screen.source.verified:
        return ScreenResult(None, (), "The screen is not yet verified, so it is not applied.")
    seen = tuple(_seen(pattern, values) for pattern in screen.patterns)
    present = {pattern.id: pattern.present for pattern in seen}
    for finding in screen.findings:
        holds = _all(present[name] for name in finding.patterns)
        if holds is None:
            reason = "Answers are missing that the screen needs, so it says nothing."
            return ScreenResult(None, seen, reason)
        if holds:
            return _found(finding.label, seen, screen)
    return _found(screen.otherwise, seen, screen)


def _found(label: str, seen: tuple[PatternSeen, ...], screen: Screen) -> ScreenResult:
    """The result, then the patterns it was found by."""
    said = f"{label[:1].upper()}{label[1:]}. {_words(seen)}. {screen.needs}"
    return ScreenResult(label, seen, said)


def _seen(pattern: Pattern, values: Mapping[int, int]) -> PatternSeen:
    met = _all(_met(criterion, values) for criterion in pattern.criteria)
    return PatternSeen(pattern.id, pattern.name, met)


def _met(criterion: Criterion, values: Mapping[int, int]) -> bool | None:
    yes = sum(values.get(number, -1) >= criterion.points for number in criterion.items)
    unknown = sum(number not in values for number in criterion.items)
    if yes >= criterion.needed:
        return True
    return None if yes + unknown >= criterion.needed else False


def _all(parts: Iterable[bool | None]) -> bool | None:
    """Whether all hold; one that fails decides even where others are not known."""
    known = set(parts)
    if False in known:
        return False
    return None if None in known else True


def _words(seen: Iterable[PatternSeen]) -> str:
    return "; ".join(f"{p.name}: {'present' if p.present else 'not present'}" for p in seen)
