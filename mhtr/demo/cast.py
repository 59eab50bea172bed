"""The fictional programme's organisations, teams and staff."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from mhtr.accounts import organisation_service as organisations
from mhtr.accounts import service as accounts
from mhtr.accounts.models import OrganisationKind
from mhtr.accounts.sign_in_service import accept_invitation
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.demo import tables
from mhtr.intake.models import CourtCoverage

PASSWORD = "demonstration only 2026"  # noqa: S105  (printed for everybody; opens fiction only)
COVERED_FOR = timedelta(days=400)

REGISTER_ASKED = timedelta(days=301)
"""Before all that registered staff answer in the year of treatment, and not too long ago today."""


@dataclass
class Cast:
    """Ids by the keys of the demonstration's tables."""

    organisations: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    staff: dict[str, int] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=dict)
    """The organisation's key by the member of staff's key."""
    roles: dict[str, frozenset[Role]] = field(default_factory=dict)
    courts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Trust and court team, as keys, by court."""
    places: dict[str, int] = field(default_factory=dict)
    """Where sessions are held."""

    def at(self, organisation: str, role: Role) -> list[str]:
        """Keys of the staff of an organisation with a role, in the order they were made."""
        return [
            key
            for key, home in self.home.items()
            if home == organisation and role in self.roles[key]
        ]

    def key_of(self, organisation_id: int) -> str:
        """The key of an organisation."""
        return next(key for key, held in self.organisations.items() if held == organisation_id)

    def authors_for(self, team: str) -> list[str]:
        """The court probation officers of a court team."""
        return [
            row["key"]
            for row in tables.rows("staff")
            if team in row["teams"].split() and Role.COURT_PROBATION in self.roles[row["key"]]
        ]


def username(name: str, organisation: str) -> str:
    """A made-up work address under a domain that can never exist."""
    words = [word for word in name.lower().split() if word != "dr"]
    return f"{'.'.join(words)}@{organisation}.example".replace("'", "")


def assemble(today: date, password_hash: str) -> Cast:
    """Make every organisation, team and member of staff, inside a write transaction.

    Args:
        password_hash: of the one password of everybody; hashing takes too long to do it here.
    """
    cast = Cast()
    for row in tables.rows("organisations"):
        made = organisations.create_organisation(
            kind=OrganisationKind(row["kind"]),
            name=row["name"],
            code=row["code"] or None,
            area=row["area"],
            mailbox=row["mailbox"],
            by=None,
        )
        cast.organisations[row["key"]] = made.id
    for row in tables.rows("teams"):
        team = organisations.create_team(
            organisation_id=cast.organisations[row["organisation"]], name=row["name"], by=None
        )
        cast.teams[row["key"]] = team.id
    for row in tables.rows("staff"):
        _employ(cast, row, today, password_hash)
    for row in tables.rows("coverage"):
        cast.courts[row["court"]] = (row["trust"], row["team"])
        db.session.add(
            CourtCoverage(
                court_code=row["court"],
                live_from=today - COVERED_FOR,
                trust_id=cast.organisations[row["trust"]],
                court_team_id=cast.teams[row["team"]],
            )
        )
    return cast


def _employ(cast: Cast, row: dict[str, str], today: date, password_hash: str) -> None:
    details = accounts.Details(
        username=username(row["name"], row["organisation"]),
        name=row["name"],
        organisation_id=cast.organisations[row["organisation"]],
        job_title=row["job_title"],
        team_ids=tuple(cast.teams[key] for key in row["teams"].split()),
        hcpc_number=row["hcpc"] or None,
        hcpc_checked_on=today - REGISTER_ASKED if row["hcpc"] else None,
    )
    roles = frozenset(Role(role) for role in row["roles"].split())
    made = accounts.create_staff(details, roles=roles, by=None)
    accept_invitation(accounts.invite(made.id, by=None), password_hash)
    cast.staff[row["key"]] = made.id
    cast.home[row["key"]] = row["organisation"]
    cast.roles[row["key"]] = roles
