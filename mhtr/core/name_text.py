"""Names as they are kept: what nobody can see is taken out, letters of every script stay.

Characters that hide, turn round or merely fill (Unicode categories of control, format and private
use, and the blank letters) have no place in a name: a banner would show no name, or another one.
"""

import unicodedata

_HIDING = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
# Marks, letters and a symbol that show nothing by themselves (Default_Ignorable_Code_Point, and
# the blank of Braille).
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
# Scripts whose spelling needs a joiner or a non-joiner inside a word.
_JOINED = (
    "ARABIC", "SYRIAC", "NKO", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI",
    "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN",
)  # fmt: skip


def clean_name(text: str) -> str:
    """The name without what cannot be seen, with single spaces; empty where nothing is left."""
    kept = "".join(c for n, c in enumerate(text) if c.isspace() or _is_kept(text, n))
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _is_kept(text: str, at: int) -> bool:
    character, before = text[at], text[at - 1] if at else ""
    if character in _JOINERS:
        after = text[at + 1 : at + 2]
        return after.isalpha() and _of(before, _JOINED)
    if _selects_a_form(character):
        return _of(before, ("CJK", "MONGOLIAN"))
    return character not in _BLANK and unicodedata.category(character) not in _HIDING


def _of(character: str, scripts: tuple[str, ...]) -> bool:
    return bool(character) and unicodedata.name(character, "").startswith(scripts)


def _selects_a_form(character: str) -> bool:
    """Whether it only chooses how the letter before it is drawn."""
    return "\u180b" <= character <= "\u180d" or (
        "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    )


def has_letters(text: str) -> bool:
    """Whether a name holds at least one letter, of any script."""
    return any(character.isalpha() for character in clean_name(text))


def is_seen(text: str) -> bool:
    """Whether a reader sees anything of a text: a reason of hidden characters is none."""
    return bool(clean_name(text))
