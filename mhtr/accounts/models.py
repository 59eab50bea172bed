"""Organisations, teams, staff, and how they sign in."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from mhtr.core.access import Role
from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model, SortName
from mhtr.core.name_order import sort_words


class OrganisationKind(StrEnum):
    """What an organisation is to the programme."""

    TREATING_TRUST = "treating_trust"
    PROBATION_UNIT = "probation_unit"
    COURT_TEAM = "court_team"
    LD_TEAM = "ld_team"
    LINK_WORKERS = "link_workers"
    COMMISSIONER = "commissioner"


class InOrder:
    """Something with a name that lists are sorted by."""

    sort_name: Mapped[SortName]
    """Follows the name by itself."""

    @validates("name")
    def _follow(self, _field: str, value: str) -> str:
        self.sort_name = sort_words(value)
        return value


class Organisation(HasRef, HasCreated, InOrder, Model):
    """A trust, probation delivery unit, court probation team, L&D team, charity or commissioner."""

    __tablename__ = "organisations"

    id: Mapped[Id]
    kind: Mapped[OrganisationKind]
    name: Mapped[str] = mapped_column(String(160), unique=True)
    code: Mapped[str | None] = mapped_column(String(10))
    """ODS code of a trust, where it has one."""
    area: Mapped[str] = mapped_column(String(40), default="")
    """Part of London it covers, for allocation: codes of the courts list."""
    mailbox: Mapped[str] = mapped_column(String(200), default="")
    """Duty mailbox."""
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"), unique=True)
    seniors_principal_id: Mapped[int | None] = mapped_column(
        ForeignKey("principals.id"), unique=True
    )
    """Of probation: stands for its senior probation officers, whoever they are at the moment."""
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class Team(HasRef, HasCreated, InOrder, Model):
    """A team inside an organisation, e.g. the PSR team of one court."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(120))
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"), unique=True)
    closed_on: Mapped[date | None]
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


@dataclass(frozen=True)
class Registration:
    """An entry in a register of the professions whose members may direct treatment in law."""

    register: str
    """HCPC or GMC."""
    number: str
    checked_on: date
    """When the register was last looked up."""


class Staff(HasRef, HasCreated, InOrder, Model):
    """A member of staff of any organisation."""

    __tablename__ = "staff"
    __table_args__ = (
        Index("ix_staff_organisation_id_sort_name", "organisation_id", "sort_name"),
        CheckConstraint(
            "(hcpc_number IS NULL) = (hcpc_checked_on IS NULL)", name="hcpc_number_and_check"
        ),
        CheckConstraint(
            "(gmc_number IS NULL) = (gmc_checked_on IS NULL)", name="gmc_number_and_check"
        ),
        CheckConstraint("hcpc_number IS NULL OR gmc_number IS NULL", name="one_registration"),
    )

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(120), unique=True)
    """Work e-mail address, in lower case; the name to sign in with."""
    name: Mapped[str] = mapped_column(String(120))
    job_title: Mapped[str] = mapped_column(String(120), default="")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"), unique=True)
    hcpc_number: Mapped[str | None] = mapped_column(String(12))
    """Registration as practitioner psychologist; needed to countersign."""
    hcpc_checked_on: Mapped[date | None]
    """When the register was last looked up for him."""
    gmc_number: Mapped[str | None] = mapped_column(String(7))
    """Registration as medical practitioner; one may direct treatment and report on it."""
    gmc_checked_on: Mapped[date | None]
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    password_set_at: Mapped[datetime | None]
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText("staff.totp_secret"))
    totp_next_secret: Mapped[str | None] = mapped_column(EncryptedText("staff.totp_next_secret"))
    """An authenticator being set up: takes the place of the other once a code from it is right."""
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    """The last used 30-second step: a code is good once."""
    disabled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    roles: Mapped[list["StaffRole"]] = relationship(lazy="select", cascade="all, delete-orphan")
    memberships: Mapped[list["TeamMembership"]] = relationship(
        lazy="select", cascade="all, delete-orphan"
    )

    @property
    def registration(self) -> Registration | None:
        """What he is registered as, practitioner psychologist or medical practitioner."""
        if self.hcpc_number and self.hcpc_checked_on:
            return Registration("HCPC", self.hcpc_number, self.hcpc_checked_on)
        if self.gmc_number and self.gmc_checked_on:
            return Registration("GMC", self.gmc_number, self.gmc_checked_on)
        return None

    def groups(self) -> tuple[int, ...]:
        """Principals of what he belongs to: his teams, those who lead his unit, his organisation.

        Who is a senior follows from his role and where he works, as of now.
        """
        found = [membership.team.principal_id for membership in self.memberships]
        seniors = self.organisation.seniors_principal_id
        if seniors is not None and Role.SENIOR_PROBATION in {row.role for row in self.roles}:
            found.append(seniors)
        return (*found, self.organisation.principal_id)


