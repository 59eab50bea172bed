"""A note on the court's result stays on the side of the wall it was written on."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SIDES = {
    "clinical": ("assessor", "clinical_lead", "duty_clinician"),
    "probation": ("court_probation", "probation", "senior_probation"),
}


def upgrade() -> None:
    with op.batch_alter_table("court_outcomes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("note_side", sa.String(length=10), nullable=True))
    outcomes = sa.table("court_outcomes", sa.column("recorded_by"), sa.column("note_side"))
    held = sa.table("staff_roles", sa.column("staff_id"), sa.column("role"))
    # Earlier notes go by the roles of whoever wrote them; where those say nothing, nobody reads it.
    for side, roles in SIDES.items():
        writers = sa.select(held.c.staff_id).where(held.c.role.in_(roles))
        op.execute(
            outcomes.update().where(outcomes.c.recorded_by.in_(writers)).values(note_side=side)
        )


def downgrade() -> None:
    with op.batch_alter_table("court_outcomes", schema=None) as batch_op:
        batch_op.drop_column("note_side")
