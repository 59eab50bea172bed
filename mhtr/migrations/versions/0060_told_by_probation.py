"""What probation tells the service of a man, and what was done with it."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was told in this way until now."""
    op.create_table(
        "probation_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=True),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("postcode", sa.String(length=12), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(about = 'requirement') = (weekday IS NOT NULL)"
            " AND (weekday IS NULL) = (starts IS NULL) AND (weekday IS NULL) = (ends IS NULL)",
            name=op.f("ck_probation_words_when_it_takes_him"),
        ),
        sa.CheckConstraint(
            "weekday IS NULL OR weekday BETWEEN 0 AND 6",
            name=op.f("ck_probation_words_is_a_weekday"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_probation_words_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_probation_words_case_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["probation_words.id"], name=op.f("fk_probation_words_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probation_words")),
        sa.UniqueConstraint("ref", name=op.f("uq_probation_words_ref")),
    )
    op.create_index("ix_probation_words_case_id", "probation_words", ["case_id", "id"])
    op.create_table(
        "probation_word_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("back_why", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'changed') = (what <> '')",
            name=op.f("ck_probation_word_steps_changed_what"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff.id"], name=op.f("fk_probation_word_steps_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["word_id"], ["probation_words.id"], name=op.f("fk_probation_word_steps_word_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probation_word_steps")),
    )
    op.create_index("ix_probation_word_steps_word_id", "probation_word_steps", ["word_id", "id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("probation_word_steps")
    op.drop_table("probation_words")
