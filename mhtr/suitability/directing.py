"""The psychologist directing treatment: a member of staff with a checked registration, or typed."""

from collections.abc import Mapping

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.suitability.countersigning import check_of_register
from mhtr.suitability.named_in_order import NUMBER, PSYCHOLOGIST, as_number, said
from mhtr.suitability.policy import countersign_policy
from mhtr.suitability.sections import Answer


def registered_psychologists(organisation_id: int) -> list[Staff]:
    """Staff of a trust whose registration is on file and was checked not too long ago, by name."""
    today, policy = clock.today(), countersign_policy()
    rows = db.session.scalars(
        select(Staff)
        .where(
            Staff.organisation_id == organisation_id,
            Staff.hcpc_number.is_not(None),
            Staff.disabled_at.is_(None),
        )
        .order_by(Staff.sort_name, Staff.id)
    )
    return [row for row in rows if not check_of_register(row.hcpc_checked_on, today, policy)]


def number_on_file(name: str | None, organisation_id: int) -> str | None:
    """The HCPC number of the one registered psychologist of the trust with this name."""
    rows = registered_psychologists(organisation_id)
    found = [row for row in rows if _same(row.name, name or "")]
    return found[0].hcpc_number if len(found) == 1 else None


def _same(one: str, other: str) -> bool:
    first, second = (" ".join(name.split()).casefold() for name in (one, other))
    return first == second


def with_number(answers: Mapping[str, Answer], organisation_id: int) -> dict[str, Answer]:
    """The answers with the number on file of whom they name; a typed one as it is written.

    Raises:
        Refused: what was typed is no such number, or it is that of somebody else of the trust.
    """
    given = dict(answers)
    name, typed = said(given.get(PSYCHOLOGIST)), said(given.get(NUMBER))
    on_file = number_on_file(name, organisation_id) if name else None
    if not typed:
        return given | ({NUMBER: on_file} if on_file else {})
    try:
        number = as_number(typed)
    except ValueError as fault:
        raise Refused(str(fault)) from fault
    if on_file not in (None, number):
        raise Refused(f"On file {name} has the HCPC number {on_file}. Use it, or leave it empty.")
    for row in registered_psychologists(organisation_id):
        if row.hcpc_number == number and not _same(row.name, name):
            raise Refused(f"The HCPC number {number} is that of {row.name}.")
    return given | {NUMBER: number}
