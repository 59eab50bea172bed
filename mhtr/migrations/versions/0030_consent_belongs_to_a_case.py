"""On which case he decided about an item of consent."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. Of earlier decisions nobody recorded it: they count for each case he had."""
    op.create_table(
        "case_consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["consent_events.id"], name=op.f("fk_case_consents_event_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_consents_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_consents")),
        sa.UniqueConstraint("event_id", name=op.f("uq_case_consents_event_id")),
    )
    op.create_index("ix_case_consents_case_id", "case_consents", ["case_id"])


def downgrade() -> None:
    """Drop it: each decision counts for each case he had by then."""
    op.drop_index("ix_case_consents_case_id", "case_consents")
    op.drop_table("case_consents")
