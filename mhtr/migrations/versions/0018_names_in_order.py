"""Names as lists are sorted by them: alike on every database."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# As `mhtr.people.name_order` was when this was written.
_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "ng", "ə": "e", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ƙ": "k",
        "ƴ": "y", "ķ": "k", "ĸ": "k", "ɖ": "d", "ƒ": "f", "ɣ": "g", "ʋ": "v",
    }
)  # fmt: skip
_BATCH = 1000


def upgrade() -> None:
    """Add the column, fill it for everybody, and its index."""
    bind = op.get_bind()
    compared = "C" if bind.dialect.name == "postgresql" else None
    kind = sa.String(length=200, collation=compared)
    op.add_column("people", sa.Column("sort_name", kind, server_default="", nullable=False))
    people = sa.table(
        "people",
        sa.column("id", sa.Integer),
        sa.column("given_name", sa.String),
        sa.column("family_name", sa.String),
        sa.column("sort_name", sa.String),
    )
    change = (
        people.update()
        .where(people.c.id == sa.bindparam("person"))
        .values(sort_name=sa.bindparam("key"))
    )
    last = 0
    while rows := bind.execute(
        sa.select(people.c.id, people.c.given_name, people.c.family_name)
        .where(people.c.id > last)
        .order_by(people.c.id)
        .limit(_BATCH)
    ).all():
        bind.execute(
            change,
            [{"person": row.id, "key": _key(row.given_name, row.family_name)} for row in rows],
        )
        last = rows[-1].id
    op.create_index("ix_people_sort_name", "people", ["sort_name", "id"])


def _key(given: str, family: str) -> str:
    first, last = _letters(given), _letters(family)
    return (f"{last} {first}" if last else first)[:200].rstrip()


def _letters(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name).casefold()
    plain = unicodedata.normalize("NFKD", bare).translate(_LETTERS)
    return "".join(c for c in plain if c.isalnum())


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_people_sort_name", table_name="people")
    op.drop_column("people", "sort_name")
