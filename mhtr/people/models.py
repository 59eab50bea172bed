"""Service users: who a man is, how he may be reached, what he needs, what he agreed to."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model, SortName
from mhtr.core.name_order import sort_name
from mhtr.people.kinds import Answered as Answered
from mhtr.people.kinds import FlagKind as FlagKind
from mhtr.people.kinds import GpStatus as GpStatus
from mhtr.people.kinds import IdentifierKind as IdentifierKind
from mhtr.people.kinds import Permission as Permission


class Person(HasRef, HasCreated, Model):
    """A service user. Merged records point to the one that is kept."""

    __tablename__ = "people"
    __table_args__ = (
        Index("ix_people_sort_name", "sort_name", "id"),
        Index("ix_people_born", "born"),
    )

    id: Mapped[Id]
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    sort_name: Mapped[SortName]
    """Follows his names by itself."""
    known_as: Mapped[str] = mapped_column(String(100), default="")
    pronouns: Mapped[str] = mapped_column(String(40), default="")
    born: Mapped[date | None]
    died_on: Mapped[date | None]
    no_fixed_abode: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(400), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    """E.164."""
    email: Mapped[str] = mapped_column(String(200), default="")
    safe_to_text: Mapped[Permission] = mapped_column(default=Permission.UNKNOWN)
    safe_to_voicemail: Mapped[Permission] = mapped_column(default=Permission.UNKNOWN)
    safe_to_write: Mapped[Permission] = mapped_column(default=Permission.UNKNOWN)
    contact_phrase: Mapped[str | None] = mapped_column(EncryptedText("people.contact_phrase"))
    """A phrase he chose, so that he knows it is us and we know it is him."""
    contact_known_how: Mapped[str] = mapped_column(String(20), default="")
    """How the answers about safe contact are known: `people.sections.KNOWN_HOW`."""
    contact_note: Mapped[str | None] = mapped_column(EncryptedText("people.contact_note"))
    language: Mapped[str] = mapped_column(String(5), default="")
    interpreter: Mapped[Permission] = mapped_column(default=Permission.UNKNOWN)
    needs_asked: Mapped[Answered] = mapped_column(default=Answered.NOT_ASKED)
    needs_review_on: Mapped[date | None]
    needs_note: Mapped[str | None] = mapped_column(EncryptedText("people.needs_note"))
    gp_status: Mapped[GpStatus] = mapped_column(default=GpStatus.NOT_ASKED)
    gp_practice_code: Mapped[str] = mapped_column(String(8), default="")
    gp_name: Mapped[str] = mapped_column(String(160), default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    aliases: Mapped[list["Alias"]] = relationship(
        lazy="select", cascade="all, delete-orphan", order_by="Alias.id"
    )
    identifiers: Mapped[list["Identifier"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Identifier.kind"
    )
    needs: Mapped[list["CommunicationNeed"]] = relationship(
        lazy="select", cascade="all, delete-orphan", order_by="CommunicationNeed.id"
    )
    demographics: Mapped[list["Demographic"]] = relationship(
        lazy="select", cascade="all, delete-orphan", order_by="Demographic.id"
    )

    @validates("given_name", "family_name")
    def _follow(self, field: str, value: str) -> str:
        names = {"given_name": self.given_name, "family_name": self.family_name, field: value}
        self.sort_name = sort_name(names["given_name"] or "", names["family_name"] or "")
        return value

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}".strip()


class Alias(Model):
    """Another name he uses or is recorded under."""

    __tablename__ = "aliases"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))


class Identifier(Model):
    """An identifier in canonical form. One live person holds one number of a kind."""

    __tablename__ = "identifiers"
    __table_args__ = (
        UniqueConstraint("person_id", "kind"),
        Index("ix_identifiers_kind_value", "kind", "value"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[IdentifierKind]
    value: Mapped[str] = mapped_column(String(20))


class MatchKey(Model):
    """What duplicate detection looks records up by (see `people.matching.blocking_keys`)."""

    __tablename__ = "match_keys"
    __table_args__ = (Index("ix_match_keys_key_person_id", "key", "person_id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    key: Mapped[str] = mapped_column(String(120))


class Demographic(Model):
    """One Equality Act characteristic, with why it is empty where it is."""

    __tablename__ = "demographics"
    __table_args__ = (
        UniqueConstraint("person_id", "characteristic"),
        CheckConstraint("(answered = 'given') = (code IS NOT NULL)", name="code_when_given"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    characteristic: Mapped[str] = mapped_column(String(40))
    """Name of the code list."""
    answered: Mapped[Answered]
    code: Mapped[str | None] = mapped_column(String(20))


class CommunicationNeed(Model):
    """A need under the Accessible Information Standard."""

    __tablename__ = "communication_needs"
    __table_args__ = (UniqueConstraint("person_id", "list_name", "code"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    list_name: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))


class PersonChange(HasCreated, Model):
    """What a field held before somebody changed it: erasable, unlike the audit."""

    __tablename__ = "person_changes"
    __table_args__ = (Index("ix_person_changes_person_id_id", "person_id", "id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    section: Mapped[str] = mapped_column(String(20))
    """Which part of the record: who may see that part may see its history."""
    reason: Mapped[str | None] = mapped_column(EncryptedText("person_changes.reason"))
    before: Mapped[dict[str, str]] = mapped_column(EncryptedJson("person_changes.before"))


class Flag(HasRef, HasCreated, Model):
    """A warning on a record: the fact for everybody concerned, the reason for those who need it."""

    __tablename__ = "flags"
    __table_args__ = (Index("ix_flags_person_id_ended_at", "person_id", "ended_at"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[FlagKind]
    fact: Mapped[str] = mapped_column(String(160))
    """What everybody who meets him needs to know, e.g. `See him with a second member of staff`."""
    other_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    """For "must not meet", where the other man is on record too."""
    other_name: Mapped[str | None] = mapped_column(EncryptedText("flags.other_name"))
    """For "must not meet", where he is not."""
    reason: Mapped[str | None] = mapped_column(EncryptedText("flags.reason"))
    owner_staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    review_on: Mapped[date]
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_reason: Mapped[str | None] = mapped_column(EncryptedText("flags.ended_reason"))


class FlagQuestion(HasRef, HasCreated, Model):
    """Whether a man on record is the one whom a "must not meet" names as somebody typed him."""

    __tablename__ = "flag_questions"
    __table_args__ = (UniqueConstraint("flag_id", "person_id"),)

    id: Mapped[Id]
    flag_id: Mapped[int] = mapped_column(ForeignKey("flags.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    answer: Mapped[str | None] = mapped_column(String(20))
    """`yes`, `no`; `withdrawn`: nothing speaks for it any more. Empty while it waits."""
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class ConsentItem(StrEnum):
    """What he is asked to agree to. Attendance goes to probation by the court's order: told."""

    ASSESSMENT = "assessment"
    TREATMENT = "treatment"
    GP = "gp"
    LINK_WORKER = "link_worker"
    SHARING_MORE = "sharing_more"
    """Sharing with probation more than the order requires."""


