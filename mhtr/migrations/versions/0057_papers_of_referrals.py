"""The papers of a referral to an enforcement officer: each version, and when one was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None were made here before."""
    op.create_table(
        "referral_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_hash", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "number = 1 OR why IS NOT NULL",
            name=op.f("ck_referral_papers_issued_again_for_a_reason"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_referral_papers_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_referral_papers_case_id")),
        sa.ForeignKeyConstraint(
            ["step_id"], ["enforcement_steps.id"], name=op.f("fk_referral_papers_step_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_papers")),
        sa.UniqueConstraint("ref", name=op.f("uq_referral_papers_ref")),
        sa.UniqueConstraint("step_id", "number", name=op.f("uq_referral_papers_step_id_number")),
    )
    op.create_index("ix_referral_papers_case_id", "referral_papers", ["case_id", "id"])
    op.create_table(
        "referral_papers_sent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("papers_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("to", sa.String(length=120), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)",
            name=op.f("ck_referral_papers_sent_taken_back_by_whom"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff.id"], name=op.f("fk_referral_papers_sent_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["papers_id"], ["referral_papers.id"], name=op.f("fk_referral_papers_sent_papers_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["staff.id"], name=op.f("fk_referral_papers_sent_taken_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_papers_sent")),
        sa.UniqueConstraint("ref", name=op.f("uq_referral_papers_sent_ref")),
    )
    op.create_index(
        "ix_referral_papers_sent_papers_id", "referral_papers_sent", ["papers_id", "id"]
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("referral_papers_sent")
    op.drop_table("referral_papers")
