"""Free text of a referral: how long it may be, and what may not stand in it."""

from mhtr.core.name_text import clean_name, has_letters
from mhtr.intake.referral_dates import Unreadable

TEXTS = {
    "told_whom": 120,
    "given_name": 100,
    "family_name": 100,
    "also_known_as": 200,
    "notes": 1000,
    "stages_by": 120,
    "external_reference": 60,
}
"""Free text and its longest length in characters."""
NAMES = frozenset({"given_name", "family_name", "also_known_as"})
ROLES = frozenset({"told_whom", "stages_by"})
"""Texts that name him, and those that name a colleague: what cannot be seen is taken out."""
NO_LETTERS = "Enter a name with letters"


def read_text(name: str, text: str) -> str:
    """A text as it is kept.

    Raises:
        Unreadable: too long, or with characters that cannot be kept; a name without letters.
    """
    if len(text) > TEXTS[name]:
        raise Unreadable(f"Enter {TEXTS[name]} characters or fewer")
    if any(ord(c) < 32 and c not in "\n\t" or "\ud800" <= c <= "\udfff" for c in text):
        raise Unreadable("Take out the hidden character")
    if name not in NAMES | ROLES:
        return text
    if name in NAMES and not has_letters(text):
        raise Unreadable(NO_LETTERS)
    if not clean_name(text):
        raise Unreadable("Enter a name or a role")
    return clean_name(text)
