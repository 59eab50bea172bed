"""Service hours, closures and duty days belong to one treating trust."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SHARED = {
    "service_hours": ("weekday", "opens", "closes", "valid_from", "valid_to"),
    "local_closures": ("day", "is_open", "label"),
}
"""What every trust went by until now, without its key."""
UNIQUE = {
    "service_hours": ("weekday", "valid_from"),
    "local_closures": ("day",),
    "duty_shifts": ("day", "staff_id"),
}
FIRST = "SELECT min(id) FROM organisations WHERE kind = 'treating_trust'"
WORKS_AT = "SELECT organisation_id FROM staff WHERE staff.id = duty_shifts.staff_id"


def upgrade() -> None:
    """Give every treating trust the hours and closures that all shared; duty goes by employer."""
    for table, columns in UNIQUE.items():
        with op.batch_alter_table(table, table_args=_checks(table)) as batch_op:
            batch_op.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
            batch_op.drop_constraint(_unique(table, columns), type_="unique")
    op.execute(f"UPDATE duty_shifts SET organisation_id = ({WORKS_AT})")  # noqa: S608
    for table, held in SHARED.items():
        _to_every_trust(table, ", ".join(held), ", ".join(f"t.{name}" for name in held))
    for table, columns in UNIQUE.items():
        own = ("organisation_id", *columns)
        with op.batch_alter_table(table, table_args=_checks(table)) as batch_op:
            batch_op.alter_column("organisation_id", existing_type=sa.Integer(), nullable=False)
            batch_op.create_unique_constraint(_unique(table, own), list(own))
            batch_op.create_foreign_key(
                _foreign(table), "organisations", ["organisation_id"], ["id"]
            )


def _to_every_trust(table: str, names: str, of_t: str) -> None:
    # The rows there are become the first trust's, the others get copies. Without any trust
    # nobody could have set them, or goes by them.
    op.execute(f"UPDATE {table} SET organisation_id = ({FIRST})")  # noqa: S608
    op.execute(f"DELETE FROM {table} WHERE organisation_id IS NULL")  # noqa: S608
    op.execute(
        f"INSERT INTO {table} (organisation_id, {names}) "  # noqa: S608
        f"SELECT o.id, {of_t} FROM {table} t CROSS JOIN organisations o "
        f"WHERE o.kind = 'treating_trust' AND o.id <> t.organisation_id ORDER BY o.id, t.id"
    )


def downgrade() -> None:
    """All trusts share the hours and closures of the first that has hours; others' are lost."""
    first = op.get_bind().scalar(sa.text("SELECT min(organisation_id) FROM service_hours"))
    for table in SHARED:
        kept = sa.table(table, sa.column("organisation_id"))
        if first is not None:
            op.execute(kept.delete().where(kept.c.organisation_id != first))
    op.execute(
        "DELETE FROM local_closures WHERE id NOT IN "
        "(SELECT id FROM (SELECT min(id) AS id FROM local_closures GROUP BY day) AS kept)"
    )
    op.execute(f"DELETE FROM duty_shifts WHERE organisation_id <> ({WORKS_AT})")  # noqa: S608
    for table, columns in UNIQUE.items():
        own = ("organisation_id", *columns)
        with op.batch_alter_table(table, table_args=_checks(table)) as batch_op:
            batch_op.drop_constraint(_foreign(table), type_="foreignkey")
            batch_op.drop_constraint(_unique(table, own), type_="unique")
            batch_op.drop_column("organisation_id")
            batch_op.create_unique_constraint(_unique(table, columns), list(columns))


def _checks(table: str) -> tuple[sa.CheckConstraint, ...]:
    """SQLite builds a table anew and would lose its check, which cannot be read back."""
    if table != "service_hours":
        return ()
    name = op.f("ck_service_hours_opens_before_closes")
    return (sa.CheckConstraint("opens < closes", name=name),)


def _unique(table: str, columns: tuple[str, ...]) -> str:
    return f"uq_{table}_{'_'.join(columns)}"


def _foreign(table: str) -> str:
    return f"fk_{table}_organisation_id"
