"""Where a name stands in a list: where an English reader looks for it, alike on every database.

Databases order text by its bytes, or by the rules of a country they were set up for: neither puts
Đặng with D, Žukas with Z and de Souza with D everywhere. The key is plain letters and digits, so
that every database orders it in one way (the columns `sort_name`, compared byte by byte).
"""

import unicodedata

LONGEST = 200
# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "ng", "ə": "e", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ƙ": "k",
        "ƴ": "y", "ķ": "k", "ĸ": "k", "ɖ": "d", "ƒ": "f", "ɣ": "g", "ʋ": "v",
    }
)  # fmt: skip


def sort_name(given: str, family: str) -> str:
    """The key a person is sorted by: family name, then given name, letter by letter.

    Case, accents, spaces, hyphens and apostrophes count for nothing: de Souza stands between Desai
    and Devlin, O’Brien with Obrien. Who has one name only stands where that name belongs. Scripts
    without Latin letters come after Z, in the order of their characters.
    """
    first, last = _letters(given), _letters(family)
    key = f"{last} {first}" if last else first
    return key[:LONGEST].rstrip()


def sort_words(name: str) -> str:
    """The key of a name that is read from its beginning: of staff, teams and organisations.

    Word by word, each word as in `sort_name`: South London stands before Southwark, Ann Cole
    before Anna Bell.
    """
    words = (_letters(word) for word in name.split())
    return " ".join(word for word in words if word)[:LONGEST].rstrip()


def _letters(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name).casefold()
    plain = unicodedata.normalize("NFKD", bare).translate(_LETTERS)
    return "".join(c for c in plain if c.isalnum())
