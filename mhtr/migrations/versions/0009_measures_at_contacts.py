"""Measures at contacts, totals typed in, flags with responses, signed rules, goals."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; what is on record was asked at an assessment, answer by answer."""
    op.create_table(
        "rule_signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(length=20), nullable=False),
        sa.Column("instrument_version", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("source_read", sa.String(length=500), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
            name=op.f("ck_rule_signatures_withdrawn_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["staff.id"], name=op.f("fk_rule_signatures_signed_by")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["staff.id"], name=op.f("fk_rule_signatures_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_signatures")),
        sa.UniqueConstraint("ref", name=op.f("uq_rule_signatures_ref")),
    )
    with op.batch_alter_table("rule_signatures", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rule_signatures_instrument", ["instrument", "rule", "id"], unique=False
        )

    op.create_table(
        "measure_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("context", sa.String(length=60), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("point", sa.String(length=60), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=True),
        sa.Column("mode", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)",
            name=op.f("ck_measure_contacts_closed_by_somebody"),
        ),
        sa.CheckConstraint(
            "session_number IS NULL OR session_number > 0",
            name=op.f("ck_measure_contacts_counts_from_one"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_measure_contacts_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_measure_contacts_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["staff.id"], name=op.f("fk_measure_contacts_closed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_contacts")),
        sa.UniqueConstraint("context", name=op.f("uq_measure_contacts_context")),
        sa.UniqueConstraint("ref", name=op.f("uq_measure_contacts_ref")),
    )
    with op.batch_alter_table("measure_contacts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_measure_contacts_case_id_held_on", ["case_id", "held_on", "id"], unique=False
        )

    op.create_table(
        "measure_goals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 3", name=op.f("ck_measure_goals_up_to_three")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_measure_goals_case_id")),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"], name=op.f("fk_measure_goals_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_goals")),
        sa.UniqueConstraint("ref", name=op.f("uq_measure_goals_ref")),
    )
    with op.batch_alter_table("measure_goals", schema=None) as batch_op:
        batch_op.create_index("ix_measure_goals_case_id", ["case_id", "number", "id"], unique=False)

    op.create_table(
        "measure_flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("instrument", sa.String(length=20), nullable=True),
        sa.Column("occasion_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("response", sa.LargeBinary(), nullable=True),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("responded_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(response IS NULL) = (responded_at IS NULL) "
            "AND (responded_at IS NULL) = (responded_by IS NULL)",
            name=op.f("ck_measure_flags_response_has_who_and_when"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_measure_flags_case_id")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["measure_contacts.id"], name=op.f("fk_measure_flags_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["measure_occasions.id"], name=op.f("fk_measure_flags_occasion_id")
        ),
        sa.ForeignKeyConstraint(
            ["responded_by"], ["staff.id"], name=op.f("fk_measure_flags_responded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_flags")),
        sa.UniqueConstraint("key", name=op.f("uq_measure_flags_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_measure_flags_ref")),
    )
    with op.batch_alter_table("measure_flags", schema=None) as batch_op:
        batch_op.create_index("ix_measure_flags_case_id", ["case_id", "id"], unique=False)
        batch_op.create_index(
            "ix_measure_flags_waiting", ["responded_at", "ended_at", "id"], unique=False
        )

    with op.batch_alter_table("measure_occasions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("point", sa.String(length=60), nullable=False, server_default="pre_sentence")
        )
        batch_op.add_column(sa.Column("session_number", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("origin", sa.String(length=60), nullable=False, server_default="items")
        )
        batch_op.add_column(sa.Column("typed_total", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("typed_parts", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(
            sa.Column("historic", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index("ix_measure_occasions_contact_id", ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_measure_occasions_state_created_at", ["state", "created_at", "id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_measure_occasions_contact_id"),
            "measure_contacts",
            ["contact_id"],
            ["id"],
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_measure_occasions_total_typed_or_scored"),
            "(origin = 'total') = (typed_total IS NOT NULL)",
        )
    # What was asked before this was asked at an assessment; the program names each from now on.
    with op.batch_alter_table("measure_occasions", table_args=(_typed(),)) as batch_op:
        for name in ("point", "origin", "historic"):
            batch_op.alter_column(name, server_default=None)


def _typed() -> sa.CheckConstraint:
    """SQLite builds a table anew and would lose its check, which cannot be read back."""
    return sa.CheckConstraint(
        "(origin = 'total') = (typed_total IS NOT NULL)",
        name=op.f("ck_measure_occasions_total_typed_or_scored"),
    )


def downgrade() -> None:
    """Drop them; a total that was typed in is left as a form without answers."""
    with op.batch_alter_table("measure_occasions", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("ck_measure_occasions_total_typed_or_scored"), type_="check"
        )
        batch_op.drop_constraint(batch_op.f("fk_measure_occasions_contact_id"), type_="foreignkey")
        batch_op.drop_index("ix_measure_occasions_state_created_at")
        batch_op.drop_index("ix_measure_occasions_contact_id")
        batch_op.drop_column("historic")
        batch_op.drop_column("typed_parts")
        batch_op.drop_column("typed_total")
        batch_op.drop_column("origin")
        batch_op.drop_column("session_number")
        batch_op.drop_column("point")
        batch_op.drop_column("contact_id")

    with op.batch_alter_table("measure_flags", schema=None) as batch_op:
        batch_op.drop_index("ix_measure_flags_waiting")
        batch_op.drop_index("ix_measure_flags_case_id")

    op.drop_table("measure_flags")
    with op.batch_alter_table("measure_goals", schema=None) as batch_op:
        batch_op.drop_index("ix_measure_goals_case_id")

    op.drop_table("measure_goals")
    with op.batch_alter_table("measure_contacts", schema=None) as batch_op:
        batch_op.drop_index("ix_measure_contacts_case_id_held_on")

    op.drop_table("measure_contacts")
    with op.batch_alter_table("rule_signatures", schema=None) as batch_op:
        batch_op.drop_index("ix_rule_signatures_instrument")

    op.drop_table("rule_signatures")
