"""What is open, and a report's releases, are found by index."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_report_releases_assessment_id": ("report_releases", ["assessment_id"]),
    "ix_identity_questions_answered_at": ("identity_questions", ["answered_at", "id"]),
    "ix_onward_referrals_closed_at": ("onward_referrals", ["closed_at", "id"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _columns) in INDEXES.items():
        op.drop_index(name, table)
