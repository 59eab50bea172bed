"""Who knows that a session of a course is booked or was held, without this folder knowing them.

Features above add their functions when they are imported. Each is asked inside the write
transaction of a change, and again while a page is made.
"""

from collections.abc import Callable, Collection, Mapping

in_use: list[Callable[[Collection[int]], Mapping[int, str]]] = []
"""Given ids of course sessions; gives those that are booked or were held, each with words such as
“booked for 3 March at 10am” or “held on 3 March”."""

held: list[Callable[[Collection[int]], Collection[int]]] = []
"""Given ids of course sessions; gives those whose time has come: he was seen, or he was absent.
They stay as they are for good. A session that is in use and not among these is booked."""


def words_of(ids: Collection[int]) -> dict[int, str]:
    """What is said of each of these sessions that is booked or was held."""
    found: dict[int, str] = {}
    for ask in in_use:
        for key, words in ask(ids).items():
            found[key] = f"{found[key]}, {words}" if key in found else words
    return found


def held_of(ids: Collection[int]) -> frozenset[int]:
    """Those of these sessions whose time has come."""
    return frozenset(key for ask in held for key in ask(ids))


def booked_of(ids: Collection[int]) -> dict[int, str]:
    """Those of these sessions that are booked and to come, with words that say so."""
    gone = held_of(ids)
    return {key: words for key, words in words_of(ids).items() if key not in gone}
