"""Recording what exceeds a legal limit: only with a reason, and only by those who may."""

from mhtr.accounts.models import Staff
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.orders.limits import Exceeded

OVERRIDERS = frozenset({Role.CLINICAL_LEAD, Role.SENIOR_PROBATION})
"""Who may record terms that exceed a limit, with a reason."""
NOT_ALLOWED = (
    "Only a clinical lead or a senior probation officer can record an order that exceeds a legal "
    "limit. Check what the order says, or ask one of them."
)


class LimitExceeded(Refused):
    """The terms exceed a legal limit, and nobody said why they are recorded all the same."""

    def __init__(self, found: tuple[Exceeded, ...]) -> None:
        super().__init__(*(f"{one.words} ({one.source})" for one in found))
        self.found = found


def check_override(found: tuple[Exceeded, ...], override: str, by: int) -> None:
    """Refuse what exceeds a limit, unless somebody who may says why it is recorded all the same.

    Raises:
        LimitExceeded: no reason was given.
        Refused: `by` may not override a limit.
    """
    if not override.strip():
        raise LimitExceeded(found)
    roles = {row.role for row in db.session.get_one(Staff, by).roles}
    if not roles & OVERRIDERS:
        raise Refused(NOT_ALLOWED)
