"""The schema's version: bring it to the newest, or tell which one a database has."""

from importlib import resources

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("rongdun").joinpath("migrations")))
    return config


def migrate(owner_dsn: str) -> str:
    """Bring the database at ``owner_dsn`` to the newest schema, all or nothing; return its revision."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(owner_dsn))
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    return newest_revision()


def newest_revision() -> str:
    """Return the revision this release needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return head or ""


def current_revision(dsn: str) -> str:
    """Return the revision the database at ``dsn`` has, or ``""`` when it has none."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn))
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return revision or ""
