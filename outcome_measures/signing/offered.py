"""Which instruments may be used: installed, switched on by the service, nothing left to sign."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from mhtr.cases.wording import day_words
from mhtr.core import clock, policy
from outcome_measures.definitions import Instrument
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.policy import EACH_SESSION, NEVER, WHEN
from outcome_measures.signing.rules import TURNED, WORDING, Signed, asked_nobody_on, waiting_for
from outcome_measures.signing.service import all_in_force, every_signed, in_force


def offered(on: date | None = None) -> Mapping[str, Instrument]:
    """The instruments that may be asked on a day (today unless given), by id, rules as signed.

    One that the service never asks is not among them, nor one whose words or risk questions
    nobody has verified.
    """
    when = policy.in_force(*WHEN.values(), on=on)
    return {
        name: instrument
        for name, instrument in all_in_force().items()
        if when[WHEN[name].key] != NEVER and not waiting_for(instrument)
    }


def unsigned(instrument: Instrument) -> tuple[str, ...]:
    """The names of the rules to be signed before anybody is asked it; none where it may be used.

    Args:
        instrument: as it is in its file: where nothing waits there no signature is read.
    """
    waiting = waiting_for(instrument) and waiting_for(in_force(instrument.id))
    return tuple(rule.name for rule in waiting)


def nobody_stands_for(instrument: Instrument) -> str:
    """What is to be read beside its scores while nobody stands for its words; empty where one does.

    Args:
        instrument: with its rules as signed.
    """
    waiting = waiting_for(instrument)
    if not waiting:
        return ""
    parts = " and ".join(dict.fromkeys(_PARTS.get(rule.key, _RISK) for rule in waiting))
    keys = {rule.key for rule in waiting}
    ended = [
        one.until
        for one in every_signed()
        if one.instrument == instrument.id and one.rule in keys and one.until is not None
    ]
    if not ended:
        return f"No clinical lead has signed for {parts}. Its scores are kept as they were given."
    return (
        f"No clinical lead stands for {parts} any more: signatures were withdrawn, the last on "
        f"{day_words(max(ended))}. Its scores are kept as they were given."
    )


_PARTS = {WORDING: "its wording", TURNED: "which of its questions count the other way round"}
_RISK = "its questions about risk"


def asked_each_time() -> tuple[str, ...]:
    """The ids of those asked at every treatment session: what a new contact begins with."""
    return tuple(name for name, when in asked_when().items() if when == EACH_SESSION)


def asked_when() -> Mapping[str, str]:
    """When each instrument that may be asked today is asked, by id; never is left out."""
    held = policy.in_force(*WHEN.values())
    # Not by `offered`: Today asks, and where nothing waits no signature has to be read.
    return _asked(held, asked_nobody_on(clock.today(), *_waiting([held])))


def asked_when_by_day() -> Sequence[tuple[date, Mapping[str, str]]]:
    """As `asked_when`, by the day from which it was so, the earliest first; the last is today's.

    Before somebody signed for its words and its risk questions nobody could be asked an
    instrument, whatever the settings say. What nobody may be asked today is left out of every
    day: there is nothing to be done about it.
    """
    settings, today = policy.history(*WHEN.values()), clock.today()
    waiting, signed = _waiting([values for _, values in settings])
    none = asked_nobody_on(today, waiting, signed)
    days = {since for since, _ in settings}
    days |= {day for one in signed for day in (one.since, one.until) if day and day <= today}
    found: list[tuple[date, Mapping[str, str]]] = []
    for day in sorted(days):
        held = [values for since, values in settings if since <= day][-1]
        asked = _asked(held, none | asked_nobody_on(day, waiting, signed))
        if not found or found[-1][1] != asked:
            found.append((day, asked))
    return tuple(found)


def what_waits() -> Mapping[str, str]:
    """By the key of its setting: what has to be signed before anybody is asked an instrument."""
    return {
        WHEN[instrument.id].key: (
            "Whatever is set here, nobody is asked it, and it is due for nobody, until a clinical "
            f"lead has signed under “Rules of measures”: {', '.join(r.name for r in rules)}."
        )
        for instrument in all_in_force().values()
        if (rules := waiting_for(instrument))
    }


def _waiting(
    settings: Iterable[Mapping[str, object]],
) -> tuple[Collection[Instrument], Collection[Signed]]:
    """The instruments set to be asked that need a signature; signatures, where one does."""
    asked = {name for held in settings for name in _asked(held, ())}
    waiting = [INSTRUMENTS[name] for name in asked if waiting_for(INSTRUMENTS[name])]
    return waiting, every_signed() if waiting else ()


def _asked(held: Mapping[str, object], nobody: Collection[str]) -> dict[str, str]:
    return {
        name: str(held[value.key])
        for name, value in WHEN.items()
        if held[value.key] != NEVER and name not in nobody
    }
