"""The codes in force: those that ship, and those that the trust has entered and somebody signed."""

from dataclasses import replace

from mhtr.core import policy
from outcome_measures.codes import NO_CODE, Code, Coded, System
from outcome_measures.definitions import Instrument
from outcome_measures.policy import SNOMED
from outcome_measures.scores.score import Score
from outcome_measures.sources import Source

SNOMED_SOURCE = Source(
    citation="The NHS SNOMED CT browser, UK Edition, to be read by whoever signs",
    url="https://termbrowser.nhs.uk/",
    verified=False,
)


def with_codes(instrument: Instrument) -> Instrument:
    """The instrument with the SNOMED CT codes that the trust has entered, none of them verified."""
    settings = SNOMED.get(instrument.id, {})
    held = policy.in_force(*settings.values())
    found = ((what, str(held[setting.key])) for what, setting in settings.items())
    entered = (
        Code(System.SNOMED, what, code, SNOMED_SOURCE) for what, code in found if code != NO_CODE
    )
    return replace(instrument, snomed=tuple(entered))


def codes_of_score(instrument: Instrument, score: Score) -> tuple[Code, ...]:
    """The codes under which a score is exchanged; none of an incomplete form.

    Args:
        instrument: with what is signed, as `service.coded` gives it.
    """
    if not score.complete:
        return ()
    return tuple(
        code for code in instrument.codes if code.what is Coded.SCORE and code.source.verified
    )
