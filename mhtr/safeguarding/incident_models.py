"""Tables of incident records: each version as it was written, and a lead's review of it."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.safeguarding.incident_rules import Candour, Harm, Harmed, StepKind


class Incident(HasRef, HasCreated, Model):
    """Something that went wrong, or nearly did, with a man or around him."""

    __tablename__ = "incidents"
    __table_args__ = (Index("ix_incidents_case_id", "case_id", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class IncidentVersion(HasCreated, Model):
    """What a record says. Never changed: put right by a later version with a reason.

    Clinicians of the service alone read it.
    """

    __tablename__ = "incident_versions"
    __table_args__ = (
        UniqueConstraint("incident_id", "number"),
        CheckConstraint("number = 1 OR why IS NOT NULL", name="put_right_for_a_reason"),
        CheckConstraint(
            "NOT (harmed = 'he' AND harm IN ('moderate', 'severe', 'fatal')"
            " AND candour = 'not_owed')",
            name="candour_where_it_is_owed",
        ),
    )

    id: Mapped[Id]
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"))
    number: Mapped[int]
    on: Mapped[date]
    at: Mapped[str] = mapped_column(String(40), default="")
    """The time of day, as far as it is known."""
    place: Mapped[str] = mapped_column(EncryptedText("incident_versions.place"))
    what: Mapped[str] = mapped_column(EncryptedText("incident_versions.what"))
    harmed: Mapped[Harmed]
    harm: Mapped[Harm]
    harm_words: Mapped[str] = mapped_column(EncryptedText("incident_versions.harm_words"))
    done: Mapped[str] = mapped_column(EncryptedText("incident_versions.done"))
    reported: Mapped[str] = mapped_column(EncryptedText("incident_versions.reported"))
    candour: Mapped[Candour]
    candour_words: Mapped[str] = mapped_column(EncryptedText("incident_versions.candour_words"))
    why: Mapped[str | None] = mapped_column(EncryptedText("incident_versions.why"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class IncidentStep(HasCreated, Model):
    """That a clinical lead closed it, with what was learned, or opened it again. Never changed."""

    __tablename__ = "incident_steps"
    __table_args__ = (
        Index("ix_incident_steps_incident_id", "incident_id", "id"),
        CheckConstraint(
            "kind <> 'closed' OR by_id <> writer_id", name="closed_by_another_than_its_writer"
        ),
    )

    id: Mapped[Id]
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"))
    version: Mapped[int]
    """The number of the version that was the newest then."""
    writer_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """Who wrote that version."""
    kind: Mapped[StepKind]
    words: Mapped[str] = mapped_column(EncryptedText("incident_steps.words"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
