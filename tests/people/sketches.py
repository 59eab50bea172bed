"""Men as duplicate detection sees them."""

from datetime import date

from mhtr.people.matching import PersonSketch, Verdict, compare
from mhtr.people.names import (
    PersonName,
)

BORN = date(1990, 2, 3)
NHS, OTHER_NHS = "9990000018", "9990000026"
POSSIBLE, NONE = Verdict.POSSIBLE, Verdict.NONE


def sketch(
    name: str,
    born: date | None = BORN,
    *,
    aliases: tuple[str, ...] = (),
    postcode: str | None = None,
    **identifiers: str,
) -> PersonSketch:
    """A sketch from names written as "Given/Family"."""
    names = tuple(PersonName(*full.split("/")) for full in (name, *aliases))
    return PersonSketch(names, born, identifiers, postcode)


def verdict(one: PersonSketch, two: PersonSketch) -> Verdict:
    return compare(one, two).verdict