class StaffRole(Model):
    """A role a member of staff holds."""

    __tablename__ = "staff_roles"
    __table_args__ = (UniqueConstraint("staff_id", "role"),)

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[Role]


class RoleOutcome(StrEnum):
    """What became of a role that waited for a second person."""

    CONFIRMED = "confirmed"
    TURNED_DOWN = "turned_down"
    TAKEN_BACK = "taken_back"


class RoleRequest(HasRef, HasCreated, Model):
    """A role that one person gave and a second confirms. Until then it is no `StaffRole`."""

    __tablename__ = "role_requests"
    __table_args__ = (
        Index("ix_role_requests_staff_id", "staff_id", "settled_at"),
        Index("ix_role_requests_settled_at", "settled_at", "id"),
        CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled_how_and_when"),
        CheckConstraint(
            "outcome <> 'confirmed' OR settled_by IS NOT NULL "
            "AND settled_by <> given_by AND settled_by <> staff_id",
            name="confirmed_by_a_second_person",
        ),
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[Role]
    given_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[RoleOutcome | None]


class TeamMembership(Model):
    """A member of staff in a team."""

    __tablename__ = "team_memberships"
    __table_args__ = (UniqueConstraint("staff_id", "team_id"),)

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    team: Mapped[Team] = relationship(lazy="joined", innerjoin=True)


class RecoveryCode(Model):
    """A one-time code for when the phone is lost. Only its hash is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class Invitation(HasCreated, Model):
    """A one-time link with which a member of staff sets a first or new password."""

    __tablename__ = "invitations"

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AuthenticatorReset(HasCreated, Model):
    """A lost authenticator that was forgotten for somebody, and who did it."""

    __tablename__ = "authenticator_resets"

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    reset_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class SignInSession(HasRef, HasCreated, Model):
    """A signed-in browser. The cookie holds a random token, the row only its hash."""

    __tablename__ = "sign_in_sessions"
    __table_args__ = (Index("ix_sign_in_sessions_staff_id_ended_at", "staff_id", "ended_at"),)

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(String(40), default="")
    stepped_up_at: Mapped[datetime | None]
    """When he last proved himself again, for sensitive actions."""
    browser: Mapped[str] = mapped_column(String(120), default="")


class SignInAttempt(Model):
    """A failed attempt, for throttling by account name and by address (both as keyed hashes)."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_key_at", "key", "at"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class BreakGlass(HasRef, HasCreated, Model):
    """Emergency access to one case by a clinician of a treating trust."""

    __tablename__ = "break_glass"
    __table_args__ = (
        Index("ix_break_glass_reviewed_at", "reviewed_at"),
        CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)", name="review_who_and_when"
        ),
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    reason: Mapped[str] = mapped_column(EncryptedText("break_glass.reason"))
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reviewed_at: Mapped[datetime | None]
    finding: Mapped[str | None] = mapped_column(String(40))
    review_note: Mapped[str | None] = mapped_column(EncryptedText("break_glass.review_note"))
