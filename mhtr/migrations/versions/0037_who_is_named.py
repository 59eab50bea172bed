"""Whether a man on record is the one a warning names is a task of a kind of its own."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """It waits on Today at once, with a day to answer; a review stands there from its day on."""
    op.execute("UPDATE tasks SET kind = 'flag_man' WHERE key LIKE 'flag-man:%'")


def downgrade() -> None:
    """As warnings to review once more."""
    op.execute("UPDATE tasks SET kind = 'flag_review' WHERE kind = 'flag_man'")
