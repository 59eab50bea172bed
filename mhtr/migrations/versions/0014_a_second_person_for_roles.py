"""Roles that wait for a second person, and who reset an authenticator."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    op.create_table(
        "authenticator_resets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("reset_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reset_by"], ["staff.id"], name=op.f("fk_authenticator_resets_reset_by")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_authenticator_resets_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator_resets")),
    )
    with op.batch_alter_table("authenticator_resets", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_authenticator_resets_staff_id"), ["staff_id"], unique=False
        )

    op.create_table(
        "role_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'confirmed' OR settled_by IS NOT NULL "
            "AND settled_by <> given_by AND settled_by <> staff_id",
            name=op.f("ck_role_requests_confirmed_by_a_second_person"),
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (outcome IS NULL)",
            name=op.f("ck_role_requests_settled_how_and_when"),
        ),
        sa.ForeignKeyConstraint(["given_by"], ["staff.id"], name=op.f("fk_role_requests_given_by")),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["staff.id"], name=op.f("fk_role_requests_settled_by")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_role_requests_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_requests")),
        sa.UniqueConstraint("ref", name=op.f("uq_role_requests_ref")),
    )
    with op.batch_alter_table("role_requests", schema=None) as batch_op:
        batch_op.create_index("ix_role_requests_settled_at", ["settled_at", "id"], unique=False)
        batch_op.create_index("ix_role_requests_staff_id", ["staff_id", "settled_at"], unique=False)


def downgrade() -> None:
    """Drop them; a role that nobody has confirmed is not given."""
    with op.batch_alter_table("role_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_role_requests_staff_id")
        batch_op.drop_index("ix_role_requests_settled_at")

    op.drop_table("role_requests")
    with op.batch_alter_table("authenticator_resets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authenticator_resets_staff_id"))

    op.drop_table("authenticator_resets")
