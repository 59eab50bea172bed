"""Bringing a database to a version of the schema, and telling whether it is there."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from mhtr.core import guards
from mhtr.core.catalogue import check_drift
from mhtr.core.database import db

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def alembic_config() -> AlembicConfig:
    """Alembic's settings: the migrations inside the package."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(to: str = "head") -> None:
    """Migrate up."""
    command.upgrade(alembic_config(), to)


def downgrade(to: str) -> None:
    """Migrate down."""
    command.downgrade(alembic_config(), to)


def new_revision(number: str, message: str) -> None:
    """Write a migration from the difference between the models and a migrated database."""
    command.revision(alembic_config(), message=message, rev_id=number, autogenerate=True)


def head() -> str:
    """The newest revision of this program."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


def current() -> str:
    """The revision the database is at; empty for a new database."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def drift() -> list[str]:
    """How the migrated database differs from the models and the declared guards."""
    with db.engine.connect() as connection:
        migration = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [str(change) for change in compare_metadata(migration, db.metadata)]
        found += check_drift(connection, db.metadata)
        wanted, held = guards.wanted(connection.dialect.name), guards.installed(connection)
        names = sorted(wanted.keys() | held.keys())
        found += [f"guard {name} differs" for name in names if wanted.get(name) != held.get(name)]
    return found
