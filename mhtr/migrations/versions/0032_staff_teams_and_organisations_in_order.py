"""Staff, teams and organisations as lists are sorted by their names: alike on every database."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLES = ("organisations", "teams", "staff")
# As `mhtr.core.name_order` was when this was written.
_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "ng", "ə": "e", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ƙ": "k",
        "ƴ": "y", "ķ": "k", "ĸ": "k", "ɖ": "d", "ƒ": "f", "ɣ": "g", "ʋ": "v",
    }
)  # fmt: skip


def upgrade() -> None:
    """Add the columns and fill them; the index of staff follows the order of their lists."""
    bind = op.get_bind()
    compared = "C" if bind.dialect.name == "postgresql" else None
    kind = sa.String(length=200, collation=compared)
    for name in TABLES:
        op.add_column(name, sa.Column("sort_name", kind, server_default="", nullable=False))
        table = sa.table(
            name,
            sa.column("id", sa.Integer),
            sa.column("name", sa.String),
            sa.column("sort_name", sa.String),
        )
        change = (
            table.update()
            .where(table.c.id == sa.bindparam("row"))
            .values(sort_name=sa.bindparam("key"))
        )
        rows = bind.execute(sa.select(table.c.id, table.c.name)).all()
        if rows:
            bind.execute(change, [{"row": row.id, "key": _key(row.name)} for row in rows])
    op.create_index("ix_staff_organisation_id_sort_name", "staff", ["organisation_id", "sort_name"])
    op.drop_index("ix_staff_organisation_id_name", table_name="staff")


def _key(name: str) -> str:
    words = (_letters(word) for word in name.split())
    return " ".join(word for word in words if word)[:200].rstrip()


def _letters(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name).casefold()
    plain = unicodedata.normalize("NFKD", bare).translate(_LETTERS)
    return "".join(c for c in plain if c.isalnum())


def downgrade() -> None:
    """Drop the columns; staff are in the order of their names as they are written again."""
    op.create_index("ix_staff_organisation_id_name", "staff", ["organisation_id", "name"])
    op.drop_index("ix_staff_organisation_id_sort_name", table_name="staff")
    for name in reversed(TABLES):
        op.drop_column(name, "sort_name")
