"""The schema's version: bring it to the newest, or tell which one a database has.

Every start and every look at the centre's health asks for versions; Alembic is loaded for migrating alone.
"""

from functools import cache
from importlib import resources

import psycopg

_MIGRATIONS = resources.files("rongdun").joinpath("migrations")
_REVISION = "select version_num from alembic_version"


def migrate(owner_dsn: str) -> str:
    """Bring the database at ``owner_dsn`` to the newest schema, all or nothing; return its revision."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(owner_dsn))
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    return newest_revision()


@cache
def revisions() -> tuple[str, ...]:
    """Return every revision of the schema, oldest first: the numbers their files' names begin with."""
    versions = _MIGRATIONS.joinpath("versions").iterdir()
    return tuple(sorted(entry.name.split("_")[0] for entry in versions if entry.name[0].isdigit()))


def newest_revision() -> str:
    """Return the revision this release needs."""
    return revisions()[-1]


def current_revision(dsn: str) -> str:
    """Return the revision the database at ``dsn`` has, or ``""`` when it has none."""
    with psycopg.connect(dsn, connect_timeout=10) as connection:
        there = connection.execute("select to_regclass('alembic_version')").fetchone()
        found = connection.execute(_REVISION).fetchone() if there and there[0] else None
    return found[0] if found else ""
