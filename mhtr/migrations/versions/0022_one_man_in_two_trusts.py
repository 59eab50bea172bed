"""One man with records in two trusts: what one side proposed, and what both confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
    op.create_table(
        "person_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("two_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=False),
        sa.Column("taken", sa.LargeBinary(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)",
            name=op.f("ck_person_links_undone_who_and_when"),
        ),
        sa.CheckConstraint(
            "undone_at IS NOT NULL OR proposed_by <> confirmed_by",
            name=op.f("ck_person_links_two_people_while_it_stands"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["staff.id"], name=op.f("fk_person_links_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["one_id"], ["people.id"], name=op.f("fk_person_links_one_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["staff.id"], name=op.f("fk_person_links_proposed_by")
        ),
        sa.ForeignKeyConstraint(["two_id"], ["people.id"], name=op.f("fk_person_links_two_id")),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["staff.id"], name=op.f("fk_person_links_undone_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_links")),
        sa.UniqueConstraint("ref", name=op.f("uq_person_links_ref")),
    )
    with op.batch_alter_table("person_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_links_one_id"), ["one_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_links_two_id"), ["two_id"], unique=False)

    op.create_table(
        "identity_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("side_id", sa.Integer(), nullable=False),
        sa.Column("name_of_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(question_id IS NULL) <> (link_id IS NULL)",
            name=op.f("ck_identity_proposals_about_one_thing"),
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (outcome IS NULL)",
            name=op.f("ck_identity_proposals_settled_how_and_when"),
        ),
        sa.CheckConstraint(
            "outcome <> 'confirmed' OR settled_by IS NOT NULL AND settled_by <> proposed_by",
            name=op.f("ck_identity_proposals_confirmed_by_a_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["person_links.id"], name=op.f("fk_identity_proposals_link_id")
        ),
        sa.ForeignKeyConstraint(
            ["name_of_id"], ["people.id"], name=op.f("fk_identity_proposals_name_of_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["staff.id"], name=op.f("fk_identity_proposals_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["identity_questions.id"],
            name=op.f("fk_identity_proposals_question_id"),
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["staff.id"], name=op.f("fk_identity_proposals_settled_by")
        ),
        sa.ForeignKeyConstraint(
            ["side_id"], ["people.id"], name=op.f("fk_identity_proposals_side_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_proposals")),
    )
    with op.batch_alter_table("identity_proposals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_identity_proposals_link_id"), ["link_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_identity_proposals_question_id"), ["question_id"], unique=False
        )


def downgrade() -> None:
    """Drop them: the records stay as they are, and are of two men again."""
    with op.batch_alter_table("identity_proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_proposals_question_id"))
        batch_op.drop_index(batch_op.f("ix_identity_proposals_link_id"))

    op.drop_table("identity_proposals")
    with op.batch_alter_table("person_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_links_two_id"))
        batch_op.drop_index(batch_op.f("ix_person_links_one_id"))

    op.drop_table("person_links")
