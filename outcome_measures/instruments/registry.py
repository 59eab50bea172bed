"""Every instrument the programme knows: one line each, and the packs that are installed."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from outcome_measures.definitions import Instrument, Item, Licence, Option, Source
from outcome_measures.instruments.auditc import AUDITC
from outcome_measures.instruments.ders16 import DERS16
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.itq import ITQ
from outcome_measures.instruments.pcl5 import PCL5
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.wsas import WSAS

_PACKS = "outcome_measures.packs"
# More than any questionnaire has.
_MOST_QUESTIONS, _MOST_POINTS = 200, 100


def _installed() -> dict[str, Instrument]:
    """The instruments whose folder is under ``packs/``; each folder may be deleted."""
    package = importlib.util.find_spec(_PACKS)
    if package is None or package.submodule_search_locations is None:
        return {}
    folders = sorted(
        found.name
        for found in pkgutil.iter_modules(package.submodule_search_locations)
        if found.ispkg
    )
    modules = [importlib.import_module(f"{_PACKS}.{folder}.pack") for folder in folders]
    return {module.INSTRUMENT.id: module.INSTRUMENT for module in modules}


PACKS: Mapping[str, Instrument] = MappingProxyType(_installed())

INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {
        PHQ9.id: PHQ9,
        GAD7.id: GAD7,
        PCL5.id: PCL5,
        ITQ.id: ITQ,
        AUDITC.id: AUDITC,
        WSAS.id: WSAS,
        DERS16.id: DERS16,
        **PACKS,
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


@lru_cache
def recorded(instrument_id: str) -> Instrument:
    """The instrument of something on record, installed or not.

    Where its pack was deleted the answers stay readable by number; they have no total any more,
    because nobody knows what they count.
    """
    if instrument_id in INSTRUMENTS:
        return INSTRUMENTS[instrument_id]
    return _not_installed(instrument_id)


def _not_installed(instrument_id: str) -> Instrument:
    nowhere = Source("Its pack is not installed", "", verified=False)
    points = tuple(Option(value, str(value)) for value in range(_MOST_POINTS + 1))
    return Instrument(
        id=instrument_id,
        name=instrument_id.upper(),
        title="A questionnaire that is not installed any more",
        version="unknown",
        language="en",
        recall_period="unknown",
        stem="",
        items=tuple(
            Item(number, f"Question {number}", points) for number in range(1, _MOST_QUESTIONS + 1)
        ),
        licence=Licence("", nowhere),
        citation=nowhere,
        worded=False,
        installed=False,
    )


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
