"""Cases by when they took their state: the outcomes report looks for those that ended."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_cases_state_state_since", "cases", ["state", "state_since", "id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_cases_state_state_since", table_name="cases")
