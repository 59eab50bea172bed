"""Who reports on a man's treatment, from what is on record of his orders and of staff."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.ending.practitioner_rules import Basis, Directs, Signer, Treats, against, basis_of
from mhtr.ending.practitioner_rules import who_treats as by_rule
from mhtr.orders.directing import Practitioner
from mhtr.orders.models import DirectingChange
from mhtr.orders.queries import OnRecord, all_on_record
from mhtr.suitability.concerned import Owner
from mhtr.suitability.policy import countersign_policy
from mhtr.suitability.result_owner import named_on, trust_of
from mhtr.tasks.queries import excluded_staff


def who_treats(found: OnRecord) -> Treats:
    """Who may report on the treatment under an order today."""
    return by_rule(found.terms, [_directs(row) for row in found.directing if _counts(row)],
                   clock.today())  # fmt: skip


def _counts(row: DirectingChange) -> bool:
    return row.taken_back_at is None


def _directs(row: DirectingChange) -> Directs:
    now = Practitioner(row.now_named, row.now_registration) if row.now_named else None
    return Directs(Practitioner(row.was_named, row.was_registration), now, row.since)


def signer_of(staff_id: int) -> Signer:
    """A member of staff as the rule sees him."""
    staff = db.session.get_one(Staff, staff_id)
    found = staff.registration
    return Signer("", None) if found is None else Signer(found.number, found.checked_on)


def stands_against(found: OnRecord, staff_id: int) -> tuple[str, ...]:
    """Every reason why somebody may not report on the treatment under an order."""
    return against(signer_of(staff_id), who_treats(found), clock.today(), countersign_policy())


def reports_as(found: OnRecord, staff_id: int) -> Basis | None:
    """On what somebody would report on the treatment under an order."""
    return basis_of(signer_of(staff_id), who_treats(found))


def standing_orders(case_id: int) -> list[OnRecord]:
    """The orders of a case that stand and whose requirement still runs, the earliest first."""
    return [one for one in all_on_record(case_id) if requirement_runs(one)]


def requirement_runs(found: OnRecord) -> bool:
    """Whether an order stands today and he still has to submit to treatment under it."""
    today = clock.today()
    return found.stands_on(today) and found.order.treatment_ends_on >= today


def author_of(case: Case, orders: Sequence[OnRecord]) -> Owner:
    """Who is to report, by sign-in; the trust's list where none of those has one here.

    Who is recorded as directing comes before whom the order names.
    """
    trust = trust_of(case)
    treats = [who_treats(found) for found in orders]
    numbers = [one.registration for each in treats for one in (*each.directs, *each.named)]
    known = [number for number in numbers if number]
    query = select(Staff).where(
        Staff.organisation_id == trust.id,
        or_(Staff.hcpc_number.in_(known), Staff.gmc_number.in_(known)),
        Staff.disabled_at.is_(None),
    )
    rows = [row for row in db.session.scalars(query) if _sees(case, row.id)]
    there = {row.registration.number: row for row in rows if row.registration}
    found = next((there[number] for number in known if number in there), None)
    return Owner(trust.principal_id, None) if found is None else Owner(found.principal_id, found.id)


def _sees(case: Case, staff_id: int) -> bool:
    now = clock.now()
    if staff_id in excluded_staff(case.id, now):
        return False
    return not case.restricted or staff_id in named_on(case.id, now)


def author_name(case: Case, orders: Sequence[OnRecord]) -> str:
    """Who is to report, by name; empty where none of them signs in here."""
    owner = author_of(case, orders)
    return "" if owner.staff_id is None else db.session.get_one(Staff, owner.staff_id).name
