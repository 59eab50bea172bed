"""Every instrument the programme knows: one line each."""

from collections.abc import Mapping
from types import MappingProxyType

from outcome_measures.definitions import Instrument
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9

INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {
        PHQ9.id: PHQ9,
        GAD7.id: GAD7,
    }
)


class UnknownInstrument(LookupError):
    """No instrument has this name or id."""


def find_instrument(name_or_id: str) -> Instrument:
    """The instrument called ``PHQ-9``, ``phq9`` or ``Phq 9``; raises ``UnknownInstrument``."""
    wanted = _plain(name_or_id)
    for instrument in INSTRUMENTS.values():
        if wanted in (_plain(instrument.id), _plain(instrument.name)):
            return instrument
    raise UnknownInstrument("No questionnaire has this name.")


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
