"""Is this person already here? Duplicate detection before a record is created.

Nothing is merged on the strength of this module: it finds the question, a person answers it.
Namesakes born on different days, twins, and father and son stay apart; an identifier that
contradicts a name or a birth date is put to the user, never settled silently.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import product

from mhtr.people.names import (
    PersonName,
    alike,
    has_words,
    is_partly_placeholder,
    is_placeholder,
    name_key,
)


class Verdict(StrEnum):
    """What a comparison says; every verdict but NONE is shown to a person."""

    SAME_IDENTIFIER = "same_identifier"
    POSSIBLE = "possible"
    CONFLICT = "conflict"
    NONE = "none"


@dataclass(frozen=True)
class PersonSketch:
    """What is compared: the current name first, then aliases; identifiers in canonical form.

    `identifiers` maps a kind such as "nhs", "crn", "pnc" or "cro" to its canonical value.
    Sex and gender are left out on purpose: they are recorded too differently to tell people apart.
    """

    names: tuple[PersonName, ...]
    date_of_birth: date | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)
    postcode: str | None = None


@dataclass(frozen=True)
class Match:
    """A verdict with its reasons; reasons name facts, never values."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()


class _Names(StrEnum):
    SAME = "The names are the same"
    ALIAS = "A name and an alias are the same"
    SIMILAR = "The names are alike"
    DIFFERENT = "The names differ"
    UNKNOWN = "A name is missing"


class _Births(StrEnum):
    EQUAL = "The dates of birth are the same"
    SWAPPED = "The dates of birth differ only by day and month swapped"
    DIGIT = "The dates of birth differ by one digit"
    EXCHANGED = "The dates of birth differ by two digits exchanged"
    DIFFERENT = "The dates of birth differ"
    UNKNOWN = "A date of birth is missing"


BIRTHS_AGREE = str(_Births.EQUAL)
"""The reason of a question where both dates of birth are known and are the same."""
_ALIKE = (_Names.SAME, _Names.ALIAS, _Names.SIMILAR)
_NEAR = (_Births.SWAPPED, _Births.DIGIT, _Births.EXCHANGED)
LONGEST_KEY = 120  # characters; the column that stores the keys is as wide
_KIND_LABELS = {
    "nhs": "NHS number",
    "crn": "CRN",
    "pnc": "PNC number",
    "cro": "CRO number",
}

# A slip of the pen in the decade is believable, a generation is not: father and son who share
# a name and a birthday must stay apart.
_WIDEST_YEAR_GAP = 10
# Postcodes of the ZZ99 area stand for "no fixed abode" and the like: they link nobody.
_PSEUDO_POSTCODE = "ZZ99"


def compare(candidate: PersonSketch, existing: PersonSketch) -> Match:
    """Whether two sketches may be one person. The order of the two makes no difference."""
    births = _compare_births(candidate.date_of_birth, existing.date_of_birth)
    names = _compare_names(candidate.names, existing.names)
    kinds = sorted(candidate.identifiers.keys() & existing.identifiers.keys())
    same = [k for k in kinds if candidate.identifiers[k] == existing.identifiers[k]]
    other = [k for k in kinds if k not in same]
    facts = (
        *(f"The {_KIND_LABELS.get(kind, kind)} is the same" for kind in same),
        *(f"The {_KIND_LABELS.get(kind, kind)} differs" for kind in other),
        str(names),
        str(births),
    )
    if same:
        contradicted = (
            bool(other)
            or names is _Names.DIFFERENT
            or births not in (_Births.EQUAL, _Births.UNKNOWN)
        )
        return Match(Verdict.CONFLICT if contradicted else Verdict.SAME_IDENTIFIER, facts)
    if names not in _ALIKE:
        return Match(Verdict.NONE, facts)
    if births is _Births.EQUAL:
        return Match(Verdict.CONFLICT if other else Verdict.POSSIBLE, facts)
    if other or births is _Births.DIFFERENT:
        return Match(Verdict.NONE, facts)
    if births in _NEAR or names is not _Names.SIMILAR:
        return Match(Verdict.POSSIBLE, facts)
    if _address_key(candidate) and _address_key(candidate) == _address_key(existing):
        return Match(Verdict.POSSIBLE, (*facts, "The postcode is the same"))
    return Match(Verdict.NONE, facts)


