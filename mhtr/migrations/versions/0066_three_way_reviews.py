"""Three-way reviews: when one is due and held, its points, who reads them, and who signed."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None was recorded until now."""
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("point", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_why", sa.String(length=60), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reviews_case_id")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_reviews_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("course_id", "point", name=op.f("uq_reviews_course_id_point")),
        sa.UniqueConstraint("ref", name=op.f("uq_reviews_ref")),
    )
    op.create_index("ix_reviews_case_id", "reviews", ["case_id", "id"])
    op.create_table(
        "review_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("side", sa.String(length=60), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("officer_words", sa.LargeBinary(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "words IS NOT NULL OR officer_words IS NOT NULL OR replaces_id IS NOT NULL",
            name=op.f("ck_review_items_says_something_or_takes_away"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_review_items_by_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["review_items.id"], name=op.f("fk_review_items_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_items_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_items")),
        sa.UniqueConstraint("ref", name=op.f("uq_review_items_ref")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_review_items_replaces_id")),
    )
    op.create_index("ix_review_items_review_id", "review_items", ["review_id", "id"])
    op.create_table(
        "review_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mode", sa.String(length=60), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("told_way", sa.String(length=60), nullable=True),
        sa.Column("he_came", sa.Boolean(), nullable=True),
        sa.Column("officer_came", sa.Boolean(), nullable=True),
        sa.Column("why_not", sa.String(length=60), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'held') = (he_came IS NOT NULL)"
            " AND (he_came IS NULL) = (officer_came IS NULL)",
            name=op.f("ck_review_meetings_held_with_whom"),
        ),
        sa.CheckConstraint(
            "(state = 'not_held') = (why_not IS NOT NULL)",
            name=op.f("ck_review_meetings_not_held_why"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_review_meetings_by_id")),
        sa.ForeignKeyConstraint(
            ["clinician_id"], ["staff.id"], name=op.f("fk_review_meetings_clinician_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["staff.id"], name=op.f("fk_review_meetings_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_meetings_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_meetings")),
        sa.UniqueConstraint(
            "review_id", "number", name=op.f("uq_review_meetings_review_id_number")
        ),
    )
    op.create_table(
        "review_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_sheets_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_sheets")),
        sa.UniqueConstraint("review_id", "number", name=op.f("uq_review_sheets_review_id_number")),
    )
    op.create_table(
        "review_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=60), nullable=False),
        sa.Column("shares", sa.Boolean(), nullable=False),
        sa.Column("way", sa.String(length=60), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(party = 'him') = (way IS NOT NULL)", name=op.f("ck_review_choices_how_he_said_it")
        ),
        sa.CheckConstraint("party <> 'officer'", name=op.f("ck_review_choices_of_the_two")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_review_choices_by_id")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["review_items.id"], name=op.f("fk_review_choices_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_choices")),
    )
    op.create_index("ix_review_choices_item_id", "review_choices", ["item_id", "id"])
    op.create_table(
        "review_signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=60), nullable=False),
        sa.Column("signs", sa.String(length=60), nullable=False),
        sa.Column("way", sa.String(length=60), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_review_signatures_by_id")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["review_sheets.id"], name=op.f("fk_review_signatures_sheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_signatures")),
    )
    op.create_index("ix_review_signatures_sheet_id", "review_signatures", ["sheet_id", "id"])


def downgrade() -> None:
    """Forget them."""
    op.drop_table("review_signatures")
    op.drop_table("review_choices")
    op.drop_table("review_sheets")
    op.drop_table("review_meetings")
    op.drop_table("review_items")
    op.drop_table("reviews")
