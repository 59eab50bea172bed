"""The disclosure wall as one table: what each side may see, why, and what stops it.

Everything that crosses takes its leave from here: what he is told and what he is asked, the fields
of a released report, the page and the document on who sees what. Tests hold it to what each role
is really shown. A change of it takes the privacy officer and the clinical lead.
"""

from collections.abc import Mapping

from mhtr.wall.from_probation import PROBATIONS
from mhtr.wall.from_service import LEAVES
from mhtr.wall.kinds import PROBATION, Basis, Item, Side
from mhtr.wall.stays import STAYS

ITEMS: tuple[Item, ...] = (*LEAVES, *STAYS, *PROBATIONS)
BY_KEY: Mapping[str, Item] = {one.key: one for one in ITEMS}


def goes(key: str, side: Side) -> bool:
    """Whether this side sees any of it without asking.

    Raises:
        KeyError: no row of the wall has this key.
    """
    return BY_KEY[key].goes_to(side)


def told_not_asked() -> tuple[Item, ...]:
    """What goes to his officer because of the order, while he is treated under it."""
    return tuple(one for one in ITEMS if one.told and one.basis is Basis.ORDER and _leaves(one))


def only_if_agreed() -> tuple[Item, ...]:
    """What leaves the service only if he agrees."""
    return tuple(one for one in ITEMS if one.told and one.basis is Basis.CONSENT)


def by_exception() -> tuple[Item, ...]:
    """What may leave it without his agreement, each time for a reason that is on record."""
    return tuple(one for one in ITEMS if one.told and one.basis is Basis.EXCEPTION)


def stays_here() -> tuple[Item, ...]:
    """What stays with the service, of what he is told that it does."""
    return tuple(one for one in ITEMS if one.told and one.basis is Basis.OWN)


def _leaves(one: Item) -> bool:
    return any(one.goes_to(side) for side in PROBATION)
