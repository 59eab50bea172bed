"""Who keeps a rota, who can be on duty, and edits that would leave a gap."""

from collections.abc import Collection

from sqlalchemy import select

from mhtr.accounts.models import Organisation, Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import cover_rules, rota_queries
from mhtr.tasks.cover_rules import Cover

KEEPERS = frozenset({Role.CLINICAL_LEAD, Role.SERVICE_MANAGER})
"""Who keeps the rota."""
RUNS_LEAVE = KEEPERS | {Role.ADMINISTRATOR}
"""Who enters the leave of others."""


class WouldBreak(Refused):
    """The edit is possible, but leaves a gap; it may be accepted knowingly."""


def must_keep(organisation_id: int, by: int) -> None:
    """Refuse whoever does not keep this organisation's rota; lock the rota until commit.

    Raises:
        Refused: neither clinical lead nor service manager of the organisation.
    """
    if not _is_one_of(KEEPERS, organisation_id, by):
        raise Refused("Only a clinical lead or the service manager keeps this rota.")


def must_run_leave(organisation_id: int, by: int) -> None:
    """Refuse whoever does not enter this organisation's leave; lock the rota until commit.

    Raises:
        Refused: neither administrator, clinical lead nor service manager of the organisation.
    """
    if not _is_one_of(RUNS_LEAVE, organisation_id, by):
        raise Refused(
            "Only an administrator, a clinical lead or the service manager enters the leave "
            "of others."
        )


def _is_one_of(roles: Collection[Role], organisation_id: int, by: int) -> bool:
    must_be_writing()
    db.session.scalars(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
    ).one_or_none()
    staff = db.session.get(Staff, by)
    return (
        staff is not None
        and staff.disabled_at is None
        and staff.organisation_id == organisation_id
        and not {row.role for row in staff.roles}.isdisjoint(roles)
    )


def must_be_clinical(organisation_id: int, staff_ids: Collection[int]) -> None:
    """Refuse people who cannot be on duty here.

    Raises:
        Refused: somebody is no clinician of the organisation, or cannot sign in.
    """
    if set(staff_ids) - {one.id for one in rota_queries.clinicians(organisation_id)}:
        raise Refused("Only clinical staff of this organisation can be on duty.")


def must_not_break(
    before: Cover,
    after: Cover,
    accept: bool,
    open_risk_tasks: int = 0,
    more: tuple[str, ...] = (),
) -> None:
    """Refuse an edit that leaves a gap, unless it is accepted knowingly.

    Args:
        more: what else it breaks, in sentences.

    Raises:
        WouldBreak: with what it would break, in sentences.
    """
    days = cover_rules.broken_by(before, after, clock.today())
    reasons = (*cover_rules.words(days, open_risk_tasks), *more)
    if reasons and not accept:
        raise WouldBreak(*reasons)