def fits_name(typed: PersonName, existing: PersonSketch) -> bool:
    """Whether a name that somebody typed, with nothing beside it, may be this man's.

    The names are compared as those of two records are; one word alone has to be all of the name.
    """
    return any(
        _same(typed, name) or (_several_words(typed, name) and alike(typed, name))
        for name in _given(existing.names)
        if _given((typed,))
    )


def _several_words(*names: PersonName) -> bool:
    """Whether each of them has more than one word."""
    return all(len(name_key(name).split()) > 1 for name in names)


def names_a_fact(reason: str) -> bool:
    """Whether a reason of a question says what of two records agrees or differs."""
    return reason.startswith(("The names ", "The dates of birth ")) or (
        reason.startswith("The ") and reason.endswith((" is the same", " differs"))
    )


def blocking_keys(sketch: PersonSketch) -> frozenset[str]:
    """Strings to store and look up by equality, so that `compare` runs on few candidates.

    Two sketches whose verdict is not NONE share at least one key. The keys hold personal data:
    store them as such.
    """
    keys = {f"{kind}:{value}" for kind, value in sketch.identifiers.items()}
    named = (name for name in sketch.names if not is_placeholder(name))
    keys.update(f"name:{key}" for key in map(name_key, named) if key)
    if address := _address_key(sketch):
        keys.add(f"pc:{address}")
    if sketch.date_of_birth is not None:
        keys.update(_birth_keys(sketch.date_of_birth))
    # Cutting keeps equal keys equal, so nothing is missed.
    return frozenset(key[:LONGEST_KEY] for key in keys)


def _address_key(sketch: PersonSketch) -> str:
    postcode = "".join((sketch.postcode or "").split()).upper()
    return "" if postcode.startswith(_PSEUDO_POSTCODE) else postcode


def _birth_keys(born: date) -> Iterator[str]:
    text = born.isoformat().replace("-", "")
    yield f"dob:{text}"
    low, high = sorted((born.month, born.day))
    yield f"dobs:{text[:4]}-{low:02}-{high:02}"
    for place in range(2, 8):
        yield f"dob1:{text[:place]}*{text[place + 1 :]}"
    for start in (2, 4, 6):
        pair = "".join(sorted(text[start : start + 2]))
        yield f"dobx:{start}:{text[:start]}{pair}{text[start + 2 :]}"


def _compare_births(one: date | None, two: date | None) -> _Births:
    if one is None or two is None:
        return _Births.UNKNOWN
    if one == two:
        return _Births.EQUAL
    if one.year == two.year and (one.month, one.day) == (two.day, two.month):
        return _Births.SWAPPED
    if abs(one.year - two.year) > _WIDEST_YEAR_GAP:
        return _Births.DIFFERENT
    a, b = (d.isoformat().replace("-", "") for d in (one, two))
    places = [n for n in range(8) if a[n] != b[n]]
    if len(places) == 1 and places[0] >= 2:
        return _Births.DIGIT
    if places in ([2, 3], [4, 5], [6, 7]) and sorted(a) == sorted(b):
        return _Births.EXCHANGED
    return _Births.DIFFERENT


def _compare_names(one: tuple[PersonName, ...], two: tuple[PersonName, ...]) -> _Names:
    known_one, known_two = _given(one), _given(two)
    if not known_one or not known_two:
        return _Names.UNKNOWN
    if _same(known_one[0], known_two[0]):
        return _Names.SAME
    pairs = list(product(known_one, known_two))
    if any(_same(a, b) for a, b in pairs):
        return _Names.ALIAS
    return _Names.SIMILAR if any(alike(a, b) for a, b in pairs) else _Names.DIFFERENT


def _given(names: tuple[PersonName, ...]) -> list[PersonName]:
    """Names he gave: what is written where he gives none tells nobody apart and links nobody."""
    return [name for name in names if has_words(name) and not is_placeholder(name)]


def _same(one: PersonName, two: PersonName) -> bool:
    """Whether two names are the same; of half a name that is never said."""
    return name_key(one) == name_key(two) and not is_partly_placeholder(one)
