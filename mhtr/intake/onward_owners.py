"""Who follows up an onward referral: always somebody who can open it, and who is told.

Whoever leaves, is shut out of the man's record, is away when it is due, or is wanted no more gives
what he followed up to his team of link workers, where a colleague there may have it; otherwise to
whoever referred the man on, while he may see him, or to the trust. A team or an organisation may
not open a restricted record: there it is always somebody by name.
"""

from dataclasses import dataclass

from sqlalchemy import or_, select

from mhtr.accounts.models import Organisation, Staff, StaffRole, Team, TeamMembership
from mhtr.cases import access_service
from mhtr.cases import service as cases
from mhtr.cases.access_service import Reader
from mhtr.cases.models import Case
from mhtr.core import clock, formats
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.intake import onward_access, queries
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_keeping import give_to, named, tell
from mhtr.intake.onward_rules import ONWARD_WORDS
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks import service as tasks
from mhtr.tasks.queries import excluded_staff

INSIDE = frozenset({Purpose.CLINICAL, Purpose.ADMINISTRATION})
FOLLOWING = INSIDE | {Purpose.LINK_WORK}
NAME_ONE = (
    "His record is restricted to named people: choose by name who follows it up. A team could not "
    "open it."
)
WITHDREW = "He wants no link worker: the service follows it up from now on."
CANNOT = "Whoever followed it up cannot any more."
CAME_OF_IT = "An onward referral that you made has ended: {}."
PASSED = "Whoever followed up an onward referral cannot any more. Its page says who does now."


@dataclass(frozen=True)
class Gone:
    """A member of staff who has nothing from now on, whatever he may still see, and his team."""

    staff_id: int
    organisation_id: int


def require_name(case: Case, owner_principal_id: int) -> None:
    """Refuse a team or organisation as the owner on a restricted record: it would be nobody.

    Raises:
        Refused: name somebody.
    """
    if case.restricted and named(owner_principal_id) is None:
        raise Refused(NAME_ONE)


def settle(case: Case, *, by: int | None, gone: Gone | None = None) -> None:
    """Give every open onward referral whose owner cannot open it to somebody who can.

    Args:
        case: locked by the caller.
        gone: whoever left, or is away.
    """
    must_be_writing()
    for row in onward_access.open_of(case.id):
        his = gone is not None and row.worker_id == gone.staff_id
        if his or not can_follow(case, row.owner_principal_id):
            pass_on(case, row, note=CANNOT, by=by, gone=gone)


def pass_on(
    case: Case, row: OnwardReferral, *, note: str, by: int | None, gone: Gone | None = None
) -> None:
    """Give one to his team or to the service; the former one is let out, the service told."""
    keeper = keeper_of(case, row, by)
    team = _team(case, row, gone)
    if team is not None:
        onward_access.let_in(case, team, by=by)
    owner = keeper if team is None else team
    give_to(row, owner, note=note, by=by)
    onward_access.let_out(case.id, because="intake.onward_handed_over", by=by)
    if keeper != owner:
        tell(row, keeper, PASSED)


def can_follow(case: Case, principal_id: int) -> bool:
    """Whether anybody whom this principal stands for may open the case and follow up."""
    ids = {one.staff_id for one in _readers(case) if one.purpose in FOLLOWING}
    teams = select(TeamMembership.staff_id).where(
        TeamMembership.team.has(Team.principal_id == principal_id)
    )
    whose = select(Staff.id).where(
        Staff.id.in_(ids),
        or_(
            Staff.principal_id == principal_id,
            Staff.organisation.has(Organisation.principal_id == principal_id),
            Staff.id.in_(teams),
        ),
    )
    return db.session.scalars(whose.limit(1)).first() is not None


def keeper_of(case: Case, row: OnwardReferral, by: int | None) -> int:
    """Whoever referred him on, while he may see the case; else the trust; else who recorded it.

    On a restricted record somebody by name who may see it: its assessor, or another clinician.
    """
    readers = [one for one in _readers(case) if one.purpose in INSIDE]
    if row.made_by in {one.staff_id for one in readers}:
        return queries.staff_principal(row.made_by)
    if case.restricted and readers:
        found = min(readers, key=lambda one: _rank(one, case))
        return queries.staff_principal(found.staff_id)
    referral = queries.referral_of(case.id)
    if referral is not None:
        return queries.organisation_principal(referral.trust_id)
    return queries.staff_principal(by or row.made_by)


