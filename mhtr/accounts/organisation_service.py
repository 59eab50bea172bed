"""The only writer of organisations and teams."""

from sqlalchemy import func, select

from mhtr.accounts import listeners
from mhtr.accounts.authority import must_be_administrator
from mhtr.accounts.models import Organisation, OrganisationKind, Staff, Team
from mhtr.core import audit, clock
from mhtr.core.access import PrincipalKind
from mhtr.core.codes import lists
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.principals import new_principal
from mhtr.core.transaction import must_be_writing

PROBATION = frozenset({OrganisationKind.PROBATION_UNIT, OrganisationKind.COURT_TEAM})


def seniors_of(organisation_id: int) -> int:
    """The principal that stands for the senior probation officers of a unit, whoever they are.

    A unit that no service made has none yet: one is made. The row is locked, so that two make one.
    """
    must_be_writing()
    found = db.session.get_one(Organisation, organisation_id)
    if found.seniors_principal_id is None:
        found = db.session.get_one(
            Organisation,
            organisation_id,
            with_for_update={"of": Organisation},
            populate_existing=True,
        )
    if found.seniors_principal_id is None:
        found.seniors_principal_id = new_principal(PrincipalKind.TEAM)
    return found.seniors_principal_id


def create_organisation(
    *,
    kind: OrganisationKind,
    name: str,
    by: int | None,
    code: str | None = None,
    area: str = "",
    mailbox: str = "",
) -> Organisation:
    """Make an organisation known.

    Raises:
        Refused: no name, the name is taken, the code is no trust's, or `by` may not.
    """
    must_be_administrator(by)
    made = Organisation(
        kind=kind,
        name=_free_organisation_name(name),
        code=_trust_code(code),
        area=area.strip(),
        mailbox=mailbox.strip(),
        principal_id=new_principal(PrincipalKind.ORGANISATION),
        seniors_principal_id=new_principal(PrincipalKind.TEAM) if kind in PROBATION else None,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("accounts.organisation_made", by=by, organisation=made.id, kind=kind.value)
    return made


def change_organisation(
    organisation: Organisation,
    *,
    name: str,
    by: int | None,
    code: str | None = None,
    area: str = "",
    mailbox: str = "",
    version: int | None = None,
) -> None:
    """Change how an organisation is called and reached. Its kind never changes: the wall hangs
    on it.

    Args:
        version: the version on the page that is saved; None where there was no page.

    Raises:
        Refused: as for making one.
        Stale: somebody else changed it since the page was read.
    """
    must_be_administrator(by)
    if version is not None and organisation.version != version:
        raise Stale(organisation)
    wanted = {
        "name": _free_organisation_name(name, but=organisation.id),
        "code": _trust_code(code, now=organisation.code),
        "area": area.strip(),
        "mailbox": mailbox.strip(),
    }
    changed = [field for field, value in wanted.items() if getattr(organisation, field) != value]
    for field in changed:
        setattr(organisation, field, wanted[field])
    if changed:
        organisation.version += 1
        audit.record(
            "accounts.organisation_changed", by=by, organisation=organisation.id, fields=changed
        )


def create_team(*, organisation_id: int, name: str, by: int | None) -> Team:
    """Make a team inside an organisation.

    Raises:
        Refused: no name, the organisation has a team of that name, or `by` may not.
    """
    must_be_administrator(by)
    made = Team(
        organisation_id=organisation_id,
        name=_free_team_name(name, organisation_id),
        principal_id=new_principal(PrincipalKind.TEAM),
    )
    db.session.add(made)
    db.session.flush()
    audit.record("accounts.team_made", by=by, team=made.id, organisation=organisation_id)
    return made


def rename_team(team: Team, *, name: str, by: int | None) -> None:
    """Give a team another name.

    Raises:
        Refused: as for making one.
    """
    must_be_administrator(by)
    team.name = _free_team_name(name, team.organisation_id, but=team.id)
    audit.record("accounts.team_changed", by=by, team=team.id, fields=["name"])


def close(place: Organisation | Team, *, by: int | None) -> None:
    """Say that an organisation or team is no more. Nobody new joins it; its grants stay history.

    Raises:
        Refused: people of the organisation can still sign in.
        Stale: it is closed already.
    """
    must_be_administrator(by)
    if place.closed_on is not None:
        raise Stale(place)
    if isinstance(place, Organisation):
        _must_be_empty(place.id)
    place.closed_on = clock.today()
    kind = "organisation" if isinstance(place, Organisation) else "team"
    audit.record("accounts.closed", by=by, kind=kind, place=place.id)
    db.session.flush()
    if isinstance(place, Team):
        for listener in listeners.team_closed:
            listener(place.id, by)


def _must_be_empty(organisation_id: int) -> None:
    live = select(func.count(Staff.id)).where(
        Staff.organisation_id == organisation_id, Staff.disabled_at.is_(None)
    )
    left = db.session.scalar(live) or 0
    if left:
        people = "1 person" if left == 1 else f"{left} people"
        raise Refused(f"{people} of this organisation can still sign in. Disable them first.")


def _trust_code(code: str | None, *, now: str | None = None) -> str | None:
    """An ODS code of the list of trusts; one that is kept may have been retired since."""
    wanted = (code or "").strip().upper() or None
    if wanted is None or wanted == now:
        return wanted
    entry = lists.load("trusts").find(wanted)
    if entry is None:
        raise Refused(f"{wanted} is not an ODS code of a trust this service works with.")
    if not entry.is_current(clock.today()):
        successor = entry.extras.get("successor", "")
        after = f" Its successor is {successor}." if successor else ""
        raise Refused(f"{entry.label} no longer exists.{after}")
    return entry.code


def _free_organisation_name(name: str, *, but: int = 0) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("Enter the name of the organisation.")
    taken = select(Organisation.id).where(Organisation.name == name, Organisation.id != but)
    if db.session.scalars(taken).first() is not None:
        raise Refused("There is an organisation of this name already.")
    return name


def _free_team_name(name: str, organisation_id: int, *, but: int = 0) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("Enter the name of the team.")
    taken = select(Team.id).where(
        Team.organisation_id == organisation_id, Team.name == name, Team.id != but
    )
    if db.session.scalars(taken).first() is not None:
        raise Refused("This organisation has a team of this name already.")
    return name
