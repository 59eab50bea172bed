"""Who reads the free note beside the court's result. It stays on the side of the wall it began on.

The result itself is structured and both sides read it. Words are not: a clinician may slip into
health and probation into what is not for a health record.
"""

from collections.abc import Collection
from enum import StrEnum

from mhtr.core.roles import CLINICAL_ROLES, PROBATION_ROLES, Role


class Side(StrEnum):
    """A side of the wall between probation and treatment."""

    CLINICAL = "clinical"
    PROBATION = "probation"


def side_of(roles: Collection[Role]) -> Side | None:
    """The side somebody with these roles reads and writes notes on.

    None for administrators, who record results without words, and for whoever holds roles of both
    sides: what he writes would have no side to stay on.
    """
    clinical = bool(CLINICAL_ROLES & set(roles))
    probation = bool(PROBATION_ROLES & set(roles))
    if clinical == probation:
        return None
    return Side.CLINICAL if clinical else Side.PROBATION


def note_is_shown(written_on: str | None, to: Collection[Role]) -> bool:
    """Whether a note is shown to somebody: only on the side it was written on."""
    side = side_of(to)
    return side is not None and side == written_on