def _rank(reader: Reader, case: Case) -> tuple[bool, bool, int]:
    return (
        reader.staff_id != case.assessor_id,
        reader.purpose is not Purpose.CLINICAL,
        reader.staff_id,
    )


def _readers(case: Case) -> list[Reader]:
    """Whoever may see it for good: an emergency makes nobody its owner."""
    db.session.flush()
    return access_service.standing_readers(case)


def _team(case: Case, row: OnwardReferral, gone: Gone | None) -> int | None:
    """The link workers' organisation of whoever had it, where a colleague there may have it."""
    if case.restricted or not onward_access.is_link_worker(row.owner_principal_id):
        return None
    said = consent.standing(case.person_id).get(ConsentItem.LINK_WORKER)
    if said is None or said.decision is not ConsentDecision.GIVEN:
        return None
    former = access_service.staff_of_principal(row.owner_principal_id)
    if former is None:
        return None  # it was the whole team's, and nobody there can open it
    home = gone.organisation_id if gone is not None else former.organisation_id
    shut_out = excluded_staff(case.id, clock.now())
    colleagues = select(Staff.id).where(
        Staff.organisation_id == home,
        Staff.id.not_in({*shut_out, former.id}),
        Staff.disabled_at.is_(None),
        Staff.roles.any(StaffRole.role == Role.LINK_WORKER),
    )
    if db.session.scalars(colleagues.limit(1)).first() is None:
        return None
    return queries.organisation_principal(home)


def take_up_again(case: Case, row: OnwardReferral, *, by: int) -> None:
    """It had ended, and goes on: whoever had it has it, where he may; else the service."""
    if onward_access.is_link_worker(row.owner_principal_id):
        try:
            onward_access.let_in(case, row.owner_principal_id, by=by)
        except Refused:
            pass  # he wants no link worker any more: nobody may follow it up for him
    if not can_follow(case, row.owner_principal_id):
        pass_on(case, row, note=CANNOT, by=by)


def tell_owner(case: Case, row: OnwardReferral, text: str) -> None:
    """Tell whoever has it; once it has ended a link worker cannot open it any more."""
    if row.closed_at is not None and onward_access.is_link_worker(row.owner_principal_id):
        tell_without_case(row, row.owner_principal_id, text)
    else:
        tell(row, row.owner_principal_id, text)


def tell_maker(case: Case, row: OnwardReferral, *, by: int) -> None:
    """Whoever referred him on hears how it ended, while he may see the case."""
    readers = {one.staff_id for one in _readers(case) if one.purpose in INSIDE}
    if row.made_by != by and row.made_by in readers:
        tell(row, queries.staff_principal(row.made_by), CAME_OF_IT.format(ONWARD_WORDS[row.state]))


def consent_said(case_id: int, item: ConsentItem, decision: ConsentDecision, by: int) -> None:
    """He wants no link worker, or no longer: what they followed up goes to the service."""
    if item is not ConsentItem.LINK_WORKER or decision is ConsentDecision.GIVEN:
        return
    case = cases.lock(case_id)
    taken = []
    for row in onward_access.open_of(case_id):
        if onward_access.is_link_worker(row.owner_principal_id):
            taken.append((row, row.owner_principal_id))
            give_to(row, keeper_of(case, row, by), note=WITHDREW, by=by)
    onward_access.let_out(case_id, because="people.consent_withdrawn", by=by)
    for row, former in taken:
        tell_without_case(row, former, "He wants no link worker any more")


def tell_without_case(row: OnwardReferral, principal_id: int, why: str) -> None:
    """Tell whoever may not open it any more which one it was, and that he is to leave it.

    The reference stands on its page and in the list: it says which man it was to whoever had him,
    and nothing to anybody else.
    """
    tasks.tell(
        principal_id,
        key=f"link_work_ended:{row.id}:{row.version}",
        text=f"{why}. Onward referral {row.reference} of {formats.day(row.created_at)} is no "
        "longer yours: do not contact him about it.",
    )
