"""Incident records: each version as it was written, and what a clinical lead made of it."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None was recorded here until now."""
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_incidents_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_incidents_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("ref", name=op.f("uq_incidents_ref")),
    )
    op.create_index("ix_incidents_case_id", "incidents", ["case_id", "id"])
    _versions()
    op.create_table(
        "incident_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("writer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'closed' OR by_id <> writer_id",
            name=op.f("ck_incident_steps_closed_by_another_than_its_writer"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_incident_steps_by_id")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_steps_incident_id")
        ),
        sa.ForeignKeyConstraint(
            ["writer_id"], ["staff.id"], name=op.f("fk_incident_steps_writer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_steps")),
    )
    op.create_index("ix_incident_steps_incident_id", "incident_steps", ["incident_id", "id"])


def _versions() -> None:
    op.create_table(
        "incident_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("harmed", sa.String(length=60), nullable=False),
        sa.Column("harm", sa.String(length=60), nullable=False),
        sa.Column("harm_words", sa.LargeBinary(), nullable=False),
        sa.Column("done", sa.LargeBinary(), nullable=False),
        sa.Column("reported", sa.LargeBinary(), nullable=False),
        sa.Column("candour", sa.String(length=60), nullable=False),
        sa.Column("candour_words", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "number = 1 OR why IS NOT NULL",
            name=op.f("ck_incident_versions_put_right_for_a_reason"),
        ),
        sa.CheckConstraint(
            "NOT (harmed = 'he' AND harm IN ('moderate', 'severe', 'fatal')"
            " AND candour = 'not_owed')",
            name=op.f("ck_incident_versions_candour_where_it_is_owed"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_incident_versions_by_id")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_versions_incident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_versions")),
        sa.UniqueConstraint(
            "incident_id", "number", name=op.f("uq_incident_versions_incident_id_number")
        ),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("incident_steps")
    op.drop_table("incident_versions")
    op.drop_table("incidents")
