"""Words of a man's names, folded so that a search finds them from their first letters."""

import unicodedata
from collections.abc import Iterable

from mhtr.people.names import PersonName, name_key

WORD = "w:"
"""Begins the key of a whole word, to keep it apart from the keys of duplicate detection."""
BEGINNING = "p:"
"""Begins the key of a word's first letters: found by equality, which every index can do."""
FIRST_LETTERS = 3
_LONGEST = 40


def search_keys(names: Iterable[PersonName]) -> frozenset[str]:
    """Keys to store: every word of every name, as written and in its known spelling."""
    words: set[str] = set()
    for name in names:
        words.update(name_key(name).split())
        words.update(folded(f"{name.given} {name.family}"))
    cut = {word[:_LONGEST] for word in words if word}
    return frozenset(
        {WORD + word for word in cut}
        | {BEGINNING + word[:FIRST_LETTERS] for word in cut if len(word) >= FIRST_LETTERS}
    )


def folded(text: str) -> list[str]:
    """The words of a text without accents, case and punctuation, at most as long as a key."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    spaced = "".join(c if c.isalnum() else "" if c in "'\u2019" else " " for c in bare)
    return [word[:_LONGEST] for word in spaced.split()]
