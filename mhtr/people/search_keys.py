"""Words of a man's names, folded so that a search finds them from their first letters."""

import unicodedata
from collections.abc import Iterable

from mhtr.people.names import PersonName, name_key

PREFIX = "w:"
"""Begins every key of a word, to keep them apart from the keys of duplicate detection."""
_LONGEST = 40


def search_keys(names: Iterable[PersonName]) -> frozenset[str]:
    """Keys to store: every word of every name, as written and in its known spelling."""
    words: set[str] = set()
    for name in names:
        words.update(name_key(name).split())
        words.update(folded(name.given))
        words.update(folded(name.family))
    return frozenset(PREFIX + word[:_LONGEST] for word in words if word)


def folded(text: str) -> list[str]:
    """The words of a text without accents, case and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else "" if c in "'\u2019" else " " for c in bare).split()


def searched(text: str) -> list[str]:
    """The keys that a typed text must all be the beginning of."""
    return [PREFIX + word[:_LONGEST] for word in folded(text)]