class ConsentDecision(StrEnum):
    """What he said."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ConsentEvent(HasRef, Model):
    """One decision on one item. Rows are only ever added; the last one holds."""

    __tablename__ = "consent_events"
    __table_args__ = (Index("ix_consent_events_person_id_item_id", "person_id", "item", "id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    item: Mapped[ConsentItem]
    decision: Mapped[ConsentDecision]
    wording_version: Mapped[str] = mapped_column(String(20))
    """Version of the text read to him."""
    how: Mapped[str] = mapped_column(String(40))
    """face to face, telephone, video, writing."""
    scope: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]


class Told(HasRef, Model):
    """He was told what goes to probation because of the court's order. Rows are only ever added."""

    __tablename__ = "told_events"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    wording_version: Mapped[str] = mapped_column(String(20))
    how: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class Merge(HasRef, HasCreated, Model):
    """Two records found to be one man; reversible, because the moved rows are listed."""

    __tablename__ = "merges"

    id: Mapped[Id]
    kept_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    absorbed_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(EncryptedText("merges.reason"))
    moved: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("merges.moved"))
    """Ids of the moved rows by table, and what was taken over, so that all can go back."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_reason: Mapped[str | None] = mapped_column(EncryptedText("merges.undone_reason"))


class IdentityQuestion(HasRef, HasCreated, Model):
    """Two records that may be one man: a question for a person, never a silent match."""

    __tablename__ = "identity_questions"
    __table_args__ = (
        UniqueConstraint("person_id", "other_id"),
        Index("ix_identity_questions_answered_at", "answered_at", "id"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[list[str]] = mapped_column(EncryptedJson("identity_questions.reasons"))
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answer: Mapped[str | None] = mapped_column(String(20))
    """`same`, `different`; `joined` by a merge with another question; `withdrawn`."""
