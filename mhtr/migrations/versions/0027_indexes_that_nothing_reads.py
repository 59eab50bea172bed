"""Indexes that nothing reads any more: lists go by sort name and by when he was referred."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_UNREAD = {
    "ix_people_family_name_given_name": ("people", ["family_name", "given_name"]),
    "ix_referrals_organisation_id_id": ("referrals", ["organisation_id", "id"]),
    "ix_referrals_referrer_id_id": ("referrals", ["referrer_id", "id"]),
}


def upgrade() -> None:
    """Drop them."""
    for name, (table, _) in _UNREAD.items():
        op.drop_index(name, table_name=table)


def downgrade() -> None:
    """Make them again."""
    for name, (table, columns) in _UNREAD.items():
        op.create_index(name, table, columns)
