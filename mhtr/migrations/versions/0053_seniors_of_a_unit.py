"""A senior probation officer sees the cases of his unit: each unit has a principal for its seniors.

Every contact that is on record gives the case to them, as naming one does from now on.
"""

import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

BECAUSE = "orders.probation_unit"
KINDS = ("probation_unit", "court_team")
_UNITS = sa.table(
    "organisations", sa.column("id"), sa.column("kind"), sa.column("seniors_principal_id")
)
_PRINCIPALS = sa.table("principals", sa.column("id", sa.Integer()), sa.column("kind"))
_CONTACTS = sa.table(
    "probation_contacts", sa.column("id"), sa.column("case_id"), sa.column("unit_id")
)
_GRANTS = sa.table(
    "grants",
    sa.column("id", sa.Integer()),
    sa.column("case_id"),
    sa.column("purpose"),
    sa.column("principal_id"),
    sa.column("by_name", sa.Boolean()),
    sa.column("because"),
    sa.column("starts_at", sa.DateTime(timezone=True)),
    sa.column("ends_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Add the principals, and give each case to the seniors of the unit that has it."""
    with op.batch_alter_table("organisations") as table:
        table.add_column(sa.Column("seniors_principal_id", sa.Integer(), nullable=True))
        table.create_unique_constraint(
            op.f("uq_organisations_seniors_principal_id"), ["seniors_principal_id"]
        )
        table.create_foreign_key(
            op.f("fk_organisations_seniors_principal_id"),
            "principals",
            ["seniors_principal_id"],
            ["id"],
        )
    bind = op.get_bind()
    seniors: dict[int, int] = {}
    units = sa.select(_UNITS.c.id).where(_UNITS.c.kind.in_(KINDS)).order_by(_UNITS.c.id)
    for unit_id in bind.execute(units).scalars().all():
        seniors[unit_id] = _principal(bind)
        bind.execute(
            _UNITS.update()
            .where(_UNITS.c.id == unit_id)
            .values(seniors_principal_id=seniors[unit_id])
        )
    _give(bind, seniors)


def _principal(bind: Any) -> int:
    made = bind.execute(_PRINCIPALS.insert().values(kind="team").returning(_PRINCIPALS.c.id))
    return int(made.scalar_one())


def _give(bind: Any, seniors: dict[int, int]) -> None:
    """The last unit that is on record of a case has it."""
    known = sa.select(_CONTACTS.c.case_id, _CONTACTS.c.unit_id).where(
        _CONTACTS.c.unit_id.is_not(None)
    )
    last = {row.case_id: row.unit_id for row in bind.execute(known.order_by(_CONTACTS.c.id))}
    now = datetime.datetime.now(datetime.UTC)
    if bind.dialect.name == "sqlite":
        now = now.replace(tzinfo=None)
    rows = [
        {
            "case_id": case_id,
            "purpose": "supervision",
            "principal_id": seniors[unit_id],
            "by_name": False,
            "because": BECAUSE,
            "starts_at": now,
            "ends_at": None,
        }
        for case_id, unit_id in sorted(last.items())
        if unit_id in seniors
    ]
    if rows:
        bind.execute(_GRANTS.insert(), rows)


def downgrade() -> None:
    """Nobody leads a unit by his role any more."""
    bind = op.get_bind()
    bind.execute(_GRANTS.delete().where(_GRANTS.c.because == BECAUSE))
    with op.batch_alter_table("organisations") as table:
        table.drop_constraint(op.f("fk_organisations_seniors_principal_id"), type_="foreignkey")
        table.drop_constraint(op.f("uq_organisations_seniors_principal_id"), type_="unique")
        table.drop_column("seniors_principal_id")
