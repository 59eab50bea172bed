"""How a report speaks of the person it is about: as recorded, `he` where nothing is."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Pronoun(StrEnum):
    HE = "he"
    SHE = "she"
    THEY = "they"


_FORMS: Mapping[Pronoun, Mapping[str, str]] = MappingProxyType(
    {
        Pronoun.HE: {"he": "he", "him": "him", "his": "his", "has": "has", "was": "was"},
        Pronoun.SHE: {"he": "she", "him": "her", "his": "her", "has": "has", "was": "was"},
        Pronoun.THEY: {"he": "they", "him": "them", "his": "their", "has": "have", "was": "were"},
    }
)


def pronoun_of(recorded: str) -> Pronoun:
    """The pronoun of a free entry such as `She / her`: its first word counts.

    Nothing recorded is `he`, as the service is for men; what is none of the three is `they`.
    """
    words = recorded.replace("/", " ").replace(",", " ").lower().split()
    if not words:
        return Pronoun.HE
    first = words[0]
    return next((p for p in Pronoun if first in set(list(_FORMS[p].values())[:3])), Pronoun.THEY)


def worded(text: str, pronoun: Pronoun) -> str:
    """A sentence written with `{he}`, `{him}`, `{his}`, `{has}`, `{is}`, `{was}` and, after a verb
    that follows the pronoun, `{s}` or `{es}`; `{He}`, `{His}` and `{Is}` begin a sentence."""
    forms = dict(_FORMS[pronoun])
    plural = pronoun is Pronoun.THEY
    forms |= {"He": forms["he"].capitalize(), "His": forms["his"].capitalize()}
    forms |= {"s": "" if plural else "s", "es": "" if plural else "es"}
    forms |= {"is": "are", "Is": "Are"} if plural else {"is": "is", "Is": "Is"}
    return text.format_map(forms)
