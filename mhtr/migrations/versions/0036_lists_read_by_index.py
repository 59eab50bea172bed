"""Lists that grow with the years: what they are narrowed to and sorted by is read by an index."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Grants by why they were given: of a referrer's thousands, the few by name."""
    op.create_index("ix_grants_because", "grants", ["principal_id", "because", "case_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_grants_because", table_name="grants")
