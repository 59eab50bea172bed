"""Contacts and forms recorded by a slip: what they were before, who put it right and why.

What was taken back of imported scores moves here: one history for both.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from mhtr.core.crypto import key_ring

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

IMPORTED, HERE = "imported_scores.withdrawn_because", "measure_changes.reason"
MARK = ":withdrawn:"
_OCCASIONS = sa.table("measure_occasions", sa.column("id"), sa.column("context"))
_IMPORTED = sa.table(
    "imported_scores",
    sa.column("id"),
    sa.column("occasion_id"),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("withdrawn_at", sa.DateTime(timezone=True)),
    sa.column("withdrawn_by"),
    sa.column("withdrawn_because"),
)
_CHANGES = sa.table(
    "measure_changes",
    sa.column("id"),
    sa.column("occasion_id"),
    sa.column("kind"),
    sa.column("before", sa.JSON()),
    sa.column("by_id"),
    sa.column("reason"),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Make the history; no contact was taken back yet."""
    op.create_table(
        "measure_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("occasion_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(contact_id IS NULL) <> (occasion_id IS NULL)",
            name=op.f("ck_measure_changes_of_a_contact_or_a_form"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_measure_changes_by_id")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["measure_contacts.id"], name=op.f("fk_measure_changes_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["measure_occasions.id"], name=op.f("fk_measure_changes_occasion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_changes")),
    )
    for name in ("contact_id", "occasion_id"):
        op.create_index(f"ix_measure_changes_{name}", "measure_changes", [name, "id"])
    with op.batch_alter_table("measure_contacts") as table:
        table.add_column(
            sa.Column("taken_back", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("measure_contacts") as table:
        table.alter_column("taken_back", server_default=None, existing_type=sa.Boolean())
    _move_here()
    with op.batch_alter_table("imported_scores") as table:
        table.drop_constraint(op.f("ck_imported_scores_withdrawn_by_somebody"), type_="check")
        table.drop_constraint(op.f("fk_imported_scores_withdrawn_by"), type_="foreignkey")
        for name in ("withdrawn_at", "withdrawn_by", "withdrawn_because"):
            table.drop_column(name)


def downgrade() -> None:
    """What was taken back of imported scores stays so; of anything else it counts again."""
    with op.batch_alter_table("imported_scores") as table:
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("withdrawn_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("withdrawn_because", sa.LargeBinary(), nullable=True))
    _move_back()
    with op.batch_alter_table("imported_scores") as table:
        table.create_foreign_key(
            op.f("fk_imported_scores_withdrawn_by"), "staff", ["withdrawn_by"], ["id"]
        )
        table.create_check_constraint(
            op.f("ck_imported_scores_withdrawn_by_somebody"),
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) "
            "AND (withdrawn_at IS NULL) = (withdrawn_because IS NULL)",
        )
    with op.batch_alter_table("measure_contacts") as table:
        table.drop_column("taken_back")
    for name in ("contact_id", "occasion_id"):
        op.drop_index(f"ix_measure_changes_{name}", "measure_changes")
    op.drop_table("measure_changes")


def _move_here() -> None:
    held = op.get_bind()
    rows = held.execute(
        sa.select(_IMPORTED, _OCCASIONS.c.context)
        .join(_OCCASIONS, _OCCASIONS.c.id == _IMPORTED.c.occasion_id)
        .where(_IMPORTED.c.withdrawn_at.is_not(None))
        .order_by(_IMPORTED.c.withdrawn_at, _IMPORTED.c.id)
    ).all()
    for row in rows:
        before = {"state": "submitted", "context": row.context.partition(MARK)[0], "flags": []}
        held.execute(
            sa.insert(_CHANGES).values(
                occasion_id=row.occasion_id,
                kind="taken_back",
                before=before,
                by_id=row.withdrawn_by,
                reason=_sealed(row.withdrawn_because, IMPORTED, HERE),
                created_at=row.withdrawn_at,
            )
        )


def _move_back() -> None:
    """The last taking back of each imported score that is taken back now.

    Scores recorded here had no such state: they count again, as they did before.
    """
    held = op.get_bind()
    states = sa.table(
        "measure_occasions", sa.column("id"), sa.column("historic"), sa.column("state"),
        sa.column("context"),
    )  # fmt: skip
    rows = held.execute(
        sa.select(_CHANGES, states.c.historic)
        .join(states, states.c.id == _CHANGES.c.occasion_id)
        .where(_CHANGES.c.kind == "taken_back", states.c.state == "withdrawn")
        .order_by(_CHANGES.c.id)
    ).all()
    for row in {row.occasion_id: row for row in rows}.values():
        if not row.historic:
            restored = {"state": row.before["state"]}
            held.execute(sa.update(states).where(states.c.id == row.occasion_id).values(restored))
            continue
        there = f"{row.before['context']}{MARK}{row.occasion_id}"
        held.execute(sa.update(states).where(states.c.id == row.occasion_id).values(context=there))
        _note_import(held, row)


def _note_import(held: Any, row: Any) -> None:
    mine = _IMPORTED.c.occasion_id == row.occasion_id
    said = {
        "withdrawn_at": row.created_at,
        "withdrawn_by": row.by_id,
        "withdrawn_because": _sealed(row.reason, HERE, IMPORTED),
    }
    if held.execute(sa.update(_IMPORTED).where(mine).values(said)).rowcount == 0:
        made = {"occasion_id": row.occasion_id, "created_at": row.created_at, **said}
        held.execute(sa.insert(_IMPORTED).values(made))


def _sealed(blob: bytes, was: str, now: str) -> bytes:
    """The same words in another column: what is sealed for one opens in no other."""
    return key_ring.encrypt(key_ring.decrypt(bytes(blob), was), now)
