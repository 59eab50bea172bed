"""Everyday words in a row: clubs, names, seasons, short sentences, with a year or a sign behind.

A guesser tries common words together before rare ones. The estimate is the product of the words'
ranks among the common ones, in the likeliest division of the text. Unlike the strength score it
gives nothing for the number of ways in which a text can be divided, as a row of words without
spaces is what is tried first.
"""

import math
from functools import cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from mhtr.accounts.breached import folded

FEWEST = 7.5
"""Guesses needed at least, as a power of ten. Three words of middling rank (1 in 400) exceed it."""
_YEAR = 2.0
"""Four digits beside a word are a year or 1234: hardly more than a hundred are in use."""
_LONGEST = 20
_LEET = str.maketrans("0134578@$!", "oieastbasi")


def is_everyday(password: str) -> bool:
    """Whether it is nothing but common words, with at most a year or a few signs among them."""
    return any(_guesses(form) < FEWEST for form in {password, _unleeted(password)})


def _unleeted(password: str) -> str:
    """Digits inside a word read as the letters they stand for; a year behind it stays."""
    body = password.rstrip("0123456789!?.*#")
    return body.translate(_LEET) + password[len(body) :]


def _guesses(password: str) -> float:
    whole = folded(password)
    letters = "".join(sign for sign in whole if not sign.isdigit())
    digits = len(whole) - len(letters)
    among = digits if digits < 4 else _YEAR * (digits // 4) + digits % 4
    return _of_words(letters) + among


def _of_words(letters: str) -> float:
    """The least product of ranks, as a power of ten; endless where not all are words."""
    ranks = _ranks()
    best = [0.0] + [math.inf] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST), end):
            rank = ranks.get(letters[start:end])
            if rank is not None:
                best[end] = min(best[end], best[start] + math.log10(rank))
    return best[-1]


@cache
def _ranks() -> dict[str, int]:
    ranks: dict[str, int] = {}
    for words in FREQUENCY_LISTS.values():
        for rank, word in enumerate(words, start=1):
            form = folded(word)
            # Single letters but "a" and "I" would make words of anything.
            if len(form) > 1 or form in ("a", "i"):
                ranks[form] = min(rank, ranks.get(form, rank))
    return ranks
