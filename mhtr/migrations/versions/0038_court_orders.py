"""Court orders with every set of their terms, their parts and endings; who supervises him."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; the orders of men sentenced before are recorded by hand."""
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("treatment_ends_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_orders_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("ref", name=op.f("uq_orders_ref")),
    )
    op.create_index("ix_orders_case_id", "orders", ["case_id", "id"])
    op.create_index(
        "ix_orders_treatment_ends_on", "orders", ["ended_on", "treatment_ends_on", "id"]
    )

    op.create_table(
        "probation_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "staff_id IS NOT NULL OR name IS NOT NULL",
            name=op.f("ck_probation_contacts_somebody_is_named"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_probation_contacts_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_probation_contacts_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["staff.id"], name=op.f("fk_probation_contacts_ended_by")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_probation_contacts_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["organisations.id"], name=op.f("fk_probation_contacts_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probation_contacts")),
    )
    op.create_index("ix_probation_contacts_case_id", "probation_contacts", ["case_id", "ended_at"])

    op.create_table(
        "order_endings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)",
            name=op.f("ck_order_endings_taken_back_by_whom"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_order_endings_by_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_endings_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["staff.id"], name=op.f("fk_order_endings_taken_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_endings")),
    )
    op.create_index(op.f("ix_order_endings_order_id"), "order_endings", ["order_id"])

    op.create_table(
        "order_requirements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.String(length=200), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("taken_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_out_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(taken_out_at IS NULL) = (taken_out_by IS NULL)",
            name=op.f("ck_order_requirements_taken_out_by_whom"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_order_requirements_by_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_requirements_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_out_by"], ["staff.id"], name=op.f("fk_order_requirements_taken_out_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_requirements")),
    )
    op.create_index(op.f("ix_order_requirements_order_id"), "order_requirements", ["order_id"])

    op.create_table(
        "order_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("court_code", sa.String(length=12), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("taken_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_out_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(taken_out_at IS NULL) = (taken_out_by IS NULL)",
            name=op.f("ck_order_reviews_taken_out_by_whom"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_order_reviews_by_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_reviews_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_out_by"], ["staff.id"], name=op.f("fk_order_reviews_taken_out_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_reviews")),
    )
    op.create_index(op.f("ix_order_reviews_order_id"), "order_reviews", ["order_id"])

    op.create_table(
        "order_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=60), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("convicted_on", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("court_code", sa.String(length=12), nullable=False),
        sa.Column("magistrates_supervise", sa.Boolean(), nullable=False),
        sa.Column("court_reviews", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("term_months", sa.Integer(), nullable=False),
        sa.Column("term_weeks", sa.Integer(), nullable=False),
        sa.Column("term_days", sa.Integer(), nullable=False),
        sa.Column("operational_months", sa.Integer(), nullable=True),
        sa.Column("supervision_months", sa.Integer(), nullable=True),
        sa.Column("sessions_expected", sa.Integer(), nullable=False),
        sa.Column("willing_on", sa.Date(), nullable=True),
        sa.Column("exceeded", sa.String(length=300), nullable=False),
        sa.Column("override_reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(exceeded = '') = (override_reason = '')",
            name=op.f("ck_order_terms_exceeded_needs_a_reason"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_order_terms_by_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_terms_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_terms")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_order_terms_number")),
    )
    op.create_table(
        "order_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terms_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("treatment", sa.String(length=60), nullable=False),
        sa.Column("named", sa.String(length=160), nullable=False),
        sa.Column("registration", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["terms_id"], ["order_terms.id"], name=op.f("fk_order_periods_terms_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_periods")),
    )
    op.create_index(op.f("ix_order_periods_terms_id"), "order_periods", ["terms_id"])


def downgrade() -> None:
    """Forget the orders."""
    op.drop_table("order_periods")
    op.drop_table("order_terms")
    op.drop_table("order_reviews")
    op.drop_table("order_requirements")
    op.drop_table("order_endings")
    op.drop_table("probation_contacts")
    op.drop_table("orders")
